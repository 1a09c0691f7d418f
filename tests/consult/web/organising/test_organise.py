"""Setting a consultation up through pages: from nothing to open, and on to the result."""

import pytest
from flask import Flask

from consult.commands.partnerships import redescribe_partnership
from consult.duties import close_what_is_due
from consult.services import Services
from events import Consultation
from tests import builders
from tests.consult.web.organisers import Organiser, main_form, sign_in
from tests.consult.web.residents import Page

BOTH = {"title__en": "Riverside Park", "title__cy": "Parc Glan yr Afon"}


@pytest.fixture
def organiser(app: Flask, services: Services) -> Organiser:
    builders.partnership(services, wards=True)
    services.catch_up()
    return sign_in(app, services)


def begin(organiser: Organiser) -> str:
    """Begin a consultation with its words; return the address of its tasks."""
    page = organiser.send(
        organiser.open("/organise/new"),
        **BOTH,
        overview__en="Tell us what you think.",
        overview__cy="Dywedwch wrthym.",
    )
    assert page.status == 200, page.summary
    return page.address


@pytest.mark.parametrize("languages", [("en", "cy"), ("en",)])
def test_two_languages_are_ticked_only_where_the_partnership_has_them(
    organiser, services, languages
):
    home = builders.partnership(services)
    redescribe_partnership(services, home.id, languages=languages, actor=builders.OPERATOR)
    services.catch_up()
    boxes = organiser.open("/organise/new").tree.iter("input")
    [both] = [box for box in boxes if box.get("name") == "both"]
    assert (both.get("checked") is not None) == ("cy" in languages)


def test_a_draft_gets_its_second_language_later_and_loses_it_again(organiser, services):
    drafted = builders.draft(services)
    services.catch_up()
    page = organiser.open("/organise/c/riverside/words")
    fields = main_form(page)[1]
    assert (fields["both"], fields["title-cy"]) == ("yes", "Riverside Park (cy)")

    def save(**fields: str) -> Consultation:
        organiser.send(organiser.open("/organise/c/riverside/words"), **fields)
        return services.record.get(Consultation, drafted.id)

    alone = save(both="", title__en="The Park")
    assert alone.languages == ("en",)
    assert alone.title == {"en": "The Park", "cy": "Riverside Park (cy)"}
    assert "in Welsh" not in organiser.open("/organise/c/riverside/").words
    assert "title-cy" not in main_form(organiser.open("/organise/c/riverside/words"))[1]
    again = save(both="yes", title__en="Our Park")
    assert again.languages == ("en", "cy")
    assert again.title == {"en": "Our Park", "cy": "Riverside Park (cy)"}, "it had stayed"
    same = save(title__en="A Park")
    assert (same.languages, same.title["en"]) == (("en", "cy"), "A Park")


def add_ranking(organiser: Organiser, tasks: str) -> None:
    page = organiser.send(
        organiser.open(f"{tasks}questions/new/ranking"),
        title__en="What first?",
        title__cy="Beth gyntaf?",
    )
    page = organiser.send(
        page, lines__en="Benches\nTrees\nLights", lines__cy="Meinciau\nCoed\nGoleuadau"
    )
    assert page.status == 200, page.summary


def fix_terms(organiser: Organiser, tasks: str) -> None:
    page = organiser.send(
        organiser.open(f"{tasks}terms/"),
        eligibility__en="Anyone",
        eligibility__cy="Unrhyw un",
        decides__en="The council",
        decides__cy="Y cyngor",
    )
    assert page.status == 200, page.summary
    page = organiser.send(organiser.open(f"{tasks}terms/q1"), rule="points-N")
    page = organiser.send(page)
    assert "The counting rule is saved" in page.words, page.summary
    page = organiser.send(page, name__en="County lottery", name__cy="Loteri’r sir")
    assert page.address == tasks, page.summary


def facts_of(services: Services) -> int:
    return services.record.head()


