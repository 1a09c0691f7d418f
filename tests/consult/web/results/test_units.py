"""Every number of a count is called what its rule gives: points, votes, first choices, grades."""

import pytest
from msgspec.structs import replace

from consult.commands.answers.sheets import Sheet
from consult.commands.consultations.drafting import fix_terms
from consult.commands.consultations.opening import open_consultation
from consult.commands.files.importing import import_votes
from consult.commands.results.counting import publish_results
from consult.counting import find_rule
from consult.counting.units import FIRST_CHOICES, POINTS, VOTES
from events.consultations.terms import CountingTerms
from tests.builders import ORGANISER, close_consultation, consultation, draft
from tests.conftest import only
from tests.consult.web.results.test_results_states import BALLOTS
from tests.kinds import of_kind, send_all

POINTS_FOR_MONEY = """META
key;value
description;Parks
budget;600
vote_type;cumulative
max_sum_points;10
rule;greedy
currency;GBP
PROJECTS
project_id;cost;name
p;500;Pond
q;300;Quay
VOTES
voter_id;vote;points
1;p;10
2;q,p;6,4
3;q;7
"""
# By rule: the heading of its column, and the words of its bars and of its finding.
RANKED = {
    **dict.fromkeys(
        ("points-3", "borda", "borda-zero", "borda-modified"),
        ("Points", "Bars show points.", "has the most points"),
    ),
    "plurality": (
        "First choices",
        "how many responses put each option first",
        "has the most first choices",
    ),
    **dict.fromkeys(
        ("irv", "stv"),
        ("Votes in its last round", "in the last round it was in", "comes out first"),
    ),
    **dict.fromkeys(
        ("schulze", "ranked-pairs"),
        ("Options behind it, less those ahead", "compared two at a time", "comes out first"),
    ),
    "copeland": ("Wins", "one-to-one wins", "has the most one-to-one wins"),
}


def send(services, asked, answers):
    send_all(services, asked, map(Sheet, answers))
    services.catch_up()


def test_every_rule_has_its_unit():
    assert find_rule("points-7").unit_for("ranking") is POINTS
    assert find_rule("plurality").unit_for("ranking") is FIRST_CHOICES
    assert find_rule("plurality").unit_for("single") is VOTES
    assert find_rule("greedy-skip").unit_for("basket") is VOTES
    assert find_rule("greedy-skip").unit_for("points") is POINTS


@only("sqlite")
@pytest.mark.parametrize("rule", RANKED)
def test_how_it_stood_on_a_day_says_what_the_rule_gives(services, resident, rule):
    counting = {"q-ranking": CountingTerms(rule, tie_chain=("votes",))}
    asked = consultation(services, of_kind("ranking"), counting=counting)
    send(services, asked, [{"q-ranking": each["order"]} for each in BALLOTS])
    close_consultation(services, asked.id)
    publish_results(services, asked.id, actor=ORGANISER)
    services.catch_up()
    page = resident.open(f"/c/riverside/results?as_at={services.record.head()}").words
    title, measure, finding = RANKED[rule]
    assert f"Option {title} Place" in page
    assert measure in page
    assert finding in page
    if title != "Points":
        assert "points" not in page.lower()


@only("sqlite")
def test_how_grades_stand_while_open_is_their_average_as_the_rule_has_it(services, resident):
    drafted = draft(services, of_kind("rating"))
    assert drafted.terms is not None
    fix_terms(services, drafted.id, replace(drafted.terms, interim="shown"), actor=ORGANISER)
    asked = open_consultation(services, drafted.id, actor=ORGANISER)
    grades = [{"a": 4}] * 3 + [{"a": 1, "b": 3}] * 6 + [{"b": 2}] * 3
    send(services, asked, [{"q-rating": each} for each in grades])
    page = resident.open("/c/riverside/results").words
    assert "Average grade so far." in page
    assert "Buses 2.67 of 4" in page
    assert "Allotments 2 of 4" in page
    assert page.index("Buses 2.67") < page.index("Allotments 2")
    assert "Clinics 0 of 4" in page
    assert "oints" not in page


@only("sqlite")
def test_money_that_points_decide_is_shown_in_points_everywhere(services, resident, tmp_path):
    path = tmp_path / "parks.pb"
    path.write_text(POINTS_FOR_MONEY)
    imported = import_votes(services, path)
    publish_results(services, imported.consultation_id, actor=ORGANISER)
    services.catch_up()
    slug = imported.slug
    page = resident.open(f"/c/{slug}/results").words
    assert "Project Points Cost Outcome" in page
    assert "Pond Funded 14 £500" in page
    assert "Quay Not funded 13 £300" in page
    assert "Project Points Cost Outcome Left in the pot" in page
    assert "14 points, £500" in resident.open(f"/c/{slug}/embed").words
    earlier = resident.open(f"/c/{slug}/results?as_at={services.record.head()}").words
    assert "Project Points Cost Outcome" in earlier
    for words in (page, earlier):
        assert "Votes" not in words
