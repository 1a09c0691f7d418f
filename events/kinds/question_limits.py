"""Check the limits of a question: an answer must be possible, and a basket needs a budget."""

from events.consultations import consultation_refusals as refusals
from events.kinds.answer_values import scaled
from events.question import Question


def check_question(question: Question) -> None:
    """Check that the limits of a question allow an answer. Raises PotMissing, BadLimits."""
    if question.kind == "basket" and (question.pot is None or question.pot <= 0):
        raise refusals.PotMissing(question=question.id)
    if question.kind == "number":
        limits = [scaled(each, question.decimals) for each in (question.least, question.most)]
        given = [each for each in (question.least, question.most) if each]
        known = [limit for limit in limits if limit is not None]
        if len(given) > len(known) or known != sorted(known):
            raise refusals.BadLimits(question=question.id)
    if question.kind == "date" and question.most and question.most < question.least:
        raise refusals.BadLimits(question=question.id)
