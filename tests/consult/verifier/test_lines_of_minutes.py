"""Lines from the minutes of a meeting, judged by the verifier against a log of today."""

import json
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.commands.minutes import lines_for
from consult.verifier import folkmoot_verify
from consult.verifier.shipped import program
from events.log import minute_words
from events.log.checkpoint import Checkpoint
from events.log.encoding import SIZE_MAX
from events.log.leaf import leaf_hashes
from events.log.merkle import root_of
from events.log.minute_words import WORDS, lines_of, misheard, words_of
from events.log.signed_checkpoint import sign_checkpoint
from tests.consult.verifier.test_commands import HOLDS, INCOMPLETE, UNMET, USAGE, WRONG, run, saved
from tests.consult.verifier.verifier_logs import LOG_KEY, World, story, write

ROOTS = st.binary(min_size=32, max_size=32)


@pytest.fixture(scope="module")
def world() -> World:
    return story()


@pytest.fixture
def site(tmp_path, world):
    """A copy of the log, its key, and a way to ask about some lines."""
    folder = write(tmp_path / "copy", world.files())
    key = saved(tmp_path / "log.vkey", LOG_KEY.verifier.vkey)

    def ask(lines, *more):
        return run("minutes", saved(tmp_path / "lines", lines), folder, "--key", key, *more)

    return ask


def lines_at(world: World, size: int, *, root: bytes | None = None) -> str:
    """The lines for the minutes when the log of this world had a size."""
    point = Checkpoint(LOG_KEY.name, size, root or root_of(leaf_hashes(world.entries[:size])))
    return lines_of(sign_checkpoint(point, LOG_KEY))


def test_both_programs_say_the_same_words_of_a_real_checkpoint():
    point = Checkpoint("consult.example/log", 1234, bytes(32))
    assert folkmoot_verify.words_aloud(point.origin, 1234, point.root) == list(words_of(point))


@patch.object(minute_words, "ROUNDS", 2)
@patch.object(folkmoot_verify, "ALOUD_ROUNDS", 2)
@given(st.integers(1, SIZE_MAX), ROOTS)
def test_both_programs_say_the_same_words_of_any(size, root):
    point = Checkpoint("consult.example/log", size, root)
    assert folkmoot_verify.words_aloud(point.origin, size, root) == list(words_of(point))


@given(st.lists(st.sampled_from(WORDS), min_size=10, max_size=10), st.integers(1, 2**30))
def test_both_programs_agree_what_fits(words, size):
    ours = misheard(words, size)
    assert (ours is None) == (folkmoot_verify.what_was_misheard(words, size) == "")


@given(st.sampled_from(WORDS), st.integers(0, 9), st.integers(0, 9))
def test_both_programs_name_the_same_word_and_the_same_places(word, one, other):
    told = list(words_of(Checkpoint("consult.example/log", 77, bytes(32))))
    changed = [*told[:one], word, *told[one + 1 :]]
    swapped = list(told)
    swapped[one], swapped[other] = told[other], told[one]
    for words in (changed, swapped):
        said, found = folkmoot_verify.what_was_misheard(words, 77), misheard(words, 77)
        if found is None:
            assert said == ""
        elif found.word:
            assert said.startswith(f"word {found.word}, ")
        else:
            assert said.startswith(f"words {found.swapped[0]} and {found.swapped[1]} ")


def test_every_size_of_the_log_is_found_in_it(site, world):
    for size in (1, 2, 7, 16, 23, len(world.entries)):
        ended = site(lines_at(world, size))
        assert ended.returncode == HOLDS, ended.stdout
        assert f"its first {size} of 24 entries" in ended.stdout
        assert "1. The record: it begins with all that the minutes name" in ended.stdout


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: " ".join(lines.upper().split("\n")[3:]) + " 0007",
        lambda lines: "7, " + ", ".join(" ".join(lines.split("\n")[3:]).split()) + ".",
        lambda lines: lines.replace("\n", "\r\n\r\n"),
        lambda lines: "7 " + "".join(lines.split("\n")[3:]).replace(" ", ""),
        lambda lines: "\n".join(lines.split("\n")[:3]),
        lambda lines: " ".join(reversed(lines.split("\n")[1:3])),
    ],
)
def test_the_size_with_words_or_fingerprint_is_enough_however_they_were_typed(site, world, spoil):
    ended = site(spoil(lines_at(world, 7)))
    assert ended.returncode == HOLDS, ended.stdout


