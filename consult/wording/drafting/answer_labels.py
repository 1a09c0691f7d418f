"""Headings, values and formats of files of answers, in the language of the page."""

from consult.formats.responses import ALTERED, ERASED, KEPT_BACK, MISSING, Labels
from consult.wording import language
from consult.wording.language import gettext as _
from consult.wording.option_words import elsewhere_title
from consult.wording.registries import channel_words, level_words, respondent_words

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def labels() -> Labels:
    """Return headings and values in the language of the page."""
    return Labels(
        language=language.current(),
        response=_("Response"),
        day=_("Day"),
        channel=_("How they took part"),
        area=_("Where they live"),
        respondent=_("Who they answered for"),
        organisation=_("Name of the organisation or meeting"),
        members=_("For how many they speak"),
        level=_("How they showed who they are"),
        campaign=_("Campaign"),
        spent=_("spent"),
        other=_("Other"),
        other_words=_("other, in their words"),
        elsewhere=elsewhere_title(""),
        elsewhere_connected=elsewhere_title("connected"),
        other_place=elsewhere_title(""),
        states={
            KEPT_BACK: _("yes"),
            ERASED: _("[erased]"),
            MISSING: _("[missing]"),
            ALTERED: _("[does not match the record]"),
        },
        channels={value: _(words) for value, words in channel_words.TITLES.items()},
        respondents={value: _(words) for value, words in respondent_words.ANSWERED.items()},
        levels={value: _(words) for value, words in level_words.ANSWERED.items()},
    )


def formats() -> list[tuple[str, str, str]]:
    """Return the formats: value, title and purpose."""
    return [
        ("xlsx", _("A workbook (XLSX)"), _("For Excel, LibreOffice and other spreadsheets.")),
        ("csv", _("A table (CSV)"), _("For spreadsheets and statistics programs.")),
        ("json", _("For programs (JSON)"), _("With the identifiers of questions and options.")),
    ]
