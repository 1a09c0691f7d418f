"""The document of who may do what: docs/access.md, made from the table in `consult/access.py`."""

from consult import access
from consult.roles.rules import CONFLICTS
from events.consultations.states import STATES


def as_table() -> str:
    """Return docs/access.md: `python -m consult.access > docs/access.md`."""
    lines = [
        *("# Who may do what", ""),
        "Made from the one table that commands, pages and the command line ask,",
        "`consult/access.py`. A command refuses whoever acts in another role, whatever page or",
        "program called it. The states are those of the consultation it is about: *any* where it",
        "is about none, or where its state does not matter. *Confirmed*: whoever does it on a page",
        "confirms each act with a passkey (decision 24).",
        *("", "| role | who that is |", "|---|---|"),
        *(f"| {role} | {who} |" for role, who in access.ROLES.items()),
        *("", "| to | roles | states | confirmed |", "|---|---|---|---|"),
    ]
    for each in access.CAPABILITIES.values():
        states = "any" if each.states == STATES else ", ".join(each.states)
        is_confirmed = "yes" if each.needs_passkey else ""
        lines.append(f"| {each.does} | {', '.join(each.roles)} | {states} | {is_confirmed} |")
    lines += ["", "Nobody has both of these in one partnership:", ""]
    lines += [f"- {one} and {other}" for one, other in CONFLICTS]
    return "\n".join(lines) + "\n"
