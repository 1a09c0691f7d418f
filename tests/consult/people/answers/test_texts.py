"""What people write: checked at both sides of each limit, kept with a salt, read and forgotten."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from consult.people import tables
from consult.people.answers import attachments, read_words, texts
from consult.people.answers.read_words import Words
from consult.people.answers.texts import Kept, TextTooLong
from consult.people.vault import Vault
from events.kinds.answer_refusals import AnswerMissing, NotAnAnswer, OtherUnwritten
from events.log.commitment import commit
from tests.builders import BEGINNING, question
from tests.consult.people.erasable import rows, utc

HERE, THERE = uuid4(), uuid4()
ANN, BOB, STAFF = uuid4(), uuid4(), uuid4()
JUST = timedelta(microseconds=1)
MORE = question("more", "text", "Anything else?", required=False, length_max=5)
NEEDED = question("needed", "text", "Say it", length_max=5)


@pytest.fixture
def vault(services) -> Vault:
    return services.vault


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), (" \n ", ""), (" 12345\n", "12345"), ("a\r\nb", "a\nb"), ("a\rb", "a\rb")],
)
def test_words_are_kept_without_what_stands_around_them(typed, kept):
    assert texts.check(MORE, typed) == kept


@pytest.mark.parametrize(
    ("asked", "typed", "refusal", "says"),
    [
        (
            MORE,
            " 123456 ",
            TextTooLong,
            "Your answer to “Anything else?” is too long. Characters too many: 1. Shorten it.",
        ),
        (
            MORE,
            "1" * 12,
            TextTooLong,
            "Your answer to “Anything else?” is too long. Characters too many: 7. Shorten it.",
        ),
        (NEEDED, " \r\n", AnswerMissing, None),
        (MORE, "a\0", NotAnAnswer, None),
        (MORE, None, NotAnAnswer, None),
        (MORE, ["a"], NotAnAnswer, None),
    ],
)
def test_words_that_are_none_or_too_many_are_refused(asked, typed, refusal, says):
    with pytest.raises(refusal) as told:
        texts.check(asked, typed)
    assert type(told.value) is refusal
    assert says is None or str(told.value) == says


def test_other_is_written_in_200_letters_and_said_when_it_is_chosen():
    assert texts.check_other(MORE, f" {'a' * 200} ") == "a" * 200
    assert texts.check_other(MORE, "a\r\nb") == "a\nb"
    with pytest.raises(TextTooLong) as told:
        texts.check_other(MORE, "a" * 203)
    assert told.value.values["over"] == 3
    for typed, refusal in (
        (" ", OtherUnwritten),
        ("", OtherUnwritten),
        ("a\0", NotAnAnswer),
        (7, NotAnAnswer),
    ):
        with pytest.raises(refusal):
            texts.check_other(MORE, typed)


def keep(vault: Vault, whose: UUID = ANN, at=BEGINNING, about: UUID = HERE, **words: str) -> Any:
    return texts.keep(vault, about, whose, words, now=at)


def test_words_are_kept_by_question_each_with_a_salt_of_its_own(services, vault):
    kept = keep(vault, more="Hello", name="Hello")
    assert set(kept) == {"more", "name"}
    assert kept["more"] != kept["name"]
    for row in rows(services, tables.free_text):
        assert row.commitment == kept[row.question_id]
        assert row.commitment == commit(bytes(row.salt), "T", b"Hello")
        assert len(row.salt) == 32
        assert (row.consultation_id, row.subject_id, row.words) == (HERE, ANN, "Hello")
        assert utc(row.kept_at) == BEGINNING
    keep(vault, BOB, more="Other")
    assert texts.words_of(vault, ANN) == dict.fromkeys(kept.values(), "Hello")
    opened = texts.openings_of(vault, ANN)
    assert {each: commit(salt, "T", words.encode()) for each, (salt, words) in opened.items()} == {
        each: each for each in kept.values()
    }
    assert keep(vault) == {}
    assert len(rows(services, tables.free_text)) == 3


def test_words_are_named_in_the_order_they_came_a_few_at_a_time(vault):
    whose = [ANN, BOB, ANN, BOB, ANN]
    at = [0, 0, 0, 1, 2]
    made = [
        (BEGINNING + n * JUST, keep(vault, who, BEGINNING + n * JUST, more="x")["more"], who)
        for n, who in zip(at, whose, strict=True)
    ]
    wanted = [(each, who, moment) for moment, each, who in sorted(made, key=lambda m: m[:2])]
    until = BEGINNING + JUST
    found: list[Kept] = []
    after = None
    while some := texts.kept_until(vault, until, after, 2):
        assert len(some) <= 2
        found += some
        after = some[-1]
    assert [(each.commitment, each.subject_id, utc(each.kept_at)) for each in found] == wanted[:4]
    assert len(texts.kept_until(vault, BEGINNING - JUST, None, 9)) == 0
    assert len(texts.kept_until(vault, until, None, 9)) == 4


@pytest.mark.parametrize("at_once", [1, 2, 3, 500])
def test_words_are_forgotten_by_their_commitments_and_no_others(
    services, vault, monkeypatch, at_once
):
    monkeypatch.setattr(texts, "PARAMETERS_MAX", at_once)
    kept = [keep(vault, more="x")["more"] for _ in range(4)]
    assert texts.forget(vault, []) == 0
    assert texts.forget(vault, [*kept[:3], "unknown"]) == 3
    assert [row.commitment for row in rows(services, tables.free_text)] == kept[3:]


def test_whoever_may_read_words_is_told_whether_they_are_what_was_recorded(vault):
    true, changed = (keep(vault, more=words)["more"] for words in ("True", "Changed"))
    with vault.transaction() as connection:
        mine = tables.free_text.c.commitment == changed
        connection.execute(update(tables.free_text).where(mine).values(words="False"))
    assert read_words.words_for(vault, [true, changed, "unknown"]) == {
        true: Words("True", True),
        changed: Words("False", False),
    }
    assert read_words.words_for(vault, [true]) == {true: Words("True", True)}
    assert read_words.words_for(vault, []) == {}


def hand_in(vault: Vault, name: str, content: bytes) -> attachments.Attached:
    how = {"name": name, "kind": "txt", "content": content, "scan": "clean", "now": BEGINNING}
    return attachments.keep(vault, HERE, "plan", name, **how)


def test_whoever_may_read_files_is_told_whether_they_are_what_was_recorded(vault):
    one, two = hand_in(vault, "one.txt", b"One"), hand_in(vault, "two.txt", b"Two")
    found = read_words.files_for(vault, [one.commitment, "unknown"])
    assert {each: (file.name, file.size_bytes) for each, file in found.items()} == {
        one.commitment: ("one.txt", 3)
    }
    assert set(read_words.files_for(vault, [one.commitment, two.commitment])) == {
        one.commitment,
        two.commitment,
    }
    assert read_words.is_file_true(vault, one.commitment, b"One")
    assert not read_words.is_file_true(vault, one.commitment, b"Two")
    assert not read_words.is_file_true(vault, "unknown", b"One")


@pytest.mark.parametrize("at_once", [1, 2, 500])
def test_what_was_read_is_marked_once_and_unmarked_alone(services, vault, monkeypatch, at_once):
    monkeypatch.setattr(read_words, "PARAMETERS_MAX", at_once)
    how = {"staff_id": STAFF, "now": BEGINNING}
    read_words.mark(vault, HERE, ["a", "b", "c"], **how)
    read_words.mark(vault, THERE, ["d"], **how)
    before = rows(services, tables.read_mark)
    read_words.mark(vault, HERE, ["a"], staff_id=ANN, now=BEGINNING + JUST)
    read_words.mark(vault, HERE, [], **how)
    assert rows(services, tables.read_mark) == before
    assert {(row.staff_id, utc(row.at)) for row in before} == {(STAFF, BEGINNING)}
    assert read_words.marked(vault, HERE) == {"a", "b", "c"}
    assert read_words.marked(vault, THERE) == {"d"}
    assert read_words.marked_among(vault, ["a", "c", "d", "e"]) == {"a", "c", "d"}
    assert read_words.marked_among(vault, []) == set()
    read_words.unmark(vault, HERE, ["a", "b", "d", "e"])
    assert read_words.marked(vault, HERE) == {"c"}
    assert read_words.marked(vault, THERE) == {"d"}, "that was read elsewhere"
