"""What is missing before a consultation can open."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from events.consultations.readiness import gaps
from events.consultations.terms import CountingTerms, Terms
from events.question import Condition, Details, Option, Question

BOTH = {"en": "English", "cy": "Cymraeg"}
TWO = (Option("a", BOTH), Option("b", BOTH))


def missing(*questions: Question, terms: Terms | None = None, **changes: Any) -> list[str]:
    consultation = SimpleNamespace(
        title=BOTH,
        overview=BOTH,
        languages=("en", "cy"),
        questions={question.id: question for question in questions},
        terms=terms,
        source="",
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


def test_where_a_tie_can_come_down_to_the_lot_a_draw_is_named():
    question = Question("q", "ranking", BOTH, options=TWO)
    chains = {("lot",): True, (): False, ("votes", "lot"): True, ("votes",): False}
    for chain, is_missing in chains.items():
        terms = stated(counting={"q": CountingTerms("borda", tie_chain=chain)})
        assert missing(question, terms=terms) == (
            ["name the public draw that decides ties"] if is_missing else []
        )
        assert missing(question, terms=terms, source="a file of votes") == []


def test_each_project_needs_a_cost_and_each_vote_a_rule():
    question = Question("q", "basket", BOTH, options=TWO, pot=100)
    assert missing(question, terms=stated()) == [
        "say what project a costs",
        "say what project b costs",
        "choose a counting rule for question q",
    ]


def test_a_project_that_costs_more_than_there_is_is_named_before_anybody_could_choose_it():
    dear = (Option("a", BOTH, cost=101), Option("b", BOTH, cost=100))
    question = Question("q", "basket", BOTH, options=dear, pot=100)
    rule = CountingTerms("greedy-skip", tie_chain=("votes",))
    terms = stated(counting={"q": rule}, identity=("letter",))
    assert missing(question, terms=terms) == [
        "project a costs more than there is to spend: change its cost or the money"
    ]
    assert missing(question, terms=terms, source="a file of votes") == []


def test_a_condition_that_can_never_hold_is_missing_and_so_is_one_on_a_later_question():
    first = Question("a", "single", BOTH, options=TWO)
    later = Question("c", "single", BOTH, options=TWO)

    def asked(**condition: Any) -> list[str]:
        depending = Question("b", "text", BOTH, asked_when=Condition(**condition))
        return missing(first, depending, later, terms=stated())

    assert asked(question="a", options=("b",)) == []
    assert asked(question="a", options=("b", "z")) == []
    never = "say who is asked question b: nobody can give the answer it depends on"
    assert asked(question="a", options=("z",)) == [never]
    assert asked(question="a", options=("other",)) == [never]
    not_before = "question b depends on a question that is not asked before it"
    for id in "bcz":
        assert asked(question=id, options=("a",)) == [not_before]


def test_words_around_a_question_are_needed_in_both_languages():
    half = {"en": "Only English"}
    question = Question(
        "q",
        "matrix",
        BOTH,
        options=TWO,
        statements=(Option("r", half), Option("x" * 32, BOTH)),
        details=(Details(BOTH, half),),
        unit=half,
    )
    assert missing(question, terms=stated()) == [
        "write the facts of question q in cy",
        "write the unit of question q in cy",
        "write statement r of question q in cy",
        "shorten the references in question q",
    ]
    empty = Question("q", "matrix", BOTH, options=TWO)
    assert missing(empty, terms=stated()) == ["give question q statements to answer"]


def test_other_has_a_reference_of_its_own_and_no_rule_counts_it():
    options = (*TWO, Option("other", BOTH))
    question = Question("q", "single", BOTH, options=options, other=True)
    terms = stated(counting={"q": CountingTerms("plurality", tie_chain=("votes",))})
    assert missing(question, terms=terms) == [
        "remove option other of question q: people can say other already",
        "question q cannot be counted by a rule while people can say other",
    ]


def test_no_more_places_are_filled_than_there_are_options():
    question = Question("q", "ranking", BOTH, options=TWO)
    for seats, found in ((1, 0), (2, 0), (3, 1), (7, 1)):
        terms = stated(counting={"q": CountingTerms("stv", seats=seats, tie_chain=("votes",))})
        told = missing(question, terms=terms)
        assert len(told) == found, told
        assert all(f"2 options and {seats} places" in each for each in told)
