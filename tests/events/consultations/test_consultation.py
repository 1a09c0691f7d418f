"""A consultation obeys its own history: what may change when, and what is refused."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from events import By, Consultation
from events.consultations import consultation_refusals as refusals
from events.consultations.terms import CountingTerms, Terms
from events.frameworks import framework_of
from events.question import Option, Question

NOW = datetime(2026, 3, 1, 9, 17, 5, 881_003, tzinfo=UTC)
BY = By("organiser", command_id="")
ID = UUID("11111111-2222-5333-8444-555555555555")
AT = {"at": NOW, "by": BY}
PROFILE = framework_of("local-agreement")


def both(words: str) -> dict[str, str]:
    return {"en": words, "cy": f"{words} (cy)"}


def option(id: str, cost: int | None = None) -> Option:
    return Option(id, both(id), cost=cost)


RANKING = Question("rank", "ranking", both("Rank"), options=(option("a"), option("b")))
TERMS = Terms(closes_at=NOW + timedelta(days=40), counting={"rank": CountingTerms("borda")})


def draft(*questions: Question) -> Consultation:
    consultation = Consultation.begin(
        ID,
        Consultation.Drafted(
            **AT, partnership_id=ID, slug="x", title=both("Title"), overview=both("Overview")
        ),
    )
    for question in questions:
        consultation.add_question(question, **AT)
    return consultation


def opened() -> Consultation:
    consultation = draft(RANKING)
    consultation.fix_terms(TERMS, **AT)
    consultation.open(PROFILE, **AT)
    return consultation


def test_a_complete_draft_opens():
    assert opened().is_open


def test_opening_is_refused_with_everything_that_is_missing():
    consultation = draft(replace(RANKING, title={"en": "Rank"}, options=(option("a"),)))
    with pytest.raises(refusals.NotReady) as refused:
        consultation.open(PROFILE, **AT)
    for missing in (
        "write question rank in cy",
        "something to choose from: at least 2",
        "fix the terms",
    ):
        assert missing in str(refused.value)
    assert consultation.state == "draft"


def test_a_vote_without_a_counting_rule_does_not_open():
    consultation = draft(RANKING)
    consultation.fix_terms(replace(TERMS, counting={}), **AT)
    with pytest.raises(refusals.NotReady, match="counting rule for question rank"):
        consultation.open(PROFILE, **AT)


def test_a_project_without_a_cost_does_not_open():
    basket = Question("pay", "basket", both("Pay"), options=(option("a", 5), option("b")), pot=10)
    consultation = draft(basket)
    consultation.fix_terms(replace(TERMS, counting={"pay": CountingTerms("greedy-skip")}), **AT)
    with pytest.raises(refusals.NotReady, match="what project b costs"):
        consultation.open(PROFILE, **AT)


@pytest.mark.parametrize("days", [27, 0, -1])
def test_a_period_under_the_minimum_of_the_profile_is_refused(days: int):
    consultation = draft(RANKING)
    consultation.fix_terms(replace(TERMS, closes_at=NOW + timedelta(days=days)), **AT)
    with pytest.raises(refusals.PeriodTooShort, match="28 days"):
        consultation.open(PROFILE, **AT)


def test_eighty_three_days_are_too_few_under_the_wales_profile():
    consultation = draft(RANKING)
    consultation.fix_terms(replace(TERMS, closes_at=NOW + timedelta(days=83)), **AT)
    with pytest.raises(refusals.PeriodTooShort):
        consultation.open(framework_of("wales"), **AT)
    consultation.fix_terms(replace(TERMS, closes_at=NOW + timedelta(days=84)), **AT)
    consultation.open(framework_of("wales"), **AT)


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.describe(title=both("Other"), overview=both("Other"), **AT),
        lambda it: it.add_question(replace(RANKING, id="more"), **AT),
        lambda it: it.change_question(replace(RANKING, required=False), **AT),
        lambda it: it.remove_question("rank", **AT),
        lambda it: it.add_option("rank", option("c"), **AT),
        lambda it: it.change_option("rank", option("a", 10), **AT),
        lambda it: it.remove_option("rank", "a", **AT),
        lambda it: it.fix_terms(TERMS, **AT),
        lambda it: it.open(PROFILE, **AT),
    ],
)
def test_nothing_that_people_answer_to_changes_after_opening(change):
    consultation = opened()
    version = consultation.version
    with pytest.raises(refusals.FrozenAtOpening):
        change(consultation)
    assert consultation.version == version


def test_a_period_is_extended_with_a_reason_and_never_shortened():
    consultation = opened()
    later = TERMS.closes_at + timedelta(days=14)
    with pytest.raises(refusals.NeverShorter):
        consultation.extend(TERMS.closes_at - timedelta(days=1), both("Why"), **AT)
    with pytest.raises(refusals.ReasonMissing):
        consultation.extend(later, {"en": "Only English"}, **AT)
    consultation.extend(later, both("The leaflet was wrong"), **AT)
    assert consultation.terms is not None
    assert consultation.terms.closes_at == later


THEN = {**AT, "at": TERMS.closes_at}


def test_nobody_closes_before_the_closing_time_paused_or_not():
    consultation = opened()
    early = {**AT, "at": TERMS.closes_at - timedelta(microseconds=1)}
    with pytest.raises(refusals.NotYetOver):
        consultation.close(**early)
    consultation.pause(both("The leaflet was wrong"), **AT)
    with pytest.raises(refusals.NotYetOver):
        consultation.close(**early)
    assert consultation.state == "open"
    consultation.close(**THEN)
    assert (consultation.state, consultation.is_paused) == ("closed", False)


def test_more_time_moves_the_moment_before_which_nobody_closes():
    consultation = opened()
    consultation.extend(TERMS.closes_at + timedelta(days=1), both("Why"), **AT)
    with pytest.raises(refusals.NotYetOver):
        consultation.close(**THEN)


def test_in_a_pause_nobody_answers_and_afterwards_everybody_can_again():
    consultation = opened()
    consultation.pause(both("The leaflet was wrong"), **AT)
    assert (consultation.is_open, consultation.is_paused) == (False, True)
    consultation.extend(TERMS.closes_at + timedelta(days=1), both("For the pause"), **AT)
    consultation.resume(**AT)
    assert (consultation.is_open, consultation.is_paused) == (True, False)


def test_a_pause_needs_a_reason_in_every_language_and_begins_and_ends_once():
    consultation = opened()
    with pytest.raises(refusals.ReasonMissing):
        consultation.pause({"en": "Only English"}, **AT)
    with pytest.raises(refusals.NotPaused):
        consultation.resume(**AT)
    consultation.pause(both("Why"), **AT)
    with pytest.raises(refusals.AlreadyPaused):
        consultation.pause(both("Why"), **AT)


@pytest.mark.parametrize("text", ["", "\u00a0", "\u200b", "\u3164", "-", "...", "\u2014!?"])
def test_a_reason_that_nobody_can_read_is_none(text):
    consultation = opened()
    later = TERMS.closes_at + timedelta(days=1)
    for change in (
        lambda: consultation.pause(both(text), **AT),
        lambda: consultation.extend(later, both(text), **AT),
        lambda: consultation.withdraw(both(text), **AT),
    ):
        with pytest.raises(refusals.ReasonMissing):
            change()


def test_what_is_no_longer_open_is_neither_paused_nor_resumed():
    for end in (lambda it: it.close(**THEN), lambda it: it.withdraw(both("Why"), **AT)):
        consultation = opened()
        consultation.pause(both("Why"), **AT)
        end(consultation)
        assert not consultation.is_paused
        for change in (lambda it: it.resume(**AT), lambda it: it.pause(both("Why"), **AT)):
            with pytest.raises(refusals.NotOpen):
                change(consultation)


def test_stopping_needs_a_reason_in_every_language():
    consultation = opened()
    with pytest.raises(refusals.ReasonMissing):
        consultation.withdraw({"en": "Only English"}, **AT)
    with pytest.raises(refusals.ReasonMissing):
        consultation.withdraw({}, **AT)
    assert consultation.is_open


def test_by_its_closing_time_it_is_closed_whether_or_not_that_is_recorded():
    end, moment = TERMS.closes_at, timedelta(microseconds=1)
    consultation = draft(RANKING)
    assert consultation.state_at(end) == "draft"
    consultation = opened()
    assert (consultation.state_at(end - moment), consultation.state_at(end)) == ("open", "closed")
    consultation.pause(both("Why"), **AT)
    assert (consultation.state_at(end - moment), consultation.state_at(end)) == ("paused", "closed")
    consultation.close(**THEN)
    assert consultation.state_at(NOW) == "closed"


def test_what_has_closed_is_owed_its_result_and_cannot_be_withdrawn():
    consultation = opened()
    with pytest.raises(refusals.AnswersAreIn):  # its time is up, and nothing recorded yet
        consultation.withdraw(both("Why"), **{**THEN, "at": TERMS.closes_at})
    consultation.close(**THEN)
    with pytest.raises(refusals.AnswersAreIn):
        consultation.withdraw(both("Why"), **THEN)
    consultation.publish_results(
        Consultation.ResultsPublished(**THEN, cutoff=9, tallies={}, tallies_digest="")
    )
    with pytest.raises(refusals.ResultsStand):
        consultation.withdraw(both("Why"), **THEN)
    assert consultation.state == "closed"


def test_what_is_closed_cannot_be_closed_extended_or_opened_again():
    consultation = opened()
    consultation.close(**THEN)
    for again in (
        lambda: consultation.close(**AT),
        lambda: consultation.extend(NOW + timedelta(days=99), both("Why"), **AT),
    ):
        with pytest.raises(refusals.NotOpen):
            again()
    with pytest.raises(refusals.FrozenAtOpening):
        consultation.open(PROFILE, **AT)


def test_an_option_changes_in_place_and_the_others_stay():
    consultation = draft(RANKING)
    consultation.change_option("rank", replace(option("a"), ward="W01"), **AT)
    consultation.add_option("rank", option("c"), **AT)
    consultation.remove_option("rank", "b", **AT)
    options = consultation.questions["rank"].options
    assert [(each.id, each.ward) for each in options] == [("a", "W01"), ("c", "")]


def test_the_same_reference_twice_is_refused():
    consultation = draft(RANKING)
    with pytest.raises(refusals.AlreadyThere):
        consultation.add_question(RANKING, **AT)
    with pytest.raises(refusals.AlreadyThere):
        consultation.add_option("rank", option("a"), **AT)


def test_a_budget_question_needs_a_pot():
    with pytest.raises(refusals.PotMissing):
        draft(Question("pay", "basket", both("Pay")))


def test_free_text_is_not_counted():
    consultation = draft(RANKING, Question("why", "text", both("Why")))
    with pytest.raises(refusals.NotCounted):
        consultation.fix_terms(replace(TERMS, counting={"why": CountingTerms("borda")}), **AT)


def test_only_votes_are_ballots():
    assert draft(RANKING).takes_ballots
    assert not draft(RANKING, Question("why", "text", both("Why"))).takes_ballots
