"""Pabulib files: what is read, what is dropped, what is refused."""

import dataclasses
import os
from pathlib import Path

import pytest
from vote_files import PABULIB, POINTS_PABULIB, RANKED_PABULIB, Write, refusal

from consult.formats import LIMITS, Ballot, FormatError, read


def test_everything_a_file_says_about_the_question_is_read(saved: Write) -> None:
    election = read(saved("green.pb", PABULIB))
    assert election.title == "Green pot of Ashenmoor, 2031"
    assert (election.kind, election.people, election.pot) == ("approval", 4, 1000)
    assert (election.unit_scale, election.currency, election.language) == (1, "GBP", "en")
    assert (election.picks_min, election.picks_max) == (1, 2)
    assert election.rule.id == "greedy-skip"
    assert election.selected == ("p1", "p3")
    assert election.warnings == ()
    bench = election.options[1]
    assert (bench.id, bench.cost, bench.declared_votes) == ("p2", 500, 2)
    assert bench.name == 'Benches; and a "talking" table'
    assert dict(election.options[0].details) == {"category": "greenery,public space"}


def test_ballots_keep_the_voter_and_the_channel_and_nothing_else_about_a_person(
    saved: Write,
) -> None:
    election = read(saved("green.pb", PABULIB))
    assert list(election.ballots) == [
        Ballot(["p1", "p2"], 1, "a", "online"),
        Ballot(["p1", "p3"], 1, "b", "paper"),
        Ballot(["p1"], 1, "c", None),
        Ballot(["p2"], 1, "d", "online"),
    ]
    assert "33" not in repr([list(election.ballots), dataclasses.replace(election, ballots=())])


def test_ballots_can_be_read_again_and_grouped(saved: Write) -> None:
    election = read(saved("green.pb", PABULIB + "e;p1;1;F;paper\n"))
    assert list(election.ballots) == list(election.ballots)
    assert (["p1"], 2) in election.groups()
    assert sum(count for _, count in election.groups()) == election.people == 5


def test_a_ranking_keeps_the_order_of_the_vote(saved: Write) -> None:
    election = read(saved("ranked.pb", RANKED_PABULIB))
    assert election.kind == "ranking"
    assert [ballot.answer for ballot in election.ballots] == [["z", "x"], ["y", "z", "x"]]


def test_points_are_read_per_project(saved: Write) -> None:
    election = read(saved("points.pb", POINTS_PABULIB))
    assert (election.kind, election.points_max) == ("points", 5)
    assert [ballot.answer for ballot in election.ballots] == [{"x": 3, "y": 2}, {"y": 2}]
    assert election.warnings == ()


def test_a_project_given_no_points_is_not_on_the_ballot(saved: Write) -> None:
    election = read(saved("points.pb", POINTS_PABULIB.replace("2,3", "2,0")))
    assert next(iter(election.ballots)).answer == {"y": 2}


def test_scoring_is_read_as_points(saved: Write) -> None:
    election = read(saved("points.pb", POINTS_PABULIB.replace("cumulative", "scoring")))
    assert (election.kind, election.meta["vote_type"]) == ("points", "scoring")


def test_choose_one_is_one_id(saved: Write) -> None:
    text = RANKED_PABULIB.replace("ordinal", "choose-1").replace("y,z,x", "y").replace("z,x", "z")
    election = read(saved("one.pb", text))
    assert election.kind == "single"
    assert next(iter(election.ballots)).answer == "z"


def test_declared_scores_tell_how_places_were_counted(saved: Write) -> None:
    text = RANKED_PABULIB.replace("project_id;cost", "project_id;cost;score")
    by_ballot = text.replace("x;4", "x;4;2").replace("y;5", "y;5;3").replace("z;6", "z;6;4")
    assert read(saved("a.pb", by_ballot)).rule.parameters == {}
    fixed = text.replace("x;4", "x;4;3").replace("y;5", "y;5;3").replace("z;6", "z;6;5")
    election = read(saved("b.pb", fixed))
    assert election.rule.parameters == {"first_choice": "3"}
    assert election.warnings == ()
    neither = text.replace("x;4", "x;4;9").replace("y;5", "y;5;3").replace("z;6", "z;6;5")
    assert "x (states 9, counted 3)" in read(saved("c.pb", neither)).warnings[0]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_change_nothing(
    saved: Write, ends: str, mark: bytes
) -> None:
    plain = read(saved("green.pb", PABULIB))
    other = read(saved("other.pb", mark + PABULIB.replace("\n", ends).encode()))
    assert list(other.ballots) == list(plain.ballots)
    assert other.options == plain.options


def test_a_file_with_another_name_is_known_by_its_content(saved: Write) -> None:
    assert read(saved("green.txt", PABULIB)).format == "pabulib"


