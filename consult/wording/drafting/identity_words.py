"""Ways to prove identity: the checkboxes for organisers, and the meaning of each."""

from consult.config import Config
from consult.people.proving.identities import LEVELS
from consult.wording.language import N_
from consult.wording.language import gettext as _
from events.consultations.terms import Terms

TITLES = {
    "open": N_("Nobody has to: one answer for each browser"),
    "email": N_("A code by e-mail"),
    "letter": N_("A code by letter"),
    "oidc": N_("An account elsewhere"),
    "desk": N_("Staff see them"),
}
MEANINGS = {
    "open": N_("Easiest, and easy to cheat: clear the browser and answer again."),
    "email": N_("One answer for each mailbox. People can have several."),
    "letter": N_(
        "One answer for each letter you send. You make the codes before it opens, or while it is "
        "open."
    ),
    "oidc": N_("One answer for each account at %(name)s."),
    "desk": N_("By telephone or at a desk, staff answer for somebody they have seen or checked."),
}


def choices(config: Config, terms: Terms | None) -> list[tuple[str, str, str]]:
    """Return each way with its title and meaning that this site can offer.

    A way chosen earlier stays in the list, so that saving does not silently drop it.
    """
    possible = {"email": config.sends_mail, "oidc": bool(config.oidc_issuer)}
    chosen = terms.identity if terms else ()
    return [
        (level, _(TITLES[level]), _(MEANINGS[level], name=config.oidc_provider))
        for level in LEVELS
        if possible.get(level, True) or level in chosen
    ]
