"""What a draft lacks before it can open, in the language of the page."""

from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from events.consultations.readiness_gaps import Gap
from projections.consultations import ConsultationPage

LANGUAGES = {"en": N_("English"), "cy": N_("Welsh")}


def gap_words(page: ConsultationPage, gap: Gap) -> str:
    """Return a gap as a sentence, with titles in place of ids."""
    values = _values(gap)
    question = page.questions.get(gap.question)
    if question is not None:
        values["question"] = _quoted(said(question.title) or question.id)
        option = question.option(values.get("option", ""))
        if option is not None:
            values["option"] = _quoted(said(option.title) or option.id)
        statement = values.get("statement", "")
        row = next((each for each in question.statements if each.id == statement), None)
        if row is not None:
            values["statement"] = _quoted(said(row.title) or row.id)
    return _sentence(gap, values)


def language_word(code: str) -> str:
    """Return the name of a language in the language of the page; of an unknown one, its code."""
    return _(LANGUAGES.get(code, code))


def stated_words(gap: Gap) -> str:
    """Return what a partnership has not stated yet, as a sentence."""
    return _sentence(gap, _values(gap))


def _values(gap: Gap) -> dict[str, str]:
    values = dict(gap.values)
    if "language" in values:
        values["language"] = language_word(values["language"])
    return values


def _sentence(gap: Gap, values: dict[str, str]) -> str:
    sentence = _(gap.says).format(**values)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _quoted(title: str) -> str:
    return f"“{title}”"
