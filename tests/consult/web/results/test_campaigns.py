"""Where a campaign decides the outcome, every place that states the outcome says so."""

from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader

from consult.commands.answers.campaigns import CountedAlready, group_campaign
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.results.counting import count_consultation, publish_results
from consult.notifying import news
from consult.people.mailboxes import contacts
from consult.wording.outcomes import campaigns
from consult.wording.outcomes.counted import Counted
from events import Response
from events.consultations.terms import CountingTerms
from tests.builders import ORGANISER, RESIDENT, close_consultation, consultation
from tests.conftest import only
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Page, form_values
from tests.kinds import of_kind

pytestmark = only("sqlite")
SAYS = "Campaigns sent 7 of the 12 answers; without them, Buses would have come first."


FEW = "Answers marked as part of a campaign: 4. The result without them is not shown"


def closed(services, *, same=False, name="Cards", marked=7):
    """Seven identical cards for allotments, five people for buses or for the same."""
    opened = consultation(
        services,
        of_kind("single"),
        of_kind("text"),
        counting={"q-single": CountingTerms("plurality")},
    )
    cards = []
    for number in range(12):
        is_card = number < 7
        receipt = submit_answers(
            services,
            consultation_id=opened.id,
            voter=f"resident/{number}",
            sheet=Sheet({"q-single": "a" if is_card or same else "b"}, {"q-text": "Words"}),
            actor=RESIDENT,
            command_id=f"key-{number}",
        )
        cards += [receipt.subject_id] if is_card else []
    close_consultation(services, opened.id, actor=ORGANISER)
    group_campaign(services, opened.id, cards[:marked], name=name, actor=ORGANISER)
    return opened


@pytest.fixture
def decided(services):
    opened = closed(services)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    return opened


@pytest.mark.parametrize(
    "place",
    ["/c/riverside/results", "/results", "/c/riverside/results.json", "/feed.atom"],
)
def test_of_a_campaign_of_few_nothing_says_what_they_chose(services, resident, place):
    """Who is in it stands in the log: the counts with and without would differ by their choice."""
    opened = closed(services, marked=4)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    text = " ".join(resident.client.get(place).text.split())
    assert "without them" not in text.replace(FEW, "")
    assert "without_campaigns" not in text
    if place == "/c/riverside/results":
        assert FEW in text
        pdf = PdfReader(BytesIO(resident.client.get("/c/riverside/results.pdf").data))
        words = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
        assert "The result without them is not shown" in words


@pytest.mark.parametrize(
    "place", ["/c/riverside/results", "/results", "/c/riverside/embed", "/feed.atom"]
)
def test_a_page_that_states_the_outcome_says_that_a_campaign_decides_it(decided, resident, place):
    text = " ".join(resident.client.get(place).text.split())
    assert "Allotments came first" in text
    assert SAYS in text
    assert text.index("Allotments came first") < text.index(SAYS)


def test_the_table_says_what_it_counts(decided, resident):
    page = resident.open("/c/riverside/results").words
    assert "With and without campaigns: Votes" in page
    pdf = PdfReader(BytesIO(resident.client.get("/c/riverside/results.pdf").data))
    words = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert "With and without campaigns: Votes" in words


def test_a_campaign_has_its_name_in_the_language_of_the_page(services, resident):
    opened = closed(services, name={"en": "Cards for the park", "cy": "Cardiau dros y parc"})
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    english = resident.client.get("/c/riverside/results").text
    welsh = resident.client.get("/cy/c/riverside/results").text
    assert "Cards for the park" in english
    assert "Cardiau dros y parc" in welsh
    assert "Cards for the park" not in welsh


@pytest.mark.parametrize(
    ("name", "welsh"),
    [({"en": "Cards", "cy": "Cardiau"}, "“Cardiau”"), ("Old cards", "“Old cards”")],
)
def test_the_document_names_each_campaign_in_its_language(services, resident, name, welsh):
    opened = closed(services, name=name)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    document = PdfReader(BytesIO(resident.client.get("/cy/c/riverside/results.pdf").data))
    text = " ".join("".join(page.extract_text() for page in document.pages).split())
    assert f"{welsh}: 7" in text


def test_a_shared_link_and_its_picture_say_so(decided, resident, monkeypatch):
    from consult.web.updates import sharing

    head = resident.client.get("/c/riverside/results").text.partition("</head>")[0]
    assert SAYS in head
    drawn = []
    real = sharing.card
    monkeypatch.setattr(sharing, "card", lambda **words: drawn.append(words) or real(**words))
    assert resident.client.get("/c/riverside/results.png").status_code == 200
    assert SAYS in drawn[0]["words"]


def test_the_mail_says_so(services, decided):
    contact = contacts.Contact(id=uuid4(), email="sam@example.org", language="en")
    found = news._News(services, decided.id)
    assert SAYS in found.write(contact, found.events).text


def test_the_document_says_so_first(decided, resident):
    pdf = PdfReader(BytesIO(resident.client.get("/c/riverside/results.pdf").data))
    words = " ".join(pdf.pages[0].extract_text().split())
    assert SAYS in words


def test_the_organiser_reads_it_before_publishing(services, app):
    opened = closed(services)
    count_consultation(services, opened.id, actor=ORGANISER)
    services.catch_up()
    organiser = sign_in(app, services)
    assert SAYS in organiser.open("/organise/c/riverside").words


def test_where_it_is_the_same_nothing_is_said(services, resident):
    opened = closed(services, same=True)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    page = resident.open("/c/riverside/results").words
    assert "without them" not in page
    assert "The outcome is the same with and without campaigns" in page


def test_in_welsh(decided, resident):
    assert "Daeth 7 o’r 12 ateb o ymgyrchoedd" in resident.open("/cy/c/riverside/results").words


