"""What files of the field do: old ones, repeated projects, weights, other separators, cut ends."""

import pytest

from consult.formats import FormatError, read
from tests.consult.formats.vote_files import (
    PABULIB,
    POINTS_PABULIB,
    STRICT_ORDERS,
    WARD,
    Write,
    refusal,
)

OLD = """META
description;Own test
num_projects;3
num_votes;3
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;name
1;60;Bench
2;50;Bins
3;40;Pond
VOTES
voter_id;vote
1;1,2
2;1
3;3
"""


def test_an_old_file_whose_meta_has_no_heading_is_read(saved: Write) -> None:
    election = read(saved("old.pb", OLD))
    assert (election.title, election.pot, election.people) == ("Own test", 100, 3)
    assert election.warnings == ()


def test_a_project_named_twice_in_a_vote_counts_once_and_is_said(saved: Write) -> None:
    text = OLD.replace("1;1,2", "1;1,1").replace("2;1\n", "2;2,1,2\n")
    election = read(saved("twice.pb", text))
    assert [ballot.answer for ballot in election.ballots] == [["1"], ["1", "2"], ["3"]]
    assert any("Votes that name one so: 2." in each for each in election.warnings)


def test_votes_that_are_equal_and_repeat_a_project_are_all_in_the_note(saved: Write) -> None:
    text = OLD.replace("1;1,2", "1;1,1").replace("2;1\n", "2;1,1\n")
    assert "Votes that name one so: 2." in " ".join(read(saved("twice.pb", text)).warnings)


def test_a_ranking_that_repeats_a_project_keeps_its_first_place(saved: Write) -> None:
    text = OLD.replace("approval", "ordinal").replace("1;1,2", "1;2,1,2")
    assert next(iter(read(saved("r.pb", text)).ballots)).answer == ["2", "1"]


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        ("rule;greedy", "rule;greedy\nbudget_per_category;[50,50]", "META has budget_per_category"),
        ("rule;greedy", "rule;greedy\nmax_length_district;2", "META has max_length_district"),
        ("rule;greedy", "rule;greedy\nscoring_fn;plurality", "META has scoring_fn"),
        ("rule;greedy\n", "", "The file names no rule. greedy-skip is used"),
        ("rule;greedy", "rule;unknown", "The file names no rule. greedy-skip is used"),
    ],
)
def test_what_would_change_the_count_and_is_not_applied_is_said(
    saved: Write, old: str, new: str, note: str
) -> None:
    election = read(saved("meta.pb", OLD.replace(old, new)))
    assert any(line.startswith(note) for line in election.warnings), election.warnings


def test_the_usual_score_of_a_place_needs_no_note(saved: Write) -> None:
    text = OLD.replace("rule;greedy", "rule;greedy\nscoring_fn;Borda")
    assert read(saved("meta.pb", text)).warnings == ()


@pytest.mark.parametrize("column", ["weight", "weights", "voter_weight"])
def test_weights_are_said_not_to_count(saved: Write, column: str) -> None:
    text = OLD.replace("voter_id;vote", f"voter_id;vote;{column}")
    text = text.replace("1;1,2", "1;1,2;5").replace("2;1\n", "2;1;1\n").replace("3;3\n", "3;3;1\n")
    (note,) = read(saved("weights.pb", text)).warnings
    assert note == f'The column "{column}" of VOTES is not applied: every vote counts once.'


def test_a_number_written_with_a_zero_decimal_is_whole(saved: Write) -> None:
    text = PABULIB.replace("p1;600;3", "p1;600;3.0").replace("num_votes;4", "num_votes;4.0")
    assert read(saved("float.pb", text)).options[0].declared_votes == 3


def test_negative_points_are_named_as_such_wherever_they_stand(saved: Write) -> None:
    meta = POINTS_PABULIB.replace("max_sum_points", "min_points;-1\nmax_sum_points")
    for text in (meta, POINTS_PABULIB.replace("2,3", "2,-3")):
        assert "negative points are not supported" in refusal(saved("n.pb", text)).reason


