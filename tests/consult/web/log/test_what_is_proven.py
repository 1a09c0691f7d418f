"""The page for councillors: what is proven and what is not, true of this installation.

With witnesses it is in tests/consult/witness/test_log_and_witness.py.
"""

import pytest

from tests.builders import consultation
from tests.consult.web.log.test_log_health import open_page
from tests.consult.web.residents import Page

PATH = "/what-is-proven"
WORDS_MAX = 360
NO_WITNESS = "here no witness outside watches it"
NO_STAMP = "no outside authority time-stamps this log"


def words_of(page: Page) -> list[str]:
    main = page.text.partition("<main")[2].partition("</main>")[0]
    return "".join(part.partition(">")[2] for part in main.split("<")).split()


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_it_is_short_and_in_both_languages(client, services, seal, prefix):
    consultation(services)
    seal()
    page = open_page(client, f"{prefix}{PATH}")
    assert len(words_of(page)) < WORDS_MAX
    assert ("What is not proven" in page.words) == (not prefix)


def test_before_the_log_begins_it_says_so(client, log):
    assert "The log has not begun yet" in open_page(client, PATH).words


def test_without_witness_and_time_stamp_it_says_that_both_are_missing(client, services, seal):
    consultation(services)
    seal()
    page = open_page(client, PATH)
    assert NO_WITNESS in page.words
    assert NO_STAMP in page.words
    assert "The log has not begun yet" not in page.words
    assert "to be a witness of this log" in page.words


def test_a_time_stamp_is_said_with_its_day(client, services, log, seal, clock):
    consultation(services)
    seal()
    log.keep_stamp(log.latest().size, b"stamp", clock())
    page = open_page(client, PATH)
    assert NO_STAMP not in page.words
    assert "last time-stamped the log on 2 November 2026" in page.words


@pytest.mark.parametrize("place", ["/log-health", "/"])
def test_it_is_led_to_from_the_log_and_from_the_foot_of_every_page(client, services, seal, place):
    assert PATH in open_page(client, place).links()
