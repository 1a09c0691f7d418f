"""What is missing before a consultation can open."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from events.question import Option, Question
from events.readiness import gaps
from events.terms import CountingTerms, Terms

BOTH = {"en": "English", "cy": "Cymraeg"}
TWO = (Option("a", BOTH), Option("b", BOTH))


def missing(*questions: Question, terms: Terms | None = None, **changes: Any) -> list[str]:
    consultation = SimpleNamespace(
        title=BOTH,
        overview=BOTH,
        languages=("en", "cy"),
        questions={question.id: question for question in questions},
        terms=terms,
    )
    vars(consultation).update(changes)
    return [str(gap) for gap in gaps(consultation)]


def stated(**changes: Any) -> Terms:
    return Terms(closes_at=datetime(2026, 12, 1, tzinfo=UTC), **changes)


def test_a_complete_consultation_misses_nothing():
    assert missing(Question("q", "single", BOTH, options=TWO), terms=stated()) == []


def test_what_is_explained_in_one_language_is_missing_in_the_other():
    half = {"en": "Only English"}
    question = Question(
        "q", "single", BOTH, hint=half, options=(TWO[0], Option("b", BOTH, summary=half))
    )
    found = missing(question, terms=stated(eligibility=half, decides=half))
    assert found == [
        "write the explanation of question q in cy",
        "describe option b of question q in cy",
        "say who can take part in cy",
        "say who decides in cy",
    ]


def test_a_lot_that_was_drawn_for_other_options_is_drawn_again():
    question = Question("q", "ranking", BOTH, options=TWO)
    for lot, is_missing in ((("b", "a"), False), (("b",), True), (("a", "b", "c"), True)):
        terms = stated(counting={"q": CountingTerms("borda", lot=lot)})
        assert bool(missing(question, terms=terms)) == is_missing


def test_each_project_needs_a_cost_and_each_vote_a_rule():
    question = Question("q", "basket", BOTH, options=TWO, pot=100)
    assert missing(question, terms=stated()) == [
        "say what project a costs",
        "say what project b costs",
        "choose a counting rule for question q",
    ]
