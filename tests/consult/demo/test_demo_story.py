"""The demo looks like life and can be lived in: its figures, its dates, the commands it prints."""

import os
import re
import subprocess
import sys
from calendar import month_name
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from consult.clocks.local_time import ZONE
from consult.commands.consultations.opening import extend_consultation
from consult.config import Config
from consult.demo import follow_up, fund, libraries, priorities
from consult.demo.seed import NotEmpty, NotYetTime, move_on, open_stage, seed
from consult.demo.stage import DAYS_BEHIND, ORGANISER, Stage
from consult.people import calendar
from consult.services import Services
from consult.web import create_app
from events import Consultation
from tests.builders import partnership
from tests.conftest import only
from tests.consult.serving.sites import CONSULT, free_port, until
from tests.journeys.installation import Browser

SLUGS = (priorities.SLUG, libraries.SLUG, fund.SLUG)
MONTHS = list(month_name)[1:]
DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")


@pytest.fixture(scope="module")
def played(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Stage, dict[str, object]]]:
    """The demo as `consult demo` and `consult demo advance c2` leave it, and how it was between."""
    files = tmp_path_factory.mktemp("files")
    stage = open_stage(Config(database_url=module_database_url, files_folder=files))
    seed(stage)
    between = {
        "days": calendar.behind(stage.services.vault),
        "latest": max(moments(stage)),
        "is_open": stage.services.record.get(Consultation, fund.ID).is_open,
        "closes_at": fund.closes_at(stage.services),
    }
    move_on(stage)
    stage.services.catch_up()
    yield stage, between
    stage.services.close()


def facts(stage: Stage) -> Iterator[tuple[datetime, object]]:
    record = stage.services.record
    for row in record.read(0, 100_000):
        for word in re.findall(rb'"at":"([^"]+)"', row.state):
            yield datetime.fromisoformat(word.decode()), row


def moments(stage: Stage) -> list[datetime]:
    found = [moment for moment, _row in facts(stage)]
    assert len(found) > 6_000
    return found


def test_before_it_moves_on_the_fund_is_open_and_nothing_lies_in_the_demos_future(played):
    _stage, before = played
    now = datetime.now(UTC) - timedelta(days=DAYS_BEHIND)
    assert before["days"] == DAYS_BEHIND
    assert before["is_open"]
    assert before["latest"] < now < before["closes_at"]


def test_after_it_moved_on_nothing_is_dated_in_the_future(played):
    stage, _before = played
    assert calendar.behind(stage.services.vault) == 0
    assert max(moments(stage)) < datetime.now(UTC)
    closed = stage.services.record.get(Consultation, fund.ID)
    assert closed.state == "closed"


def test_no_page_has_a_later_day_than_today_but_for_what_is_still_to_be_done(played):
    stage, _before = played
    client = create_app(stage.services).test_client()
    today = datetime.now(ZONE).date()
    seen, waiting = set(), ["/", "/results"]
    later = set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        if not answer.content_type.startswith("text/html"):
            continue
        for number, month, year in DAY.findall(answer.text):
            day = date(int(year), MONTHS.index(month) + 1, int(number))
            if day > today:
                later.add((address, day))
        waiting += re.findall(r'href="(/(?:c/|results)[^"?#]*)"', answer.text)
    assert {f"/c/{slug}/results" for slug in SLUGS} <= seen
    planned = {row.on for row in follow_up.rows(stage) if row.status == "under_way"}
    assert {day for _address, day in later} <= planned, later
    assert {address for address, _day in later} <= {
        f"/c/{priorities.SLUG}/results",
        f"/c/{priorities.SLUG}/what-we-did",
        f"/c/{priorities.SLUG}",
    }


