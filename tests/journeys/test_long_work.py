"""Work that takes long, seen in a browser: how far it is, what came of it, and why it failed."""

import threading
from pathlib import Path

import pytest

from consult.commands.results import recorded_ballots
from consult.jobs.asking import queue_of
from consult.jobs.kinds import counting, letters
from consult.jobs.kinds.every_kind import KINDS
from consult.jobs.result_files import place_of
from consult.jobs.worker import Worker
from consult.printing import handing_out
from tests.browser.gates import WIDTHS, check_page, screenshot
from tests.builders import ORGANISER, by_letter, close_consultation, consultation
from tests.consult.web.organisers import link_for
from tests.kinds import answer_all, of_kind

pytestmark = [pytest.mark.browser, pytest.mark.slow]
POLL_MILLISECONDS = 15_000
"""A page asks every five seconds how far it is."""


def look(page, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        screenshot(page, f"long-work-{name}-{width}")
    check_page(page)


@pytest.fixture
def beside(site, monkeypatch):
    """The site beside other processes, of which the test is the one that does jobs."""
    services = site.services
    services.has_background = True
    runner = services.runner
    monkeypatch.setattr(
        runner, "wait_for", lambda goal, _seconds: not (runner.catch_up(until=goal))
    )
    return site


def do_jobs(services) -> None:
    worker = Worker(services, KINDS, threading.Event())
    while worker.work() is not None:
        pass


@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_a_long_count_is_followed_and_begun_again_after_it_failed(
    beside, open_page, language, monkeypatch
):
    services, tag = beside.services, language.strip("/") or "en"
    monkeypatch.setattr(counting, "LOOKS_AT_ONCE_MAX", 0)
    opened = consultation(services, of_kind("ranking"), of_kind("points"))
    answer_all(services, opened, 4)
    close_consultation(services, opened.id, actor=ORGANISER)
    services.catch_up()
    page = open_page(f"{beside.address}{link_for(services)}")
    page.locator("form button").last.click()
    here = f"{beside.address}{language}/organise/c/riverside"
    page.goto(f"{here}/count")
    page.locator("#form button.govuk-button").click()
    page.locator("progress").wait_for()
    claimed = queue_of(services).claim(tuple(KINDS), "")
    queue_of(services).progress(claimed, 1, 2)
    doing = page.locator('[data-progress-step] [data-state="doing"]')
    doing.wait_for(timeout=POLL_MILLISECONDS)
    look(page, f"counting-{tag}")
    queue_of(services).release(claimed)
    with monkeypatch.context() as patch:
        patch.setattr(recorded_ballots, "recorded_ballots", lambda *_a, **_m: 7)
        do_jobs(services)
    page.locator("main .fm-strip--problem").wait_for(timeout=POLL_MILLISECONDS)
    look(page, f"failed-{tag}")
    page.locator("main a.govuk-button").click()
    page.locator("#form button.govuk-button").click()
    page.locator("progress").wait_for()
    do_jobs(services)
    page.locator('main a[href$="/publish"]').wait_for(timeout=POLL_MILLISECONDS)
    look(page, f"counted-{tag}")
    page.goto(f"{beside.address}{language}/jobs/")
    look(page, f"jobs-{tag}")
    page.locator("main .fm-desk-list__name").first.click()
    look(page, f"job-{tag}")


@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_many_letters_are_followed_and_downloaded_once(beside, open_page, language, monkeypatch):
    services, tag = beside.services, language.strip("/") or "en"
    monkeypatch.setattr(letters, "AT_ONCE_MAX", {"csv": 2, "pdf": 2})
    by_letter(services, wards=True)
    page = open_page(f"{beside.address}{link_for(services)}")
    page.locator("form button").last.click()
    here = f"{beside.address}{language}/organise/c/riverside/codes"
    page.goto(here)
    page.locator("input[name=number]").fill("1200")
    page.locator("#form button.govuk-button").click()
    page.locator("progress").wait_for()
    claimed = queue_of(services).claim(tuple(KINDS), place_of(services.config))
    queue_of(services).progress(claimed, 700, 1200)
    look(page, f"letters-made-{tag}")
    page.goto(here)
    look(page, f"letters-listed-{tag}")
    page.locator("main li a").first.click()
    page.locator("progress").wait_for()
    queue_of(services).release(claimed)
    with monkeypatch.context() as patch:
        patch.setattr(handing_out, "as_csv", lambda *_: 1 / 0)
        do_jobs(services)
    page.locator('form[action$="/again"]').wait_for(timeout=POLL_MILLISECONDS)
    look(page, f"letters-failed-{tag}")
    page.locator('form[action$="/again"] button').click()
    do_jobs(services)
    page.goto(here)
    page.locator("main li a").first.click()
    page.locator("#form").wait_for()
    look(page, f"letters-ready-{tag}")
    with page.expect_download() as downloading:
        page.locator("#form button.govuk-button").click()
    assert len(Path(downloading.value.path()).read_text().splitlines()) == 1_201
    page.reload()
    page.locator("main .fm-strip--problem").wait_for()
    look(page, f"letters-gone-{tag}")
