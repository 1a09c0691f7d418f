"""What a consultation still needs before it can open, one gap at a time."""

from collections.abc import Iterator
from typing import Any, ClassVar

from events.question import OTHER, ROUTES, VOTES, Question, Text, words_missing
from events.terms import CountingTerms, Terms

LEAST_OPTIONS = {"text": 0, "number": 0, "date": 0, "file": 0, "rating": 1, "area": 1}
"""How many options a kind of question needs; two where nothing is said."""

OPEN = "open"
"""The level of somebody who has shown nothing."""

MATRIX_ID_MAX = 31
"""Row and column of a matrix are stored as one reference of at most 64 characters."""


class Gap:
    """One thing to do. `says`: the sentence, with `{names}` filled from `values`.

    `question`: the id of the question it belongs to, or nothing.
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
    """Nothing is asked."""

    says = "add at least one question"


class QuestionUnwritten(Gap):
    """A question has no words in one of the languages."""

    says = "write question {question} in {language}"


class HintUnwritten(Gap):
    """A question is explained in one language and not in another."""

    says = "write the explanation of question {question} in {language}"


class TooFewOptions(Gap):
    """There is nothing to choose."""

    says = "give question {question} something to choose from"


class OptionUnwritten(Gap):
    """An option has no words in one of the languages."""

    says = "write option {option} of question {question} in {language}"


class SummaryUnwritten(Gap):
    """An option is described in one language and not in another."""

    says = "describe option {option} of question {question} in {language}"


class CostMissing(Gap):
    """A project without a cost cannot be paid for."""

    says = "say what project {option} costs"


class DetailsUnwritten(Gap):
    """Facts above a question have no words in one of the languages."""

    says = "write the facts of question {question} in {language}"


class UnitUnwritten(Gap):
    """What is counted is named in one language and not in another."""

    says = "write the unit of question {question} in {language}"


class TooFewStatements(Gap):
    """A matrix without rows."""

    says = "give question {question} statements to answer"


class StatementUnwritten(Gap):
    """A row of a matrix has no words in one of the languages."""

    says = "write statement {statement} of question {question} in {language}"


class OtherTaken(Gap):
    """An option has the reference that "other, please say" is stored under."""

    says = "remove option {option} of question {question}: people can say other already"


class IdTooLong(Gap):
    """References of a matrix stand together in one column."""

    says = "shorten the references in question {question}"


class ConditionNotBefore(Gap):
    """A question depends on one that comes later, or not at all."""

    says = "question {question} depends on a question that is not asked before it"


class ConditionNeverHolds(Gap):
    """A question depends on an answer that nobody can give."""

    says = "say who is asked question {question}: nobody can give the answer it depends on"


class NotCountedWithOther(Gap):
    """A rule counts options, and other is none."""

    says = "question {question} cannot be counted by a rule while people can say other"


class TermsMissing(Gap):
    """Nobody has said under which rules it runs."""

    says = "fix the terms"


class RuleMissing(Gap):
    """A vote that no rule counts."""

    says = "choose a counting rule for question {question}"


class LotOutOfDate(Gap):
    """Options came or went after the order for ties was drawn."""

    says = "draw the order for ties of question {question} again, because its options changed"


class EligibilityUnwritten(Gap):
    """Who can take part is said in one language and not in another."""

    says = "say who can take part in {language}"


class DecisionUnwritten(Gap):
    """Who decides is said in one language and not in another."""

    says = "say who decides in {language}"


class OpenUnexplained(Gap):
    """Money is decided by a vote in which one person could be any number of people."""

    says = (
        "say in {language} why nobody has to show who they are although money is decided, or "
        "take that way out"
    )


def gaps(consultation: Any) -> list[Gap]:
    """Name everything that is missing, in the order people fill it in.

    `consultation`: the subject, or its page; both have title, overview, languages,
    questions and terms.
    """
    languages: tuple[str, ...] = consultation.languages
    questions: dict[str, Question] = consultation.questions
    found: list[Gap] = [
        kind(language=language)
        for kind, text in (
            (TitleUnwritten, consultation.title),
            (OverviewUnwritten, consultation.overview),
        )
        for language in words_missing(text, languages)
    ]
    if not questions:
        found.append(NoQuestion())
    for question in questions.values():
        found += _in_question(question, languages)
        found += _in_details(question, languages)
        found += _in_matrix(question, languages)
        found += _in_condition(question, questions)
    if consultation.terms is None:
        found.append(TermsMissing())
    else:
        found += _in_terms(consultation.terms, questions, languages)
    return found


def _in_question(question: Question, languages: tuple[str, ...]) -> Iterator[Gap]:
    for language in words_missing(question.title, languages):
        yield QuestionUnwritten(question.id, language=language)
    for language in _half_missing(question.hint, languages):
        yield HintUnwritten(question.id, language=language)
    if len(question.options) < LEAST_OPTIONS.get(question.kind, 2):
        yield TooFewOptions(question.id)
    for option in question.options:
        for language in words_missing(option.title, languages):
            yield OptionUnwritten(question.id, option=option.id, language=language)
        for language in _half_missing(option.summary, languages):
            yield SummaryUnwritten(question.id, option=option.id, language=language)
        if question.kind == "basket" and option.cost is None:
            yield CostMissing(question.id, option=option.id)


def _in_details(question: Question, languages: tuple[str, ...]) -> Iterator[Gap]:
    """Name what is missing around the options: facts, units, a name for other."""
    for details in question.details:
        for language in languages:
            if not (details.title.get(language, "") and details.words.get(language, "")):
                yield DetailsUnwritten(question.id, language=language)
    for language in _half_missing(question.unit, languages):
        yield UnitUnwritten(question.id, language=language)
    if question.takes_other and OTHER in question.option_ids:
        yield OtherTaken(question.id, option=OTHER)


def _in_matrix(question: Question, languages: tuple[str, ...]) -> Iterator[Gap]:
    if question.kind != "matrix":
        return
    if not question.statements:
        yield TooFewStatements(question.id)
    for statement in question.statements:
        for language in words_missing(statement.title, languages):
            yield StatementUnwritten(question.id, statement=statement.id, language=language)
    if any(len(each.id) > MATRIX_ID_MAX for each in (*question.statements, *question.options)):
        yield IdTooLong(question.id)


def _in_condition(question: Question, questions: dict[str, Question]) -> Iterator[Gap]:
    condition = question.asked_when
    if condition is None:
        return
    before = list(questions)[: list(questions).index(question.id)]
    if condition.question not in before:
        yield ConditionNotBefore(question.id)
        return
    asked = questions[condition.question]
    known = asked.option_ids | ({OTHER} if asked.takes_other else set())
    if asked.kind not in ROUTES or not set(condition.options) & known:
        yield ConditionNeverHolds(question.id)


def _in_terms(
    terms: Terms, questions: dict[str, Question], languages: tuple[str, ...]
) -> Iterator[Gap]:
    for language in _half_missing(terms.eligibility, languages):
        yield EligibilityUnwritten(language=language)
    for language in _half_missing(terms.decides, languages):
        yield DecisionUnwritten(language=language)
    is_money = any(questions[id].kind == "basket" for id in terms.counting if id in questions)
    if is_money and OPEN in terms.identity:
        for language in words_missing(terms.open_reason, languages):
            yield OpenUnexplained(language=language)
    for question in questions.values():
        counting = terms.counting.get(question.id)
        if counting is None:
            if question.kind in VOTES:
                yield RuleMissing(question.id)
        elif not question.is_counted:
            yield NotCountedWithOther(question.id)
        elif _is_out_of_date(counting, question):
            yield LotOutOfDate(question.id)


def _is_out_of_date(counting: CountingTerms, question: Question) -> bool:
    return bool(counting.lot) and set(counting.lot) != question.option_ids


def _half_missing(text: Text, languages: tuple[str, ...]) -> list[str]:
    """Name the languages without words, where another has them."""
    return words_missing(text, languages) if any(text.values()) else []
