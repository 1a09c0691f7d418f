"""A poster: one A4 sheet per consultation with a QR code, in one language or in several."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from consult.printing import typesetting
from consult.printing.characters import is_whole, note
from consult.printing.document import drawn_qr
from consult.wording.language import in_language

TEMPLATE = "poster.typ"
ABOUT_LENGTH_MAX = 420
"""Characters of the overview: more would be too small to read from a distance."""
TITLE_LENGTH_MAX = 160


@dataclass(frozen=True)
class Part:
    """The texts of a poster in one language.

    `address`: as people type it; `opens`: the full URL in the QR code; `qr_says`: a description
    of the code for screen readers.
    """

    language: str
    title: str
    about: str
    closes: str
    online: str
    address: str
    opens: str
    paper: str
    qr_says: str


def poster(
    parts: Sequence[Part], *, name: str, service: str, colour: str, made_at: datetime
) -> bytes:
    """Return the poster as a PDF, in the largest font size in which its text fits."""
    first = parts[0]
    content = {
        "file_title": " / ".join(part.title for part in parts),
        "language": first.language,
        "name": name,
        "service": service,
        "colour": colour,
        "parts": [_drawn(part, name + service if part is first else "") for part in parts],
    }
    return typesetting.as_pdf(TEMPLATE, content, made_at)


def _drawn(part: Part, above: str) -> dict[str, str]:
    """Return what is drawn of a part. `above`: what stands over it, in whose note it is."""
    words = asdict(part)
    words["title"] = shortened(part.title, TITLE_LENGTH_MAX)
    words["about"] = shortened(part.about, ABOUT_LENGTH_MAX)
    with in_language(part.language):
        words["note"] = "" if is_whole([above, words]) else note()
    words["qr"] = drawn_qr(part.opens)
    return words


def shortened(words: str, length: int) -> str:
    """Truncate a text to at most `length` characters, after a sentence or a word."""
    text = " ".join(words.split())
    if len(text) <= length:
        return text
    sentence = text[: length + 1].rfind(". ")
    if sentence > length // 2:
        return text[: sentence + 1]
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
