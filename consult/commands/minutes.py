"""The lines for the minutes of a meeting: given out, and compared with the log of today."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from consult.log_store.store import LogStore
from consult.verifier.shipped import program
from events.errors import Refused
from events.log.checkpoint import Checkpoint, parse_body
from events.log.encoding import SIZE_MAX, from_base64, to_base64
from events.log.errors import MalformedError
from events.log.merkle import TreeHead, verify_consistency
from events.log.minute_words import WORDS, WORDS_TOLD, is_word, lines_of, misheard, words_of
from events.log.note import parse_note

TEXT_CHARACTERS_MAX = 2_000
_WORD_LETTERS = len(WORDS[0])
_ORIGIN = re.compile(r"\S+/log(?=\s|$)")
_ROOT = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{43}=")
_PROGRAM = re.compile(r"(\S+\.py\s+)?sha256:\s*[0-9a-f]{64}", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?<!\S)[-\u2010-\u2015\u2212]\d")
_NUMBER = re.compile(r"\d+(?:[ .,'’\u00a0\u202f]\d{3})*")


class MinutesUnread(Refused):
    """The lines cannot be compared as they are."""


class LogNotBegun(MinutesUnread):
    """There is no log to compare with."""

    says = "The log has not begun yet, so there is nothing to compare with."


class LinesTooLong(MinutesUnread):
    """More was pasted than the lines of one checkpoint."""

    says = "This is longer than the lines of one checkpoint. Paste only these lines."


class SizeMissing(MinutesUnread):
    """There is no number, or there are several."""

    says = (
        "Give the number of entries once, such as 1234, with the ten words after it, and no other "
        "number."
    )


class SizeNegative(MinutesUnread):
    """A minus sign stands before the number."""

    says = "Nothing has a number of entries below 0. Give the number without the minus sign."


class SizeNotGiven(MinutesUnread):
    """There is the fingerprint, and no number."""

    says = (
        "A fingerprint alone does not say how long the log was. Give the number of entries that "
        "stands above it too."
    )


class WordsMissing(MinutesUnread):
    """There are not ten words."""

    says = "There are ten words, and we found {found}. Give all ten in their order."


class WordUnknown(MinutesUnread):
    """A word is none of those that are used."""

    says = "Word {number}, “{word}”, is not one of the words that are used. Ask for it again."


class WordMisheard(MinutesUnread):
    """One word does not fit the others."""

    says = "Word {number}, “{word}”, does not fit the others. Ask for it again."


class WordsSwapped(MinutesUnread):
    """Two words stand in each other's place."""

    says = "Words {one} and {other} have changed places. Put them in their order."


class SizeMisheard(MinutesUnread):
    """The number does not fit the words."""

    says = "The number of entries does not fit the words. Ask for the number again."


class SeveralMisheard(MinutesUnread):
    """More than one word is wrong."""

    says = (
        "More than one of the words, or the number, is not as it was read out. Ask for all again."
    )


class OfAnotherLog(MinutesUnread):
    """The lines name another log."""

    says = "These lines are of the log {theirs}, and this is {ours}. Compare them there."


class RootMistyped(MinutesUnread):
    """The third line and the words are of two checkpoints."""

    says = (
        "The line of letters and digits that ends in = does not belong to these ten words. Leave "
        "it out, or copy it again."
    )


class Verdict(Enum):
    """What the log of today says to lines from the minutes."""

    CONTAINED = "contained"
    DIFFERENT = "different"
    LARGER = "larger"


class Compared(NamedTuple):
    """The verdict, and the sizes: of the lines, and of the log of today."""

    verdict: Verdict
    size: int
    today: int


@dataclass(frozen=True, slots=True)
class Lines:
    """What the minutes say, in words, in a root, or in both.

    `words`: ten, of the list, which fit each other and the size. `root`: in base64.
    """

    size: int
    words: tuple[str, ...]
    origin: str = ""
    root: str = ""


def lines_for(signed: bytes) -> str:
    """Return what is printed in the minutes: a signed checkpoint, and which program checks it.

    So that whoever checks later takes the digest of the program from paper, not from the site.
    """
    return f"{lines_of(signed)}\n{program().line}"


