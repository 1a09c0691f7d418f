"""Every counting rule can be chosen, explained and counted with."""

import pytest
from msgspec.structs import replace

from consult.commands.consultations.drafting import profile_of, specification_of
from consult.counting import RULES, count
from consult.counting.specification import CRITERIA
from consult.web.forms.reader import Reader
from consult.web.organising.draft.terms import _read_counting, _typed_counting
from consult.wording.drafting import rule_words
from consult.wording.drafting.kind_words import KINDS
from consult.wording.rules import WORDS
from events.kinds.kind import KINDS as QUESTION_KINDS
from tests.builders import EVERY_KIND

QUESTIONS = {question.kind: question for question in EVERY_KIND}


def test_every_rule_setting_and_choice_has_words():
    places = [rule.place for rule in RULES.values()]
    assert sorted(places) == list(range(1, len(RULES) + 1)), "each has a place of its own"
    assert WORDS.keys() == RULES.keys()
    for rule in RULES.values():
        for parameter in rule.parameters:
            assert parameter.name in rule_words.SETTING_WORDS
            for choice in parameter.choices:
                assert (parameter.name, choice) in rule_words.CHOICE_WORDS


def test_every_kind_of_question_has_words_and_every_vote_a_rule():
    assert KINDS.keys() == QUESTION_KINDS.keys()
    for kind in [kind for kind, known in QUESTION_KINDS.items() if known.is_vote]:
        assert rule_words.rules_for(QUESTIONS[kind]), kind


def test_every_way_to_break_a_tie_ends_in_the_lot():
    for chain, _words in rule_words.TIES.values():
        assert chain[-1] == "lot"
        assert set(chain) <= set(CRITERIA)


OFFERED = [
    (kind, each.id)
    for kind, known in sorted(QUESTION_KINDS.items())
    if known.is_countable
    for each in rule_words.rules_for(QUESTIONS[kind])
]


@pytest.mark.parametrize(("kind", "rule_id"), OFFERED)
def test_each_rule_that_is_offered_counts_with_the_values_its_form_shows(kind, rule_id):
    question = QUESTIONS[kind]
    typed = _typed_counting(rule_id, question, None) | {"seed": "Lottery 1 2 3"}
    reader = Reader(typed)
    terms = _read_counting(reader, rule_id, question)
    assert reader.problems == []
    outcome = count(profile_of(question, ()), specification_of(terms))
    assert outcome.ballots == 0
    again = _typed_counting(rule_id, question, terms)
    assert _read_counting(Reader(again), rule_id, question) == terms


def test_settings_that_are_no_number_are_named():
    question = replace(QUESTIONS["basket"])
    typed = _typed_counting("equal-shares", question, None) | {"seed": "x", "step": "a bit"}
    reader = Reader(typed)
    _read_counting(reader, "equal-shares", question)
    assert [field for field, _message in reader.problems] == ["step"]