@pytest.mark.parametrize("slug", SLUGS)
def test_wards_weeks_and_hours_differ_as_in_life(played, slug):
    stage, _before = played
    forms = {
        priorities.SLUG: priorities.responses,
        libraries.SLUG: libraries.responses,
        fund.SLUG: fund.ballots,
    }[slug](stage)
    forms = list(forms)
    wards = Counter(form.sheet.area for form in forms)
    assert max(wards.values()) > 1.8 * min(wards.values()), wards
    assert len(set(wards.values())) > 0.75 * len(wards)
    start = min(form.at for form in forms)
    weeks = Counter((form.at - start).days // 7 for form in forms)
    assert max(weeks.values()) > 1.5 * min(list(weeks.values())[:-1]), weeks
    by_day = Counter(form.at.astimezone(ZONE).weekday() for form in forms)
    assert by_day[6] < by_day[1]
    nights = sum(1 <= form.at.astimezone(ZONE).hour < 6 for form in forms)
    assert nights < len(forms) / 50
    at_desk = [form.at.astimezone(ZONE) for form in forms if form.channel != "online"]
    assert {moment.hour for moment in at_desk} <= set(range(9, 17))
    assert any(form.at.microsecond for form in forms)


def test_ironstone_came_late_and_canal_side_early(played):
    stage, _before = played
    forms = list(fund.ballots(stage))
    halves = forms[: fund.BALLOTS // 2], forms[fund.BALLOTS // 2 :]
    early, late = (Counter(form.sheet.area for form in half) for half in halves)
    assert early["W03"] > late["W03"]
    assert early["W09"] < late["W09"]


def test_a_fund_that_was_given_more_time_cannot_be_closed_before_it_is_over(database_url, tmp_path):
    stage = open_stage(Config(database_url=database_url, files_folder=tmp_path / "files"))
    try:
        seed(stage)
        stage.go(1)
        reason = {"en": "More time", "cy": "Mwy o amser"}
        extend_consultation(
            stage.services, fund.ID, closes_at=stage.at(40), reason=reason, actor=ORGANISER
        )
        before = stage.services.record.head()
        with pytest.raises(NotYetTime, match="nothing was changed"):
            move_on(stage)
        assert stage.services.record.head() == before
        assert calendar.behind(stage.services.vault) == DAYS_BEHIND
    finally:
        stage.services.close()


@only("sqlite")
def test_the_borough_is_not_put_into_a_record_that_holds_something_else(services: Services):
    partnership(services)
    before = services.record.head()
    stage = open_stage(services.config)
    try:
        with pytest.raises(NotEmpty, match="Nothing was changed"):
            seed(stage)
    finally:
        stage.services.close()
    assert services.record.head() == before


def shell(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a line in a new terminal, which knows nothing of the one that printed it."""
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "TZ": os.environ["TZ"]}
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=bare, capture_output=True, text=True, check=False
    )


def day_of(browser: Browser) -> str | None:
    found = re.search(r"its calendar shows (\d+ \w+ \d+)", browser.get("/").get_data(as_text=True))
    return found and found[1]


@pytest.mark.in_turn
@pytest.mark.parametrize("program", [[str(CONSULT)], [sys.executable, "-m", "consult.cli"]])
def test_what_the_demo_prints_can_be_pasted_into_another_terminal(
    tmp_path: Path, program: list[str]
):
    here, elsewhere = tmp_path / "a folder", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if name[:9] != "FOLKMOOT_"}
    with (here / "printed").open("w") as out, (here / "errors").open("w") as errors:
        process = subprocess.Popen(
            [*program, "demo", "--port", str(port)], cwd=here, env=kept, stdout=out, stderr=errors
        )
    try:
        browser = Browser(f"http://127.0.0.1:{port}")

        def shown() -> bool:
            assert process.poll() is None, (here / "errors").read_text()
            try:
                return browser.get("/").status_code == 200
            except OSError:
                return False

        until(shown)
        printed = (here / "printed").read_text()
        visited(browser, printed)
        story = datetime.now(ZONE).date() - timedelta(days=DAYS_BEHIND)
        assert day_of(browser) == f"{story.day} {MONTHS[story.month - 1]} {story.year}"
        page = browser.get(f"/c/{fund.SLUG}").get_data(as_text=True)
        assert "Start now" in page
        (command,) = re.findall(r"^  (cd .*)$", printed, re.MULTILINE)
        done = shell(command, elsewhere)
        assert done.returncode == 0, done.stderr
        assert not list(elsewhere.iterdir())
        visited(browser, done.stdout)
        until(lambda: day_of(browser) is None, 30)
        answer = browser.get(f"/c/{fund.SLUG}/results")
        assert "£242,600" in answer.get_data(as_text=True)
        again = shell(command, elsewhere)
        assert again.returncode == 0, again.stderr
    finally:
        process.terminate()
        process.wait(60)


def visited(browser: Browser, printed: str) -> None:
    """Open every address that was printed, in a browser of its own."""
    found = re.findall(rf"{re.escape(browser.home)}/[^\s]*", printed)
    assert len(found) >= 7, printed
    for address in found:
        with closing(HTTPConnection(urlsplit(browser.home).netloc, timeout=60)) as connection:
            connection.request("GET", urlsplit(address).path)
            answer = connection.getresponse()
            assert answer.status == 200, address
            assert answer.read()


def test_moving_on_where_there_is_no_demo_says_where_to_look_and_leaves_nothing(tmp_path: Path):
    done = shell(f"{CONSULT} demo advance c2", tmp_path)
    assert done.returncode == 1
    assert "There is no demo in" in done.stderr
    assert not list(tmp_path.iterdir())
