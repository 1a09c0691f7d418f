"""A page is for some states of a consultation; in any other it leads back and says why."""

import pytest

from consult.commands.consultations.opening import open_consultation
from events import Consultation
from tests import builders
from tests.builders import ORGANISER, close_consultation, words
from tests.consult.web.organisers import main_form, sign_in
from tests.consult.web.residents import Resident

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HERE = "/organise/c/riverside"


@pytest.fixture
def organiser(app, services):
    builders.partnership(services)
    services.catch_up()
    return sign_in(app, services)


def without_terms(services):
    from consult.commands.consultations.drafting import Draft, draft_consultation

    home = builders.partnership(services)
    draft = Draft(slug="riverside", title=words("Riverside Park"), overview=words("More"))
    return draft_consultation(services, partnership_id=home.id, draft=draft, actor=ORGANISER)


def key(page):
    _address, values = main_form(page)
    return {name: values[name] for name in ("csrf_token", "command")}


@pytest.mark.parametrize("step", ["close", "extend", "count", "publish"])
def test_a_draft_without_terms_leads_back_from_what_comes_later(services, organiser, step):
    without_terms(services)
    services.catch_up()
    opened = organiser.open(f"{HERE}/{step}")
    assert opened.address == f"{HERE}/"
    assert "It has not opened yet, so that cannot be done now." in opened.words
    sent = organiser.client.post(
        f"{HERE}/{step}", data=key(organiser.open(f"{HERE}/words")), follow_redirects=True
    )
    assert sent.status_code == 200
    assert "It has not opened yet" in sent.get_data(as_text=True)
    assert "Nothing was changed." in sent.get_data(as_text=True)


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("open", "It is open already, so that cannot be done any more."),
        ("count", "It is still open, so that cannot be done yet."),
        ("publish", "It is still open, so that cannot be done yet."),
    ],
)
def test_an_open_one_leads_back_with_the_reason(services, organiser, step, says):
    builders.consultation(services)
    assert says in organiser.open(f"{HERE}/{step}").words


def test_a_closed_one_gets_no_more_time_and_cannot_be_withdrawn(services, organiser):
    about = builders.consultation(services)
    form = organiser.open(f"{HERE}/extend")
    close_consultation(services, about.id, actor=ORGANISER)
    services.catch_up()
    said = organiser.send(form, closes__year="2030", reason__en="Why", reason__cy="Pam")
    assert "It is closed, so that cannot be done any more. Nothing was changed." in said.words
    before = services.record.get(Consultation, about.id)
    assert "It is closed, so that cannot be done" in organiser.open(f"{HERE}/withdraw").words
    assert services.record.get(Consultation, about.id).version == before.version


def test_a_withdrawn_one_gets_no_more_time(services, organiser):
    about = builders.consultation(services)
    gone = organiser.send(organiser.open(f"{HERE}/withdraw"), reason__en="A", reason__cy="B")
    assert "It is withdrawn." in gone.words
    before = services.record.get(Consultation, about.id)
    assert "It was withdrawn, so that cannot be done" in organiser.open(f"{HERE}/extend").words
    assert services.record.get(Consultation, about.id).version == before.version


def test_a_button_pressed_twice_says_twice_that_it_is_done(services, organiser):
    builders.draft(services)
    services.catch_up()
    page = organiser.open(f"{HERE}/open")
    for _ in range(2):
        assert "It is open. People can answer now." in organiser.send(page).words


def test_opening_twice_from_two_windows_tells_the_second_why_not(services, organiser):
    about = builders.draft(services)
    services.catch_up()
    page = organiser.open(f"{HERE}/open")
    open_consultation(services, about.id, actor=ORGANISER)
    services.catch_up()
    assert "It is open already, so that cannot be done any more." in organiser.send(page).words


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/c/no-such-place/send", 404),
        ("/c/no-such-place/q/x", 404),
        ("/c/riverside/q/no-such-question", 404),
        ("/organise/c/no-such-place/words", 404),
    ],
)
def test_a_form_with_an_old_token_for_something_that_is_not_there_is_answered(
    services, organiser, address, status
):
    builders.consultation(services)
    assert organiser.client.post(address, data={}).status_code == status


def test_the_next_person_at_a_desk_is_called_with_a_new_page_when_the_old_one_has_expired(
    app, services, organiser
):
    builders.by_letter(services, identity=("letter", "desk"))
    clerk = Resident(sign_in(app, services, role="desk", email="desk@example.org").client)
    page = clerk.send(
        clerk.open("/assist/riverside"), "riverside", channel="assisted", reference="LIB 0001"
    )
    old = clerk.client.post(f"{page.address}/next", data={"csrf_token": "old"})
    assert old.status_code == 400
    assert "This page was open for too long" in old.get_data(as_text=True)
    assert clerk.open(page.address).address == page.address, "the person is still there"