def test_another_history_is_proven_wrong(site, world):
    lines = lines_at(world, 7, root=bytes(32))
    for told in (lines, "\n".join(lines.split("\n")[:3])):
        ended = site(told)
        assert ended.returncode == WRONG
        assert "IT DOES NOT BEGIN WITH WHAT THE MINUTES NAME" in ended.stdout


def test_the_minutes_name_the_program_and_another_is_said(site, world):
    line = program().line
    told = " ".join(site(f"{lines_at(world, 7)}\n{line}\n").stdout.split())
    assert "OK The minutes name the program that checks them now" in told
    ended = site(f"{lines_at(world, 7)}\n{line[:-8]}00000000\n")
    assert ended.returncode == HOLDS
    assert "they name another, sha256:" in " ".join(ended.stdout.split())


def test_a_log_that_was_longer_than_today_is_stale_or_cut_short(site, world):
    ended = site(lines_of(sign_checkpoint(Checkpoint(LOG_KEY.name, 99, bytes(32)), LOG_KEY)))
    assert ended.returncode == UNMET
    assert "the minutes name 99 entries and the log shows 24" in " ".join(ended.stdout.split())


def test_what_was_misheard_proves_nothing_and_is_named(site, world):
    lines = lines_at(world, 7)
    words = " ".join(lines.split("\n")[3:]).split()
    other = next(word for word in WORDS if word != words[3])
    for typed, says in (
        (lines.replace(words[3], other), f"word 4, {other}, does not fit"),
        (lines.replace(words[3], "nonsense"), "word 4, nonsense, is not one of the words"),
        (lines.replace("\n7\n", "\n9\n"), "the number of entries does not fit the words"),
        (" ".join(["7", words[1], words[0], *words[2:]]), "words 1 and 2 have changed places"),
        (" ".join(["7", *words[:9]]), "there are 9"),
        (" ".join(words), "the number of entries must be there once"),
        (" ".join(["-7", *words]), "the number of entries has a minus sign before it"),
        (lines.split("\n")[2], "a fingerprint alone does not say how long the log was"),
        (lines.replace(LOG_KEY.name, "other.example/log"), "of the log other.example/log"),
        (lines.replace(lines.split("\n")[2][:4], "AAAA"), "does not belong to these words"),
    ):
        ended = site(typed)
        assert ended.returncode == USAGE, typed
        assert says in " ".join(ended.stdout.split()), ended.stdout
        assert "PROVEN" not in ended.stdout


def test_tiles_that_do_not_lead_to_the_signed_root_prove_nothing_right(tmp_path, world, site):
    lines = saved(tmp_path / "lines", lines_at(world, 7))
    files = world.files()
    path = "tile/0/000.p/24"
    files[path] = bytes(32) + files[path][32:]
    key = tmp_path / "log.vkey"
    broken = write(tmp_path / "broken", files)
    assert run("minutes", lines, broken, "--key", key).returncode == WRONG


def test_without_a_key_it_is_not_complete(tmp_path, world):
    folder = write(tmp_path / "copy", world.files())
    lines = saved(tmp_path / "lines", lines_at(world, 7))
    assert run("minutes", lines, folder).returncode == INCOMPLETE


def test_a_checkpoint_that_is_checked_is_printed_for_the_minutes(tmp_path, world):
    key = saved(tmp_path / "log.vkey", LOG_KEY.verifier.vkey)
    point = saved(tmp_path / "checkpoint", world.checkpoint())
    lines = lines_for(world.checkpoint())
    assert lines in run("checkpoint", point, "--key", key).stdout
    told = json.loads(run("checkpoint", point, "--key", key, "--json").stdout)
    assert told["minutes"] == lines.split("\n")
