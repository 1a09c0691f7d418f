"""What became of a receipt's answers: the browser reads the log from their place on."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from consult.commands.answers.submitting import withdraw_answers
from consult.commands.data_protection.erasure import erase_by_holder
from consult.log_store.store import LogStore
from consult.sealing.key import read_key
from consult.sealing.receipts import kept_by, public_half
from consult.sealing.running import seal_now
from events.log.append import Edge, append
from events.log.checkpoint import Checkpoint
from events.log.entry import encode_entry
from events.log.signed_checkpoint import sign_checkpoint
from tests.browser.gates import check_page
from tests.builders import ORGANISER, close_consultation, consultation
from tests.consult.sealing.audits import RESIDENT, answer, contents, set_aside
from tests.journeys.test_receipt_file import choose, has_ed25519, verdict

pytestmark = pytest.mark.browser
STANDS = "These answers stand: nothing in the log replaces them"
NOT_FITTING = "What this site shows of the log does not fit this receipt"


class World:
    """A consultation whose log goes on after the receipts were given out."""

    def __init__(self, site, folder: Path) -> None:
        self.services = site.services
        self.services.config = replace(self.services.config, key_file=folder / "log.key")
        self.about = consultation(self.services)
        self.log = LogStore.open(self.services.config.database_url)
        self.receipts = {}

    def answers(self, name: str, *order: str) -> None:
        self.receipts[name] = answer(self.services, self.about, name, *order)

    def seal(self) -> None:
        self.services.catch_up()
        seal_now(self.services, self.log, group_min=1)

    def proof(self, name: str) -> bytes:
        kept = kept_by(self.services, self.log, self.receipts[name].code)
        return public_half(self.log, kept.index)

    def proof_between(self, first: int, end: int) -> bytes:
        """Of somebody whose answers stand there: those of one moment are shuffled."""
        for receipt in self.receipts.values():
            kept = kept_by(self.services, self.log, receipt.code)
            if first <= kept.index < end:
                return public_half(self.log, kept.index)
        raise AssertionError((first, end))


@pytest.fixture
def world(site, tmp_path: Path) -> Iterator[World]:
    made = World(site, tmp_path)
    for number in range(20):
        made.answers(f"voter {number}")
    made.seal()
    yield made
    made.log.close()


@pytest.fixture
def looked(site, world, open_page):
    """What the page says became of the answers of a proof."""

    def look(proof: bytes, before: Page | None = None) -> str:
        page = before or open_page(f"{site.address}/check-receipt-file")
        choose(page, proof)
        verdict(page)
        page.get_by_role("button", name="See what became of these answers").click()
        said = page.locator("[data-became]")
        expect(said).not_to_have_text("The log is being read.")
        text = said.inner_text()
        return text if has_ed25519(page) else text.replace(" Not everything could be checked.", "")

    return look


def later(world: World) -> None:
    """Enough entries come after that several bundles have to be read."""
    for number in range(600):
        world.answers(f"later {number}")
    world.seal()


def test_answers_that_stand_are_said_to_stand_and_to_count_after_the_closing(
    world, looked, site, open_page
):
    proof = world.proof("voter 3")
    said = f"{STANDS}, takes them back or sets them aside. Entries today: 2"
    assert looked(proof).startswith(said)
    later(world)
    assert looked(proof).startswith(STANDS)
    assert looked(world.proof_between(256, 512)).startswith(STANDS)
    assert looked(world.proof_between(512, 600)).startswith(STANDS)
    close_consultation(world.services, world.about.id, actor=ORGANISER, goes_on=True)
    world.seal()
    page = open_page(f"{site.address}/check-receipt-file")
    assert "stood when the consultation closed, at entry" in looked(proof, page)
    check_page(page)
    set_aside(world.services, world.about, "voter 3")
    world.seal()
    assert "after the closing, at entry" in looked(proof)


def test_what_was_done_to_them_is_said_with_its_place_and_who_vouches(world, looked):
    proofs = {name: world.proof(name) for name in ("voter 1", "voter 2", "voter 3", "voter 4")}
    later(world)
    services, holder = world.services, world.receipts["voter 2"].holder
    world.answers("voter 1", "c", "a")
    withdraw_answers(services, holder=holder, actor=RESIDENT, command_id="back")
    set_aside(services, world.about, "voter 3")
    erase_by_holder(services, holder=world.receipts["voter 4"].holder, actor=RESIDENT)
    world.seal()
    later_places = {}
    for name, says in (
        ("voter 1", "These answers were replaced by later ones, at entry "),
        ("voter 2", "These answers were taken back, at entry "),
        ("voter 3", "These answers were set aside, at entry "),
        ("voter 4", "The words in them were erased, at entry "),
    ):
        said = looked(proofs[name])
        assert says in said, said
        place = int(said.partition(says)[2].partition(".")[0])
        later_places[name] = place
        assert ("Whoever has their changing code" in said) == (name in ("voter 2", "voter 4"))
        assert ("Only the operator vouches" in said) == (name == "voter 1")
        assert (STANDS in said) == (name == "voter 4")
    assert len(set(later_places.values())) == 4


def test_without_the_internet_what_was_checked_still_holds(world, looked, site, open_page):
    page = open_page(f"{site.address}/check-receipt-file")
    page.wait_for_function("!document.querySelector('[data-module=receipt-check]').hidden")
    page.context.set_offline(True)
    assert looked(world.proof("voter 3"), page).startswith("The log cannot be reached just now.")
    states = page.locator("[data-step='inclusion'] [data-state]")
    assert states.inner_text() == "Yes"


def test_nothing_is_read_before_it_is_asked(world, site, open_page):
    page, asked = open_page(f"{site.address}/check-receipt-file"), []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, world.proof("voter 3"))
    verdict(page)
    assert not asked
    expect(page.locator("[data-follow]")).to_be_visible()


def path_of(route: Route) -> str:
    return route.request.url.partition("/log/")[2]


def answered(page: Page, ending: str, change) -> None:
    """A site that shows something else at an address."""

    def lie(route: Route) -> None:
        kept = route.fetch()
        route.fulfill(response=kept, body=change(kept.body()))

    page.route(f"**{ending}", lie)


def test_a_site_that_shows_another_log_is_found(world, looked, site, open_page):
    proof = world.proof("voter 3")
    old = world.log.latest().signed
    later(world)
    newer = world.proof("later 9")

    def flipped(place: int):
        return lambda body: body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]

    for ending, change, asked, says in (
        ("/log/tile/entries/000", flipped(-40), proof, NOT_FITTING),
        ("/log/tile/entries/001", flipped(500), proof, NOT_FITTING),
        ("/log/tile/entries/001", lambda body: body[:-9], proof, NOT_FITTING),
        ("/log/tile/1/000.p/1", flipped(3), world.proof_between(256, 512), NOT_FITTING),
        ("/log/checkpoint", flipped(40), proof, NOT_FITTING),
        ("/log/checkpoint", lambda _: old, newer, "The log of today is shorter"),
    ):
        page = open_page(f"{site.address}/check-receipt-file")
        answered(page, ending, change)
        assert looked(asked, page).startswith(says), (ending, says)


def test_a_change_that_is_said_to_be_its_holders_and_is_not_is_found(
    world, looked, site, open_page
):
    """Whoever has the key seals it validly."""
    proof = world.proof("voter 2")
    holder = world.receipts["voter 2"].holder
    withdraw_answers(world.services, holder=holder, actor=RESIDENT, command_id="back")
    world.seal()
    entries = contents(world.log)
    last = json.loads(entries[-1])
    assert last["t"] == "withdrawn"
    entries[-1] = encode_entry({**last, "hs": last["hs"][::-1]})
    appended = append(Edge(), entries)
    key = read_key(world.services.config.key_path)
    files = {tile.path: content for tile, content in appended.files}
    files["checkpoint"] = sign_checkpoint(Checkpoint(key.name, *appended.edge.head), key)
    page = open_page(f"{site.address}/check-receipt-file")
    page.route(
        "**/log/**",
        lambda route: route.fulfill(body=files[route.request.url.partition("/log/")[2]]),
    )
    assert looked(proof, page).startswith(NOT_FITTING)
