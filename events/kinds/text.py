"""Their own words: people write, and somebody reads it."""

from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question


@kind("text")
class Text(QuestionKind):
    """Free text, kept in the vault."""

    shape = Shape.VAULT
    is_text = True
    has_options = False
    options_least = 0

    def possible(self, question: Question) -> int:
        return 1
