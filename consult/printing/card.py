"""The preview picture of a shared link: name, title and one sentence."""

from consult.printing import typesetting
from consult.printing.poster import shortened

TEMPLATE = "card.typ"
WIDTH, HEIGHT = 1_200, 630
"""Pixels: the size that is shown large where links are shared."""
TITLE_LENGTH_MAX = 110
WORDS_LENGTH_MAX = 220


def card(*, name: str, kicker: str, title: str, words: str, language: str, colour: str) -> bytes:
    """Return the picture as a PNG, reproducible for the same arguments."""
    content = {
        "name": shortened(name, TITLE_LENGTH_MAX),
        "kicker": kicker,
        "title": shortened(title, TITLE_LENGTH_MAX),
        "words": shortened(words, WORDS_LENGTH_MAX),
        "language": language,
        "colour": colour,
    }
    return typesetting.as_png(TEMPLATE, content, dots_per_inch=72)