def test_what_is_counted_shows_campaigns_as_they_were_and_takes_no_further_mark(services, app):
    opened = closed(services)
    organiser = sign_in(app, services)
    address = "/organise/c/riverside/written/q-text"
    page = organiser.open(address)
    assert "Mark the ticked as part of a campaign" in page.words
    count_consultation(services, opened.id, actor=ORGANISER)
    services.catch_up()
    for _again in range(2):
        with pytest.raises(CountedAlready):
            group_campaign(services, opened.id, late(services, opened), name="X", actor=ORGANISER)
        page = organiser.open(address)
        assert "no more answers can be marked as part of one" in page.words
        assert "Mark the ticked" not in page.words
        assert not [each for each in page.tree.iter("input") if each.get("name") == "grouped"]
        publish_results(services, opened.id, actor=ORGANISER)
        services.catch_up()
    assert "no more answers can be" not in sign_in(app, services).open(f"/cy{address}").words


def tick(organiser, address):
    """Tick the first answer of the reading room, and press the button below."""
    form = next(each for each in organiser.open(address).tree.iter("form") if each.get("id"))
    assert form.get("id") == "marks"
    box = next(each for each in form.iter("input") if each.get("name") == "grouped")
    button = next(each for each in form.iter("button") if each.get("formaction"))
    values = form_values(form)
    values.setlist("grouped", [box.get("value")])
    sent = organiser.client.post(button.get("formaction"), data=values, follow_redirects=True)
    return Page(sent)


def late(services, opened):
    return [Response.id_for(opened.id, services.vault.pseudonym(opened.id, "resident/11"))]


def test_a_form_that_was_open_when_they_were_counted_marks_nothing(services, app):
    opened = closed(services)
    organiser = sign_in(app, services)
    address = "/organise/c/riverside/written/q-text"
    ticked = tick(organiser, address)
    assert "The results are shown with and without campaigns." in ticked.words
    count_consultation(services, opened.id, actor=ORGANISER)
    services.catch_up()
    head = services.record.head()
    sent = organiser.send(ticked, **{"name-en": "X", "name-cy": "Y"})
    assert "so nothing was marked now" in sent.words
    assert services.record.head() == head


def test_a_count_at_the_same_moment_comes_before_or_after_a_mark_and_never_between(
    services, monkeypatch
):
    opened = closed(services)
    services.catch_up()
    head, append = services.record.head(), services.record.append_batch

    def somebody_counts_first(*given, **how):
        count_consultation(services, opened.id, actor=ORGANISER)
        return append(*given, **how)

    monkeypatch.setattr(services.record, "append_batch", somebody_counts_first)
    with pytest.raises(CountedAlready):
        group_campaign(services, opened.id, late(services, opened), name="X", actor=ORGANISER)
    assert services.record.head() == head + 1, "the count alone"


def test_where_no_rule_counts_results_are_not_said_to_show_campaigns(services, app, resident):
    opened = consultation(services, of_kind("text"))
    submit_answers(
        services,
        consultation_id=opened.id,
        voter="resident/11",
        sheet=Sheet({}, {"q-text": "Words"}),
        actor=RESIDENT,
        command_id="",
    )
    services.catch_up()
    organiser = sign_in(app, services)
    address = "/organise/c/riverside/written/q-text"
    ticked = tick(organiser, address)
    assert "No rule counts anything here" in ticked.words
    assert "with the results" not in ticked.words
    group_campaign(services, opened.id, late(services, opened), name="Cards", actor=ORGANISER)
    close_consultation(services, opened.id, actor=ORGANISER)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    assert "Cards" not in resident.open("/c/riverside/results").words
    with pytest.raises(CountedAlready):
        group_campaign(services, opened.id, late(services, opened), name="X", actor=ORGANISER)


def outcome(*, order=(), elected=(), funded=(), spent=None):
    return {
        "rule": "approval",
        "order": [list(place) for place in order],
        "elected": list(elected),
        "funded": list(funded),
        "spent": spent,
        "left": None if spent is None else 0,
        "scores": {},
        "rounds": [],
        "ballots": 12,
    }


@pytest.mark.parametrize(
    ("everybody", "rest", "says"),
    [
        (outcome(elected="a"), outcome(elected="b"), "Buses would have come first."),
        (outcome(elected="a"), outcome(elected="ab"), "come first: Allotments and Buses."),
        (outcome(elected="a"), outcome(), "nothing would have come first."),
        (outcome(funded="a", spent=1), outcome(funded="ab", spent=1), "funded too: Buses."),
        (outcome(funded="ab", spent=1), outcome(funded="a", spent=1), "not be funded: Buses."),
        (
            outcome(funded="a", spent=1),
            outcome(funded="b", spent=1),
            "funded: Buses; and this not: Allotments.",
        ),
        (outcome(funded="ab", spent=1), outcome(funded="ba", spent=1), ""),
        (outcome(order=["a", "bc"], elected="a"), outcome(order=["a", "b", "c"], elected="a"), ""),
        (
            outcome(order=["ab", "c"]),
            outcome(order=["ac", "b"]),
            "nothing would have come first.",
        ),
    ],
)
def test_it_is_said_where_the_winner_the_funded_or_the_first_differ(app, everybody, rest, says):
    from types import SimpleNamespace

    asked = SimpleNamespace(unit="£", decimals=2)
    comparison = {"without_campaigns": rest | {"ballots": 5, "campaigns": {"Cards": 7}}}
    with app.test_request_context("/"):
        said = campaigns.sentence(Counted(asked, of_kind("single"), everybody, comparison))
    assert said.endswith(says) if says else said == ""
