"""The calendar of a site: behind where the vault says so, and the real one everywhere else."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from consult.config import Config
from consult.people import calendar
from consult.people.vault import Vault
from consult.services import Services
from tests.consult.serving.sites import until

DAYS = 16


def behind(services: Services) -> timedelta:
    return datetime.now(UTC) - services.clock()


@pytest.fixture
def story(services: Services, monkeypatch: pytest.MonkeyPatch):
    """The same site opened again, with the clock it brings along."""
    monkeypatch.setattr(calendar, "LOOK_SECONDS", 0.1)
    calendar.put_behind(services.vault, DAYS)
    opened = Services.open(Config(database_url=services.config.database_url))
    yield opened
    opened.close()


def test_a_site_without_a_story_has_the_real_clock_and_the_stores_own(services: Services):
    opened = Services.open(Config(database_url=services.config.database_url))
    try:
        assert not isinstance(opened.clock, calendar.StoryClock)
        assert abs(behind(opened)) < timedelta(seconds=5)
        assert abs(datetime.now(UTC) - opened.record.moment()) < timedelta(seconds=5)
    finally:
        opened.close()


def test_where_it_is_behind_the_clock_that_judges_is_behind_too(story: Services):
    late = timedelta(days=DAYS)
    assert abs(behind(story) - late) < timedelta(seconds=5)
    assert abs(datetime.now(UTC) - story.record.moment() - late) < timedelta(seconds=5)


def test_a_process_that_runs_notices_that_the_story_has_moved_on(
    story: Services, services: Services
):
    calendar.put_behind(services.vault, 0)
    until(lambda: behind(story) < timedelta(seconds=5), 30)


def test_while_the_database_is_away_the_calendar_stays_as_it_was(
    story: Services, services: Services, monkeypatch: pytest.MonkeyPatch
):
    away = Vault("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1", Path("no.secret"))
    clock = calendar.StoryClock(services.vault)
    monkeypatch.setattr(clock, "_vault", away)
    time.sleep(2 * calendar.LOOK_SECONDS)
    assert clock.days_behind == DAYS
    away.close()
