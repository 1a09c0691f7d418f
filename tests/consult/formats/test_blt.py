"""The exchange file of single transferable votes: read, refused, written."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.counting import Option, Profile, Specification, count
from consult.formats import Ballot, CannotWriteBlt, DeclaredRule, Election, FileOption, read
from consult.formats import write_blt as write
from tests.consult.formats.vote_files import PABULIB, Write, refusal

TWINS = '3 2\n4 1 2 0\n2 3 0\n0\n"Castor"\n"Pollux"\n"Helen"\n"Twins"\n'


def elected(election: Election) -> tuple[str, ...]:
    profile = Profile("ranking", tuple(Option(o.id) for o in election.options), election.groups())
    return count(profile, Specification("stv", seats=election.seats)).elected


def test_a_file_is_read_and_counted(saved: Write) -> None:
    election = read(saved("twins.blt", TWINS))
    assert (election.title, election.seats, election.people) == ("Twins", 2, 6)
    assert [option.name for option in election.options] == ["Castor", "Pollux", "Helen"]
    assert list(election.ballots) == [Ballot(["1", "2"], 4), Ballot(["3"], 2)]
    assert election.rule.id == "stv"
    assert elected(election)[0] == "1"


def test_shared_ranks_remarks_names_of_papers_and_empty_papers_are_read(saved: Write) -> None:
    text = TWINS.replace("4 1 2 0", "# first box\n(a1) 4 2=1 3 0  # bundle\n3 0")
    election = read(saved("twins.blt", text))
    assert list(election.ballots)[:2] == [Ballot([["1", "2"], "3"], 4), Ballot([], 3)]
    assert election.equal_ranks


def test_who_withdrew_is_on_no_ballot_and_cannot_win(saved: Write) -> None:
    election = read(saved("twins.blt", TWINS.replace("3 2\n", "3 2\n-1\n")))
    assert [option.id for option in election.options] == ["2", "3"]
    assert list(election.ballots) == [Ballot(["2"], 4), Ballot(["3"], 2)]
    assert election.warnings == ("These candidates had withdrawn and are left out: 1.",)


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("3 2\n", "3\n", 1, "number of candidates and of seats"),
        ("3 2\n", "3 4\n", 1, "cannot be filled"),
        ("4 1 2 0", "4 1 2", 2, "must end with 0"),
        ("4 1 2 0", "4 1 4 0", 2, '"4" is not a candidate'),
        ("4 1 2 0", "4 1 1 0", 2, "stands twice"),
        ("4 1 2 0", "4 1 - 2 0", 2, "Rank 2 is blank"),
        ("4 1 2 0", "4.5 1 2 0", 2, "whole number"),
        ("4 1 2 0", "0 1 2 0", 2, "at least one ballot"),
        ("4 1 2 0", "-9", 2, "not a candidate"),
        ('"Helen"\n"Twins"\n', "", 6, "named are 2"),
        ('"Castor"', '"Castor', 5, "not closed"),
        ('"Twins"', '"Twins"\nmore', 9, "after the title"),
    ],
)
def test_a_malformed_file_is_refused_with_line_and_reason(
    saved: Write, old: str, new: str, line: int, reason: str
) -> None:
    assert old in TWINS
    refused = refusal(saved("twins.blt", TWINS.replace(old, new)))
    assert reason in refused.reason
    assert refused.line == line


def test_a_file_that_was_cut_among_its_ballots_is_refused(saved: Write) -> None:
    assert "the file was cut" in refusal(saved("cut.blt", "3 2\n4 1 2 0\n2 3 0\n")).reason
    assert "no ballots" in refusal(saved("none.blt", TWINS.replace("4 1 2 0\n2 3 0\n", ""))).reason


names = st.text(
    st.characters(blacklist_categories=["C", "Z"], blacklist_characters='"'), min_size=1
)


@given(
    st.lists(st.tuples(st.permutations("abc"), st.integers(1, 9), st.booleans()), min_size=1),
    st.lists(names, min_size=4, max_size=4),
)
def test_what_is_written_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    rankings: list[tuple[list[str], int, bool]],
    titles: list[str],
) -> None:
    election = Election(
        title=titles[3],
        kind="ranking",
        options=tuple(FileOption(id, title) for id, title in zip("abc", titles, strict=False)),
        ballots=tuple(
            Ballot([sorted(order[:2]), order[2]] if shared else order[:2], people)
            for order, people, shared in rankings
        ),
        people=sum(people for _, people, _ in rankings),
        rule=DeclaredRule(None, "stv"),
        seats=2,
    )
    path = tmp_path_factory.mktemp("blt") / "written.blt"
    with path.open("w", encoding="utf-8", newline="") as file:
        write(election, file)
    again = read(path)
    letters = dict(zip("123", "abc", strict=True))
    assert [option.name for option in again.options] == titles[:3]
    assert (again.title, again.seats, again.people) == (titles[3], 2, election.people)
    named = [
        ([letters[r] if isinstance(r, str) else [letters[i] for i in r] for r in answer], number)
        for answer, number in again.groups()
    ]
    assert named == [(answer, number) for answer, number in election.groups()]


def test_quotation_marks_in_a_name_become_what_the_format_has(saved: Write, tmp_path: Path) -> None:
    election = read(saved("twins.blt", TWINS.replace('"Castor"', '"The ""old"" one"')))
    file = io.StringIO()
    write(election, file)
    assert "\"The ''old'' one\"\n" in file.getvalue()


def test_votes_that_rank_nothing_are_not_written(saved: Write) -> None:
    file = io.StringIO()
    with pytest.raises(CannotWriteBlt, match="approval"):
        write(read(saved("green.pb", PABULIB)), file)
    assert file.getvalue() == ""
