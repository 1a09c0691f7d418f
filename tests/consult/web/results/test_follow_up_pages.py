"""What came of it: organisers tell it theme by theme, and everybody can read it."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from consult.commands.results.counting import publish_results
from tests.builders import ORGANISER, close_consultation, consultation
from tests.consult.sealing.audits import answer
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Resident

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FILLED = {
    "theme__en": "Buses", "theme__cy": "Bysiau",
    "asked__en": "What first?", "asked__cy": "Beth gyntaf?",
    "said__en": "Later ones", "said__cy": "Rhai hwyrach",
    "did__en": "One leaves at ten", "did__cy": "Mae un yn gadael am ddeg",
    "owner__en": "Network manager", "owner__cy": "Rheolwr rhwydwaith",
    "status": "done", "on__day": "1", "on__month": "9", "on__year": "2026",
}  # fmt: skip


def printed(resident: Resident, address: str) -> str:
    got = resident.client.get(address)
    assert got.status_code == 200
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(got.data)).pages)


@pytest.fixture
def counted(services):
    about = consultation(services)
    answer(services, about, "Ada")
    close_consultation(services, about.id, actor=ORGANISER)
    publish_results(services, about.id, actor=ORGANISER)
    services.catch_up()
    return about


@pytest.fixture
def organiser(app, services, counted):
    return sign_in(app, services)


def test_a_theme_is_told_shown_to_everybody_and_brought_up_to_date(
    app, organiser, counted, resident: Resident
):
    running = organiser.open(f"/organise/c/{counted.slug}/")
    assert "Tell people what came of it" in running.words
    form = organiser.open(f"/organise/c/{counted.slug}/follow-ups/new")
    told = organiser.send(form, **FILLED)
    assert "It is published." in told.words
    page = resident.open(f"/c/{counted.slug}/what-we-did")
    for said in ("1 done.", "Later ones", "One leaves at ten", "Network manager", "1 September"):
        assert said in page.words
    assert "Rhai hwyrach" in resident.open(f"/cy/c/{counted.slug}/what-we-did").words
    results = resident.open(f"/c/{counted.slug}/results")
    assert "We asked, you said, we did" in results.words
    assert "Later ones" in printed(resident, f"/c/{counted.slug}/results.pdf")
    assert "Rhai hwyrach" in printed(resident, f"/cy/c/{counted.slug}/results.pdf")

    addresses = [each.get("href", "") for each in told.tree.iter("a")]
    start = f"/organise/c/{counted.slug}/follow-ups/"
    (link,) = [to for to in addresses if to.startswith(start) and to not in {start, start + "new"}]
    changed = organiser.send(organiser.open(link), did__en="Two leave after ten")
    assert "The change is published." in changed.words
    app.extensions.pop("asked")  # what was read is believed for two seconds
    later = resident.open(f"/c/{counted.slug}/what-we-did")
    assert "Two leave after ten" in later.words
    assert "Brought up to date on" in later.words
    assert (
        "What came of it was brought up to date" in resident.open(f"/c/{counted.slug}/count").words
    )
    feed = app.test_client().get("/feed.atom").text
    assert "Done: Buses" in feed


def test_what_is_missing_is_named_and_what_was_typed_stays(organiser, counted):
    form = organiser.open(f"/organise/c/{counted.slug}/follow-ups/new")
    again = organiser.send(form, **FILLED | {"said__cy": "", "status": "not_done", "on__day": "40"})
    assert dict(again.summary) == {
        "said-cy": "Write this in Cymraeg too.",
        "why-en": "Say why it is not done. People are owed the reason.",
        "on": "“40” is not a day of a month. Write a number from 1 to 31.",
    }
    assert "Later ones" in again.text


def test_before_there_is_a_result_nothing_can_be_told(services, app, resident: Resident):
    about = consultation(services)
    services.catch_up()
    organiser = sign_in(app, services)
    page = organiser.open(f"/organise/c/{about.slug}/follow-ups/")
    assert "Tell people what came of it" not in page.words
    shown = resident.open(f"/c/{about.slug}/what-we-did")
    assert "There is no result yet." in shown.words
    assert shown.headers["Cache-Control"] == "no-store"


def test_somebody_who_is_not_signed_in_changes_nothing(app, counted):
    response = app.test_client().post(f"/organise/c/{counted.slug}/follow-ups/new", data={})
    assert response.status_code in {303, 400}
