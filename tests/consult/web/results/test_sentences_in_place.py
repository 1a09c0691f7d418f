"""Sentences are made for the place where they stand: who can count, by which rule, who decides."""

import re
from io import BytesIO

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from consult.commands.consultations.drafting import fix_terms
from consult.commands.consultations.opening import open_consultation
from consult.commands.results.counting import publish_results
from consult.demo import fund, libraries, priorities
from events.consultations.consultation_facts import TermsFixed
from tests.builders import ORGANISER, close_consultation, draft
from tests.conftest import only
from tests.consult.web.organisers import sign_in
from tests.kinds import answer_all, of_kind

ANYONE = re.compile(
    "any(one|body) can count|everything that is needed to count|get the same result"
)
OTHER = "“Equal shares” would fund"


def run(services, kind="basket", until="published", **terms):
    drafted = draft(services, of_kind(kind), of_kind("text"))
    fix_terms(services, drafted.id, replace(drafted.terms, **terms), actor=ORGANISER)
    opened = open_consultation(services, drafted.id, actor=ORGANISER)
    answer_all(services, opened, 6)
    if until != "open":
        close_consultation(services, opened.id, actor=ORGANISER)
    if until == "published":
        publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()


def said_everywhere(resident):
    """The words of every page about the outcome, and of the document."""
    pages = [resident.open(f"/c/riverside{place}") for place in ("/results", "/count", "")]
    words = " ".join(page.words for page in pages)
    pdf = resident.client.get("/c/riverside/results.pdf")
    if pdf.status_code == 200:
        read = PdfReader(BytesIO(pdf.data))
        words += " ".join(" ".join(each.extract_text() for each in read.pages).split())
    return words.lower()


@only("sqlite")
@pytest.mark.parametrize("until", ["open", "closed", "published"])
@pytest.mark.parametrize("is_public", [True, False])
def test_who_can_count_again_is_said_as_it_is(services, resident, until, is_public):
    run(services, until=until, ballots_public=is_public)
    assert bool(ANYONE.search(said_everywhere(resident))) == is_public


@only("sqlite")
def test_where_no_rule_decides_no_rule_is_spoken_of(services, resident):
    run(services, kind="text")
    said = said_everywhere(resident)
    assert "under a rule that was published" not in said
    assert "get the same result" not in said


@only("sqlite")
def test_another_rule_is_shown_only_where_the_terms_said_so(services, resident):
    run(services)
    assert OTHER not in resident.open("/c/riverside/results").words
    shown = resident.client.get("/c/riverside/results.json").get_json()
    assert "rule" not in shown["questions"][0]["comparison"]


@only("sqlite")
def test_where_the_terms_said_so_it_is_shown(services, resident):
    run(services, other_rule_shown=True)
    assert OTHER in resident.open("/c/riverside/results").words
    assert (
        "what the other rule for money would have funded"
        in resident.open("/c/riverside/count").words
    )
    shown = resident.client.get("/c/riverside/results.json").get_json()
    assert shown["questions"][0]["comparison"]["rule"] == "equal-shares"


@only("sqlite")
def test_an_organiser_chooses_it_before_opening_and_it_is_off_at_first(services, app):
    drafted = draft(services, of_kind("basket"))
    services.catch_up()
    organiser = sign_in(app, services)
    page = organiser.open("/organise/c/riverside/terms")
    assert "other rule for money" in page.words
    assert 'name="other_rule"' in page.text
    assert not terms_of(services, drafted).other_rule_shown
    organiser.send(page, other_rule="yes")
    assert terms_of(services, drafted).other_rule_shown


def terms_of(services, drafted):
    facts = [event.fact for event in services.record.events.get(drafted.id)]
    return [fact for fact in facts if isinstance(fact, TermsFixed)][-1].terms


@only("sqlite")
def test_a_consultation_without_money_offers_no_other_rule_for_it(services, app):
    draft(services, of_kind("ranking"))
    services.catch_up()
    page = sign_in(app, services).open("/organise/c/riverside/terms")
    assert "other rule for money" not in page.words


@pytest.mark.parametrize("module", [fund, libraries, priorities])
def test_who_decides_is_said_without_naming_a_place_on_a_page(module):
    """It stands on the start page, the receipt, the results and on paper."""
    import inspect

    text = inspect.getsource(module)
    decides = text.partition("decides={")[2].partition("}")[0]
    assert decides
    assert not re.search(r"\b(below|above|this page|isod|uchod)\b", decides)
