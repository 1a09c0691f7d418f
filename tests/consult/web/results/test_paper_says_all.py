"""What the page of results says the paper says too, sentence by sentence and cell by cell."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.context import Actor
from consult.commands.results.counting import publish_results
from consult.commands.results.follow_up import publish_follow_up
from consult.web.consultation_lookup import find
from consult.web.results import published
from consult.wording import language
from tests.builders import (
    EVERY_KIND,
    ORGANISER,
    RESIDENT,
    close_consultation,
    consultation,
    words,
)
from tests.conftest import only
from tests.consult.commands.results.test_follow_up import ROW
from tests.consult.web.residents import Page
from tests.kinds import of_kind

ORDERS = (["a", "b"], ["b", "a"], ["c", "a"])


@pytest.fixture
def told(services, app) -> Any:
    """A result with everything in it: its view, as pages have it."""
    asked = consultation(services, *EVERY_KIND, wards=True)
    for number in range(18):
        sheet = Sheet(
            {
                "visit": "dwn"[number % 3],
                "uses": ["w", "p"][: 1 + number % 2],
                "views": {"s": 1 + number % 4, "c": 3},
                "order": ORDERS[number % 3],
                "share": {"b": 4, "p": 6} if number % 2 else {"c": 10},
                "support": [["a"], ["a", "c"], ["b"]][number % 3],
                "money": [["l", "k"], ["k"], ["t"]][number % 3],
            },
            texts={"more": "Trees"} if number % 2 else {},
            area="W03" if number < 12 else "W09",
            respondent="individual" if number < 11 else "organisation",
            members=0 if number < 11 else 20,
        )
        receipt = submit_answers(
            services,
            consultation_id=asked.id,
            voter=f"{number}",
            sheet=sheet,
            actor=RESIDENT if number % 3 else Actor("resident", channel="telephone"),
            command_id=f"{number}",
        )
        if number > 12:
            group_campaign(
                services, asked.id, [receipt.subject_id], name="Postcards", actor=ORGANISER
            )
    close_consultation(services, asked.id)
    publish_results(services, asked.id, actor=ORGANISER)
    publish_follow_up(services, asked.id, ROW, actor=ORGANISER)
    services.catch_up()
    with app.test_request_context("/"), language.in_language("en"):
        shown = find("riverside")
        found = published.find(services, shown)
        assert found is not None
        return published.view(shown, found)


def said_of(view: Any) -> Iterator[str]:
    """Everything in words or figures that a reader of the page gets, less what is only drawn."""
    yield from view["lead"]
    yield view["people"]
    for one in view["questions"]:
        yield from (one["title"], one["verdict"], one["how"], *one["ties"])
        for pair in one["losers"]:
            yield from pair
        for part in ("chart", "pairs"):
            yield from cells(one.get(part))
        if one["kind"] == "budget":
            yield from (row["name"] for row in one["projects"])
        if one["campaign"]:
            yield from (one["campaign"]["finding"], one["campaign"]["says"])
            yield from (cell for row in one["campaign"]["rows"] for cell in row)
    for one in view["others"]:
        yield from (one["title"], one["note"], one["says"])
        if not one["says"]:
            yield from (str(cell) for pair in one["numbers"] for cell in pair)
    yield view["wards"]["title"]
    yield from cells(view["wards"])
    for one in view["splits"]:
        yield one["title"]
        yield from [one["only"]] if one.get("only") else cells(one)
    yield view["did_sums"]
    for row in view["did"]:
        yield from (row["theme"], row["said"], row["did"], row["owner"])


def cells(chart: Any) -> Iterator[str]:
    if chart and chart.get("numbers"):
        head, table, _figures = chart["numbers"]
        yield from head
        yield from (cell for row in table for cell in row)


def squeezed(text: str) -> str:
    """Without spaces and hyphens, which stand elsewhere where lines are broken."""
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)


@only("sqlite")
def test_every_sentence_and_every_figure_of_the_page_is_on_paper(told, client):
    pdf = client.get("/c/riverside/results.pdf").get_data()
    printed = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    everything = [text for text in said_of(told) if text]
    assert len(everything) > 150, "there is much to say here"
    missing = [text for text in everything if squeezed(text) not in printed]
    assert not missing


@only("sqlite")
def test_every_sentence_and_every_figure_of_the_view_is_on_the_page(told, client):
    page = squeezed(Page(client.get("/c/riverside/results")).words)
    missing = [text for text in said_of(told) if text and squeezed(text) not in page]
    assert not missing


@only("sqlite")
def test_files_are_named_after_the_consultation_and_the_language(told, client):
    for address, name in {
        "/c/riverside/results.pdf": "results-riverside-en.pdf",
        "/cy/c/riverside/results.pdf": "results-riverside-cy.pdf",
        "/c/riverside/results.csv": "riverside",
        "/c/riverside/results.json": "riverside",
    }.items():
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert name in answer.headers["Content-Disposition"], address


@only("sqlite")
def test_how_it_stood_at_a_position_is_drawn_as_the_result_is(told, client, services):
    page = Page(client.get(f"/c/riverside/results?as_at={services.record.head()}"))
    for title in ("Allotments", "Buses", "Clinics", "Lights", "Kitchen", "Trees"):
        assert title in page.words


@only("sqlite")
def test_files_of_ballots_are_named_and_kept_for_each_question(services, client):
    money = next(one for one in EVERY_KIND if one.kind == "basket")
    asked = consultation(services, money)
    submit_answers(
        services,
        consultation_id=asked.id,
        voter="ann",
        sheet=Sheet({"money": ["k"]}),
        actor=RESIDENT,
        command_id="k",
    )
    close_consultation(services, asked.id)
    publish_results(services, asked.id, actor=ORGANISER)
    services.catch_up()
    for address, suffix in {"results.pb": "pb", "answers.json": "json"}.items():
        answer = client.get(f"/c/riverside/{address}?question=money")
        assert answer.status_code == 200, address
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment;")
        assert disposition.rstrip('"').endswith(suffix)
        assert client.get(f"/c/riverside/{address}?question=nope").status_code == 404
        assert client.get(f"/c/riverside/{address}").status_code == 200


@only("sqlite")
@pytest.mark.parametrize("decides", [words("The council’s cabinet"), {}])
def test_who_decides_is_a_heading_only_where_the_terms_say_it(services, resident, decides):
    about = consultation(services, of_kind("single"), decides=decides)
    close_consultation(services, about.id)
    publish_results(services, about.id, actor=ORGANISER)
    services.catch_up()
    pdf = PdfReader(io.BytesIO(resident.client.get("/c/riverside/results.pdf").data))
    paper = " ".join(page.extract_text() for page in pdf.pages)
    assert ("Who decides" in paper) == bool(decides)
    assert ("Who decides" in resident.open("/c/riverside/results").words) == bool(decides)
