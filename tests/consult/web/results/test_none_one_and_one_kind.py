"""Results where nobody, one person, one ward or one channel answered are whole and true."""

import csv
import io
import json
import re

import pytest

from consult.commands.answers.holding import Holder
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers, withdraw_answers
from consult.commands.context import Actor
from consult.commands.results.counting import publish_results
from consult.services import Services
from events import Consultation
from tests.builders import (
    ORGANISER,
    RANKING,
    RESIDENT,
    close_consultation,
    consultation,
    question,
)
from tests.conftest import only
from tests.consult.web.residents import Page, Resident

PLACE = question("place", "area", "Where do you live?", required=False)
WHY = question("why", "text", "Why?", required=False)
VISIT = question("visit", "single", "How often?", "Daily", "Weekly")
EVERYWHERE = (
    *("/c/riverside/results", "/c/riverside/results.json", "/c/riverside/results.csv"),
    *("/c/riverside/results.pdf", "/c/riverside/embed", "/c/riverside/results.png", "/results"),
    *("/c/riverside/count", "/c/riverside/answers.json", "/feed.atom", "/c/riverside", "/"),
)
NONSENSE = re.compile(r"\b(None|nan|inf|Undefined|Traceback)\b|%\(|\{\w+\}|&amp;lt;")
ANSWERS = {"order": ["a", "b"], "visit": "d"}


def send(
    services: Services,
    asked: Consultation,
    number: int,
    *,
    ward: str = "",
    channel: str = "online",
    respondent: str = "individual",
    start: str = "",
) -> str:
    receipt = submit_answers(
        services,
        consultation_id=asked.id,
        voter=f"{ward}{channel}{respondent}{start}{number}",
        sheet=Sheet(
            ANSWERS | ({"place": ward} if ward else {}),
            area=ward,
            respondent=respondent,
            members=12 if respondent != "individual" else 0,
        ),
        actor=Actor("resident", channel=channel) if channel != "online" else RESIDENT,
        command_id=f"{start}{number}",
    )
    return receipt.changing_code


def finish(services: Services, asked: Consultation) -> None:
    services.catch_up()
    close_consultation(services, asked.id)
    publish_results(services, asked.id, actor=ORGANISER)
    services.catch_up()


@pytest.fixture
def asked(services: Services) -> Consultation:
    asks = (PLACE, RANKING, VISIT, WHY)
    return consultation(services, *asks, wards=True, fingerprints_accepted=True)


def nobody(services: Services, asked: Consultation) -> None: ...


def one(services: Services, asked: Consultation) -> None:
    send(services, asked, 1)


def who_went(services: Services, asked: Consultation) -> None:
    code = send(services, asked, 1)
    withdraw_answers(services, holder=Holder(code), actor=RESIDENT, command_id="back")


def one_ward(services: Services, asked: Consultation) -> None:
    for number in range(9):
        send(services, asked, number, ward="W03")


def one_channel(services: Services, asked: Consultation) -> None:
    for number in range(9):
        send(services, asked, number, channel="telephone")


def one_meeting(services: Services, asked: Consultation) -> None:
    send(services, asked, 1, respondent="group")


SITUATIONS = (nobody, one, who_went, one_ward, one_channel, one_meeting)


@only("sqlite")
@pytest.mark.parametrize("prefix", ["", "/cy"])
@pytest.mark.parametrize("happens", SITUATIONS)
def test_every_place_that_shows_a_result_shows_this_one(services, asked, resident, happens, prefix):
    happens(services, asked)
    finish(services, asked)
    for address in EVERYWHERE:
        answer = resident.client.get(f"{prefix}{address}", follow_redirects=True)
        assert answer.status_code == 200, address
        if answer.mimetype.startswith(("text/", "application/json", "application/atom")):
            assert not (found := NONSENSE.search(answer.text)), (address, found)
        if answer.mimetype == "text/html":
            assert not Page(answer).faults, address


def page_of(resident: Resident) -> str:
    return resident.open("/c/riverside/results").words


def published(resident: Resident) -> dict:
    return json.loads(resident.client.get("/c/riverside/results.json").text)


@only("sqlite")
@pytest.mark.parametrize("happens", [nobody, who_went])
def test_where_nobody_answered_there_is_no_winner_and_it_says_so(
    services, asked, resident, happens
):
    happens(services, asked)
    finish(services, asked)
    page = page_of(resident)
    assert "came first" not in page
    assert "No ward is under-represented" not in page
    assert published(resident)["participation"]["responses"] == 0
    assert "Nobody chose any of the options, so there is no result. Nobody took part" in page
    assert "0 people" not in page


@only("sqlite")
def test_one_response_is_one_response_and_not_one_responses(services, asked, resident):
    one(services, asked)
    finish(services, asked)
    page = page_of(resident)
    assert not re.search(r"\b1 (people|responses|answers|points)\b", page), page
    assert "Allotments came first, with 3 points. Responses between" in page
    assert "2026: 1. Anyone" in page
    assert "Every answer is in the count: 1." in page
    assert "Bars show points. Responses: 1." in page


@only("sqlite")
def test_a_ward_where_nobody_answered_is_shown_with_nought_and_is_under_represented(
    services, asked, resident
):
    one_ward(services, asked)
    finish(services, asked)
    page = page_of(resident)
    assert "Under-represented: Ironstone" in page
    assert re.search(r"Ironstone 0 0\.0%", page), page
    assert re.search(r"Canal Side 9 100\.0%", page), page


@only("sqlite")
def test_one_channel_alone_is_told_in_a_sentence_and_not_in_a_chart(services, asked, resident):
    one_channel(services, asked)
    finish(services, asked)
    page = page_of(resident)
    assert "by telephone" in page
    assert "By telephone 9" not in page
    assert "Online" not in page


@only("sqlite")
def test_of_two_channels_each_has_its_number_and_its_share(services, asked, resident):
    for number in range(6):
        send(services, asked, number)
    for number in range(18):
        send(services, asked, number, channel="paper")
    finish(services, asked)
    page = page_of(resident)
    assert "Online 6 25%" in page
    assert "On paper 18 75%" in page


@only("sqlite")
def test_the_table_for_a_spreadsheet_has_every_option_though_nobody_chose_any(
    services, asked, resident
):
    finish(services, asked)
    text = resident.client.get("/c/riverside/results.csv").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    cells = {cell for row in rows for cell in row}
    assert {"Allotments", "Buses", "Clinics"} <= cells
    assert [row[4] for row in rows if row[0] in {"place", "visit", "why"}] == ["0", "0", "0"]


@only("sqlite")
def test_a_consultation_of_one_question_of_words_alone_is_published_with_its_number(
    services, resident
):
    asked = consultation(services, WHY)
    for number in range(3):
        submit_answers(
            services,
            consultation_id=asked.id,
            voter=f"{number}",
            sheet=Sheet({}, texts={"why": "Because"}),
            actor=RESIDENT,
            command_id=f"{number}",
        )
    finish(services, asked)
    for address in EVERYWHERE:
        if not address.endswith("answers.json"):  # nothing here is counted again
            assert resident.client.get(address, follow_redirects=True).status_code == 200, address
    assert "Because" not in page_of(resident)
    assert "fewer than 5" in page_of(resident)
