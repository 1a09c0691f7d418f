"""Kinds of gaps that keep a consultation from opening, each with its sentence."""

from typing import ClassVar


class Gap:
    """One thing to do. `says`: the sentence, with `{names}` filled from `values`.

    `question`: the id of the question it belongs to, or empty.
    """

    says: ClassVar[str]

    def __init__(self, question: str = "", **values: str) -> None:
        self.question = question
        self.values = {"question": question, **values}

    def __str__(self) -> str:
        return self.says.format(**self.values)


class TitleUnwritten(Gap):
    """The title has no words in one of the languages."""

    says = "write the title in {language}"


class OverviewUnwritten(Gap):
    """The overview has no words in one of the languages."""

    says = "write the overview in {language}"


class NoQuestion(Gap):
    """There is no question."""

    says = "add at least one question"


class QuestionUnwritten(Gap):
    """A question has no words in one of the languages."""

    says = "write question {question} in {language}"


class HintUnwritten(Gap):
    """A question is explained in one language and not in another."""

    says = "write the explanation of question {question} in {language}"


class TooFewOptions(Gap):
    """A question has fewer than the `least` options of its kind."""

    says = "give question {question} something to choose from: at least {least}"


class OptionUnwritten(Gap):
    """An option has no words in one of the languages."""

    says = "write option {option} of question {question} in {language}"


class SummaryUnwritten(Gap):
    """An option is described in one language and not in another."""

    says = "describe option {option} of question {question} in {language}"


class CostMissing(Gap):
    """A project has no cost."""

    says = "say what project {option} costs"


class CostOverPot(Gap):
    """A project costs more than all the money, so nobody could choose it."""

    says = "project {option} costs more than there is to spend: change its cost or the money"


class DetailsUnwritten(Gap):
    """Facts above a question have no words in one of the languages."""

    says = "write the facts of question {question} in {language}"


class UnitUnwritten(Gap):
    """The unit of a number is named in one language and not in another."""

    says = "write the unit of question {question} in {language}"


class TooFewStatements(Gap):
    """A matrix has no rows."""

    says = "give question {question} statements to answer"


class StatementUnwritten(Gap):
    """A row of a matrix has no words in one of the languages."""

    says = "write statement {statement} of question {question} in {language}"


class OtherTaken(Gap):
    """An option has the reference that "other, please say" is stored under."""

    says = "remove option {option} of question {question}: people can say other already"


class IdTooLong(Gap):
    """References of a matrix are too long to be stored together in one column."""

    says = "shorten the references in question {question}"


class ConditionNotBefore(Gap):
    """A question depends on one that is not asked before it."""

    says = "question {question} depends on a question that is not asked before it"


class ConditionNeverHolds(Gap):
    """A question depends on an answer that nobody can give."""

    says = "say who is asked question {question}: nobody can give the answer it depends on"


class NotCountedWithOther(Gap):
    """A counting rule is set for a question that accepts "other" as an answer."""

    says = "question {question} cannot be counted by a rule while people can say other"


class TermsMissing(Gap):
    """The terms are not set."""

    says = "fix the terms"


class RuleMissing(Gap):
    """A vote has no counting rule."""

    says = "choose a counting rule for question {question}"


class TooManyPlaces(Gap):
    """More options would be elected than there are."""

    says = (
        "question {question} has {options} options and {seats} places to fill: add options, or "
        "lower the number of places"
    )


class BeaconMissing(Gap):
    """Ties may need a public draw, and the terms name none."""

    says = "name the public draw that decides ties"


class BeaconUnwritten(Gap):
    """The draw is named in one language and not in another."""

    says = "name the public draw that decides ties in {language}"


class EligibilityUnwritten(Gap):
    """Who can take part is said in one language and not in another."""

    says = "say who can take part in {language}"


class DecisionUnwritten(Gap):
    """Who decides is said in one language and not in another."""

    says = "say who decides in {language}"


class OpenUnexplained(Gap):
    """A vote on money needs no proof of identity, and the reason is missing in a language."""

    says = (
        "say in {language} why nobody has to show who they are although money is decided, or "
        "take that way out"
    )
