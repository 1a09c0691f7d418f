"""Every form of the staff is pressed twice, and once more by somebody who had it open too.

Nothing of that is a fault of who presses: the second answer leads where the first led, and who
comes too late is led to what stands. Forms are those of the application's own map, filled in as
their fields ask; what cannot be guessed is said in `TYPED`, or the test says that it is missing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

import pytest
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from consult.commands.accounts.members import remove_member
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.consultations.drafting import remove_option, remove_question
from consult.people.accounts.staff import find_by_email
from consult.web.forms.command_key import COMMAND
from events import Consultation, Partnership
from tests import builders
from tests.builders import ORGANISER
from tests.conftest import only
from tests.consult.web import every_state
from tests.consult.web.every_address import (
    SITE,
    Copied,
    Person,
    addresses,
    copied_site,
    nothing_believed,
    rules_of,
)
from tests.consult.web.organisers import Organiser, link_for, sign_in
from tests.consult.web.residents import Page, Values, form_values

ROOMS = ("organise.", "data_protection.", "scrutiny.")
WHO = "administrator"
NOWHERE = ("nope", "nowhere", "%C5%B5", "00000000")
BY_PART = {"day": "1", "month": "6", "year": "2026", "clock": "12:00"}
SEAT_DAY = {"on-day": "2", "on-month": "11", "on-year": "2026"}
TYPED = {
    **dict.fromkeys(
        (f"organise.partnership.seats.{what}" for what in ("filling", "vacating", "giving_up")),
        SEAT_DAY | {"term_ends_on-year": "2027"},
    ),
    "organise.new": {"slug": "brand-new"},
    "organise.codes.batches": {"number": "3"},
    "organise.partnership.members.adding": {"email": "new@example.org", "role-0": "yes"},
    "organise.partnership.look.setting": {"links": "", "brand": "#1d4f91"},
    "organise.partnership.steps.people": {"email": "newer@example.org", "role-0": "yes"},
    "organise.partnership.interests.ending": {"on-day": "2", "on-month": "11", "on-year": "2026"},
    "organise.steps.extending": {"closes-year": "2027"},
    "scrutiny.desks.show": {"draw": "1"},
}
APART = (
    "data_protection.erasing",
    "data_protection.disclosing",
    "organise.partnership.wards.reading",
)
"""Two ask for a receipt, and have a test of their own below; one takes a file and saves nothing."""
ONCE = {
    "organise.new": "another consultation needs another address",
    "organise.steps.extending": "another hour is needed; what was typed stays",
}
"""What somebody else is asked to correct, and why that is right."""
TOO_LATE = {
    ("overdue", f"organise.steps.{step}") for step in ("pausing", "extending", "withdrawing")
}
"""Its time is up, which the record does not say yet."""


class Pressed(NamedTuple):
    """One form, filled in."""

    endpoint: str
    address: str
    values: Values


@pytest.fixture(scope="module", autouse=True)
def nothing_is_believed() -> Iterator[None]:
    with nothing_believed():
        yield


@pytest.fixture(scope="module")
def site(
    sqlite_prepared: Path,
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Copied]:
    folder = tmp_path_factory.mktemp("pressed-twice")
    with copied_site(sqlite_prepared, folder, compiled_templates) as made:
        yield made


def filled(form: Element, endpoint: str) -> Values:
    """The form as somebody sends it who fills in whatever is empty."""
    values = form_values(form)
    for field in form.iter():
        name = field.get("name", "")
        is_line = field.tag == "textarea" or (
            field.tag == "input" and field.get("type") in {None, "text", "email", "tel"}
        )
        if not name or values.get(name):
            continue
        part = name.rpartition("-")[2]
        if is_line and (part in BY_PART or field.get("inputmode") != "numeric"):
            values[name] = BY_PART.get(part, "Words")
        elif field.tag == "input" and field.get("type") == "radio":
            values[name] = field.get("value", "")
        elif field.tag == "select":
            chosen = [each.get("value", "") for each in field.iter("option")]
            values[name] = next(filter(None, chosen), "")
    for name, typed in TYPED.get(endpoint, {}).items():
        values.setlist(name, [typed])
    return values


def forms(site: Copied, state: str) -> Iterator[Pressed]:
    """Every form of the staff about a consultation, each from the page that shows it."""
    for rule in rules_of(site.app, state):
        is_here = rule.endpoint.startswith(ROOMS) and rule.endpoint not in APART
        if not is_here or not {"GET", "POST"} <= (rule.methods or set()):
            continue
        for address in addresses(site.world, state, rule, WHO):
            if not any(each in address for each in NOWHERE):
                yield from shown(site, rule, address)


def shown(site: Copied, rule: Rule, address: str) -> Iterator[Pressed]:
    """The main form of a page, if it shows one."""
    site.reopen()
    page = Page(somebody(site).ask("GET", address))
    if page.status == 200:
        for form in page.tree.iter("form"):
            if form.get("id") == "form":
                yield Pressed(rule.endpoint, address, filled(form, rule.endpoint))


def somebody(site: Copied) -> Person:
    return Person(site.app, site.world.cookies[WHO])


def told(person: Person, answer: TestResponse) -> str:
    """Where an answer leads, and what is wrong with it."""
    if answer.status_code == 303:
        there = answer.headers["Location"]
        found = person.ask("GET", there).status_code
        return f"leads to {there}" if found == 200 else f"leads to {there}, which answers {found}"
    if answer.status_code == 200:
        return "200"
    wrong = Page(answer).summary if answer.mimetype == "text/html" else ""
    return f"answers {answer.status_code} {wrong}"


def failures(site: Copied, state: str) -> Iterator[str]:
    for form in forms(site, state):
        person = somebody(site)
        form.values.setlist("csrf_token", [person.csrf])
        first = told(person, person.ask("POST", form.address, form.values))
        is_new = first.startswith(("leads to", "200")) and "answers" not in first
        if (state, form.endpoint) in TOO_LATE:
            assert "not open" in first or "It has closed" in first, first
            continue
        if not is_new:
            yield f"{form.endpoint} {form.address}: {first}; say in TYPED what to fill in"
            continue
        again = told(person, person.ask("POST", form.address, form.values))
        if again != first and not (first == "200" and again.startswith("leads")):
            yield f"{form.endpoint} {form.address}: {first}, and then {again}"
        form.values.setlist(COMMAND, ["of-somebody-else"])
        later = told(person, person.ask("POST", form.address, form.values))
        if "answers" in later and form.endpoint not in ONCE:
            yield f"{form.endpoint} {form.address}: {first}, and somebody else {later}"


@pytest.mark.in_turn
@pytest.mark.parametrize("state", [*every_state.STATES, SITE])
def test_a_form_that_is_pressed_twice_leads_to_the_same_page_and_nobody_is_turned_away(
    site: Copied, state: str
):
    found = list(failures(site, state))
    assert not found, "\n".join(found)


@only("sqlite")
def test_an_erasure_and_a_copy_that_are_asked_for_twice_are_given_twice(app, services):
    asked = builders.consultation(services)
    given = submit_answers(
        services,
        consultation_id=asked.id,
        voter="ann",
        sheet=Sheet({"order": ["a"]}),
        actor=builders.RESIDENT,
        command_id="ann",
    )
    services.catch_up()
    officer = sign_in(app, services, role="data protection officer")
    for address, typed in (("copy", {}), ("erase", {"reference": "DP/1"})):
        page = officer.open(f"/organise/personal-data/riverside/{address}")
        first, again = (officer.fill(page, code=given.code, **typed) for _ in range(2))
        there = [(each.status_code, each.headers.get("Location")) for each in (first, again)]
        assert there[0] == there[1]
        assert first.status_code in {200, 303}


def typed_into(organiser: Organiser, page: Page, **words: str) -> Page:
    """The page that a form leads to whose thing somebody has removed in the meantime."""
    after = organiser.send(page, **words)
    assert after.status == 200
    assert "There is nothing there to change: somebody may have removed it." in after.words
    return after


@only("sqlite")
def test_who_changes_what_somebody_has_removed_is_led_to_what_is_left(app, services):
    drafted = builders.draft(services)
    services.catch_up()
    ann = sign_in(app, services, role="administrator")
    draft = "/organise/c/riverside/questions"
    option, question = ann.open(f"{draft}/order/options/a"), ann.open(f"{draft}/order")
    rule = ann.open("/organise/c/riverside/terms/order")
    remove_option(services, drafted.id, "order", "a", actor=ORGANISER)
    assert typed_into(ann, option).address == f"{draft}/order/options/"
    remove_question(services, drafted.id, "order", actor=ORGANISER)
    for page in (option, question, rule):
        assert typed_into(ann, page).address == "/organise/c/riverside/"

    link_for(services, role="scrutiny", email="bob@example.org")
    home = Partnership.id_for("ashenmoor")
    bob = find_by_email(services.vault, "bob@example.org")
    people = "/organise/partnership/ashenmoor/members"
    page = ann.open(f"{people}/{bob.hex}")
    remove_member(services, home, bob, actor=builders.ADMINISTRATOR)
    assert typed_into(ann, page, name="Bob").address == f"{people}/"


@only("sqlite")
def test_the_last_question_and_the_last_option_that_there_is_room_for_are_added_once(
    app, services, monkeypatch
):
    drafted = builders.draft(services)
    services.catch_up()
    ann = sign_in(app, services)
    draft = "/organise/c/riverside/questions"
    monkeypatch.setattr("consult.commands.consultations.room.OPTIONS_MAX", 4)
    monkeypatch.setattr("consult.commands.consultations.room.QUESTIONS_MAX", 2)
    option = ann.open(f"{draft}/order/options/new")
    question = ann.open(f"{draft}/new/single")
    for page in (option, question):
        titles = {"title__en": "Docks", "title__cy": "Dociau"}
        first, again = (ann.fill(page, **titles) for _ in range(2))
        assert first.headers["Location"] == again.headers["Location"]
        assert ann.open(again.headers["Location"]).status == 200
        full = ann.send(page, **titles, command="another-key-of-hers")
        assert full.status == 422
        assert "can" in full.summary[0][1]
    after = services.record.get(Consultation, drafted.id)
    assert len(after.questions["order"].options) == 4
    assert len(after.questions) == 2
