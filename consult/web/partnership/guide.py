"""The steps after the partnership is formed: pages of the partnership, one after the other.

Nothing keeps where somebody is: the address says that they are led (`GUIDED`), and what is done
follows from what the partnership has stated.
"""

from typing import Any, NamedTuple

from flask import request, url_for

from consult import access
from consult.commands.accounts.staff import Member
from consult.services import Services
from consult.wording.language import N_
from events import Partnership
from events.particulars import partnership_gaps
from events.theme import Look
from projections.consultations import ConsultationPage
from projections.partnerships import PartnershipPage

GUIDED = "set-up"
_ROOM = "organise.partnership"
OVERVIEW = f"{_ROOM}.steps.overview"


class Step(NamedTuple):
    """One step. `later`: what it means to leave it out; empty if it cannot be."""

    endpoint: str
    name: str
    later: str = ""


STEPS = (
    Step(f"{_ROOM}.describing", N_("The partnership")),
    Step(
        f"{_ROOM}.wards.define",
        N_("The area and its wards"),
        N_(
            "Without wards no consultation can ask where people live, and no result compares with "
            "how many live there. You can state them at any time; drafts follow at once."
        ),
    ),
    Step(
        f"{_ROOM}.stating",
        N_("How people reach you, and who is responsible"),
        N_("You can draft, and nothing opens before this is stated."),
    ),
    Step(
        f"{_ROOM}.look.setting",
        N_("Colour, short name and logo"),
        N_("Until then pages have a green colour and a leaf."),
    ),
    Step(
        f"{_ROOM}.steps.people",
        N_("The first people"),
        N_("You can add colleagues at any time."),
    ),
)


def is_on() -> bool:
    """Return whether the requested page belongs to a step of the set-up, and says so."""
    return bool(request.args.get(GUIDED)) and current() is not None


def current() -> int | None:
    """Return the place of the requested page among the steps, from 0; None if it is in none."""
    rooms = {step.endpoint.rpartition(".")[0]: number for number, step in enumerate(STEPS)}
    here = str(request.endpoint)
    exact = [number for number, step in enumerate(STEPS) if step.endpoint == here]
    own = None if request.blueprint == _ROOM else rooms.get(str(request.blueprint))
    return exact[0] if exact else own


def address(step: int, slug: str) -> str:
    """Return the address of a step, or of the overview beyond the last one."""
    if not 0 <= step < len(STEPS):
        return url_for(OVERVIEW, partnership_slug=slug)
    led: dict[str, Any] = {GUIDED: "yes"}
    return url_for(STEPS[step].endpoint, partnership_slug=slug, **led)


def first_after(slug: str) -> str:
    """Return the address of the step after the partnership is formed."""
    return address(1, slug)


def own(services: Services, member: Member) -> str | None:
    """Return the short name of the partnership that somebody administers, from the record."""
    for id, roles in member.held.items():
        found = services.record.find(Partnership, id) if access.ADMINISTRATOR in roles else None
        if found is not None:
            return found.slug
    return None


def done(page: PartnershipPage, people: int) -> tuple[bool, ...]:
    """Return for each step whether what it asks for is there. `people`: how many work here."""
    every = ConsultationPage(languages=page.languages)
    is_stated = not partnership_gaps(page, every)
    return (True, bool(page.wards), is_stated, page.look != Look(), people > 1)
