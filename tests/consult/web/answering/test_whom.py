"""Where the terms invite them, people say online for whom they answer; a desk always can."""

import pytest
from sqlalchemy import select

from consult.commands.answers.holding import Holder, find_held
from consult.commands.answers.sheets import BadMembers, BadOrganisation, Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.data_protection.copies import disclose
from consult.commands.data_protection.erasure import erase_by_holder
from consult.commands.data_protection.retention import sweep_unsent_texts
from consult.commands.files.exporting_answers import Wish, export_answers
from consult.commands.results.counting import publish_results
from consult.people import tables
from events import Consultation
from tests.builders import (
    ORGANISER,
    RANKING,
    RESIDENT,
    close_consultation,
    consultation,
    draft,
    question,
)
from tests.consult.web.organisers import main_form, sign_in

NAME = "Friends of Ironstone Park"
MORE = question("more", "text", "Anything else?", required=False)
WHOM = "/c/riverside/whom/"
ASKS = "Are you answering for yourself or for an organisation?"
SAYS = {"respondent": "organisation", "organisation": NAME, "members": "1,204"}
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def invited(services):
    return consultation(services, RANKING, MORE, has_organisations=True)


def names(services) -> list[str]:
    """The names that the vault holds."""
    table = tables.free_text.c
    with services.vault.transaction() as connection:
        query = select(table.words).where(table.question_id == "")
        return list(connection.execute(query).scalars())


def test_an_organisation_says_its_name_and_how_many_it_speaks_for(
    services, invited, resident, submissions
):
    resident.send(resident.open("/c/riverside/q/order"), q__order=["a"])
    page = resident.send(resident.open("/c/riverside/q/more"), q__more="Keep it.")
    assert (page.address, page.heading) == (WHOM, f"Riverside Park {ASKS}")
    assert page.faults == []
    check = resident.send(page, **SAYS)
    assert check.address == "/c/riverside/check"
    assert f"Who answers An organisation: {NAME} Members, or people who met: 1,204" in check.words
    sent = resident.send(check)
    assert sent.heading == "Answers sent"
    (given,) = submissions()
    assert (given.respondent, given.members) == ("organisation", 1_204)
    assert given.organisation
    assert NAME not in str(given)
    assert names(services) == [NAME]


@sqlite
def test_what_is_published_about_the_name_stands_beside_its_field(services, resident):
    consultation(services, RANKING, has_organisations=True, ballots_public=True)
    for address in (WHOM, "/c/riverside/all"):
        page = resident.open(address)
        hint = next(e for e in page.tree.iter("div") if e.get("id") == "organisation-hint")
        said = "".join(hint.itertext())
        assert "The name is not published" in said
        assert "in the public log, that this answer is from one of them." in said
    assert "Ni chyhoeddir yr enw" in resident.open(f"/cy{WHOM}").words
    assert "for an organisation or for a meeting" in resident.open("/c/riverside").words


@sqlite
def test_on_one_page_a_meeting_is_told_as_well(services, invited, resident, submissions):
    page = resident.open("/c/riverside/all")
    refused = resident.send(page, q__order=["a"], respondent="group")
    assert refused.status == 422
    assert ("organisation", "Write what the organisation or meeting is called.") in refused.summary
    resident.send(refused, organisation="Tuesday club", members="")
    assert [(each.respondent, each.members) for each in submissions()] == [("group", 0)]


@sqlite
def test_who_says_nothing_answers_as_a_person(services, invited, resident, submissions):
    resident.send(resident.open("/c/riverside/all"), q__order=["a"])
    (given,) = submissions()
    assert (given.respondent, given.organisation, names(services)) == ("individual", "", [])


