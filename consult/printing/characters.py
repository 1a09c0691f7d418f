"""Characters on paper: what the fonts lack is said in others, for a PDF may not lack a glyph."""

import json
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from consult.wording.language import gettext as _

FONTS = Path(str(files("consult") / "static" / "built" / "print"))
HEARD = frozenset({"alt", "qr_says", "file_title"})
"""Parts of a template's content that are read aloud and not drawn, so they need no glyph."""
UNKNOWN = "?"
_PLAIN = re.compile(r"[\n -~]*")
_UNSAYABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_ALIKE = {
    **dict.fromkeys("\u2010\u2011", "-"),  # hyphens, also the one at which no line ends
    **dict.fromkeys("\u2012\u2043", "–"),
    **dict.fromkeys("―⸺⸻", "—"),
    **dict.fromkeys("\u2032\u2035\u02b9", "'"),
    **dict.fromkeys("″‶", '"'),
    **dict.fromkeys("‣◦●○■□▪▫◆◇∙⦁", "•"),
    **dict.fromkeys("★☆✩✪⭐", "*"),
    **dict.fromkeys("→➔➜➝➞➡⟶▶►", "->"),
    **dict.fromkeys("←⬅⟵◀◄", "<-"),
    **dict.fromkeys("⇒⟹", "=>"),
    **dict.fromkeys("↔⟷", "<->"),
    **dict.fromkeys("☑☒✅", "[x]"),
    "☐": "[ ]",
    "≤": "<=",
    "≥": ">=",
    "≠": "=/=",
    "≈": "~",
    "\u2236": ":",
    "\u2217": "*",
    "\u2223": "|",
}
"""What says the same to whoever reads it."""
_NEAR = {**dict.fromkeys("✓✔√", "+"), **dict.fromkeys("✕✖✗✘❌", "x"), "↑": "^", "↓": "v"}
"""The nearest there is; the note says that something is missing."""
# Of the characters that nobody sees: those that choose between forms, and joiners of marks.
_INVISIBLE_MARKS = re.compile("[\u034f\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def note() -> str:
    """Say in the language of the moment that something is not as it was written."""
    return _("Some characters could not be shown here. The web page has them.")


def printable(content: Any, *, is_heard: bool = False) -> Any:
    """Return the content of a template so that the fonts have a glyph for all that is drawn."""
    if isinstance(content, str):
        return _UNSAYABLE.sub(" ", content) if is_heard else _printed(content)[0]
    if isinstance(content, Mapping):
        return {
            key: printable(value, is_heard=is_heard or key in HEARD)
            for key, value in content.items()
        }
    if isinstance(content, Sequence):
        return [printable(value, is_heard=is_heard) for value in content]
    return content


def is_whole(content: Any) -> bool:
    """Say whether everything that is drawn of this says what was written."""
    if isinstance(content, str):
        return _printed(content)[1]
    if isinstance(content, Mapping):
        return all(is_whole(value) for key, value in content.items() if key not in HEARD)
    return not isinstance(content, Sequence) or all(is_whole(value) for value in content)


def _printed(text: str) -> tuple[str, bool]:
    """Return a text in characters of the fonts, and whether it still says the same."""
    if _PLAIN.fullmatch(text):
        return text, True
    shown = [_character(each) for each in unicodedata.normalize("NFC", text)]
    return "".join(words for words, _same in shown), all(same for _words, same in shown)


@lru_cache(maxsize=10_000)
def _character(one: str) -> tuple[str, bool]:
    covered, category = _covered(), unicodedata.category(one)
    if one == "\n" or one in covered:
        return one, True
    if category in {"Zs", "Zl", "Zp", "Cc"}:
        return " ", True
    if category == "Cf" or _INVISIBLE_MARKS.match(one):
        return "", True
    if one in _ALIKE:
        return _ALIKE[one], True
    for form in ("NFKC", "NFD", "NFKD"):
        same = unicodedata.normalize(form, one)
        if _has_all(covered, same):
            return same, True
    return _nearest(one), False


def _nearest(one: str) -> str:
    """Return a letter without its marks; a mark that no font has is left out."""
    if one in _NEAR:
        return _NEAR[one]
    if unicodedata.category(one).startswith("M"):
        return ""
    bare = "".join(
        each
        for each in unicodedata.normalize("NFKD", one)
        if not unicodedata.category(each).startswith("M")
    )
    return bare if bare and _has_all(_covered(), bare) else UNKNOWN


def _has_all(covered: Collection[str], text: str) -> bool:
    return all(each in covered for each in text)


@lru_cache(maxsize=1)
def _covered() -> frozenset[str]:
    """Return the characters for which all our fonts have a glyph, as the build found them."""
    found = map(chr, json.loads((FONTS / "characters.json").read_text()))
    return frozenset(each for each in found if unicodedata.category(each) not in {"Cc", "Co"})
