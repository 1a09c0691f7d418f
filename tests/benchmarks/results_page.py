"""The results page with many ballots stored: it reads tallies, so the number must not show.

`python -m tests.benchmarks.results_page [--ballots 1000 100000 1000000] [--requests 2000]`

For each size the fund is filled, closed, counted and published; then the page is asked for
as visitors do (kept), just after the record has moved (read again), by a process that has
never shown it (first), and as it stood half-way (counted from the ballots).
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path

from flask import Flask

from consult.commands.answers.submitting import Sheet
from consult.config import Config
from consult.demo import ashenmoor, fund
from consult.demo.seed import open_stage
from consult.demo.stage import Form, Stage
from consult.web import create_app
from tests.benchmarks.databases import databases

PAGE = f"/c/{fund.SLUG}/results"
FIRST_TIMES = 30
PLACES = ("W03", "W11", "W09", "")
CHANNELS = ("online", "online", "online", "paper", "telephone")


def fill(stage: Stage, ballots: int) -> int:
    """Play the fund with so many ballots; returns a position half-way."""
    partnership = ashenmoor.form(stage)
    consultation = fund.draft(stage, partnership.id)
    begun = stage.services.record.head()
    stage.go(-1)
    picks, places, channels = cycle(fund.approvals()), cycle(PLACES), cycle(CHANNELS)
    forms = (
        Form(
            f"many/{n}",
            Sheet({"projects": next(picks)}, area=next(places), is_declared=True),
            next(channels),
            stage.clock.now,
        )
        for n in range(ballots)
    )
    stage.hand_in(consultation, forms)
    half = begun + ballots // 2
    fund.advance(stage, consultation.id)
    stage.services.catch_up(seconds_max=3_600)
    return half


def timed(requests: int, ask: Callable[[], None]) -> tuple[float, float, float]:
    """Milliseconds at the median, at the 99th percentile, and the longest."""
    spent = []
    for _ in range(requests):
        begun = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - begun) * 1_000)
    spent.sort()
    return spent[len(spent) // 2], spent[min(len(spent) - 1, len(spent) * 99 // 100)], spent[-1]


def measure(app: Flask, half: int, requests: int) -> None:
    """Print how long the page takes in each state."""
    client = app.test_client()

    def ask() -> None:
        assert client.get(PAGE).status_code == 200

    def moved() -> None:
        for asked in app.extensions["asked"].values():
            asked.ready["published"].position = -1
            asked.ready["published"].read_at = 0.0
        ask()

    def first() -> None:
        app.extensions.pop("asked", None)
        ask()

    positions = islice(range(half, 0, -1), FIRST_TIMES)

    def earlier() -> None:
        assert client.get(f"{PAGE}?as_at={next(positions)}").status_code == 200

    ask()
    for name, times, one in (
        ("kept", requests, ask),
        ("read again", requests, moved),
        ("first", FIRST_TIMES, first),
        ("as at half-way", 3, earlier),
    ):
        median, late, longest = timed(times, one)
        print(f"  {name:<16} median {median:9.2f} ms   99% {late:9.2f} ms   most {longest:9.2f} ms")


def main() -> None:
    """Run for each database and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--databases", nargs="+", default=["SQLite", "PostgreSQL"])
    given = parser.parse_args()
    for ballots in given.ballots:
        with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as addresses:
            for name, url in addresses.items():
                if name not in given.databases:
                    continue
                stage = open_stage(Config(database_url=url))
                with closing(stage.services):
                    begun = time.perf_counter()
                    half = fill(stage, ballots)
                    seconds = time.perf_counter() - begun
                    print(f"{name}, {ballots:,} ballots (filled and counted in {seconds:.0f} s)")
                    measure(create_app(stage.services), half, given.requests)


if __name__ == "__main__":
    main()
