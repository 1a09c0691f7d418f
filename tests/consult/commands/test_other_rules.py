"""What the other rule for money would have funded, where the terms promise to show it."""

import pytest

from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.results.counting import publish_results
from consult.services import Services
from events.consultations.terms import CountingTerms
from tests.builders import (
    EVERY_KIND,
    ORGANISER,
    RESIDENT,
    close_consultation,
    consultation,
    draw_lot,
)

MONEY = next(question for question in EVERY_KIND if question.kind == "basket")


@pytest.mark.parametrize(
    ("rule", "parameters", "other"),
    [
        ("greedy-skip", {}, "equal-shares"),
        ("equal-shares", {"step": "100"}, "greedy-skip"),
    ],
)
def test_the_other_rule_counts_too_with_its_own_parameters(
    services: Services, rule: str, parameters: dict[str, str], other: str
):
    terms = {"money": CountingTerms(rule, parameters=parameters, tie_chain=("cost", "lot"))}
    asked = consultation(services, MONEY, counting=terms, other_rule_shown=True)
    for number, picks in enumerate((["l", "k"], ["k"], ["t"], ["l", "k"])):
        submit_answers(
            services,
            consultation_id=asked.id,
            voter=f"{number}",
            sheet=Sheet({"money": picks}),
            actor=RESIDENT,
            command_id=f"{number}",
        )
    close_consultation(services, asked.id)
    draw_lot(services, asked.id)
    [count] = publish_results(services, asked.id, actor=ORGANISER)
    facts = [event.fact for event in services.record.events.get(count.id)]
    shown = facts[0].comparison
    assert (facts[0].rule, shown["rule"]) == (rule, other)
    assert shown["specification"]["parameters"].get("step") == (
        100 if other == "equal-shares" else None
    )
    assert shown["spent"] <= MONEY.pot
    assert set(shown["funded"]) <= {"l", "k", "t"}


def test_where_the_terms_do_not_promise_it_nothing_else_is_counted(services: Services):
    terms = {"money": CountingTerms("greedy-skip", tie_chain=("cost", "lot"))}
    asked = consultation(services, MONEY, counting=terms)
    close_consultation(services, asked.id)
    draw_lot(services, asked.id)
    [count] = publish_results(services, asked.id, actor=ORGANISER)
    [counted, *_] = [event.fact for event in services.record.events.get(count.id)]
    assert "rule" not in counted.comparison
