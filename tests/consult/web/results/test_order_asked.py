"""Questions are listed in the order asked, in whatever order their rules were set or counted."""

import io
import json

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from consult.cli import main
from consult.commands.answers.sheets import Sheet
from consult.commands.consultations.drafting import fix_terms
from consult.commands.consultations.opening import open_consultation
from tests.builders import ORGANISER, close_consultation, draft, question
from tests.conftest import only
from tests.consult.web.organisers import sign_in
from tests.kinds import send_all

pytestmark = only("sqlite")
COUNTED = ("q8", "q9", "q10", "q12", "q13")
ASKED = tuple(f"q{number}" for number in range(1, 14))
OPTIONS = ("Allotments", "Buses", "Clinics")


@pytest.fixture
def opened(services):
    """Thirteen questions, of which five are counted; the last one's rule was set first."""
    asked = [
        question(id, "ranking" if id in COUNTED else "single", f"Matter {id}.", *OPTIONS)
        for id in ASKED
    ]
    drafted = draft(services, *asked)
    assert drafted.terms is not None
    turned = dict(reversed(drafted.terms.counting.items()))
    assert tuple(turned) == COUNTED[::-1]
    fix_terms(services, drafted.id, replace(drafted.terms, counting=turned), actor=ORGANISER)
    opened = open_consultation(services, drafted.id, actor=ORGANISER)
    sheet = Sheet({id: ["a"] if id in COUNTED else "a" for id in ASKED})
    send_all(services, opened, [sheet] * 6)
    services.catch_up()
    return opened


def order(text, ids=COUNTED):
    """The counted questions in the order in which a text first names them."""
    assert all(f"Matter {id}." in text for id in ids)
    return tuple(sorted(ids, key=lambda each: text.index(f"Matter {each}.")))


def test_everywhere(services, opened, app, resident, database_url, monkeypatch):
    for place in ("", "/count"):
        assert order(resident.open(f"/c/riverside{place}").words) == COUNTED, place
    close_consultation(services, opened.id)
    services.catch_up()
    organiser = sign_in(app, services)
    page = organiser.open("/organise/c/riverside/count")
    organiser.send(page)
    services.catch_up()
    assert order(organiser.open("/organise/c/riverside/").words) == COUNTED

    from click.testing import CliRunner

    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)
    said = CliRunner().invoke(main, ["publish", "riverside"], catch_exceptions=False).output
    assert [line.partition(":")[0] for line in said.splitlines()[:5]] == list(COUNTED)
    shown = CliRunner().invoke(main, ["results", "riverside", "--json"], catch_exceptions=False)
    results = json.loads(shown.output)["results"]
    assert [each["question"] for each in results] == list(COUNTED)
    services.catch_up()
    for place in ("/count", "/results"):
        assert order(resident.open(f"/c/riverside{place}").words) == COUNTED, place
    others = tuple(id for id in ASKED if id not in COUNTED)
    assert order(resident.open("/c/riverside/results").words, others) == others
    assert order(resident.open("/c/riverside/embed").words, ASKED) == ASKED
    pdf = resident.client.get("/c/riverside/results.pdf").get_data()
    paper = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert order(paper) == COUNTED
    assert order(paper.partition("These fingerprints")[2]) == COUNTED
    document = resident.client.get("/c/riverside/results.json").get_json()
    assert [each["question"] for each in document["questions"]] == list(COUNTED)
    table = resident.client.get("/c/riverside/results.csv").get_data(as_text=True)
    rows = [line.partition(",")[0] for line in table.splitlines()[1:]]
    assert list(dict.fromkeys(rows)) == list(ASKED)
    feed = resident.client.get("/feed.atom").get_data(as_text=True)
    assert "Riverside" in feed
