"""A round of drand: fetched from a relay, checked with the network's public key, then recorded.

The round is a real one, number 123 of the public network "quicknet" of 23 August 2023.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from click.testing import CliRunner

from consult import drand
from consult.cli import main
from consult.commands.consultations.drafting import Draft, draft_consultation
from consult.commands.consultations.drawing import (
    TermsFirst,
    announced_draw,
    drand_round,
    enter_draw,
    enter_round,
    fetch_round,
    name_beacon,
)
from consult.commands.consultations.opening import open_consultation
from consult.services import Services
from events import Consultation
from events.consultations.beacon import QUICKNET, AnotherDraw, LotConfirmed, NotFetched, NotTheRound
from tests.builders import NUMBERS, ORGANISER, RANKING, Clock, draft, partnership, words
from tests.events.consultations.test_beacon import LOT

ROUND = 123
SIGNATURE = (
    "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482"
    "e26cd02df835d3546d23c4b13e0dfc92"
)
VALUE = "fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc"
PUBLISHED = json.dumps({"round": ROUND, "randomness": VALUE, "signature": SIGNATURE})
DUE = datetime(2023, 8, 23, 15, 15, 33, tzinfo=UTC)


@pytest.fixture
def waiting(services: Services, clock: Clock) -> Consultation:
    """A consultation opened before round 123, with the clock just after it."""
    clock.now = DUE - timedelta(minutes=5, microseconds=123_456)
    ready = draft(services, RANKING, counting=LOT)
    beacon = drand_round(DUE)
    assert (beacon.round, beacon.due_at) == (ROUND, DUE)
    name_beacon(services, ready.id, beacon, actor=ORGANISER)
    opened = open_consultation(services, ready.id, actor=ORGANISER)
    clock.now = DUE + timedelta(seconds=1)
    return opened


@contextmanager
def relay(answer: Callable[[BaseHTTPRequestHandler], Any]) -> Iterator[str]:
    """A relay on this machine; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_words: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sends(body: str, status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler], Any]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body.encode())

    return answer


def test_the_round_is_fetched_checked_and_recorded_with_its_signature(
    services: Services, waiting: Consultation
):
    asked = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        sends(PUBLISHED)(handler)

    with relay(answer) as address:
        services.config = replace(services.config, drand_url=address)
        drawn = fetch_round(services, waiting.id, actor=ORGANISER)
    assert asked == [f"/{QUICKNET.hash}/public/{ROUND}"]
    assert drawn.lot is not None
    assert (drawn.lot.value, drawn.lot.signature) == (VALUE, SIGNATURE)
    assert drawn.lot.source.endswith(asked[0])


@pytest.mark.parametrize(
    ("body", "status", "headers"),
    [
        (PUBLISHED, 404, {}),
        ("", 302, {"Location": "http://169.254.169.254/"}),
        ("<html>", 200, {}),
        ('{"signature": 5}', 200, {}),
        ("[" * 100_000, 200, {}),
    ],
)
def test_a_relay_that_does_not_give_the_round_is_said_to_and_nothing_is_recorded(
    services: Services, waiting: Consultation, body: str, status: int, headers: dict[str, str]
):
    head = services.record.head()
    with relay(sends(body, status, **headers)) as address:
        services.config = replace(services.config, drand_url=address)
        with pytest.raises(drand.NoRound, match="copy what the network publishes for round 123"):
            fetch_round(services, waiting.id, actor=ORGANISER)
    with pytest.raises(drand.NoRound):  # nobody listens there any more
        fetch_round(services, waiting.id, actor=ORGANISER)
    assert services.record.head() == head


@pytest.mark.parametrize(
    "published",
    [
        "",
        SIGNATURE[:-2] + "93",
        PUBLISHED.replace("b75c", "a75c"),
        "c0" + "00" * 47,  # the point at infinity signs nothing
        "00" * 48,
    ],
)
def test_what_the_key_did_not_sign_is_not_taken(
    services: Services, waiting: Consultation, published: str
):
    with pytest.raises(NotTheRound, match="round 123"):
        enter_round(services, waiting.id, published=published, actor=ORGANISER)
    assert services.record.get(Consultation, waiting.id).lot is None


def test_the_signature_of_one_round_is_none_of_another():
    assert drand.is_signed(QUICKNET, ROUND, SIGNATURE)
    assert not drand.is_signed(QUICKNET, ROUND + 1, SIGNATURE)


def test_numbers_take_the_place_of_a_round_only_with_a_reason(
    services: Services, waiting: Consultation
):
    given: dict[str, Any] = {"numbers": NUMBERS, "source": "The Gazette", "actor": ORGANISER}
    with pytest.raises(AnotherDraw, match="name round 123 of the drand network"):
        enter_draw(services, waiting.id, **given)
    drawn = enter_draw(
        services, waiting.id, **given, reason=words("The network has ended its work")
    )
    assert drawn.lot is not None
    assert drawn.lot.value == NUMBERS


def test_nothing_takes_the_place_of_a_round_that_the_key_confirms(
    services: Services, waiting: Consultation
):
    enter_round(services, waiting.id, published=PUBLISHED, actor=ORGANISER)
    head = services.record.head()
    with pytest.raises(LotConfirmed, match="nothing can take its place"):
        enter_draw(
            services,
            waiting.id,
            numbers=NUMBERS,
            source="The Gazette",
            reason=words("It suits better"),
            actor=ORGANISER,
        )
    assert services.record.head() == head


def test_on_the_command_line_numbers_are_entered_and_refused_in_words(
    services: Services, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
):
    # The command line has the real clock, on which round 123 is long past.
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)
    assert isinstance(services.clock, Clock)
    services.clock.now = DUE - timedelta(minutes=5)
    ready = draft(services, RANKING, counting=LOT, days=30_000)
    name_beacon(services, ready.id, drand_round(DUE), actor=ORGANISER)
    opened = open_consultation(services, ready.id, actor=ORGANISER)
    wrong, right = tmp_path / "wrong.json", tmp_path / "round.json"
    wrong.write_text(PUBLISHED.replace("b75c", "a75c"))
    right.write_text(PUBLISHED)
    refused = CliRunner().invoke(main, ["lot", str(opened.id), "--round", str(wrong)])
    assert refused.exit_code == 1
    assert "does not confirm this for round 123" in refused.stderr
    done = CliRunner().invoke(main, ["lot", str(opened.id), "--round", str(right)])
    assert done.exit_code == 0, done.output
    assert VALUE in done.stdout


def test_a_draw_is_named_only_where_there_are_terms_that_it_is_a_part_of(services: Services):
    home = partnership(services)
    drafted = draft_consultation(
        services,
        partnership_id=home.id,
        draft=Draft("bare", words("Bare"), words("Nothing yet.")),
        actor=ORGANISER,
    )
    beacon = announced_draw(services.clock() + timedelta(days=9), words("A lottery"))
    with pytest.raises(TermsFirst):
        name_beacon(services, drafted.id, beacon, actor=ORGANISER)
    assert services.record.get(Consultation, drafted.id).terms is None


def test_a_draw_that_cannot_be_fetched_is_not_said_to_be_missing(services):
    ready = draft(services, RANKING, counting=LOT)
    with pytest.raises(NotFetched, match="enter it: --numbers and --source"):
        fetch_round(services, ready.id, actor=ORGANISER)