@sqlite
@pytest.mark.parametrize(
    ("says", "field", "message"),
    [
        ({"respondent": "crowd"}, "respondent", "Say for whom you answer."),
        ({"respondent": "individual"}, "respondent", "You gave a name or a number."),
        ({"organisation": ""}, "organisation", "Write what the organisation"),
        ({"organisation": "x" * 201}, "organisation", "Use up to 200 characters."),
        ({"members": "many"}, "members", "Enter a whole number"),
        ({"members": "10000001"}, "members", "Enter a whole number"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_kept(
    services, invited, resident, submissions, says, field, message
):
    resident.send(resident.open("/c/riverside/q/order"), q__order=["a"])
    page = resident.send(resident.open(WHOM), **{**SAYS, **says})
    assert page.status == 422
    ((where, why),) = page.summary
    assert (where, why[: len(message)]) == (field, message)
    kept = {**SAYS, **says}
    assert f'value="{kept["organisation"]}"' in page.text
    assert not submissions()


@sqlite
def test_it_is_kept_in_a_draft_and_when_the_language_is_changed(services, invited, resident):
    resident.send(resident.open("/c/riverside/q/order"), q__order=["a"])
    resident.send(resident.open(WHOM), **SAYS)
    assert NAME in resident.open(WHOM).text
    assert f"Sefydliad: {NAME}" in resident.open("/cy/c/riverside/check").words
    welsh = resident.send(resident.open(WHOM), switch__language="cy")
    assert welsh.address == f"/cy{WHOM}"
    assert NAME in welsh.text


@sqlite
def test_where_they_are_not_invited_nobody_is_asked(services, resident, submissions):
    consultation(services, RANKING)
    assert resident.open(WHOM).address != WHOM
    page = resident.open("/c/riverside/all")
    assert ASKS not in page.words
    sent = resident.send(page, q__order=["a"], **SAYS)  # nobody is asked, somebody sends it
    assert sent.heading == "Answers sent"
    assert [each.respondent for each in submissions()] == ["individual"]
    assert names(services) == []


@sqlite
def test_results_count_people_organisations_and_meetings_apart(services, invited, resident):
    for number in range(6):
        resident.client.delete_cookie("folkmoot")
        says = {**SAYS, "organisation": f"Club {number}", "members": "20"}
        resident.send(resident.open("/c/riverside/all"), q__order=["a"], **says)
        resident.client.delete_cookie("folkmoot")
        resident.send(resident.open("/c/riverside/all"), q__order=["b"])
    close_consultation(services, invited.id)
    services.catch_up()
    publish_results(services, invited.id, actor=ORGANISER)
    services.catch_up()
    page = resident.open("/c/riverside/results")
    assert "People: 6. Organisations: 6, with 120 members." in page.words
    assert "Club 0" not in page.text


@sqlite
def test_the_name_is_read_and_exported_by_those_who_read_words_and_nobody_else(
    app, services, invited, resident
):
    resident.send(resident.open("/c/riverside/all"), q__order=["a"], q__more="Keep it.", **SAYS)
    reader = sign_in(app, services)
    assert NAME in reader.open("/organise/c/riverside/written/more").words
    close_consultation(services, invited.id)
    services.catch_up()

    def file(*, with_words):
        wish = Wish("csv", with_words)
        return b"".join(export_answers(services, invited.id, wish, actor=ORGANISER)).decode()

    assert NAME in file(with_words=True)
    assert NAME not in file(with_words=False)


def test_the_name_is_in_the_copy_of_ones_data_and_goes_when_it_is_erased(
    services, invited, resident
):
    resident.send(resident.open("/c/riverside/all"), q__order=["a"], **SAYS)
    services.catch_up()
    code = resident.changing_code()
    assert (
        disclose(services, find_held(services, Holder(code)))["history"][0]["organisation"] == NAME
    )
    services.clock.move(days=2)
    sweep_unsent_texts(services)
    assert names(services) == [NAME]  # it was sent, so it is no leftover
    erase_by_holder(services, holder=Holder(code), actor=RESIDENT)
    assert names(services) == []
    services.catch_up()
    assert (
        disclose(services, find_held(services, Holder(code)))["history"][0]["organisation"] is None
    )


@sqlite
def test_a_person_speaks_for_nobody_and_has_no_name_in_the_command_either(services, invited):
    for why, how in (
        (BadOrganisation, {"organisation": NAME}),
        (BadMembers, {"members": 4}),
        (BadOrganisation, {"respondent": "group", "organisation": "x" * 201}),
        (BadOrganisation, {"respondent": "group", "organisation": "a\0b"}),
    ):
        with pytest.raises(why):
            submit_answers(
                services,
                consultation_id=invited.id,
                voter="device/one",
                sheet=Sheet({"order": ["a"]}, **how),
                actor=RESIDENT,
                command_id="first-of-all",
            )


@sqlite
def test_who_sets_it_up_invites_them_with_one_tick(app, services):
    about = draft(services)
    services.catch_up()
    organiser = sign_in(app, services)
    page = organiser.open("/organise/c/riverside/terms/")
    assert "Organisations and meetings can answer online" in page.words
    assert organiser.send(page, organisations="yes").status == 200
    assert services.record.get(Consultation, about.id).terms.has_organisations
    services.catch_up()
    assert ("organisations", "yes") in main_form(organiser.open(page.address))[1].items()
