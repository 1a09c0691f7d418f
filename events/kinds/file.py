"""A file: people attach a document or a picture, which is not published."""

from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question


@kind("file")
class File(QuestionKind):
    """An attachment, kept in the vault."""

    shape = Shape.VAULT
    is_file = True
    has_options = False
    options_least = 0

    def possible(self, question: Question) -> int:
        return 1
