"""When people took part: the weeks add up to the responses that stand, on the page and on paper."""

import io
import re

import pytest
from pypdf import PdfReader

from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.holding import Holder
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import replace_answers, submit_answers, withdraw_answers
from consult.commands.data_protection.erasure import erase_by_holder
from consult.commands.results.counting import publish_results
from events import Response
from tests.builders import ORGANISER, RESIDENT, close_consultation, consultation
from tests.consult.sealing.test_openings import set_aside
from tests.kinds import of_kind


def send(services, asked, name):
    texts = {"q-text": "Words"} if "q-text" in asked.questions else {}
    return submit_answers(
        services,
        consultation_id=asked.id,
        voter=name,
        sheet=Sheet({"q-ranking": ["a", "b"]}, texts),
        actor=RESIDENT,
        command_id="",
    )


@pytest.fixture(params=[("ranking",), ("ranking", "text")], ids=["a vote", "words too"])
def asked(request, services, clock):
    """Fourteen sent in the first week, and nine in the second.

    In the second week two of the first week were taken back, one of them sent again, and one was
    changed. In a vote one was set aside too; where people wrote, one was taken back, the words of
    one erased, and two were marked as a campaign.
    """
    opened = consultation(services, *(of_kind(kind) for kind in request.param))
    first = [send(services, opened, f"first/{number}").changing_code for number in range(14)]
    clock.move(days=8)
    for number in range(9):
        send(services, opened, f"second/{number}")
    for number in (0, 1):
        withdraw_answers(services, holder=Holder(first[number]), actor=RESIDENT, command_id="")
    send(services, opened, "first/1")
    changed = Sheet({"q-ranking": ["c"]})
    replace_answers(services, code=first[2], sheet=changed, actor=RESIDENT, command_id="")
    if len(request.param) == 1:
        set_aside(services, opened, "first/3")
    else:
        withdraw_answers(services, holder=Holder(first[3]), actor=RESIDENT, command_id="")
        erase_by_holder(services, holder=Holder(first[4]), actor=RESIDENT)
        pseudonyms = [services.vault.pseudonym(opened.id, f"first/{each}") for each in (5, 6)]
        marked = [Response.id_for(opened.id, each) for each in pseudonyms]
        group_campaign(services, opened.id, marked, name="Postcards", actor=ORGANISER)
    close_consultation(services, opened.id)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    return opened


WEEKS = [("1", "12"), ("2", "9"), ("3", "0")]


@pytest.mark.usefixtures("asked")
def test_the_weeks_add_up_to_the_responses_that_are_counted(resident):
    page = resident.open("/c/riverside/results").words
    assert "21 people took part" in page or "Answers that came in before it closed: 21." in page
    bars = page.partition("Most responses came in week 1")[2].partition("Show these numbers")[0]
    assert "each in the week in which it was first sent. Those taken back are not among" in bars
    assert re.findall(r"Week (\d), from \d+ \w+ (\d+)", bars) == WEEKS


@pytest.mark.usefixtures("asked")
def test_they_do_on_paper_too(client):
    pdf = client.get("/c/riverside/results.pdf").get_data()
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    said = " ".join(text.split())
    assert re.findall(r"Week (\d), from \d+ \w+ (\d+)", said) == WEEKS
    assert "Those taken back are not among them" in said
