"""Ten words for a checkpoint, to be read aloud: eight say 96 bits of it, two check the others.

The words are made of letters that English and Welsh share, each position with letters that are
not mistaken for one another. The two checking words are a Reed-Solomon code over the eight words
and the number of entries: one wrong word is noticed and found, and so are two that changed places,
and every wrong number of a log below 2^24 entries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import pbkdf2_hmac
from itertools import combinations, product

from events.log.checkpoint import Checkpoint, parse_body
from events.log.note import parse_note

LETTERS = ("bglmrstw", "aeio", "bhlnrstw", "aeio", "lmst")
"""The letters of each position of a word, which stand for 3, 2, 3, 2 and 2 bits."""
WORDS = tuple("".join(letters) for letters in product(*LETTERS))
WORD_BITS = 12
SPOKEN = 8
CHECKING = 2
WORDS_TOLD = SPOKEN + CHECKING
WORDS_A_LINE = 5
ROUNDS = 131_072
"""Rounds of PBKDF2: whoever looks for another history with these words pays this for each try."""
CONTEXT = b"folkmoot/minutes/v1"

_NUMBERS = {word: number for number, word in enumerate(WORDS)}
_SIZE_PARTS = 6  # of 12 bits: more than a size has
_POLYNOMIAL = 0x1053
_ORDER = len(WORDS) - 1


def _powers() -> tuple[int, ...]:
    """Return the powers of the generator of GF(2^12), which is x."""
    found, value = [], 1
    for _ in range(_ORDER):
        found.append(value)
        value <<= 1
        if value > _ORDER:
            value ^= _POLYNOMIAL
    return tuple(found)


_POWERS = _powers()
_LOGARITHMS = {value: power for power, value in enumerate(_POWERS)}


@dataclass(frozen=True, slots=True)
class Misheard:
    """What does not fit: a `word` by its place from 1, two `swapped`, or the `size`; or several."""

    word: int | None = None
    swapped: tuple[int, int] | None = None
    is_size: bool = False


def words_of(checkpoint: Checkpoint) -> tuple[str, ...]:
    """Return the ten words of a checkpoint; it takes some hundredths of a second."""
    bits = pbkdf2_hmac("sha256", checkpoint.body, CONTEXT, ROUNDS, SPOKEN * WORD_BITS // 8)
    whole = int.from_bytes(bits)
    places = range(WORD_BITS * (SPOKEN - 1), -1, -WORD_BITS)
    spoken = [whole >> place & _ORDER for place in places]
    return tuple(WORDS[number] for number in (*spoken, *_checking(spoken, checkpoint.size)))


@lru_cache(maxsize=8)
def lines_of(signed: bytes) -> str:
    """Return the lines for the minutes of a signed checkpoint: its own three, and ten words.

    Pages show those of the newest one over and over. Raises MalformedError.
    """
    checkpoint = parse_body(parse_note(signed).text)
    words = words_of(checkpoint)
    rows = [words[at : at + WORDS_A_LINE] for at in range(0, len(words), WORDS_A_LINE)]
    return checkpoint.body.decode() + "\n".join(map(" ".join, rows))


def is_word(word: str) -> bool:
    """Return whether it is one of the words."""
    return word in _NUMBERS


def misheard(words: Sequence[str], size: int) -> Misheard | None:
    """Return what is wrong with ten words of the list and a number of entries; None: nothing."""
    assert len(words) == WORDS_TOLD
    numbers = [_NUMBERS[word] for word in words]
    plain, weighted = _sums([*numbers, *_parts(size)])
    if not plain and not weighted:
        return None
    if not plain:
        return Misheard(swapped=_swapped(numbers, weighted))
    if not weighted:
        return Misheard()
    place = (_LOGARITHMS[weighted] - _LOGARITHMS[plain]) % _ORDER
    if place < WORDS_TOLD:
        return Misheard(word=place + 1)
    return Misheard(is_size=place < WORDS_TOLD + _SIZE_PARTS)


def _checking(spoken: Sequence[int], size: int) -> tuple[int, int]:
    plain, weighted = _sums([*spoken, *[0] * CHECKING, *_parts(size)])
    first, second = _POWERS[SPOKEN], _POWERS[SPOKEN + 1]
    last = _divided(weighted ^ _times(first, plain), first ^ second)
    return plain ^ last, last


def _sums(symbols: Sequence[int]) -> tuple[int, int]:
    """Return the two sums that are 0 where nothing is wrong."""
    plain = weighted = 0
    for place, symbol in enumerate(symbols):
        plain ^= symbol
        weighted ^= _times(_POWERS[place], symbol)
    return plain, weighted


def _swapped(numbers: Sequence[int], weighted: int) -> tuple[int, int] | None:
    """Return the places, from 1, of two words that would fit if they changed places."""
    for one, other in combinations(range(WORDS_TOLD), 2):
        moved = _times(_POWERS[one] ^ _POWERS[other], numbers[one] ^ numbers[other])
        if moved == weighted:
            return one + 1, other + 1
    return None


def _parts(size: int) -> list[int]:
    return [size >> WORD_BITS * part & _ORDER for part in range(_SIZE_PARTS)]


def _times(a: int, b: int) -> int:
    return _POWERS[(_LOGARITHMS[a] + _LOGARITHMS[b]) % _ORDER] if a and b else 0


def _divided(a: int, b: int) -> int:
    return _POWERS[(_LOGARITHMS[a] - _LOGARITHMS[b]) % _ORDER] if a else 0
