"""Half past midnight in summer, which is the day before in UTC: the day is that of the people."""

import io
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from consult.clocks.local_time import ZONE, day_of, local, moment_of
from consult.commands.answers.reading import note_reading
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.files.exporting import export_votes
from consult.commands.interests import declare_interest, end_interest
from consult.commands.partnerships import admit_member
from consult.commands.results.counting import publish_results
from consult.commands.results.follow_up import change_follow_up, publish_follow_up
from events.follow_up import DoneTooSoon, DueTooEarly
from events.partnership import Organisation
from events.partnerships.interest import DayToCome
from tests.builders import (
    ADMINISTRATOR,
    EVERY_KIND,
    ORGANISER,
    RESIDENT,
    Clock,
    close_consultation,
    consultation,
    partnership,
    words,
)
from tests.consult.commands.results.test_follow_up import ROW
from tests.consult.web.residents import Page

HALF_PAST_MIDNIGHT = datetime(2026, 6, 5, 23, 30, 7, 125_001, tzinfo=UTC)
TODAY, NIGHT = date(2026, 6, 6), timedelta(days=1)
[MONEY] = [each for each in EVERY_KIND if each.id == "money"]
ALREADY_LOCAL = {"cli/stopping.py", "demo/arrivals.py", "demo/stage.py"}
ROOT = Path(__file__).parents[3]


@pytest.fixture
def clock() -> Clock:
    return Clock(HALF_PAST_MIDNIGHT)


@given(st.timedeltas(timedelta(days=-30_000), timedelta(days=30_000)))
def test_a_moment_falls_on_the_day_that_began_before_it_and_ends_after_it(since):
    moment = HALF_PAST_MIDNIGHT + since
    day = day_of(moment)
    assert moment_of(day) <= moment < moment_of(day + timedelta(days=1))
    assert local(moment).astimezone(UTC) == moment


def test_a_time_of_a_day_is_that_of_the_clock_on_the_wall():
    assert moment_of(TODAY, time(0, 30)) == datetime(2026, 6, 5, 23, 30, tzinfo=UTC)
    assert moment_of(date(2026, 12, 6), time(0, 30)) == datetime(2026, 12, 6, 0, 30, tzinfo=UTC)


def test_an_interest_is_declared_and_ended_today(services):
    formed = partnership(services)
    trust = Organisation("canal", words("Canal Trust"), "voluntary")
    admit_member(services, formed.id, trust, actor=ADMINISTRATOR)

    def declare(since: date):
        how = {"what": words("Towpath"), "since": since, "actor": ORGANISER}
        return declare_interest(services, formed.id, "canal", **how)

    with pytest.raises(DayToCome):
        declare(TODAY + NIGHT)
    made = declare(TODAY)
    with pytest.raises(DayToCome):
        end_interest(services, made.id, TODAY + NIGHT, actor=ORGANISER)
    assert end_interest(services, made.id, TODAY, actor=ORGANISER).until == TODAY


@pytest.fixture
def ended(services, clock):
    """It was open from half past midnight to half past one."""
    asked = consultation(services, MONEY, days=1 / 24)
    submit_answers(
        services,
        consultation_id=asked.id,
        voter="ann",
        sheet=Sheet({"money": ["k"]}),
        actor=RESIDENT,
        command_id="ann",
    )
    clock.move(hours=1)
    close_consultation(services, asked.id)
    publish_results(services, asked.id, actor=ORGANISER)
    services.catch_up()
    clock.now = HALF_PAST_MIDNIGHT + NIGHT
    return asked


def test_what_was_done_today_is_told_today(services, ended):
    today = TODAY + NIGHT
    done = replace(ROW, status="done", on=today)
    told = publish_follow_up(services, ended.id, done, actor=ORGANISER)
    for status, on, refused in (
        ("done", today + NIGHT, DoneTooSoon),
        ("under_way", today - NIGHT, DueTooEarly),
    ):
        with pytest.raises(refused):
            change_follow_up(services, told.id, replace(ROW, status=status, on=on), actor=ORGANISER)


def test_results_and_their_files_name_the_day_of_the_people(services, client, ended):
    page = Page(client.get("/c/riverside/results"))
    assert "Answers on 6 June 2026: 1." in page.words
    file = io.StringIO()
    export_votes(services, ended.id, file, format="pabulib")
    assert "date_begin;06.06.2026" in file.getvalue()
    assert "date_end;06.06.2026" in file.getvalue()


def test_what_is_read_is_recorded_once_on_a_day_of_the_people(services, clock, ended):
    for minutes, recorded in ((0, 1), (60, 0), (22 * 60, 0), (60, 1)):
        clock.move(minutes=minutes)
        head = services.record.head()
        note_reading(services, ended.id, "money", actor=ORGANISER)
        assert services.record.head() == head + recorded


def test_one_module_knows_the_zone_and_the_others_ask_it_for_days():
    """`datetime.date` of a moment in UTC is another day for an hour of each night in summer."""
    sources = {path: path.read_text() for path in sorted((ROOT / "consult").rglob("*.py"))}
    knowing = [path.name for path, text in sources.items() if str(ZONE) in text]
    assert knowing == ["local_time.py"]
    taking = {
        path.relative_to(ROOT / "consult").as_posix()
        for path, text in sources.items()
        if re.search(r"\.date\(\)", text)
    }
    assert taking == ALREADY_LOCAL | {"clocks/local_time.py", "sealing/timestamps.py"}
