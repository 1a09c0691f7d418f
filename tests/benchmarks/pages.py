"""What residents' pages cost: requests, bytes as sent, and time of the server.

`python -m tests.benchmarks.pages [--times 40]`

Plays the demo, opens every page as a browser that has been nowhere yet, and prints for each how
many files it needs, what they weigh as they are sent, and how long the server works on it at the
median. The budget is printed beside it: nothing here is a timed test.
"""

import argparse
import re
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

import hatch_build
from consult.config import Config
from consult.demo.seed import open_stage, seed
from consult.web import create_app
from tests.builders import consultation, question

ROOT = Path(__file__).parents[2]
KILOBYTES_MAX, REQUESTS_MAX, MILLISECONDS_MAX = 90, 3, 25
FUND, OUTCOMES, LIBRARIES = "three-wards-fund", "our-ashenmoor-2031", "eight-libraries"
PAGES = {
    "first question": "/c/riverside/q/visit",
    "home and list": "/",
    "start page": f"/c/{FUND}",
    "identity": f"/c/{FUND}/identity",
    "all questions": "/c/riverside/all",
    "check a receipt": "/receipt",
    "results, points": f"/c/{OUTCOMES}/results",
    "results, campaign": f"/c/{LIBRARIES}/results",
    "how we counted": f"/c/{LIBRARIES}/count",
    "what we did": f"/c/{OUTCOMES}/what-we-did",
    "results panel": f"/c/{LIBRARIES}/embed",
    "help others": f"/c/{FUND}/share",
    "accessibility": "/accessibility",
    "privacy": "/privacy",
}
FILE = re.compile(r'(?:href|src)="(/(?:assets|logo)/[^"]+\.(?:css|js|woff2|png))"')


@dataclass(frozen=True)
class Cost:
    """What one page costs. `kilobytes`: as sent, everything it needs; `milliseconds`: median."""

    requests: int
    kilobytes: float
    milliseconds: float


def cost(browser: FlaskClient, address: str, times: int) -> Cost:
    """Open a page so many times, and what it needs once."""
    packed = {"Accept-Encoding": "gzip"}
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        page = browser.get(address, headers=packed)
        spent.append((time.perf_counter() - begun) * 1_000)
        assert page.status_code == 200, (address, page.status_code)
    needed = sorted(set(FILE.findall(page.text)))
    sizes = [len(browser.get(one, headers=packed).data) for one in needed]
    weight = (len(page.data) + sum(sizes)) / 1_024
    return Cost(1 + len(needed), weight, statistics.median(spent[1:]))


def main() -> None:
    """Print a line for each page, and what is over the budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    times = parser.parse_args().times
    hatch_build.build(ROOT)
    with tempfile.TemporaryDirectory() as place:
        stage = open_stage(Config(database_url=f"sqlite:///{place}/folkmoot.db"))
        seed(stage)
        stage.go(0)
        consultation(stage.services, question("visit", "single", "How do you come?", "Walk", "Bus"))
        stage.services.catch_up()
        browser = create_app(stage.services).test_client()
        print(f"{'page':20} {'requests':>8} {'KB sent':>8} {'server ms':>10}")
        costs = {name: cost(browser, address, times) for name, address in PAGES.items()}
        for name, one in costs.items():
            line = f"{name:20} {one.requests:8} {one.kilobytes:8.1f} {one.milliseconds:10.1f}"
            print(line)
        stage.services.close()
    first = costs["first question"]
    slowest = max(costs, key=lambda name: costs[name].milliseconds)
    print(
        f"\nFirst question: {first.requests} requests of {REQUESTS_MAX}, "
        f"{first.kilobytes:.1f} KB of {KILOBYTES_MAX}. Slowest: {slowest}, "
        f"{costs[slowest].milliseconds:.1f} ms of {MILLISECONDS_MAX}."
    )


if __name__ == "__main__":
    main()
