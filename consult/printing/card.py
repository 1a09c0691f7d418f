"""The picture beside a shared link: whose it is, what it is about, and one sentence."""

from consult.printing import typesetting
from consult.printing.poster import shortened

TEMPLATE = "card.typ"
WIDTH, HEIGHT = 1_200, 630
"""Pixels: what is shown large where links are shared."""
TITLE_LENGTH_MAX = 110
WORDS_LENGTH_MAX = 220


def card(*, name: str, kicker: str, title: str, words: str, language: str, colour: str) -> bytes:
    """Draw the picture as a PNG; the same words give the same bytes."""
    content = {
        "name": shortened(name, TITLE_LENGTH_MAX),
        "kicker": kicker,
        "title": shortened(title, TITLE_LENGTH_MAX),
        "words": shortened(words, WORDS_LENGTH_MAX),
        "language": language,
        "colour": colour,
    }
    return typesetting.as_png(TEMPLATE, content, dots_per_inch=72)
