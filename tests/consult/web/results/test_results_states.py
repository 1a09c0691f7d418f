"""Results while people still answer, after closing, and where few took part."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from consult.commands.answers.submitting import Sheet, ballot_of
from consult.commands.consultations.drafting import fix_terms
from consult.commands.consultations.opening import open_consultation, withdraw_consultation
from consult.commands.results.counting import publish_results
from consult.services import Services
from events import By, Consultation
from events.consultations.terms import CountingTerms
from tests.builders import (
    EVERY_KIND,
    ORGANISER,
    RANKING,
    close_consultation,
    consultation,
    draft,
    draw_lot,
    question,
    words,
)

TITLES = ("Allotments", "Buses", "Clinics")


def cast(services: Services, asked: Consultation, answers: list[dict], **sheet: str) -> None:
    """Hand in answers, each by somebody else."""
    before = services.record.head()
    ready = [
        ballot_of(
            services,
            asked,
            voter=f"voter {before} {n}",
            sheet=Sheet(answer, **sheet),
            by=By("resident", command_id=f"{before}-{n}"),
        )
        for n, answer in enumerate(answers)
    ]
    services.record.append_batch(ready, depends_on={asked.id: asked.version})
    services.catch_up()


def finish(services: Services, asked: Consultation) -> None:
    close_consultation(services, asked.id, actor=ORGANISER)
    publish_results(services, asked.id, actor=ORGANISER)
    services.catch_up()


def read(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    text = unescape(re.sub(r"<[^>]+>", " ", response.text.partition("<main")[2]))
    return " ".join(text.split())


def test_nothing_of_the_standing_shows_while_people_answer(services, client):
    asked = consultation(services, RANKING)
    cast(services, asked, [{"order": ["a", "b"]}] * 12)
    page = read(client, "/c/riverside/results")
    assert "there is no result yet" in page
    assert "Responses so far: 12." in page
    for title in TITLES:
        assert title not in page
    for file in ("results.json", "results.csv", "results.pb", "answers.json"):
        assert client.get(f"/c/riverside/{file}").status_code == 404
    assert client.get("/c/riverside/results?as_at=5").headers["Cache-Control"] == "no-store"
    assert "points" not in read(client, "/c/riverside/results?as_at=5")
    assert "Results:" not in client.get("/feed.atom").text
    assert "How we will count" in read(client, "/c/riverside/count")


def test_how_many_took_part_is_not_said_while_they_are_few(services, client):
    asked = consultation(services, RANKING)
    cast(services, asked, [{"order": ["a"]}] * 3)
    assert "so far:" not in read(client, "/c/riverside/results")


def interim(services: Services) -> Consultation:
    drafted = draft(services, RANKING)
    assert drafted.terms is not None
    fix_terms(services, drafted.id, replace(drafted.terms, interim="shown"), actor=ORGANISER)
    opened = open_consultation(services, drafted.id, actor=ORGANISER)
    services.catch_up()
    return opened


def test_the_standing_shows_where_the_terms_say_so_and_moves_by_many_at_once(services, client):
    asked = interim(services)
    cast(services, asked, [{"order": ["a", "b"]}] * 9)
    assert "once 10 responses have come in" in read(client, "/c/riverside/results")
    cast(services, asked, [{"order": ["b"]}] * 2)
    page = read(client, "/c/riverside/results")
    assert "when 11 responses had come in" in page
    assert "Allotments 27" in page
    assert "Buses 24" in page
    cast(services, asked, [{"order": ["c"]}])
    assert "Clinics 0" in read(client, "/c/riverside/results")


def test_the_standing_stays_until_ten_more_have_come_however_long_that_takes(
    services, client, monkeypatch
):
    monkeypatch.setattr("consult.web.results.interim.SECONDS_STEP", 0.0)
    asked = interim(services)
    cast(services, asked, [{"order": ["a", "b"]}] * 11)
    assert "when 11 responses had come in" in read(client, "/c/riverside/results")
    cast(services, asked, [{"order": ["c"]}] * 9)
    page = read(client, "/c/riverside/results")
    assert "when 11 responses had come in" in page
    assert "Clinics 0" in page
    cast(services, asked, [{"order": ["c"]}])
    page = read(client, "/c/riverside/results")
    assert "when 21 responses had come in" in page
    assert "Clinics 30" in page


def test_after_closing_it_says_what_happens_next(services, client):
    asked = consultation(services, RANKING)
    cast(services, asked, [{"order": ["a", "b"]}] * 6)
    close_consultation(services, asked.id, actor=ORGANISER)
    services.catch_up()
    page = read(client, "/c/riverside/results")
    assert "the result is not published yet" in page
    assert "What happens next" in page
    assert "Allotments" not in page
    publish_results(services, asked.id, actor=ORGANISER)
    services.catch_up()
    assert "Allotments came first, with 18 points." in read(client, "/c/riverside/results")


def test_a_stopped_consultation_has_no_result(services, client):
    asked = consultation(services, RANKING)
    withdraw_consultation(services, asked.id, reason=words("Wrong leaflet"), actor=ORGANISER)
    services.catch_up()
    assert "was stopped" in read(client, "/c/riverside/results")
    assert "Wrong leaflet" in read(client, "/c/riverside/count")


def test_a_ward_with_three_people_shows_fewer_than_five_and_hides_its_complement(services, client):
    asked = consultation(services, RANKING, wards=True)
    cast(services, asked, [{"order": ["a"]}] * 3, area="W03")
    cast(services, asked, [{"order": ["b"]}] * 17, area="W09")
    cast(services, asked, [{"order": ["b"]}] * 8)
    finish(services, asked)
    page = read(client, "/c/riverside/results")
    assert "Canal Side fewer than 5" in page
    assert "Ironstone hidden" in page
    assert "17" not in page.partition("Who took part")[2]
    wards = client.get("/c/riverside/results.json").json["participation"]["wards"]
    assert [ward["responses"] for ward in wards] == [None, None]


def test_a_few_from_elsewhere_do_not_follow_from_the_wards(services, client):
    asked = consultation(services, RANKING, wards=True)
    cast(services, asked, [{"order": ["a"]}] * 20, area="W03")
    cast(services, asked, [{"order": ["b"]}] * 30, area="W09")
    cast(services, asked, [{"order": ["b"]}] * 2)
    finish(services, asked)
    page = read(client, "/c/riverside/results").partition("Who took part")[2]
    assert "Canal Side hidden" in page
    assert "elsewhere" not in page


def test_titles_that_look_like_formulas_do_not_calculate_in_a_spreadsheet(services, client):
    asked = consultation(services, question("order", "ranking", "Order", "=1+2", "Buses"))
    cast(services, asked, [{"order": ["="]}] * 6)
    finish(services, asked)
    assert ",'=1+2," in client.get("/c/riverside/results.csv").text


def test_options_that_nothing_separates_share_the_first_place_plainly(services, client):
    counting = {"order": CountingTerms("points-3")}
    asked = consultation(services, RANKING, counting=counting)
    cast(services, asked, [{"order": ["a"]}, {"order": ["b"]}] * 4)
    finish(services, asked)
    page = read(client, "/c/riverside/results")
    assert "Allotments and Buses are level for first place" in page
    assert "so they share a place" in page


def test_the_lot_is_named_when_it_decided(services, client):
    counting = {"order": CountingTerms("points-3", tie_chain=("lot",))}
    asked = consultation(services, RANKING, counting=counting)
    cast(services, asked, [{"order": ["a"]}, {"order": ["b"]}] * 4)
    draw_lot(services, asked.id)
    finish(services, asked)
    assert "The lot decided" in read(client, "/c/riverside/results")


def test_an_empty_consultation_has_a_result_page(services, client):
    asked = consultation(services, RANKING)
    finish(services, asked)
    assert "Nobody chose any of the options" in read(client, "/c/riverside/results")


BALLOTS = (
    [{"order": ["a", "b", "c"]}] * 7
    + [{"order": ["b", "c", "a"]}] * 5
    + [{"order": ["c", "b", "a"]}] * 4
)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("irv", "Buses won in round 2, with 9 votes."),
        ("stv", "is elected."),
        ("schulze", "Buses won: more people preferred it to each of the others"),
        ("ranked-pairs", "Buses won: more people preferred it"),
        ("copeland", "Buses won: more people preferred it"),
        ("borda", "Buses came first, with 21 points."),
        ("borda-zero", "Buses came first"),
        ("borda-modified", "Buses came first"),
        ("plurality", "Allotments came first: 7 of 16 responses (44%) put it first."),
    ],
)
def test_every_ranking_rule_has_its_picture_its_reasons_and_its_words(services, client, rule, says):
    counting = {"order": CountingTerms(rule, tie_chain=("votes",))}
    asked = consultation(services, RANKING, counting=counting)
    cast(services, asked, BALLOTS)
    finish(services, asked)
    for prefix in ("", "/cy"):
        assert read(client, f"{prefix}/c/riverside/count")
        page = read(client, f"{prefix}/c/riverside/results")
        assert (says in page) == (not prefix)
        assert read(client, f"{prefix}/c/riverside/results?as_at=999")


@pytest.mark.parametrize(
    "rule",
    ["greedy-skip", "greedy-stop", "greedy-per-cost", "equal-shares", "phragmen"],
)
def test_every_budget_rule_explains_every_project_that_lost(services, client, rule):
    money = EVERY_KIND[-2]
    counting = {"money": CountingTerms(rule, tie_chain=("cost", "votes"))}
    asked = consultation(services, money, counting=counting)
    cast(services, asked, [{"money": ["l", "k"]}] * 8 + [{"money": ["t"]}] * 9)
    finish(services, asked)
    lost = 3 - len(
        client.get("/c/riverside/results.json").json["questions"][0]["outcome"]["funded"]
    )
    page = read(client, "/c/riverside/results")
    assert page.count("Why was ") == lost > 0
    assert read(client, "/cy/c/riverside/results")
    assert read(client, "/c/riverside/count")


def test_questions_of_every_kind_show_on_one_page(services, client):
    asked = consultation(services, *EVERY_KIND)
    answers = {
        "visit": "d",
        "uses": ["p", "w"],
        "views": {"s": 4, "c": 2},
        "order": ["a", "b"],
        "share": {"b": 4, "c": 6},
        "support": ["a", "b"],
        "money": ["k"],
    }
    cast(services, asked, [answers] * 6)
    finish(services, asked)
    page = read(client, "/c/riverside/results")
    assert "Safe came first, with an average grade of 4 out of 4." in page
    assert "Daily 6" in page
    assert "People could choose several" in page


def test_an_outcome_believed_before_is_read_again_when_the_record_moves(services, client, clock):
    asked = consultation(services, RANKING)
    cast(services, asked, [{"order": ["a"]}] * 6)
    clock.now += timedelta(days=20)
    finish(services, asked)
    first = client.get("/c/riverside/results")
    consultation(services, RANKING, slug="another", counting={})
    assert client.get("/c/riverside/results").data == first.data
