"""The current language and its catalogue: the only module that loads translations."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from babel import Locale
from babel.support import Translations

from consult.marking import N_ as N_  # noqa: PLC0414  everybody takes it from here
from consult.wording import one_of
from events.errors import Refused

DEFAULT = "en"
_CHOSEN: ContextVar[str] = ContextVar("language", default="")

Words = str | Mapping[str, str]


@lru_cache(maxsize=1)
def names() -> Mapping[str, str]:
    """Return each language's own name by code: English, and each that has a catalogue."""
    found = sorted(place.parent.name for place in Path(_catalogue_folder()).glob("*/LC_MESSAGES"))
    return {code: _own_name(code) for code in (DEFAULT, *found)}


def _own_name(code: str) -> str:
    name = Locale.parse(code).language_name or code
    return name[0].upper() + name[1:]  # some are lower case within a sentence


def current() -> str:
    """Return the code of the current language, of a page or a mail; "en" by default."""
    return _CHOSEN.get() or DEFAULT


def speak(code: str) -> str:
    """Set the current language; return the previous one, or "" if none was set."""
    before = _CHOSEN.get()
    _CHOSEN.set(code if not code or code in names() else DEFAULT)
    return before


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Set the current language for a block: a mail, or one half of a bilingual sheet."""
    before = speak(code)
    try:
        yield
    finally:
        speak(before)


def said(words: Words, language: str | None = None) -> str:
    """Return the text in this language, falling back to the default one, then to any."""
    if isinstance(words, str):
        return words
    return words.get(language or current()) or words.get(DEFAULT) or next(iter(words.values()), "")


def gettext(message: str, **values: object) -> str:
    """Return the message in the current language; templates call it `_`."""
    if not values:
        return _catalogue(current())(message)
    return _catalogue(current())(one_of.sentence(message, values)) % values


def refusal(refused: Refused) -> str:
    """Return the sentence of a refusal in the current language."""
    return gettext(refused.template).format(**refused.values)


@lru_cache(maxsize=16)
def _catalogue(language: str) -> Callable[[str], str]:
    if language == DEFAULT:
        return str
    return Translations.load(_catalogue_folder(), [language]).gettext


def _catalogue_folder() -> str:
    return str(files("consult") / "translations")