def test_a_consultation_is_set_up_opened_closed_counted_and_published(
    app: Flask, organiser: Organiser, services: Services, clock: builders.Clock
):
    tasks = begin(organiser)
    assert tasks == "/organise/c/riverside-park/"
    add_ranking(organiser, tasks)
    fix_terms(organiser, tasks)
    page = organiser.open(tasks)
    assert "Everything is there" in page.words
    page = organiser.send(organiser.open(f"{tasks}open"))
    assert "It is open" in page.words
    page = organiser.open(f"{tasks}close")
    assert "nobody can close it before" in page.words
    assert "Close it now" not in page.words
    clock.move(days=200)
    close_what_is_due(services)
    organiser = sign_in(app, services)  # they were signed out long ago
    assert "Closed" in organiser.open(tasks).words
    page = organiser.open(f"{tasks}lot/drawn")
    page = organiser.send(page, numbers="12 45 3 17 50 8", source="The Gazette")
    assert "The draw is entered" in page.words
    page = organiser.send(organiser.open(f"{tasks}count"))
    assert "It is counted" in page.words
    page = organiser.send(organiser.open(f"{tasks}publish"))
    assert "The results are published" in page.words


def test_the_task_list_names_everything_that_is_missing(organiser: Organiser):
    page = organiser.send(organiser.open("/organise/new"), title__en="Riverside Park")
    assert "Write the title in Welsh." in page.words
    assert "Write the overview in English." in page.words
    assert "Add at least one question." in page.words
    assert "Fix the terms." in page.words
    assert "Cannot start yet" in page.words
    opening = organiser.open(f"{page.address}open")
    assert "It cannot open yet" in opening.words


def test_every_fact_carries_who_did_it_in_which_role(organiser: Organiser, services: Services):
    from consult.people.accounts.staff import find_by_email
    from tests.consult.web.organisers import EMAIL

    before = facts_of(services)
    begin(organiser)
    import msgspec

    from events.base import FACTS

    rows = services.record.read(before, 10)
    assert len(rows) == 2, "the draft, and that its short name is taken"
    staff_id = find_by_email(services.vault, EMAIL)
    assert staff_id is not None
    for row in rows:
        fact = msgspec.json.decode(row[4], type=FACTS[row[3]])
        assert (fact.by.role, fact.by.actor) == ("organiser", staff_id.hex)


def test_a_short_name_that_is_taken_is_refused_with_the_words_kept(organiser: Organiser):
    begin(organiser)
    page = organiser.send(
        organiser.open("/organise/new"), title__en="Another", slug="riverside-park"
    )
    assert page.status == 422
    assert "already a consultation" in page.words
    assert 'value="Another"' in page.text


def test_pressing_twice_begins_one_consultation(organiser: Organiser, services: Services):
    page = organiser.open("/organise/new")
    organiser.fill(page, **BOTH)
    recorded = facts_of(services)
    again = organiser.send(page, **BOTH)
    assert again.address == "/organise/c/riverside-park/"
    assert facts_of(services) == recorded


def test_nobody_gets_in_without_signing_in(app: Flask, organiser: Organiser):
    tasks = begin(organiser)
    for address in ("/organise/", "/organise/new", tasks, f"{tasks}open"):
        response = app.test_client().get(address)
        assert response.status_code == 303
        assert response.headers["Location"].endswith("/sign-in")


@pytest.mark.parametrize("role", ["scrutiny", "auditor"])
def test_who_only_looks_lands_in_a_room_of_their_own(
    app: Flask, services: Services, organiser: Organiser, role: str
):
    tasks = begin(organiser)
    other = sign_in(app, services, role=role, email=f"{role}@example.org")
    page = other.open(tasks)
    assert (page.status, page.address) == (200, "/scrutiny/")


@pytest.mark.parametrize("role", ["council officer", "administrator"])
def test_officers_and_administrators_may_organise(
    app: Flask, services: Services, organiser: Organiser, role: str
):
    tasks = begin(organiser)
    other = sign_in(app, services, role=role, email="other@example.org")
    assert other.open(tasks).status == 200


def test_an_organiser_of_another_partnership_sees_and_changes_nothing(
    app: Flask, services: Services, organiser: Organiser
):
    tasks = begin(organiser)
    page = organiser.open(f"{tasks}words")
    builders.partnership(services, slug="elsewhere")
    other = sign_in(app, services, slug="elsewhere", email="other@example.org")
    assert other.open(tasks).status == 403
    recorded = facts_of(services)
    assert other.fill(page, title__en="Mine").status_code == 403
    assert facts_of(services) == recorded
    assert "Riverside" not in other.open("/organise/").words


