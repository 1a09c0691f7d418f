"""Who takes part: wards, people from elsewhere, what they declare, and coming back to a draft."""

import pytest

from consult.commands.answers.sheets import NotDeclared, Sheet, UnknownArea
from consult.commands.answers.submitting import submit_answers
from consult.commands.consultations.opening import open_consultation
from events import Consultation
from events.consultations.consultation_refusals import NotReady
from tests.builders import EVERY_KIND, ORGANISER, RANKING, RESIDENT, consultation, draft, words
from tests.consult.web.organisers import main_form, sign_in

MONEY = next(each for each in EVERY_KIND if each.kind == "basket")


def submit(services, about, **how):
    return submit_answers(
        services,
        consultation_id=about.id,
        voter="device/one",
        sheet=Sheet({"order": ["a"]}, **how),
        actor=RESIDENT,
        command_id="first-of-all",
    )


def places(page) -> list[str]:
    chosen = next(each for each in page.tree.iter("select") if each.get("name") == "area")
    return ["".join(option.itertext()) for option in chosen.iter("option")]


def test_a_place_is_asked_only_of_the_wards_that_take_part(services, resident, submissions):
    consultation(services, wards=("W03",), elsewhere="connected")
    page = resident.open("/c/riverside/place")
    assert places(page) == [
        *("Prefer not to say", "Canal Side", "Somewhere else; I work or study here"),
    ]
    assert "We do not know this place" in resident.send(page, area="W09").summary[0][1]
    assert places(resident.open("/c/riverside/all")) == places(page)
    sent = resident.send(resident.open("/c/riverside/all"), q__order=["a"], area="W03")
    assert sent.heading == "Answers sent"
    assert submissions()[0].area == "W03"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_place_that_does_not_take_part_is_refused_by_the_command_too(services, submissions):
    about = consultation(services, wards=("W03",), elsewhere="nobody")
    for area in ("W09", "W99", "other"):
        with pytest.raises(UnknownArea):
            submit(services, about, area=area)
    assert not submissions()
    submit(services, about, area="W03")
    assert [each.area for each in submissions()] == ["W03"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_nobody_from_elsewhere_takes_part_it_is_not_on_the_list(services, resident):
    consultation(services, wards=True, elsewhere="nobody")
    assert not [each for each in places(resident.open("/c/riverside/place")) if "else" in each]


@pytest.mark.parametrize("address", ["check", "all"])
def test_conditions_are_declared_with_one_tick(services, resident, submissions, address):
    consultation(services, is_declared=True)
    if address == "check":
        resident.send(resident.open("/c/riverside/q/order"), q__order=["a"])
    page = resident.open(f"/c/riverside/{address}")
    assert "This holds for me: Anyone who lives here" in page.words
    answers = {"q__order": ["a"]} if address == "all" else {}
    back = resident.send(page, **answers)
    assert back.status == 422
    assert "Tick that the conditions hold." in back.words
    assert 'id="declared-error"' in back.text
    assert back.title.startswith("Error: ")
    assert "#declared" in back.links()
    assert not submissions()
    assert not back.faults
    assert resident.send(back, declared="yes", **answers).heading == "Answers sent"
    assert submissions()[0].is_declared


def test_the_command_asks_for_the_declaration_too(services, submissions):
    about = consultation(services, is_declared=True)
    with pytest.raises(NotDeclared):
        submit(services, about)
    assert not submissions()
    submit(services, about, is_declared=True)


def test_where_nothing_is_declared_there_is_no_box(services, resident, submissions):
    consultation(services)
    page = resident.open("/c/riverside/all")
    assert 'name="declared"' not in page.text
    assert resident.send(page, q__order=["a"]).heading == "Answers sent"
    assert not submissions()[0].is_declared


def test_money_is_not_decided_by_people_who_show_nothing_without_a_reason(services):
    silent = draft(services, MONEY, open_reason={"en": "It is little."})
    with pytest.raises(NotReady, match="say in cy why nobody has to show who they are"):
        open_consultation(services, silent.id, actor=ORGANISER)


@pytest.mark.parametrize(
    ("asked", "promised"),
    [
        ((MONEY,), {"identity": ("email", "letter")}),
        ((MONEY,), {"open_reason": words("It is little.")}),
        ((RANKING,), {"open_reason": {}}),
    ],
)
def test_other_ballots_need_no_reason(services, asked, promised):
    ready = draft(services, *asked, **promised)
    assert open_consultation(services, ready.id, actor=ORGANISER).is_open


def test_the_reason_is_published_beside_the_ways(services, resident):
    consultation(services, MONEY, identity=("open", "letter", "desk"))
    start = resident.open("/c/riverside").words
    assert "You do not have to show who you are. Reason: The sums are small." in start
    assert "If you want to, show it in one of these ways:" in start


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_ways_that_are_needed_are_one_of_these(services, resident):
    consultation(services, identity=("letter", "desk"))
    start = resident.open("/c/riverside").words
    assert "Show it in one of these ways:" in start
    assert "You do not have to" not in start


def test_who_comes_back_on_the_same_device_continues_where_they_stopped(services, resident, app):
    consultation(services, *EVERY_KIND)
    assert "Start now" in resident.open("/c/riverside").words
    resident.send(resident.open("/c/riverside/q/visit"), q__visit="w")
    start = resident.open("/c/riverside")
    assert "Continue where you stopped" in start.words
    assert "Start now" not in start.words
    assert "/c/riverside/q/uses" in start.links()
    resident.send(start, "/someone-else")
    assert "Start now" in resident.open("/c/riverside").words


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_question_page_names_its_consultation(services, resident):
    consultation(services, *EVERY_KIND)
    page = resident.open("/c/riverside/q/visit")
    assert page.heading == "Riverside Park – Question 1 of 8 How often do you visit?"
    assert page.title.startswith("How often do you visit? – Riverside Park")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_organisers_say_who_takes_part(services, app):
    drafted = draft(services, wards=True)
    services.catch_up()
    organiser = sign_in(app, services)
    address = "/organise/c/riverside/terms/"
    saved = organiser.send(
        organiser.open(address),
        ward__W03="yes",
        elsewhere="nobody",
        declared="yes",
        open_reason__en="It is little.",
    )
    assert not saved.summary
    terms = services.record.get(Consultation, drafted.id).terms
    assert (terms.wards, terms.elsewhere, terms.is_declared) == (("W03",), "nobody", True)
    assert terms.open_reason["en"] == "It is little."
    values = main_form(organiser.open(address))[1]
    assert (values["ward-W03"], values.get("ward-W09"), values["declared"]) == ("yes", None, "yes")
