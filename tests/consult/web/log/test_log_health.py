"""The page that says in plain words how the log is doing."""

import pytest

from consult.sealing import key_change
from consult.sealing.key import read_key
from tests.builders import BEGINNING, consultation
from tests.consult.sealing.audits import answer
from tests.consult.web.residents import Page


def open_page(client, path="/log-health"):
    page = Page(client.get(path))
    assert page.status == 200
    assert not page.faults
    return page


def test_it_says_so_when_the_log_has_not_begun(client, log):
    assert "The log has not begun yet." in open_page(client).words


def test_it_shows_the_three_lines_for_the_minutes(client, services, log, seal):
    consultation(services)
    seal()
    page = open_page(client)
    assert "Everything recorded is in the log, and the log is signed." in page.words
    assert log.latest().signed.decode().split("\n\n")[0] in page.text
    assert "No witness is set up." in page.words
    assert "2 November 2026" in page.words


def test_it_says_how_much_waits_to_be_sealed(client, services, seal):
    about = consultation(services)
    seal()
    answer(services, about, "Ada")
    assert "Waiting to be sealed: 1." in open_page(client).words


def test_trouble_is_shown_in_its_own_words(client, services, log, seal):
    consultation(services)
    seal()
    log.note_trouble("sealing", "An old copy was put in its place.", BEGINNING)
    log.note_trouble("witness fern", "It has seen 9 entries.", BEGINNING)
    page = open_page(client)
    assert "Nothing is being added to the log. An old copy was put in its place." in page.words
    assert "witness fern" in page.words
    assert "Everything recorded" not in page.words
    log.end_trouble("sealing")
    assert "Nothing is being added" not in open_page(client).words


def test_it_says_how_the_key_was_changed_lost_and_the_log_ended(client, services, log, seal):
    consultation(services)
    seal()
    first = read_key(services.config.key_path).verifier
    key_change.rotate(services)
    page = open_page(client)
    size = log.latest().size
    assert f"changed when the log had this many entries: {size}. The old and" in page.words
    assert first.vkey not in page.words
    assert first.vkey in client.get("/check-receipt-file").text, "for receipts from before"
    services.config.key_path.unlink()
    key_change.replace_lost(services)
    assert "The key was lost when the log had this many entries" in open_page(client).words
    key_change.retire(services)
    assert "The log was retired when it had this many entries" in open_page(client).words


@pytest.mark.parametrize("path", ["/cy/log-health", "/cy/check-receipt-file"])
def test_the_pages_are_in_welsh_too(client, services, seal, path):
    consultation(services)
    seal()
    page = open_page(client, path)
    assert page.heading in {"Cyflwr y log cyhoeddus", "Gwirio ffeil derbynneb"}
