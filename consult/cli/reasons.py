"""The option for a published reason, in every language of a consultation."""

from collections.abc import Callable
from typing import Any

import click

from events import Consultation, Refused
from events.question import Text

REASON_LENGTH_MAX = 2_000


class OtherLanguage(Refused):
    """A text is in a language that the consultation does not have."""

    says = "{slug} is in {languages}, not in {other}. Nothing was changed."


def with_reason(words: str, *, is_needed: bool = True) -> Callable[[Any], Any]:
    """Return a decorator that adds the option --reason. `words`: its help text."""
    return click.option(
        "--reason",
        metavar="LANGUAGE=WORDS",
        multiple=True,
        required=is_needed,
        callback=_read,
        help=words,
    )


def check_languages(consultation: Consultation, reason: Text) -> None:
    """Raise OtherLanguage for a text in a language that the consultation does not have."""
    known = consultation.languages
    for other in reason:
        if other not in known:
            raise OtherLanguage(slug=consultation.slug, languages=", ".join(known), other=other)


def _read(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> Text:
    found: dict[str, str] = {}
    for pair in given:
        language, equals, words = (part.strip() for part in pair.partition("="))
        if not (language and equals and words):
            raise click.BadParameter(f'it takes a language and words, such as en="…": {pair}')
        if language in found:
            raise click.BadParameter(f"{language} is given twice.")
        if len(words) > REASON_LENGTH_MAX:
            raise click.BadParameter(f"{language} has more than {REASON_LENGTH_MAX:,} characters.")
        found[language] = words
    return found