def test_drafts_are_kept_by_no_cache_and_shown_to_no_resident(organiser: Organiser):
    tasks = begin(organiser)
    assert organiser.open(tasks).headers["Cache-Control"] == "no-store"
    assert organiser.open("/c/riverside-park").status == 404


def test_a_form_whose_token_is_old_comes_back_with_what_was_typed(
    organiser: Organiser, services: Services
):
    page = organiser.open("/organise/new")
    recorded = facts_of(services)
    again = organiser.send(page, title__en="Kept words", csrf_token="old")
    assert again.status == 422
    assert "Kept words" in again.text
    assert "nothing was recorded" in again.words
    assert facts_of(services) == recorded
    assert organiser.send(again).address == "/organise/c/kept-words/"


def test_switching_the_language_keeps_what_was_typed(organiser: Organiser, services: Services):
    page = organiser.open("/organise/new")
    recorded = facts_of(services)
    address, values = main_form(page)
    values["title-en"] = "Half a title"
    values["switch-language"] = "cy"
    switched = organiser.client.post(address, data=values)
    assert switched.status_code == 307  # a browser sends everything again
    welsh = Page(organiser.client.post(switched.headers["Location"], data=values))
    assert (welsh.status, welsh.heading) == (200, "Ymgynghoriad newydd")
    assert "Half a title" in welsh.text
    assert facts_of(services) == recorded


def test_nothing_can_be_changed_once_it_has_opened(organiser: Organiser, services: Services):
    tasks = begin(organiser)
    add_ranking(organiser, tasks)
    fix_terms(organiser, tasks)
    words = organiser.open(f"{tasks}words")
    question = organiser.open(f"{tasks}questions/q1")
    organiser.send(organiser.open(f"{tasks}open"))
    recorded = facts_of(services)
    for page in (words, question):
        refused = organiser.send(page, title__en="Something else")
        assert refused.status == 422
        assert "has opened" in refused.words
        assert "Something else" in refused.text
    assert organiser.open(f"{tasks}questions/q1").address == tasks
    assert facts_of(services) == recorded


def test_more_time_needs_a_later_moment_and_a_reason_in_every_language(organiser: Organiser):
    tasks = begin(organiser)
    add_ranking(organiser, tasks)
    fix_terms(organiser, tasks)
    organiser.send(organiser.open(f"{tasks}open"))
    page = organiser.send(organiser.open(f"{tasks}extend"), reason__en="Floods")
    assert page.summary == [("reason-cy", "Give the reason in every language.")]
    page = organiser.send(page, reason__cy="Llifogydd")
    assert "never shortened" in page.words
    page = organiser.send(page, closes__year="2027")
    assert "The closing time is later now" in page.words


def test_withdrawing_needs_a_reason_and_is_for_good(organiser: Organiser):
    tasks = begin(organiser)
    page = organiser.send(organiser.open(f"{tasks}withdraw"))
    assert [field for field, _message in page.summary] == ["reason-en", "reason-cy"]
    page = organiser.send(page, reason__en="A mistake", reason__cy="Camgymeriad")
    assert "It is withdrawn" in page.words
    assert "Give people more time" not in page.words


def test_a_preview_does_what_the_page_will_do_and_records_nothing(
    organiser: Organiser, services: Services
):
    tasks = begin(organiser)
    add_ranking(organiser, tasks)
    recorded = facts_of(services)
    page = organiser.open(f"{tasks}preview/")
    assert "This is a preview" in page.words
    address, values = page.form()
    moved = Page(organiser.client.post(address, data={**values.to_dict(), "q-q1-add": "2"}))
    assert "Trees" in moved.words
    wrong = Page(organiser.client.post(address, data=values))
    assert wrong.status == 422
    assert wrong.summary
    done = organiser.client.post(address, data={**values.to_dict(), "q-q1": "2"})
    assert done.headers["Location"].endswith(tasks)
    assert facts_of(services) == recorded


@pytest.mark.parametrize("path", ["", "words", "questions/", "questions/new", "terms/", "open"])
def test_each_page_has_one_heading_and_is_there_in_welsh(organiser: Organiser, path: str):
    tasks = begin(organiser)
    for prefix in ("", "/cy"):
        page = organiser.open(f"{prefix}{tasks}{path}")
        assert page.status == 200
        assert page.heading
        assert not page.faults
