"""Pabulib files that are refused: where, why, and that nothing is taken from them."""

import dataclasses
import os
from pathlib import Path

import pytest

from consult.formats import LIMITS, FormatError, read
from tests.consult.formats.vote_files import PABULIB, POINTS_PABULIB, RANKED_PABULIB, Write, refusal


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("a;p1,p2", "a;p1,p7", 23, '"p7" is not a project'),
        ("a;p1,p2", "a;p1,", 23, '"" is not a project'),
        ("a;p1,p2;33", "a;p1,p2", 23, "has 4 cells, and should have 5"),
        ("a;p1,p2;", ";p1,p2;", 23, "voter_id is missing"),
        ("d;p2", "a;p2", 26, "second vote of the voter"),
        ("c;p1;;;", "PROJECTS", 25, "VOTES must be the last"),
        ("c;p1;;;", 'c;p1;;;"', 25, "quotation mark"),
        ("p3;400", "p2;400", 20, "listed twice"),
        ("p3;400", "p3;-400", 20, "an amount, 0 or more"),
        ("p3;400", "p3;NaN", 20, "an amount, 0 or more"),
        ("p3;400", "p3;", 20, "an amount, 0 or more"),
        ("p3;400", "p3;4,00", 20, "an amount, 0 or more"),
        ("p3;400;1", "p3;400;1.5", 20, "must be a whole number"),
        ("p3;400", "p,3;400", 20, "contains a comma"),
        ("p3;400", "p\x073;400", 20, "control character"),
        ("greenery;1", "greenery;7", 20, "it must be 0, 1, 2 or 3"),
        ("project_id;cost", "project_id;price", 17, 'no column "cost"'),
        ("voter_id;vote", "voter_id;ballot", 22, 'no column "vote"'),
        ("age;sex", "age;age", 22, "names a column twice"),
        ("budget;1000", "budget;-1", 9, "an amount, 0 or more"),
        ("budget;1000", "budget;inf", 9, "an amount, 0 or more"),
        ("budget;1000", "pot;1000", 16, 'META has no "budget"'),
        ("vote_type;approval", "vote_type;shouting", 0, "not one of approval"),
        ("num_votes;4", "num_votes;four", 8, "must be a whole number"),
        ("num_votes;4", "budget;4", 9, "twice"),
        ("min_length;1", "default_score;2", 0, "default_score"),
    ],
)
def test_a_malformed_file_is_refused_with_line_and_reason(
    saved: Write, old: str, new: str, line: int, reason: str
) -> None:
    assert old in PABULIB
    refused = refusal(saved("green.pb", PABULIB.replace(old, new, 1)))
    assert reason in refused.reason
    assert (refused.file, refused.line) == ("green.pb", line)
    assert "Nothing was imported." in str(refused)


@pytest.mark.parametrize("section", ["META", "PROJECTS", "VOTES"])
def test_a_missing_section_is_refused(saved: Write, section: str) -> None:
    refused = refusal(saved("green.pb", PABULIB.replace(f"{section}\n", "", 1)))
    assert f"The section {section} was expected" in refused.reason


def test_a_file_that_ends_before_its_votes_is_refused(saved: Write) -> None:
    cut = PABULIB[: PABULIB.index("a;p1,p2")]
    assert "VOTES has no row" in refusal(saved("green.pb", cut)).reason
    assert "VOTES was expected" in refusal(saved("b.pb", cut[: cut.index("VOTES")])).reason


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("1;y,x;2,3", "1;y,x;2", "names 2 projects but 1 point"),
        ("1;y,x;2,3", "1;y,x;2,-3", "negative points are not supported"),
        ("1;y,x;2,3", "1;y,y;2,3", "twice in one vote"),
        ("1;y,x;2,3", "1;y,x;2,1.5", "must be a whole number"),
        (";points", ";remarks", 'no column "points"'),
    ],
)
def test_malformed_points_are_refused(saved: Write, old: str, new: str, reason: str) -> None:
    assert reason in refusal(saved("points.pb", POINTS_PABULIB.replace(old, new))).reason


def test_choosing_two_where_one_is_asked_is_refused(saved: Write) -> None:
    refused = refusal(saved("one.pb", RANKED_PABULIB.replace("ordinal", "choose-1")))
    assert "choose-1 needs one" in refused.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\x7fELF\0\0\0", "not text"),
        (b"META\nkey;value\ndescription;caf\xe9\n", "not UTF-8"),
        (b"hello\nworld\n", "META was expected"),
        (b"\xff\xfeM\0E\0", "not text"),
        (b"x" * 200_000, "longer than"),
    ],
)
def test_what_is_not_a_text_of_votes_is_refused(saved: Write, content: bytes, reason: str) -> None:
    assert reason in refusal(saved("green.pb", content)).reason


def test_an_unknown_kind_of_file_is_refused_with_what_we_read(saved: Write) -> None:
    refused = refusal(saved("votes.docx", "Dear council\n"))
    assert ".pb" in refused.remedy


def test_a_missing_file_and_a_directory_are_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "nothing.pb").reason
    assert "not a file" in refusal(tmp_path).reason


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"file_bytes_max": 100}, "at most 100 are read"),
        ({"options_max": 2}, "more than 2 projects"),
        ({"ballots_max": 3}, "more than 3 votes"),
        ({"meta_entries_max": 5}, "META has too many rows"),
        ({"text_characters_max": 10}, "longer than 10 characters"),
    ],
)
def test_more_than_the_limits_is_refused(saved: Write, limits: dict[str, int], reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        read(saved("green.pb", PABULIB), dataclasses.replace(LIMITS, **limits))


def test_a_file_that_changes_after_it_was_checked_is_refused(saved: Write) -> None:
    path = saved("green.pb", PABULIB)
    election = read(path)
    path.write_text(PABULIB.replace("a;p1,p2", "a;p1,p3"))
    os.utime(path, ns=(1, 1))
    with pytest.raises(FormatError, match="changed after it was checked"):
        list(election.ballots)


def test_a_refusal_shows_text_from_the_file_without_control_characters(saved: Write) -> None:
    nasty = "a;p1,\x1b[31m{place}" + "x" * 200
    refused = refusal(saved("green.pb", PABULIB.replace("a;p1,p2", nasty, 1)))
    assert "\x1b" not in str(refused)
    assert len(str(refused)) < 300
