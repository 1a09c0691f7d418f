"""Forms of the staff: another language keeps what is typed, an old page records nothing."""

import re
from collections.abc import Iterator

import pytest

from consult.commands.data_protection.retention import set_legal_hold
from consult.web.forms.command_key import COMMAND
from consult.web.layout.page_language import SWITCH_FIELD
from tests import builders
from tests.builders import EVERY_KIND, KEEPER, close_consultation
from tests.conftest import only
from tests.consult.web.organisers import Organiser, main_form, sign_in
from tests.consult.web.residents import Page, form_values

ROOMS = ("organise.", "assisting.", "data_protection.", "scrutiny.")
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
KINDS = ("ranking", "single", "number", "date", "matrix", "file")
STATES = ("draft", "open", "closed")


@pytest.fixture
def everywhere(services, app) -> Organiser:
    """An administrator, and a consultation in each state of interest."""
    builders.draft(services, *EVERY_KIND, slug="draft")
    for state in ("open", "closed"):
        made = builders.consultation(
            services, *EVERY_KIND, slug=state, identity=("open", "letter", "desk")
        )
        set_legal_hold(services, made.id, reason="A court", actor=KEEPER, command_id=state)
    close_consultation(services, made.id)
    services.catch_up()
    return sign_in(app, services, role="administrator")


def forms(app, staff: Organiser) -> Iterator[Page]:
    """Every page of the staff with a form whose language can be changed on the way."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if not rule.endpoint.startswith(ROOMS) or not {"GET", "POST"} <= (rule.methods or set()):
            continue
        for state in STATES if "slug" in rule.arguments else ("",):
            for kind in KINDS if "kind" in rule.arguments else ("",):
                values = {"slug": state, "partnership_slug": "ashenmoor", "kind": kind}
                values |= {"question_id": "order", "option_id": "a", "rule_id": "points-N"}
                if rule.arguments <= set(values):
                    page = staff.open(
                        ARGUMENT.sub(lambda found, given=values: given[found[1]], rule.rule)
                    )
                    if f'form="form" formnovalidate name="{SWITCH_FIELD}"' in page.text:
                        yield page


@only("sqlite")
@pytest.mark.slow
def test_no_page_offers_to_send_a_form_that_is_not_there(app, services, everywhere):
    for page in forms(app, everywhere):
        assert any(form.get("id") == "form" for form in page.tree.iter("form")), page.address


def typed_into(page: Page) -> tuple[str, dict[str, str], dict[str, str]]:
    """Where the main form goes, all its values, and what somebody typed in each line of it."""
    address, values = main_form(page)
    lines = {
        field.get("name", ""): f"typed {number}"
        for form in page.tree.iter("form")
        if form.get("id") == "form"
        for number, field in enumerate(form.iter())
        if field.tag == "textarea" or (field.tag == "input" and field.get("type") == "text")
    }
    return address, {**values.to_dict(), **lines}, lines


def sent(staff: Organiser, address: str, values: dict[str, str]) -> Page:
    """Send a form as browsers do: whatever is answered with 307 is sent again."""
    answer = staff.client.post(address, data=values)
    if answer.status_code == 307:
        answer = staff.client.post(answer.headers["Location"], data=values)
    if answer.status_code == 303:
        return staff.open(answer.headers["Location"])
    return Page(answer)


@only("sqlite")
@pytest.mark.slow
def test_another_language_is_chosen_in_the_middle_and_nothing_is_lost(app, services, everywhere):
    head, seen = services.record.head(), 0
    for page in forms(app, everywhere):
        address, values, lines = typed_into(page)
        for language, prefix in (("cy", "/cy"), ("en", "")):
            again = sent(everywhere, address, values | {SWITCH_FIELD: language})
            assert again.status == 200, (address, again.status)
            assert again.address.startswith("/cy/") == bool(prefix), address
            kept = {
                name: value
                for form in again.tree.iter("form")
                if form.get("id") == "form"
                for name, value in form_values(form).items()
            }
            assert {name: kept.get(name) for name in lines} == lines, address
        seen += 1
    assert seen > 20
    assert services.record.head() == head, "and nothing is recorded by it"


@only("sqlite")
@pytest.mark.slow
def test_a_page_that_was_open_for_very_long_records_nothing_and_keeps_the_lines(
    app, services, everywhere
):
    head = services.record.head()
    for page in forms(app, everywhere):
        address, values, lines = typed_into(page)
        values.pop(COMMAND, None)
        again = sent(everywhere, address, values)
        assert again.status in {200, 422}, (address, again.status)
        if again.status == 422:
            kept = {
                name: value
                for form in again.tree.iter("form")
                if form.get("id") == "form"
                for name, value in form_values(form).items()
            }
            assert {name: kept.get(name) for name in lines} == lines, address
    assert services.record.head() == head


@only("sqlite")
def test_of_personal_data_only_what_is_held_is_said_to_be_held(app, services):
    for slug in ("free", "kept"):
        made = builders.consultation(services, slug=slug)
    set_legal_hold(services, made.id, reason="A court", actor=KEEPER)
    services.catch_up()
    page = sign_in(app, services, role="data protection officer").open("/organise/personal-data/")
    lines = [
        " ".join("".join(line.itertext()).split())
        for line in page.tree.iter("li")
        if any("/organise/personal-data/" in a.get("href", "") for a in line.iter("a"))
    ]
    held = [line for line in lines if "A legal hold keeps its data." in line]
    assert len(held) == 1
    assert page.words.count("A legal hold keeps its data.") == 1
