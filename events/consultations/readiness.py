"""Find what a consultation still needs before it can open, as a list of gaps."""

from collections.abc import Iterator, Mapping
from typing import Any

from events.consultations.beacon import DRAW
from events.consultations.readiness_gaps import (
    BeaconMissing,
    BeaconUnwritten,
    ConditionNeverHolds,
    ConditionNotBefore,
    CostMissing,
    CostOverPot,
    DecisionUnwritten,
    DetailsUnwritten,
    EligibilityUnwritten,
    Gap,
    HintUnwritten,
    NoQuestion,
    NotCountedWithOther,
    OpenUnexplained,
    OptionUnwritten,
    OtherTaken,
    OverviewUnwritten,
    QuestionUnwritten,
    RuleMissing,
    SummaryUnwritten,
    TermsMissing,
    TitleUnwritten,
    TooFewOptions,
    TooManyPlaces,
    UnitUnwritten,
)
from events.consultations.terms import Terms
from events.question import OTHER, Question, Text, words_missing

OPEN = "open"
"""The assurance level without any proof of identity."""


def gaps(consultation: Any) -> list[Gap]:
    """Return everything that is missing, in the order of the forms.

    `consultation`: the subject, or its page; both have title, overview, languages,
    questions, source and terms.
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
        if not consultation.source:  # files have projects that were given up, at a huge cost
            found += _over_pot(question)
        found += _in_details(question, languages)
        found += question.of_kind.missing(question, languages)
        found += _in_condition(question, questions)
    if consultation.terms is None:
        found.append(TermsMissing())
    else:
        found += _in_terms(consultation.terms, questions, languages)
        if not consultation.source:  # imported votes had a draw of their own
            found += _in_beacon(consultation.terms, questions, languages)
    return found


def needs_draw(terms: Terms, questions: Mapping[str, Question]) -> bool:
    """Return whether a tie can be decided by lot; budget rules without a tie chain end in it."""
    return any(
        "lot" in counting.tie_chain or (not counting.tie_chain and questions[id].pot is not None)
        for id, counting in terms.counting.items()
        if id in questions
    )


def _in_question(question: Question, languages: tuple[str, ...]) -> Iterator[Gap]:
    for language in words_missing(question.title, languages):
        yield QuestionUnwritten(question.id, language=language)
    for language in _half_missing(question.hint, languages):
        yield HintUnwritten(question.id, language=language)
    least = question.of_kind.options_least
    if len(question.options) < least:
        yield TooFewOptions(question.id, least=str(least))
    for option in question.options:
        for language in words_missing(option.title, languages):
            yield OptionUnwritten(question.id, option=option.id, language=language)
        for language in _half_missing(option.summary, languages):
            yield SummaryUnwritten(question.id, option=option.id, language=language)
        if question.of_kind.has_costs and option.cost is None:
            yield CostMissing(question.id, option=option.id)


def _over_pot(question: Question) -> Iterator[Gap]:
    for option in question.options:
        if question.pot is not None and (option.cost or 0) > question.pot:
            yield CostOverPot(question.id, option=option.id)


def _in_details(question: Question, languages: tuple[str, ...]) -> Iterator[Gap]:
    """Yield gaps of facts and units, and of an option that has the id of "other"."""
    for details in question.details:
        for language in languages:
            if not (details.title.get(language, "") and details.words.get(language, "")):
                yield DetailsUnwritten(question.id, language=language)
    for language in _half_missing(question.unit, languages):
        yield UnitUnwritten(question.id, language=language)
    if question.takes_other and OTHER in question.option_ids:
        yield OtherTaken(question.id, option=OTHER)


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
    if not asked.of_kind.is_route or not set(condition.options) & known:
        yield ConditionNeverHolds(question.id)


def _in_terms(
    terms: Terms, questions: dict[str, Question], languages: tuple[str, ...]
) -> Iterator[Gap]:
    for language in _half_missing(terms.eligibility, languages):
        yield EligibilityUnwritten(language=language)
    for language in _half_missing(terms.decides, languages):
        yield DecisionUnwritten(language=language)
    is_money = any(questions[id].of_kind.has_costs for id in terms.counting if id in questions)
    if is_money and OPEN in terms.identity:
        for language in words_missing(terms.open_reason, languages):
            yield OpenUnexplained(language=language)
    for question in questions.values():
        counting = terms.counting.get(question.id)
        if counting is None:
            if question.of_kind.is_vote:
                yield RuleMissing(question.id)
        elif not question.is_counted:
            yield NotCountedWithOther(question.id)
        elif question.pot is None and counting.seats > len(question.options) > 0:
            yield TooManyPlaces(
                question.id, options=str(len(question.options)), seats=str(counting.seats)
            )


def _in_beacon(
    terms: Terms, questions: Mapping[str, Question], languages: tuple[str, ...]
) -> Iterator[Gap]:
    if terms.beacon is None:
        if needs_draw(terms, questions):
            yield BeaconMissing()
    elif terms.beacon.kind == DRAW:
        for language in words_missing(terms.beacon.name, languages):
            yield BeaconUnwritten(language=language)


def _half_missing(text: Text, languages: tuple[str, ...]) -> list[str]:
    """Return the languages in which a text is missing, if another language has it."""
    return words_missing(text, languages) if any(text.values()) else []
