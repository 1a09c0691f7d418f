"""Pabulib files: what is read, what is dropped, what is warned about."""

import dataclasses

import pytest

from consult.formats import Ballot, read
from tests.consult.formats.vote_files import PABULIB, POINTS_PABULIB, RANKED_PABULIB, Write

OUR_RULE = "The file names no rule. greedy-skip is used, which is our choice and not the file's."


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
    assert election.warnings == (OUR_RULE,)


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
    assert election.warnings == (OUR_RULE,)
    neither = text.replace("x;4", "x;4;9").replace("y;5", "y;5;3").replace("z;6", "z;6;5")
    assert "x (states 9, counted 3)" in read(saved("c.pb", neither)).warnings[-1]


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


@pytest.mark.parametrize(
    ("amount", "scale", "pot"),
    [
        ("1000.335", 1_000, 1_000_335),
        ("1000.000001", 1_000_000, 1_000_000_001),
        ("1000.3350000", 1_000, 1_000_335),
        ("0.00", 1, 0),
        ("1e3", 1, 1_000),
    ],
)
def test_amounts_keep_the_precision_of_the_file(
    saved: Write, amount: str, scale: int, pot: int
) -> None:
    election = read(saved("green.pb", PABULIB.replace("budget;1000", f"budget;{amount}")))
    assert (election.unit_scale, election.pot) == (scale, pot)
    assert election.options[0].cost == 600 * scale


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
        ("max_length;2", "max_length;1", "Votes over max_length as META states it: 2."),
        ("min_length;1", "min_length;2", "Votes under min_length as META states it: 2."),
        ("min_length;1", "max_sum_cost;1000", "Votes over max_sum_cost as META states it: 1."),
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
