"""The preview picture of a shared link: name, title and one sentence."""

from consult.printing import typesetting
from consult.printing.characters import is_whole, note
from consult.printing.poster import shortened
from consult.wording.language import in_language

TEMPLATE = "card.typ"
TITLE_LENGTH_MAX = 110
WORDS_LENGTH_MAX = 220


def card(*, name: str, kicker: str, title: str, words: str, language: str, colour: str) -> bytes:
    """Draw the picture as a PNG; the same words give the same bytes."""
    drawn = {
        "name": shortened(name, TITLE_LENGTH_MAX),
        "kicker": kicker,
        "title": shortened(title, TITLE_LENGTH_MAX),
        "words": shortened(words, WORDS_LENGTH_MAX),
    }
    with in_language(language):
        missing = "" if is_whole(drawn) else note()
    about = {"file_title": title, "note": missing, "language": language, "colour": colour}
    return typesetting.as_png(TEMPLATE, drawn | about, dots_per_inch=72)
