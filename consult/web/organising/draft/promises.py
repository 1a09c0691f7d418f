"""The form of what is promised before the first answer: period, participants, who decides."""

from datetime import datetime

from msgspec.structs import replace

from consult.people.proving.identities import LEVELS
from consult.web import services as find_services
from consult.web.forms.reader import (
    WORDS_LENGTH_MAX,
    Reader,
    typed_moment,
    typed_words,
)
from consult.web.organising.draft import taking_part
from consult.wording.drafting import ballot_publication, identity_words
from consult.wording.language import gettext as _
from events.consultations.terms import Terms
from events.partnership import Ward
from projections.consultations import ConsultationPage

MINUTES_MAX = 120


def typed(known: Terms | None, closes_at: datetime) -> dict[str, str]:
    """Return the terms as form fields; suggestions where there are none yet."""
    typed = typed_moment("closes", "clock", closes_at)
    typed |= identity_words.typed(known) | taking_part.typed(known)
    if known is None:
        return {**typed, "interim": "hidden", "minutes": "5", "openings": ballot_publication.SAFE}
    return {
        **typed,
        **typed_words("eligibility", known.eligibility),
        **typed_words("decides", known.decides),
        "interim": known.interim,
        "minutes": str(known.minutes),
        "openings": ballot_publication.typed(known),
        "other_rule": "yes" if known.other_rule_shown else "",
    }


def read(form: Reader, page: ConsultationPage, wards: tuple[Ward, ...]) -> Terms:
    """Parse the terms; values that the form does not show are kept."""
    known, languages = page.terms, page.languages
    closes_at = form.moment("closes", "clock")
    now = find_services().clock()
    if closes_at is not None and closes_at <= now:
        form.wrong("closes", _("That time has passed. Choose a later one."))
    eligibility = form.words(
        "eligibility", languages, most=WORDS_LENGTH_MAX, needed=_("Say who can take part.")
    )
    decides = form.words(
        "decides",
        languages,
        most=WORDS_LENGTH_MAX,
        needed=_("Say who decides, and what the answers count for."),
    )
    interim = form.choice("interim", ("hidden", "shown"), needed=_("Choose one."))
    minutes = form.number("minutes", _("The time needed"), least=1, most=MINUTES_MAX, empty=5)
    openings = form.choice("openings", ballot_publication.WAYS, needed=_("Choose one."))
    identity = _ways(form)
    who = taking_part.read(form, languages, wards)
    base = known or Terms(closes_at=closes_at or now)
    return replace(
        base,
        identity=identity,
        **ballot_publication.read(openings),
        closes_at=closes_at or now,
        eligibility=eligibility,
        decides=decides,
        interim=interim or "hidden",
        minutes=minutes,
        other_rule_shown=form.is_ticked("other_rule"),
        **who,
    )


def _ways(form: Reader) -> tuple[str, ...]:
    """Parse the checkboxes for the ways to prove identity, weakest first."""
    chosen = tuple(level for level in LEVELS if form.is_ticked(f"identity-{level}"))
    if not chosen:
        form.wrong(identity_words.FIRST, _("Choose at least one way."))
    return chosen
