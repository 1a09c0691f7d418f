"""PrefLib and Scottish ward files: orders, shared ranks, categories, seats; and refusals."""

import pytest

from consult.formats import Ballot, read
from tests.consult.formats.vote_files import CATEGORIES, STRICT_ORDERS, WARD, Write, refusal


def test_strict_orders_are_read_in_groups(saved: Write) -> None:
    election = read(saved("bridges.soi", STRICT_ORDERS))
    assert (election.title, election.kind, election.people) == ("Which bridge first", "ranking", 6)
    assert [option.name for option in election.options][:2] == ["Mill bridge", "Lock bridge"]
    assert list(election.ballots) == [
        Ballot(["2", "1"], 3),
        Ballot(["3"], 2),
        Ballot(["1", "3", "2"], 1),
    ]
    assert (election.rule.id, election.seats) == ("schulze", 1)
    assert [note.partition(".")[0] for note in election.warnings] == ["The file names no rule"]


def test_shared_ranks_are_nested_and_sorted(saved: Write) -> None:
    text = STRICT_ORDERS.replace("DATA TYPE: soi", "DATA TYPE: toi").replace("1,3,2", "{3, 1},2")
    election = read(saved("bridges.toi", text))
    assert election.equal_ranks
    assert list(election.ballots)[-1].answer == [["1", "3"], "2"]


def test_two_categories_are_an_approval(saved: Write) -> None:
    election = read(saved("weekday.cat", CATEGORIES))
    assert (election.kind, election.rule.id) == ("approval", "approval")
    assert election.groups() == ((["1", "3"], 2), (["2"], 2), ([], 1))


def test_more_categories_are_grades_the_first_the_highest(saved: Write) -> None:
    text = CATEGORIES.replace("# ALT", "# CATEGORY NAME 3: Never\n# ALT", 1)
    election = read(saved("weekday.cat", text))
    assert (election.kind, election.grade_max, election.rule.id) == ("rating", 3, "rating")
    assert next(iter(election.ballots)).answer == {"1": 3, "2": 2, "3": 3}


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        ("NUMBER VOTERS: 6", "NUMBER VOTERS: 7", "NUMBER VOTERS 7, but its lines give 6"),
        ("ORDERS: 3", "ORDERS: 4", "NUMBER UNIQUE ORDERS 4, but its lines give 3"),
    ],
)
def test_counts_that_differ_are_a_warning(saved: Write, old: str, new: str, warning: str) -> None:
    election = read(saved("bridges.soi", STRICT_ORDERS.replace(old, new)))
    assert warning in election.warnings[0]


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("3: 2,1", "3: 2,9", 11, '"9" is not an alternative'),
        ("3: 2,1", "3: 2,2", 11, "stands twice"),
        ("3: 2,1", "3: 2,,1", 11, "is not an option"),
        ("3: 2,1", "3: 2,{1", 11, "is not an option"),
        ("3: 2,1", "3: 2,1,", 11, "is not an option"),
        ("3: 2,1", "3: {2,1}", 11, "share a rank"),
        ("3: 2,1", "3.5: 2,1", 11, "must be a whole number"),
        ("3: 2,1", "-3: 2,1", 11, "negative numbers are not supported"),
        ("3: 2,1", "0: 2,1", 11, "1 to 5000000 ballots"),
        ("3: 2,1", "9999999: 2,1", 11, "1 to 5000000 ballots"),
        ("3: 2,1", "2,1", 11, "not of the form"),
        ("2: 3", "# TITLE: again", 12, "between the votes"),
        ("NAME 3", "NAME 2", 10, "named twice"),
        ("ALTERNATIVES: 3", "ALTERNATIVES: 4", 11, "NUMBER ALTERNATIVES is 4, but 3 are named"),
        ("TYPE: soi", "TYPE: dat", 11, "data type"),
        ("TYPE: soi", "TYPE: soc", 11, "Options ranked: 2 of 3"),
    ],
)
def test_a_malformed_order_file_is_refused_with_line_and_reason(
    saved: Write, old: str, new: str, line: int, reason: str
) -> None:
    assert old in STRICT_ORDERS
    refused = refusal(saved("bridges.soi", STRICT_ORDERS.replace(old, new)))
    assert reason in refused.reason
    assert refused.line == line


def test_an_order_file_without_heading_or_votes_is_refused(saved: Write) -> None:
    heading, votes = STRICT_ORDERS[: STRICT_ORDERS.index("3: 2,1")], "3: 2,1\n"
    assert "no votes" in refusal(saved("a.soi", heading)).reason
    assert "ALTERNATIVE NAME" in refusal(saved("b.soi", votes)).reason


def test_too_many_categories_on_a_ballot_are_refused(saved: Write) -> None:
    refused = refusal(saved("weekday.cat", CATEGORIES.replace("2: {3,1},2", "2: 3,1,2")))
    assert "Categories on this ballot: 3" in refused.reason


def test_a_ward_is_read_with_its_seats_and_names(saved: Write) -> None:
    election = read(saved("ward.csv", WARD))
    assert (election.title, election.seats, election.people) == ("Ward 9 - Ashen Lock", 2, 8)
    assert (election.kind, election.rule.id) == ("ranking", "stv")
    assert [option.name for option in election.options] == ["Ada Marsh", "Bo Fenn", "Cy Lea"]
    assert election.options[2].description == "Lea, and Meadow (LM)"
    assert list(election.ballots) == [
        Ballot(["1"], 5),
        Ballot(["3", "1"], 2),
        Ballot(["2", "1", "3"], 1),
    ]
    assert list(election.ballots) == list(election.ballots)


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("3,2,\n", "3,2,1,\n", 1, "number of candidates and of seats"),
        ("3,2,\n", "3,9,\n", 1, "cannot be filled"),
        ("3,2,\n", "4,2,\n", 8, '"Ward 9 - Ashen Lock" stands where'),
        ("2,3,1,", "2,3,4,", 3, '"4" is not a candidate'),
        ("2,3,1,", "2,3,3,", 3, "stands twice"),
        ("2,3,1,", "2,3,,1,", 3, "Rank 2 is blank on this ballot"),
        ("2,3,1,", "0,3,1,", 3, "at least one ballot"),
        ("2,3,1,", "two,3,1,", 3, "was expected"),
        ('"Candidate 2"', '"Candidate 3"', 6, "candidate 2 was expected"),
        ('"Ward 9 - Ashen Lock",', "4,1,", 8, "after the names"),
        ('"Bo Fenn"', '"Bo" Fenn"', 6, "quotation marks"),
    ],
)
def test_a_malformed_ward_is_refused_with_line_and_reason(
    saved: Write, old: str, new: str, line: int, reason: str
) -> None:
    assert old in WARD
    refused = refusal(saved("ward.csv", WARD.replace(old, new)))
    assert reason in refused.reason
    assert refused.line == line


def test_a_ward_without_ballots_or_with_too_few_names_is_refused(saved: Write) -> None:
    lines = WARD.split("\n")
    assert "no ballots" in refusal(saved("a.csv", "\n".join([lines[0], *lines[4:]]))).reason
    assert "named are 2" in refusal(saved("b.csv", "\n".join(lines[:6]))).reason
