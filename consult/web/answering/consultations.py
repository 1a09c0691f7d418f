"""The start page of a consultation: what it asks, until when, of whom, and who decides."""

from typing import Any

from flask import render_template

from consult.web import resident_session
from consult.web import services as find_services
from consult.web.answering import drafts, journey
from consult.web.answering.journey import Journey
from consult.web.consultation_lookup import find
from consult.web.identity import identity
from consult.web.pages import Room
from consult.web.results import audit, interim, published
from consult.web.site import offers
from consult.wording import ending
from consult.wording.language import N_, current, said
from consult.wording.language import gettext as _
from consult.wording.outcomes import how_tallied, imported
from consult.wording.shown_consultation import ShownConsultation

consultations = Room("consultations", __name__)


@consultations.get(
    "/c/<slug>", is_listed=True, title="%(title)s", link=N_("Start page of a consultation")
)
def start(slug: str) -> str:
    """Show what a person needs to know before taking part."""
    asked, services = find(slug), find_services()
    is_open = asked.is_open(services.clock())
    return render_template(
        "consultations/start.html",
        asked=asked,
        facts=_facts(asked),
        is_open=is_open,
        is_paused=asked.is_paused(services.clock()),
        imported=imported.rule() if asked.page.is_import else "",
        is_stopped=asked.is_stopped,
        has_results=not is_open and published.find(services, asked) is not None,
        sent=resident_session.sent(asked.id) if resident_session.is_known() else None,
        first=journey.first(asked) if asked.page.questions else None,
        go_on=_where_stopped(asked) if is_open else None,
        counting=_counting(asked) if is_open else [],
        tallied=how_tallied.sentences(asked) if is_open else [],
        count_page=how_tallied.heading(asked),
        is_standing_shown=interim.may_show(asked),
        proofs=identity.explained(asked),
        is_proof_optional=identity.is_optional(asked),
        open_reason=asked.page.terms.open_reason if asked.page.terms else {},
        is_proof_needed=identity.is_needed(asked),
        offered=offers.offered(asked.partnership.particulars),
        minutes=asked.page.terms.minutes if asked.page.terms else 5,
    )


def _counting(asked: ShownConsultation) -> list[dict[str, Any]]:
    """Return how it is counted; rendered once per version and language."""
    kept_as = ("how it is counted", current())
    found: list[dict[str, Any]] | None = asked.ready.get(kept_as)
    if found is None:
        found = asked.ready[kept_as] = audit.promised(asked)
    return found


def _facts(asked: ShownConsultation) -> list[tuple[str, str]]:
    terms = asked.page.terms
    if terms is None:
        return []
    found = ending.facts(asked.page, find_services().clock())
    if terms.eligibility:
        found.append((_("Who can take part"), said(terms.eligibility)))
    if terms.decides:
        found.append((_("Who decides"), said(terms.decides)))
    return found


def _where_stopped(asked: ShownConsultation) -> str | None:
    """Return where the person continues who has a draft here; None without one."""
    if not (resident_session.is_known() and resident_session.has_draft(asked.id)):
        return None
    draft = drafts.load(asked)
    return None if draft.is_empty else Journey(asked, draft).next_open()