@pytest.mark.parametrize(("mark", "name"), [("\t", "tabs"), (",", "commas"), ("|", "bars")])
def test_another_separator_is_named(saved: Write, mark: str, name: str) -> None:
    refused = refusal(saved("sep.pb", OLD.replace(",", "/").replace(";", mark)))
    assert f"separated by semicolons (;); this line has {name}" in refused.reason
    assert refused.line == 2


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("b;p3,p1", "b;p3,p9", "line 24, cell 2 (vote)"),
        ("p2;500;2", "p2;5OO;2", "line 19, cell 2 (cost)"),
        ("p2;500;2", "p2;500;x", "line 19, cell 3 (votes)"),
        ("greenery;1\nVOTES", "greenery;yes\nVOTES", "line 20, cell 6 (selected)"),
        ("d;p2;19", "a;p2;19", "line 26, cell 1 (voter_id)"),
        ("budget;1000", "budget;much", "line 9, cell 2 (budget)"),
    ],
)
def test_a_message_names_the_line_and_the_cell(
    saved: Write, old: str, new: str, place: str
) -> None:
    assert old in PABULIB
    assert str(refusal(saved("green.pb", PABULIB.replace(old, new)))).startswith(
        f"green.pb, {place}: "
    )


def test_a_blank_rank_of_a_ward_is_named_with_its_line(saved: Write) -> None:
    refused = refusal(saved("gap.csv", "3,1\n5,1,,2\n4,2\nCandidate 1,Ann,A\n"))
    assert "Rank 2 is blank on this ballot" in refused.reason
    assert (refused.line, refused.cell) == (2, "cell 3")
    assert "gap.csv, line 2, cell 3: " in str(refused)


def test_a_blank_at_the_end_of_a_ballot_of_a_ward_is_no_rank(saved: Write) -> None:
    assert read(saved("ward.csv", WARD)).people == 8


def test_an_amount_that_would_have_to_be_rounded_is_refused(saved: Write) -> None:
    refused = refusal(saved("fine.pb", OLD.replace("1;60;", "1;60.3333333;")))
    assert "more than 6 decimals cannot be kept" in refused.reason
    assert (refused.line, refused.cell) == (10, "cell 2 (cost)")


def test_amounts_with_more_digits_than_can_be_kept_are_refused(saved: Write) -> None:
    text = OLD.replace("1;60;", "1;0.000001;").replace("2;50;", "2;999999999999;")
    assert "more digits than can be kept exactly" in refusal(saved("wide.pb", text)).reason


def test_a_file_cut_inside_its_last_vote_is_refused_where_it_states_its_votes(saved: Write) -> None:
    with_votes = OLD.replace("cost;name", "cost;votes;name").replace("1;60;", "1;60;2;")
    with_votes = with_votes.replace("2;50;", "2;50;1;").replace("3;40;", "3;40;2;")
    whole = with_votes.replace("3;3\n", "3;1,3,2\n").replace("2;1\n", "2;3\n")
    whole = whole.replace("2;50;1;", "2;50;2;")
    assert read(saved("whole.pb", whole)).warnings == ()
    refused = refusal(saved("cut.pb", whole[: -len(",2\n")]))
    assert "it was cut off here" in refused.reason
    assert refused.line == whole.count("\n")


def test_a_file_without_its_last_votes_is_refused_where_it_ends_inside_a_line(saved: Write) -> None:
    assert "it was cut off here" in refusal(saved("cut.pb", OLD[: -len("\n3;3\n")])).reason


def test_a_last_line_without_an_end_is_said_where_nothing_tells_whether_it_is_whole(
    saved: Write,
) -> None:
    assert "no line end" in " ".join(read(saved("open.pb", OLD.rstrip("\n"))).warnings)
    orders = read(saved("open.soi", STRICT_ORDERS.rstrip("\n"))).warnings
    assert "no line end" in " ".join(orders)
    assert read(saved("green.pb", PABULIB.rstrip("\n"))).warnings == ()


def test_another_encoding_is_read_only_when_it_is_named(saved: Write) -> None:
    path = saved("cafe.pb", OLD.replace("Bench", "Café £5").encode("windows-1252"))
    with pytest.raises(FormatError, match="not UTF-8") as refused:
        read(path)
    assert "--encoding windows-1252" in str(refused.value)
    election = read(path, encoding="windows-1252")
    assert election.options[0].name == "Café £5"
    assert [ballot.answer for ballot in election.ballots] == [["1", "2"], ["1"], ["3"]]


def test_a_file_that_says_it_is_utf_8_is_not_read_as_something_else(saved: Write) -> None:
    path = saved("bom.pb", b"\xef\xbb\xbf" + OLD.encode())
    with pytest.raises(FormatError, match="mark of UTF-8"):
        read(path, encoding="windows-1252")


def test_a_byte_that_the_named_encoding_does_not_have_is_refused(saved: Write) -> None:
    path = saved("odd.pb", OLD.encode().replace(b"Bench", b"Ben\x81ch"))
    with pytest.raises(FormatError, match="line 10: Byte 9 of this line is not WINDOWS-1252"):
        read(path, encoding="windows-1252")
