"""Whole submissions over HTTP: our form and durable event, against a bare Flask INSERT.

`python -m tests.benchmarks.submissions [--seconds 4] [--clients 1 8 64] [--stored 0]`

Every submission is a new person's: GET the form, POST it, wait for the redirect that says it
is durable. Both applications run in the same server with the same workers, in turns, in one
run. "POST only" sends forms of people whose page was rendered before. `--stored` fills the
consultation with so many ballots first.
"""

import argparse
import secrets
import tempfile
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from threading import local

from flask_wtf.csrf import generate_csrf

from consult.clocks.local_time import ZONE
from consult.commands.answers.submitting import Sheet
from consult.config import Config
from consult.demo import ashenmoor, fund
from consult.demo.seed import open_stage
from consult.demo.stage import Form
from consult.services import Services
from consult.web import create_app
from consult.web.guarding.session_cookie import SessionCookie
from tests.benchmarks.databases import databases
from tests.benchmarks.load import Browser, Load, Poster, request_of, run, server

PORT = 18_110
ANSWERS = [("q-projects", "P01"), ("q-projects", "P04"), ("q-projects", "P07"), ("area", "W03")]
DECLARED = ("declared", "yes")
PREPARED = 16_000
ARRIVING = 500
WORKERS = 2
"""Web processes, as `consult serve` starts them on two processors."""


def prepare(url: str, stored: int) -> None:
    """Open the fund, with so many ballots in it already."""
    # Opened so that it is open by the clock of the machine too.
    stage = open_stage(Config(database_url=url), datetime.now(ZONE).date())
    with closing(stage.services):
        partnership = ashenmoor.form(stage)
        consultation = fund.draft(stage, partnership.id)
        stage.go(-1)
        moment = stage.clock.now
        sheet = Sheet({"projects": ["P01", "P04", "P07"]}, area="W03", is_declared=True)
        stage.hand_in(
            consultation, (Form(f"stored/{n}", sheet, "online", moment) for n in range(stored))
        )
        stage.services.catch_up()


def people(url: str, number: int) -> list[bytes]:
    """Write the requests of people whose page was rendered before."""
    services = Services.open(Config(database_url=url))
    with closing(services):
        app = create_app(services)
        signer = SessionCookie().get_signing_serializer(app)
        ready = []
        for _ in range(number):
            with app.test_request_context("/"):
                from flask import session

                token = generate_csrf()
                session["device"] = secrets.token_hex(16)
                cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}"
            hidden = [("csrf_token", token), ("command", secrets.token_urlsafe(12))]
            fields = [*ANSWERS, DECLARED, *hidden]
            ready.append(request_of(f"/c/{fund.SLUG}/all", cookie, fields))
    return ready


@contextmanager
def serving(module: str, url: str, workers: int):
    """Serve, and give a function that measures one kind of load."""
    with server(module, url, PORT, workers) as pids:
        here = local()
        is_bare = module.endswith("bare")
        path = "/" if is_bare else f"/c/{fund.SLUG}/all"
        answers = [("q", id) for _, id in ANSWERS] if is_bare else [*ANSWERS, DECLARED]

        def browser() -> Browser:
            if not hasattr(here, "browser"):
                here.browser = Browser(PORT, path, answers)
            return here.browser

        def whole(clients: int, seconds: float) -> Load:
            return run(clients, seconds, pids, lambda: browser().submit())

        def poster() -> Poster:
            if not hasattr(here, "poster"):
                here.poster = Poster(PORT)
            return here.poster

        def posts(clients: int, seconds: float, ready: list[bytes], per_second: float = 0) -> Load:
            turn = count()
            return run(
                clients,
                seconds,
                pids,
                lambda: poster().post(ready[next(turn) % len(ready)]),
                per_second=per_second,
            )

        yield whole, posts


def measure(name: str, url: str, seconds: float, clients: list[int], stored: int) -> None:
    """Print one table."""
    print(f"\n{name}, {WORKERS} web processes, {stored:,} ballots stored before")
    prepare(url, stored)
    for number in clients:
        with serving("tests.benchmarks.bare", url, WORKERS) as (whole, _):
            whole(number, 1)
            bare = whole(number, seconds)
        with serving("tests.benchmarks.door", url, WORKERS) as (whole, posts):
            whole(number, 1)
            ours = whole(number, seconds)
            ready = people(url, PREPARED)
            only = posts(number, seconds, ready[: PREPARED // 2])
            paced = posts(number, seconds, ready[PREPARED // 2 :], ARRIVING)
        print(f"  {number:>3} clients  bare  {bare.line()}")
        print(f"               ours  {ours.line()}")
        print(f"          POST only  {only.line()}")
        print(f"  {ARRIVING:>6} a second  {paced.line()}")
        print(f"               ratio of processor time {ours.processor_ms / bare.processor_ms:.2f}")


def main() -> None:
    """Run on both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--stored", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for name, url in urls.items():
            measure(name, url, given.seconds, given.clients, given.stored)


if __name__ == "__main__":
    main()
