"""Nothing hidden ever leads to an all-clear: what is not shown is unknown, never fine."""

from datetime import UTC, date, datetime
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.wording.language import in_language
from consult.wording.outcomes import participants, weeks
from consult.wording.outcomes.participants import Turnout
from events.partnership import Ward
from tests.builders import words

NAMES = ("Alder", "Birch", "Cedar")


def asked(*residents: int, least: int = 5):
    known = [
        Ward(name[0], words(name), number) for name, number in zip(NAMES, residents, strict=False)
    ]
    page = SimpleNamespace(
        questions={},
        terms=SimpleNamespace(cell_min=least, wards=()),
        opened_at=datetime(2026, 11, 2, tzinfo=UTC),
        ended_at=datetime(2026, 11, 20, tzinfo=UTC),
        is_import=False,
    )
    partnership = SimpleNamespace(population_source="invented")
    return SimpleNamespace(page=page, wards=tuple(known), partnership=partnership)


def title(about, **people: int) -> str:
    turnout = Turnout(area=people, channel={}, respondent={}, assurance={})
    chart = participants.ward_chart(about, turnout)
    return "" if chart is None else chart["title"]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ({"A": 40, "B": 40, "C": 40}, "No ward is under-represented"),
        ({"A": 60, "B": 55, "C": 5}, "Under-represented: Cedar"),
        ({"A": 60, "B": 55, "C": 0}, "Under-represented: Cedar"),
        (
            {"A": 60, "B": 55, "C": 3},
            "Under-represented: Cedar. Too few numbers can be shown to compare: Birch",
        ),
        (
            {"A": 7, "B": 4, "C": 4},
            "Too few numbers can be shown to compare: Alder, Birch and Cedar",
        ),
    ],
)
def test_the_finding_says_what_is_not_known(people, expected):
    assert title(asked(100, 100, 100), **people) == expected


@pytest.mark.parametrize(
    ("source", "english", "welsh"),
    [
        ({"en": "Census 2021", "cy": "Cyfrifiad 2021"}, "Census 2021", "Cyfrifiad 2021"),
        ("Census 2021", "Census 2021", "Census 2021"),
    ],
)
def test_where_the_residents_come_from_is_said_in_the_language_of_the_page(source, english, welsh):
    about = asked(100, 100)
    about.partnership.population_source = source
    turnout = Turnout(area={"A": 20, "B": 20}, channel={}, respondent={}, assurance={})
    assert participants.ward_chart(about, turnout)["source"] == english
    with in_language("cy"):
        assert participants.ward_chart(about, turnout)["source"] == welsh


def test_who_first_answered_outside_the_weeks_is_in_the_nearest_one():
    """A clock that was put right, or a closing that was recorded late."""
    days = {date(2026, 10, 1): 6, date(2026, 11, 3): 7, date(2027, 1, 1): 8}
    shown = weeks.chart(asked(100), days)
    assert [row["value"] for row in shown["rows"]] == [13, 0, 8]


def test_where_a_fair_share_is_less_than_one_person_nobody_is_missing():
    assert title(asked(33_300, 33_000, 12), A=60, B=55, C=0) == "No ward is under-represented"
    assert title(asked(100, 100, 2), A=60, B=55, C=0) == "Under-represented: Cedar"


def test_a_ward_whose_residents_are_not_known_is_not_fine():
    said = title(asked(100, 100, 0), A=80, B=80, C=40)
    assert said == "Too few numbers can be shown to compare: Cedar"


@given(
    people=st.lists(st.integers(0, 30), min_size=3, max_size=3),
    residents=st.lists(st.integers(0, 500), min_size=3, max_size=3),
)
def test_an_all_clear_stands_only_where_every_ward_is_shown_with_its_index(people, residents):
    about = asked(*residents)
    given_ = dict(zip("ABC", people, strict=True))
    lines = participants.wards(about, Turnout(given_, {}, {}, {}))
    if "No ward is under-represented" in title(about, **given_):
        assert all(line.shown.people is not None for line in lines)
        assert all(line.index is not None for line in lines)
        for line in lines:
            fair = Fraction(sum(people) * line.residents, sum(residents))
            assert line.index >= Fraction(4, 5) or fair < 1


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ((5, 9, 7), "Most responses came in week 2"),
        ((9, 9, 2), "How many took part in each week"),
        ((9, 7, 3), "Most responses came in week 1"),
    ],
)
def test_no_week_had_the_most_where_a_hidden_one_had_as_many(people, expected):
    days = {date(2026, 11, 2 + 7 * week): number for week, number in enumerate(people)}
    assert weeks.chart(asked(), days)["title"] == expected