def test_two_decimals_are_stored_in_hundredths(saved: Write) -> None:
    election = read(saved("green.pb", PABULIB.replace("budget;1000", "budget;1000.36")))
    assert (election.unit_scale, election.pot, election.options[0].cost) == (100, 100036, 60000)


def test_an_amount_written_with_a_zero_decimal_is_whole(saved: Write) -> None:
    election = read(saved("green.pb", PABULIB.replace("p1;600;", "p1;600.0;")))
    assert (election.unit_scale, election.options[0].cost) == (1, 600)


def test_more_than_two_decimals_are_rounded_and_said(saved: Write) -> None:
    election = read(saved("green.pb", PABULIB.replace("budget;1000", "budget;1000.335")))
    assert election.pot == 100034
    assert "more than two decimals" in election.warnings[0]


@pytest.mark.parametrize(
    ("stated", "more", "rule", "parameters"),
    [
        ("greedy", "", "greedy-skip", {}),
        ("greedy-no-skip", "", "greedy-stop", {}),
        ("greedy-no-skip", "\nmin_project_score_threshold;50", "greedy-stop", {"threshold": "50"}),
        ("greedy-threshold", "\nmin_project_score_threshold;9", "greedy-skip", {"threshold": "9"}),
        ("equalshares", "", "equal-shares", {"step": "0"}),
        ("equalshares/add1", "", "equal-shares", {}),
        ("equalshares/add1-comparison", "", "equal-shares", {}),
        ("unknown", "", "greedy-skip", {}),
        ("drawing straws", "", "greedy-skip", {}),
    ],
)
def test_the_declared_rule_becomes_one_of_ours(
    saved: Write, stated: str, more: str, rule: str, parameters: dict[str, str]
) -> None:
    election = read(saved("green.pb", PABULIB.replace("rule;greedy", f"rule;{stated}{more}")))
    assert (election.rule.id, election.rule.parameters) == (rule, parameters)


def test_equal_shares_steps_by_a_whole_unit_when_amounts_are_in_hundredths(saved: Write) -> None:
    text = PABULIB.replace("rule;greedy", "rule;equalshares/add1").replace("1000", "1000.50")
    assert read(saved("green.pb", text)).rule.parameters == {"step": "100"}


@pytest.mark.parametrize(
    ("comment", "together"),
    [
        ("#1: Projects p1 and p3 near the st. Mary lock could not be implemented", {"p1", "p3"}),
        ("#1: Odd. #2: The projects p1, p2 and p3 are mutually exclusive.", {"p1", "p2", "p3"}),
        ("#1: There were mutually exclusive projects p2 and p3.", {"p2", "p3"}),
        ("#1: Projects p1 and p2 won. Projects p2 and p3 are mutually exclusive.", {"p2", "p3"}),
        ("#1: Projects p1 and p9 are mutually exclusive.", set()),
        ("#1: Projects p1 and p2 were delayed.", set()),
    ],
)
def test_exclusive_projects_are_read_from_the_comment(
    saved: Write, comment: str, together: set[str]
) -> None:
    text = PABULIB.replace("rule;greedy", f"rule;greedy-exclusive\ncomment;{comment}")
    election = read(saved("green.pb", text))
    assert {option.id for option in election.options if option.group} == together
    assert len({option.group for option in election.options if option.group}) == bool(together)
    assert bool(election.warnings) != bool(together)


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        ("num_votes;4", "num_votes;5", "num_votes 5, but the file lists 4"),
        ("num_projects;3", "num_projects;2", "num_projects 2, but the file lists 3"),
        ("max_length;2", "max_length;1", "2 votes are over max_length"),
        ("min_length;1", "min_length;2", "2 votes are under min_length"),
        ("min_length;1", "max_sum_cost;1000", "1 votes are over max_sum_cost"),
        ("p1;600;3", "p1;600;9", "p1 (states 9, counted 3)"),
        ("p1;600;", "p1;999999999;", "withdrawn project: p1"),
        ("p1;600;", "p1;0;", "cost nothing: p1"),
        (";category;", ";proposer;", "not kept: proposer"),
        ("rule;greedy", "rule;greedy-custom", "local exceptions"),
    ],
)
def test_a_difference_inside_the_file_is_a_warning(
    saved: Write, old: str, new: str, warning: str
) -> None:
    election = read(saved("green.pb", PABULIB.replace(old, new, 1)))
    assert any(warning in sentence for sentence in election.warnings), election.warnings


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("a;p1,p2", "a;p1,p7", 23, '"p7" is not a project'),
        ("a;p1,p2", "a;p1,p1", 23, "twice in one vote"),
        ("a;p1,p2", "a;p1,", 23, '"" is not a project'),
        ("a;p1,p2;33", "a;p1,p2", 23, "has 4 cells, but there are 5 columns"),
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
        ("1;y,x;2,3", "1;y,x;2", "names 2 projects but 1 points"),
        ("1;y,x;2,3", "1;y,x;2,-3", "must be a whole number"),
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
