"""From `consult init` to published words, on the clock of the machine, with nothing but programs.

Nothing is built by the tests' own hands and no clock is moved: what a real installation answers
at a time with microseconds is what is looked at here. Terms close at a whole minute, so two surveys
wait for the same one.
"""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.conftest import only
from tests.journeys import survey_in_a_browser, survey_over_http
from tests.journeys.installation import FACTS, Installation

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, only("sqlite")]
CLOSED_SECONDS_MAX = 240.0


def test_two_surveys_of_an_empty_installation_come_to_published_words(
    tmp_path: Path, app: Flask, built_assets: Path, open_page: "Callable[..., Page]"
):
    place = Installation(tmp_path)
    began_at = time.monotonic()
    place.set_up(FACTS)
    pace_seconds = time.monotonic() - began_at
    with place.serving():
        over_http = survey_over_http.Survey(place)
        in_browser = survey_in_a_browser.Survey(place, open_page)
        closes_at = whole_minute(OPEN_PACES * pace_seconds)
        for survey in (over_http, in_browser):
            survey.opened(closes_at)
        for survey in (over_http, in_browser):
            survey.answered()
        assert datetime.now(UTC) < closes_at, "the machine became slower while it was set up"
        over_http.looked_at_while_open()
        wait_until_closed(over_http, closes_at)
        for survey in (over_http, in_browser):
            survey.published()
        over_http.looked_at_when_published(app)
    assert "Traceback" not in place.said(), place.said()


OPEN_PACES = 6
"""How much longer two surveys take to be drafted and answered than an installation to be set up,
at the most: both take longer on a machine that is busy."""


def whole_minute(seconds_min: float) -> datetime:
    """Return the first whole minute that is so far away."""
    return datetime.fromtimestamp(math.ceil((time.time() + seconds_min) / 60) * 60, UTC)


def wait_until_closed(survey: survey_over_http.Survey, closes_at: datetime) -> None:
    """The server closes it by itself, not before its time."""
    until = time.monotonic() + CLOSED_SECONDS_MAX
    while time.monotonic() < until:
        if survey.is_closed():
            assert datetime.now(UTC) >= closes_at
            return
        time.sleep(0.5)
    raise AssertionError("the server does not close it")
