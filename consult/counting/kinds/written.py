"""What people write and attach: only how many did."""

from consult.counting.kinds.cells import Document, Groups, tally_of
from events.question import Question


@tally_of("text", "file")
def nothing(_question: Question, _given: Groups, _least: int | None) -> Document:
    """Add nothing: words and files are in no tally."""
    return {}
