"""What came of it: told after the result, in every language, with a reason when not done."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from consult.commands.results.counting import publish_results
from consult.commands.results.follow_up import (
    NotPublishedYet,
    change_follow_up,
    publish_follow_up,
)
from events import FollowUp
from events.follow_up import (
    DoneTooSoon,
    DueTooEarly,
    FollowUpTooLong,
    FollowUpUnwritten,
    NothingChanged,
    ReasonUnwritten,
    Row,
)
from projections.follow_ups import FollowUps
from tests.builders import ORGANISER, close_consultation, consultation
from tests.consult.sealing.audits import answer


def said(text: str) -> dict[str, str]:
    return {"en": text, "cy": f"{text} (Cymraeg)"}


ROW = Row(
    theme=said("Buses"),
    asked=said("What first?"),
    said=said("Later buses"),
    did=said("A bus at ten"),
    owner=said("Network manager"),
    status="under_way",
    on=date(2026, 12, 1),
)


@pytest.mark.parametrize(
    ("status", "days", "refused"),
    [
        ("done", 1, DoneTooSoon),
        ("not_done", 1, DoneTooSoon),
        ("under_way", -1, DueTooEarly),
        ("done", 0, None),
        ("not_done", -400, None),
        ("under_way", 0, None),
    ],
)
def test_a_day_is_one_that_can_be(services, counted, clock, status, days, refused):
    on = clock().date() + timedelta(days=days)
    row = replace(ROW, status=status, on=on, why=said("No money"))
    with pytest.raises(refused) if refused else nullcontext():
        publish_follow_up(services, counted.id, row, actor=ORGANISER, command_id="day")
    assert len(shown(services, counted)) == (0 if refused else 1)


@pytest.fixture
def counted(services):
    about = consultation(services)
    answer(services, about, "Ada")
    close_consultation(services, about.id, actor=ORGANISER)
    publish_results(services, about.id, actor=ORGANISER)
    return about


def shown(services, about):
    services.catch_up()
    views = services.views
    with views.connect() as db:
        return views.reader(FollowUps).of(db, about.id)


def test_a_row_is_published_once_however_often_it_is_sent(services, counted):
    for _ in range(3):
        publish_follow_up(services, counted.id, ROW, actor=ORGANISER, command_id="k")
    (row,) = shown(services, counted)
    assert (row.row, row.version) == (ROW, 1)


def test_a_change_takes_its_place_and_both_stay_in_the_record(services, counted):
    row = publish_follow_up(services, counted.id, ROW, actor=ORGANISER)
    done = replace(ROW, status="done", on=date(2026, 10, 1), did=said("It runs"))
    change_follow_up(services, row.id, done, actor=ORGANISER)
    (now,) = shown(services, counted)
    assert (now.row, now.version) == (done, 2)
    facts = [event.fact.TOPIC for event in services.record.events.get(row.id)]
    assert facts == [FollowUp.Published.TOPIC, FollowUp.Changed.TOPIC]
    with pytest.raises(NothingChanged):
        change_follow_up(services, row.id, done, actor=ORGANISER)


def test_nothing_is_told_before_there_is_a_result(services):
    about = consultation(services)
    with pytest.raises(NotPublishedYet):
        publish_follow_up(services, about.id, ROW, actor=ORGANISER)
    assert shown(services, about) == []


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"status": "not_done"}, ReasonUnwritten),
        ({"did": {"en": "Only English"}}, FollowUpUnwritten),
        ({"why": {"en": "Only English"}}, FollowUpUnwritten),
        ({"said": said("x" * 501)}, FollowUpTooLong),
    ],
)
def test_an_incomplete_row_is_refused(services, counted, change, refusal):
    with pytest.raises(refusal):
        publish_follow_up(services, counted.id, replace(ROW, **change), actor=ORGANISER)
    assert shown(services, counted) == []
