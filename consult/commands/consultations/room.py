"""How many questions a draft has room for, and how many options a question."""

from events import Consultation, Refused

QUESTIONS_MAX = 100
OPTIONS_MAX = 500


class TooManyQuestions(Refused):
    """The draft would have more than QUESTIONS_MAX questions."""

    says = "A consultation can ask up to {most} questions. Remove one first."


class TooManyOptions(Refused):
    """The question would have more than OPTIONS_MAX options."""

    says = "A question can have up to {most} options. Remove some first."


def check_questions(draft: Consultation) -> None:
    """Check that there is room for one more question. Raises TooManyQuestions."""
    if len(draft.questions) >= QUESTIONS_MAX:
        raise TooManyQuestions(most=QUESTIONS_MAX)


def check_options(draft: Consultation, question_id: str, more: int = 1) -> None:
    """Check that there is room for `more` options of a question. Raises TooManyOptions."""
    question = draft.questions.get(question_id)
    if question is not None and len(question.options) + more > OPTIONS_MAX:
        raise TooManyOptions(most=OPTIONS_MAX)
