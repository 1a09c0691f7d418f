"""The page that compares lines from the minutes of a meeting with the log of today."""

from urllib.parse import quote

import pytest

from consult.verifier.shipped import program
from events.log.checkpoint import Checkpoint, parse_body
from events.log.encoding import to_base64
from events.log.minute_words import WORDS, lines_of, words_of
from events.log.note import parse_note
from tests.builders import consultation
from tests.consult.sealing.audits import answer
from tests.consult.web.residents import Page

YES, NO = "Yes. The log of today begins with", "No. The log of today has another history."
SHORTER = "No. The log was longer when these lines were written."


def compared(client, lines, language=""):
    page = Page(client.get(f"{language}/log-health/minutes?lines={quote(lines)}"))
    assert page.status == 200
    assert not page.faults
    assert page.headers["Cache-Control"] == "no-store"
    return page


@pytest.fixture
def lines(services, log, seal):
    """The lines of one day, after which the log has grown over a full tile."""
    about = consultation(services)
    answer(services, about, "Ada")
    seal()
    told = lines_of(log.latest().signed)
    for number in range(260):
        answer(services, about, f"voter {number}")
    seal()
    return told


def only_words(lines):
    """The number of entries and the ten words."""
    _, size, _, *words = lines.split("\n")
    return f"{size} {' '.join(words)}"


def test_lines_of_an_earlier_day_are_in_the_log_of_today(client, log, lines):
    size = lines.split("\n")[1]
    found = compared(client, lines).words
    assert YES in found
    assert f"Entries then: {size}. Entries today: {log.latest().size}." in found
    assert YES in compared(client, lines_of(log.latest().signed)).words


@pytest.mark.parametrize(
    "typed",
    [
        only_words,
        lambda lines: only_words(lines).upper(),
        lambda lines: ", ".join(only_words(lines).split()) + ".",
        lambda lines: "\r\n".join(only_words(lines).split()),
        lambda lines: only_words(lines).replace("a", "â"),
        lambda lines: "000" + only_words(lines),
        lambda lines: f"https://{lines}",
        lambda lines: f"{lines}\n{program().line}",
        lambda lines: "\n".join(lines.split("\n")[:3]),
        lambda lines: " ".join(reversed(lines.split("\n")[1:3])),
        lambda lines: only_words(lines).replace(" ", "\n", 1).replace(" ", ""),
    ],
)
def test_the_number_with_words_or_fingerprint_is_enough(client, lines, typed):
    assert YES in compared(client, typed(lines)).words


def test_another_history_is_said_plainly(client, log, lines):
    origin, size, *_ = lines.split("\n")
    other = words_of(Checkpoint(origin, int(size), bytes(32)))
    for told in (f"{size} {' '.join(other)}", f"{size} {to_base64(bytes(32))}"):
        page = compared(client, told)
        assert NO in page.words
        assert YES not in page.words


def test_a_log_that_was_longer_is_said_plainly(client, log, lines):
    now = parse_body(parse_note(log.latest().signed).text)
    words = words_of(Checkpoint(now.origin, now.size + 1, bytes(32)))
    page = compared(client, f"{now.size + 1} {' '.join(words)}")
    assert SHORTER in page.words
    assert f"Entries then: {now.size + 1}. Entries today: {now.size}." in page.words


def test_what_was_misheard_is_named_and_is_no_verdict(client, lines):
    size, *words = only_words(lines).split()
    other = next(word for word in WORDS if word not in words)
    for typed, says in (
        ([size, *words[:6], other, *words[7:]], f"Word 7, “{other}”, does not fit the others."),
        ([size, *words[:6], "minutes", *words[7:]], "Word 7, “minutes”, is not one of the words"),
        ([size, words[1], words[0], *words[2:]], "Words 1 and 2 have changed places."),
        ([str(int(size) + 1), *words], "The number of entries does not fit the words."),
        ([size, *words[:4]], "There are ten words, and we found 4."),
        ([size, *words[:5], *[other] * 5], "More than one of the words"),
        (words, "Give the number of entries once"),
        ([size, "12 0", *words], "Give the number of entries once"),
        (["0", *words], "Give the number of entries once"),
        ([f"-{size}", *words], "without the minus sign"),
        ([f"\u2212{size}", *words], "without the minus sign"),
        ([lines.split("\n")[2]], "A fingerprint alone does not say how long the log was."),
        (["9" * 400, *words], "Give the number of entries once"),
        ([lines.replace("/log", "/other/log")], "These lines are of the log "),
        ([lines.replace(lines.split("\n")[2], f"{'A' * 43}=")], "does not belong to these ten"),
        (["x" * 3_000], "This is longer than the lines of one checkpoint."),
    ):
        page = compared(client, " ".join(typed))
        [(field, message)] = page.summary
        assert field == "lines"
        assert says in message, message
        assert not any(verdict in page.words for verdict in (YES, NO, SHORTER))


def test_a_log_that_has_not_begun_is_compared_with_nothing(client, log):
    assert "The log has not begun yet" in compared(client, "1 bahal").summary[0][1]


def test_the_page_is_in_welsh_too(client, lines):
    size, *words = only_words(lines).split()
    page = compared(client, lines, "/cy")
    assert page.heading == "Cymharu’r cofnodion â’r log"
    assert "Ydy. Mae log heddiw yn dechrau" in page.words
    assert "/cy/log " not in page.words
    wrong = compared(client, " ".join([size, words[1], words[0], *words[2:]]), "/cy")
    assert "Mae geiriau 1 a 2 wedi newid lle" in wrong.summary[0][1]


def test_nothing_is_compared_before_it_is_asked(client, lines):
    page = Page(client.get("/log-health/minutes"))
    assert not page.faults
    assert page.summary == []
    assert YES not in page.words
