"""Form fields on who takes part: wards, elsewhere, declaration, and why no proof is needed."""

from typing import Any

from consult.web.forms.reader import WORDS_LENGTH_MAX, Reader, typed_words
from consult.wording.language import gettext as _
from consult.wording.language import said
from events.consultations.terms import Terms
from events.partnership import Ward

ELSEWHERE = ("anybody", "connected", "nobody")


def wards(known: tuple[Ward, ...]) -> list[tuple[str, str]]:
    """Return field and name of each ward."""
    return [(f"ward-{ward.code}", said(ward.name)) for ward in known]


def choices() -> list[tuple[str, str]]:
    """Return the choices for people who live in none of the wards."""
    return [
        ("anybody", _("They can take part")),
        ("connected", _("They can take part if they work or study in one of the wards")),
        ("nobody", _("They cannot take part")),
    ]


def typed(known: Terms | None) -> dict[str, str]:
    """Return these terms as form fields; new terms ask for a declaration."""
    if known is None:
        return {"elsewhere": ELSEWHERE[0], "declared": "yes"}
    return {
        **{f"ward-{code}": "yes" for code in known.wards},
        **typed_words("open_reason", known.open_reason),
        "elsewhere": known.elsewhere,
        "declared": "yes" if known.is_declared else "",
        "organisations": "yes" if known.has_organisations else "",
    }


def read(form: Reader, languages: tuple[str, ...], known: tuple[Ward, ...]) -> dict[str, Any]:
    """Parse these terms. No ward ticked means all wards, as does every ward ticked."""
    chosen = tuple(ward.code for ward in known if form.is_ticked(f"ward-{ward.code}"))
    return {
        "wards": chosen if len(chosen) < len(known) else (),
        "elsewhere": form.choice("elsewhere", ELSEWHERE) or ELSEWHERE[0],
        "is_declared": form.is_ticked("declared"),
        "has_organisations": form.is_ticked("organisations"),
        "open_reason": form.words("open_reason", languages, most=WORDS_LENGTH_MAX),
    }