def compare(store: LogStore, text: str) -> Compared:
    """Say whether the log of today begins with that of the lines. Raises MinutesUnread."""
    latest = store.latest()
    if latest is None:
        raise LogNotBegun
    now = parse_body(parse_note(latest.signed).text)
    lines = read(text)
    if lines.origin and lines.origin != now.origin:
        raise OfAnotherLog(theirs=lines.origin, ours=now.origin)
    if lines.root and lines.words and _words(now.origin, lines.size, lines.root) != lines.words:
        raise RootMistyped
    if lines.size > now.size:
        return Compared(Verdict.LARGER, lines.size, now.size)
    with store.tree(now.size) as tree:
        then = TreeHead(lines.size, tree.range_hash(0, lines.size))
        verify_consistency(then, now.head, tree.prove_consistency(lines.size))
    is_same = (
        words_of(Checkpoint(now.origin, *then)) == lines.words
        if lines.words
        else to_base64(then.root) == lines.root
    )
    return Compared(Verdict.CONTAINED if is_same else Verdict.DIFFERENT, lines.size, now.size)


def read(text: str) -> Lines:
    """Read lines that were pasted or typed. Raises MinutesUnread, which says what is wrong.

    Case, accents, punctuation and line breaks do not matter. The number of entries with the ten
    words, or with the root, is enough.
    """
    if len(text) > TEXT_CHARACTERS_MAX:
        raise LinesTooLong
    origin, text = _taken(_ORIGIN, text)
    _, text = _taken(_PROGRAM, text)
    root, text = _taken(_ROOT, text)
    size = _size(text, has_root=bool(root))
    told = _plain(_NUMBER.sub(" ", text))
    words = () if root and not told else _ten(told)
    if words:
        _require_fit(words, size)
    return Lines(size, words, re.sub(r"^https?://", "", origin), root)


def _size(text: str, *, has_root: bool) -> int:
    if _NEGATIVE.search(text):
        raise SizeNegative
    numbers = {re.sub(r"\D", "", found) for found in _NUMBER.findall(text)}
    if has_root and not numbers:
        raise SizeNotGiven
    size = int(numbers.pop()[:20]) if len(numbers) == 1 else 0
    if not 0 < size <= SIZE_MAX:
        raise SizeMissing
    return size


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """Return what a pattern finds, or nothing, and the text without it."""
    found = pattern.search(text)
    return (found[0], pattern.sub(" ", text)) if found else ("", text)


def _plain(text: str) -> list[str]:
    """Return its words in small letters without accents."""
    plain = unicodedata.normalize("NFKD", text).lower()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[a-z]+", bare)


def _ten(found: list[str]) -> tuple[str, ...]:
    usual = [word for word in found if len(word) == _WORD_LETTERS]
    if len(usual) == WORDS_TOLD:
        return tuple(usual)
    joined = "".join(found)
    if len(found) != WORDS_TOLD and len(joined) == WORDS_TOLD * _WORD_LETTERS:
        places = range(0, len(joined), _WORD_LETTERS)
        found = [joined[place : place + _WORD_LETTERS] for place in places]
    if len(found) != WORDS_TOLD:
        raise WordsMissing(found=len(found))
    return tuple(found)


def _require_fit(words: tuple[str, ...], size: int) -> None:
    for number, word in enumerate(words, start=1):
        if not is_word(word):
            raise WordUnknown(number=number, word=word)
    wrong = misheard(words, size)
    if wrong is None:
        return
    if wrong.word:
        raise WordMisheard(number=wrong.word, word=words[wrong.word - 1])
    if wrong.swapped:
        raise WordsSwapped(one=wrong.swapped[0], other=wrong.swapped[1])
    raise SizeMisheard if wrong.is_size else SeveralMisheard


def _words(origin: str, size: int, root: str) -> tuple[str, ...]:
    """Return the words of a checkpoint; none where the root is not one."""
    try:
        return words_of(Checkpoint(origin, size, from_base64(root, "The root")))
    except MalformedError:
        return ()
