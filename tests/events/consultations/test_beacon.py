"""The public draw that decides ties: named before the opening, drawn after it, by nobody here."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.commands.consultations.drafting import lot_of
from consult.commands.consultations.drawing import (
    SourceMissing,
    announced_draw,
    drand_round,
    enter_draw,
    name_beacon,
)
from consult.commands.consultations.opening import open_consultation
from consult.commands.results.counting import publish_results
from consult.commands.results.counting_refusals import LotNotDrawn
from consult.counting import lot_order
from consult.services import Services
from events import Consultation
from events.consultations.beacon import (
    QUICKNET,
    BeaconNotDue,
    BeaconTooEarly,
    LotCounted,
    LotDrawnAlready,
    LotReplacedAlready,
    NoBeacon,
    NotTheDraw,
    draw_of,
    is_draw,
    seed_of,
)
from events.consultations.consultation_refusals import FrozenAtOpening, NotReady
from events.consultations.readiness import needs_draw
from events.consultations.terms import CountingTerms, Terms
from tests.builders import (
    EVERY_KIND,
    LOTTERY,
    NUMBERS,
    ORGANISER,
    RANKING,
    Clock,
    close_consultation,
    consultation,
    draft,
    draw_lot,
    question,
    words,
)
from tests.consult.sealing.audits import answer

LOT = {"order": CountingTerms("points-3", tie_chain=("lot",))}
SOURCE = "https://lottery.example"


def closed(services: Services) -> Consultation:
    """A closed consultation in which a and b are level to the end."""
    opened = consultation(services, RANKING, counting=LOT)
    answer(services, opened, "one", "a", "b")
    answer(services, opened, "two", "b", "a")
    assert isinstance(services.clock, Clock)
    assert opened.terms is not None
    services.clock.now = opened.terms.closes_at
    return close_consultation(services, opened.id, actor=ORGANISER)


def test_nothing_opens_whose_ties_an_organiser_could_decide(services: Services):
    ready = draft(services, RANKING, counting=LOT)
    assert ready.terms is not None
    no_draw = Terms(ready.terms.closes_at, ready.terms.counting)
    services.record.save(_with_terms(services, ready, no_draw))
    with pytest.raises(NotReady, match="name the public draw that decides ties"):
        open_consultation(services, ready.id, actor=ORGANISER)


def _with_terms(services: Services, one: Consultation, terms: Terms) -> Consultation:
    found = services.record.get(Consultation, one.id)
    found.fix_terms(terms, at=services.clock(), by=ORGANISER.by())
    return found


def test_a_rule_for_budgets_needs_the_draw_without_saying_so():
    # Its own chain for ties ends in the lot when the terms name none.
    later, money = datetime(2026, 11, 30, tzinfo=UTC), EVERY_KIND[6]
    for chain, needs in (((), True), (("cost", "lot"), True), (("cost",), False)):
        counting = {money.id: CountingTerms("greedy-skip", tie_chain=chain)}
        assert needs_draw(Terms(later, counting), {money.id: money}) == needs


@pytest.mark.parametrize("seconds", [-1, 0])
def test_a_draw_that_is_known_when_the_options_freeze_is_refused(
    services: Services, clock: Clock, seconds: int
):
    ready = draft(services, RANKING, counting=LOT)
    early = announced_draw(clock.now + timedelta(days=1), LOTTERY)
    name_beacon(services, ready.id, early, actor=ORGANISER)
    clock.now = early.due_at - timedelta(seconds=seconds)
    with pytest.raises(BeaconTooEarly):
        open_consultation(services, ready.id, actor=ORGANISER)
    clock.now = early.due_at - timedelta(seconds=1)
    assert open_consultation(services, ready.id, actor=ORGANISER).is_open


def test_the_draw_is_frozen_with_the_other_terms(services: Services, clock: Clock):
    opened = consultation(services, RANKING, counting=LOT)
    other = announced_draw(clock.now + timedelta(days=30), words("Another lottery"))
    with pytest.raises(FrozenAtOpening):
        name_beacon(services, opened.id, other, actor=ORGANISER)


def test_the_draw_has_to_be_named_in_every_language(services: Services, clock: Clock):
    ready = draft(services, RANKING, counting=LOT)
    half = announced_draw(clock.now + timedelta(days=30), {"en": "Lottery"})
    name_beacon(services, ready.id, half, actor=ORGANISER)
    with pytest.raises(NotReady, match="decides ties in cy"):
        open_consultation(services, ready.id, actor=ORGANISER)


def test_nobody_enters_the_numbers_before_they_can_be_known(services: Services, clock: Clock):
    opened = consultation(services, RANKING, counting=LOT)
    assert opened.terms is not None
    assert opened.terms.beacon is not None
    clock.now = opened.terms.beacon.due_at - timedelta(microseconds=1)
    hour = f"on {opened.terms.beacon.due_at:%Y-%m-%d %H:%M} UTC"
    with pytest.raises(BeaconNotDue, match=hour):
        enter_draw(services, opened.id, numbers=NUMBERS, source=SOURCE, actor=ORGANISER)
    clock.now = opened.terms.beacon.due_at
    drawn = enter_draw(services, opened.id, numbers=NUMBERS, source=SOURCE, actor=ORGANISER)
    assert drawn.lot is not None
    assert drawn.lot.value == NUMBERS


def test_nothing_is_counted_before_the_draw_and_then_by_its_order(services: Services):
    ended = closed(services)
    with pytest.raises(LotNotDrawn):
        publish_results(services, ended.id, actor=ORGANISER)
    drawn = draw_lot(services, ended.id)
    (result,) = publish_results(services, ended.id, actor=ORGANISER)
    order = lot_of(drawn, RANKING)
    assert order == lot_order(f"folkmoot/lot/v1 {ended.id} {NUMBERS} ", ["a", "b", "c"])
    assert result.outcome["specification"]["lot"] == list(order)
    first = next(option for option in order if option in {"a", "b"})
    assert result.outcome["order"][0] == [first]
    assert result.outcome["ties"][0]["decided_by"] == "lot"


def test_another_draw_gives_another_winner_for_the_same_ballots(services: Services):
    # Not for each draw, but among a few: else the lot would not be one.
    id = uuid4()
    winners = {
        lot_order(seed_of(id, f"{number} 2 3 4 5"), ["a", "b"])[0] for number in range(6, 40)
    }
    assert winners == {"a", "b"}


def test_one_draw_serves_all_questions_of_a_consultation(services: Services):
    second = question("again", "ranking", "And these?", "Allotments", "Buses", "Clinics")
    counting = LOT | {"again": CountingTerms("borda", tie_chain=("lot",))}
    opened = consultation(services, RANKING, second, counting=counting)
    drawn = draw_lot(services, opened.id)
    assert lot_of(drawn, RANKING) == lot_of(drawn, second)


def test_a_mistyped_draw_is_corrected_with_a_reason_and_not_after_the_count(services: Services):
    ended = closed(services)
    draw_lot(services, ended.id)
    with pytest.raises(LotDrawnAlready):
        draw_lot(services, ended.id, "12 45 3 17 50 9")
    corrected = enter_draw(
        services,
        ended.id,
        numbers="12 45 3 17 50 9",
        source=SOURCE,
        reason=words("The last ball was misread"),
        actor=ORGANISER,
    )
    assert corrected.lot is not None
    assert corrected.lot.value == "12 45 3 17 50 9"
    again = {"numbers": NUMBERS, "source": SOURCE, "reason": words("It suits better")}
    with pytest.raises(LotReplacedAlready):
        enter_draw(services, ended.id, **again, actor=ORGANISER)
    publish_results(services, ended.id, actor=ORGANISER)
    with pytest.raises(LotCounted):
        enter_draw(services, ended.id, **again, actor=ORGANISER)


def test_the_same_draw_entered_twice_is_one_fact(services: Services):
    ended = closed(services)
    draw_lot(services, ended.id)
    head = services.record.head()
    draw_lot(services, ended.id)
    assert services.record.head() == head


def test_numbers_that_nobody_can_look_up_are_not_taken(services: Services):
    ended = closed(services)
    with pytest.raises(SourceMissing):
        enter_draw(services, ended.id, numbers=NUMBERS, source="  ", actor=ORGANISER)


def test_where_no_draw_is_named_none_can_be_entered(services: Services):
    opened = consultation(services, RANKING)
    with pytest.raises(NoBeacon):
        enter_draw(services, opened.id, numbers=NUMBERS, source=SOURCE, actor=ORGANISER)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12 45 3 17 50 8", "12 45 3 17 50 8"),
        (" 12, 45,3 ; 17\t50 + 08. ", "12 45 3 17 50 8"),
        ("12-45-3-17-50-8", "12 45 3 17 50 8"),
        ("01 02 03 04 05", "1 2 3 4 5"),
    ],
)
def test_numbers_have_one_spelling_however_they_are_typed(typed: str, value: str):
    assert draw_of(typed) == value


@pytest.mark.parametrize(
    "typed",
    ["", "7", "1 2 3 4", "1 2 3 4 five", "1 2 3 4 10000", "\uff11 2 3 4 5", " ".join("1" * 21)],
)
def test_what_is_no_draw_is_refused_with_an_example(typed: str):
    with pytest.raises(NotTheDraw, match="at least five"):
        draw_of(typed)


@given(st.lists(st.integers(0, 9_999), min_size=5, max_size=20))
def test_the_spelling_is_a_fixed_point(numbers: list[int]):
    value = draw_of(", ".join(map(str, numbers)))
    assert is_draw(value)
    assert draw_of(value) == value


@given(st.datetimes(datetime(2023, 9, 1), datetime(2090, 1, 1)))  # noqa: DTZ001  made UTC below
def test_a_round_is_the_first_at_or_after_a_moment(naive: datetime):
    moment = naive.replace(tzinfo=UTC)
    found = drand_round(moment)
    assert moment <= found.due_at < moment + timedelta(seconds=QUICKNET.period_seconds)
    assert QUICKNET.round_at(found.due_at) == found.round
