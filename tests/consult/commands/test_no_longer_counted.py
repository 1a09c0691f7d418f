"""A counted question that becomes one that no rule can count takes its rule out of the terms."""

from typing import Any

import pytest
from msgspec.structs import replace

from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.consultations.drafting import fix_terms, put_question
from consult.commands.consultations.opening import open_consultation
from consult.commands.results.counting import count_consultation, publish_results
from consult.services import Services
from events import Consultation
from events.consultations.consultation_refusals import NotCounted
from events.consultations.terms import CountingTerms
from tests import builders
from tests.builders import ORGANISER, RANKING, RESIDENT, question, words

VISIT = question("visit", "single", "How often?", "Daily", "Weekly")
PLURALITY = {"visit": CountingTerms("plurality", tie_chain=("votes",))}
CHANGES = {
    "other, please say": replace(VISIT, other=True),
    "several": replace(VISIT, kind="several"),
    "words": replace(VISIT, kind="text", options=()),
}


@pytest.fixture
def draft(services: Services) -> Consultation:
    return builders.draft(services, RANKING, VISIT, counting=PLURALITY)


def terms_of(services: Services, it: Consultation) -> Any:
    terms = services.record.get(Consultation, it.id).terms
    assert terms is not None
    return terms


@pytest.mark.parametrize("how", CHANGES)
def test_its_rule_goes_and_the_rest_of_the_terms_stays(services, draft, how):
    before = terms_of(services, draft)
    assert set(before.counting) == {"order", "visit"}
    put_question(services, draft.id, CHANGES[how], actor=ORGANISER)
    after = terms_of(services, draft)
    assert set(after.counting) == {"order"}
    assert after == replace(before, counting={"order": before.counting["order"]})


@pytest.mark.parametrize("how", CHANGES)
def test_it_opens_closes_and_is_published_without_a_count_of_it(services, draft, how):
    put_question(services, draft.id, CHANGES[how], actor=ORGANISER)
    opened = open_consultation(services, draft.id, actor=ORGANISER)
    assert not opened.missing()
    services.catch_up()
    given = {"other, please say": "d", "several": ["d"]}
    answers: dict[str, Any] = {"order": ["a"]} | ({"visit": given[how]} if how in given else {})
    submit_answers(
        services,
        consultation_id=draft.id,
        voter="ann",
        sheet=Sheet(answers, texts={"visit": "On Mondays"} if how == "words" else {}),
        actor=RESIDENT,
        command_id="k",
    )
    builders.close_consultation(services, draft.id)
    counts = count_consultation(services, draft.id, actor=ORGANISER)
    assert [count.question_id for count in counts] == ["order"]
    assert len(publish_results(services, draft.id, actor=ORGANISER)) == 1


def test_words_that_change_leave_the_rule_where_it_is(services, draft):
    before = terms_of(services, draft)
    version = services.record.get(Consultation, draft.id).version
    put_question(services, draft.id, replace(VISIT, title=words("When?")), actor=ORGANISER)
    after = services.record.get(Consultation, draft.id)
    assert after.terms == before
    assert after.version == version + 1, "and the terms are not fixed anew"


def test_a_question_that_was_never_counted_does_not_touch_the_terms(services, draft):
    before = services.record.get(Consultation, draft.id)
    more = question("more", "text", "Anything else?", required=False)
    after = put_question(services, draft.id, more, actor=ORGANISER)
    assert after.terms == before.terms
    assert after.version == before.version + 1


def test_a_rule_cannot_be_put_back_while_nothing_can_count_it(services, draft):
    before = terms_of(services, draft)
    put_question(services, draft.id, CHANGES["other, please say"], actor=ORGANISER)
    with pytest.raises(NotCounted):
        fix_terms(services, draft.id, before, actor=ORGANISER)
    put_question(services, draft.id, VISIT, actor=ORGANISER)
    assert set(terms_of(services, draft).counting) == {"order"}, "nobody has chosen a rule anew"
    fix_terms(services, draft.id, before, actor=ORGANISER)
    assert terms_of(services, draft) == before
