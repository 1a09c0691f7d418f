"""Numbers: the middle, and how low and high most go."""

from collections.abc import Iterator

from consult.counting.kinds.cells import Document, Groups, tally_of
from events.kinds.answer_values import scaled
from events.kinds.pasted import written
from events.question import Question


@tally_of("number")
def numbers(question: Question, given: Groups, least: int | None) -> Document:
    """Return median and spread; `low` and `high` exclude the `least` - 1 most extreme answers."""
    answers = sorted(_spread(question, given))
    few = max(least or 0, 1)
    found: Document = {"middle": None, "low": None, "high": None}
    if len(answers) < few:
        return found

    def shown(place: int) -> str:
        return written(answers[place], question.decimals)

    found["middle"] = [shown((len(answers) - 1) // 2), shown(len(answers) // 2)]
    if len(answers) >= 2 * few:
        found |= {"low": shown(few - 1), "high": shown(-few)}
    return found


def _spread(question: Question, given: Groups) -> Iterator[int]:
    for text, number in given:
        value = scaled(text, question.decimals)
        if value is not None:
            yield from [value] * number
