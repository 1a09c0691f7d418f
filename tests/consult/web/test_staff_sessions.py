"""Sessions of staff end on the server: a copied cookie is worth nothing once one is over."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.commands.accounts.members import remove_member
from consult.commands.accounts.staff import of_partnership
from consult.config import Config
from consult.people import tables
from consult.people.accounts import staff_sessions
from consult.people.accounts.staff import find_by_email
from consult.services import Services
from consult.web import create_app
from consult.web.accounts import device
from events import Partnership
from tests import builders
from tests.builders import OPERATOR, Clock, member
from tests.consult.web.organisers import EMAIL, Organiser, link_for, sign_in
from tests.consult.web.residents import form_values

HERE = Partnership.id_for("ashenmoor")


@pytest.fixture
def ann(app: Flask, services: Services) -> Organiser:
    builders.partnership(services)
    services.catch_up()
    return sign_in(app, services)


def is_let_in(client: FlaskClient) -> bool:
    response = client.get("/organise/")
    return response.status_code == 200


def stolen(ann: Organiser, app: Flask) -> FlaskClient:
    """A browser with a copy of the cookie as it is now."""
    cookie = ann.client.get_cookie("folkmoot")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("folkmoot", cookie.value)
    assert is_let_in(thief)
    return thief


@pytest.fixture
def other_host(services: Services, clock: Clock) -> Iterator[Flask]:
    """Another web process over the same databases."""
    opened = Services.open(Config(database_url=services.config.database_url), clock)
    yield create_app(opened)
    opened.close()


def press(ann: Organiser, address: str) -> None:
    page = ann.open("/organise/")
    (form,) = (each for each in page.tree.iter("form") if each.get("action") == "/sign-out")
    response = ann.client.post(address, data=form_values(form))
    assert response.headers["Location"].endswith("/signed-out")


def test_a_copied_cookie_is_worth_nothing_after_sign_out_on_any_host(
    ann: Organiser, app: Flask, other_host: Flask
):
    here, there = stolen(ann, app), stolen(ann, other_host)
    press(ann, "/sign-out")
    assert not is_let_in(here)
    assert not is_let_in(there)


def test_signing_out_leaves_the_sessions_in_other_browsers(
    ann: Organiser, app: Flask, services: Services
):
    phone = sign_in(app, services)
    press(ann, "/sign-out")
    assert is_let_in(phone.client)


def test_signing_out_everywhere_ends_every_session_of_this_person_and_nobody_elses(
    ann: Organiser, app: Flask, services: Services
):
    phone = sign_in(app, services)
    bob = sign_in(app, services, email="bob@example.org")
    press(ann, "/sign-out/everywhere")
    assert not is_let_in(ann.client)
    assert not is_let_in(phone.client)
    assert is_let_in(bob.client)


def test_signing_out_everywhere_holds_at_once_on_every_host(
    ann: Organiser, app: Flask, other_host: Flask, services: Services
):
    there = sign_in(other_host, services)
    copies = [stolen(ann, other_host), stolen(there, app)]
    press(ann, "/sign-out/everywhere")
    for browser in (ann.client, there.client, *copies):
        assert not is_let_in(browser)


def test_somebody_sees_where_they_are_signed_in_and_signs_out_there(
    ann: Organiser, app: Flask, other_host: Flask, services: Services, clock: Clock
):
    clock.move(minutes=20)
    phone = Organiser(other_host.test_client())
    phone.client.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
    )
    phone.send(phone.open(link_for(services)))
    sign_in(app, services, email="bob@example.org")
    page = ann.open("/account/")
    assert "Firefox, Android" in page.words
    assert page.words.count("Signed in with a link.") == 2
    assert page.words.count("(this one)") == 1
    assert ann.press(page, "/account/sessions/end").words.count("Signed in with a link.") == 1
    assert not is_let_in(phone.client)
    assert is_let_in(ann.client)


def test_nobody_ends_the_session_of_somebody_else(ann: Organiser, app: Flask, services: Services):
    bob = sign_in(app, services, email="bob@example.org")
    sign_in(app, services, email="bob@example.org")
    with ann.client.session_transaction() as session:
        handle = staff_sessions.handle_of(session["staff"])
    bob.press(bob.open("/account/"), "/account/sessions/end", session=handle)
    assert is_let_in(ann.client)


def test_no_address_of_a_connection_is_kept_with_a_session(ann: Organiser, services: Services):
    with services.vault.transaction() as connection:
        (row,) = connection.execute(select(tables.staff_session)).all()
    assert not any("127.0.0" in str(value) for value in row)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537 Edg/140.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537", "Chrome, Linux"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_two_words_that_its_owner_knows(app: Flask, agent: str, said: str):
    with app.test_request_context(headers={"User-Agent": agent}):
        assert device.described() == said


def test_a_session_ends_after_eight_hours_without_a_page(ann: Organiser, clock: Clock):
    clock.move(hours=8)
    assert is_let_in(ann.client)
    clock.move(hours=8, seconds=1)
    assert not is_let_in(ann.client)
    clock.move(hours=-8)
    assert not is_let_in(ann.client), "what has ended does not begin again"


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(ann: Organiser, clock: Clock):
    for _ in range(4):
        clock.move(hours=3)
        assert is_let_in(ann.client)
    clock.move(seconds=1)
    assert not is_let_in(ann.client)


def test_the_vault_holds_no_token_that_could_be_used(ann: Organiser, services: Services):
    with ann.client.session_transaction() as session:
        token = session["staff"]
    with services.vault.transaction() as connection:
        (row,) = connection.execute(select(tables.staff_session)).all()
    assert token not in map(str, row)


def test_sessions_that_are_over_are_swept_when_another_begins(
    ann: Organiser, app: Flask, services: Services, clock: Clock
):
    clock.move(hours=8, seconds=1)
    sign_in(app, services, email="bob@example.org")
    with services.vault.transaction() as connection:
        assert len(connection.execute(select(tables.staff_session)).all()) == 1


def test_a_token_that_was_never_given_out_is_nobodys(services: Services, clock: Clock):
    assert staff_sessions.find(services.vault, "x" * 43, clock()) is None


def test_a_removed_members_next_request_is_refused_in_every_browser(
    ann: Organiser, app: Flask, services: Services
):
    phone = sign_in(app, services)
    staff_id = find_by_email(services.vault, EMAIL)
    assert staff_id is not None
    remove_member(services, HERE, staff_id, actor=OPERATOR)
    for browser in (ann.client, phone.client):
        response = browser.get("/organise/c/anything/")
        assert response.status_code == 303
        assert response.headers["Location"].endswith("/sign-in")


def test_who_is_removed_in_one_partnership_keeps_their_work_in_another(
    ann: Organiser, services: Services
):
    builders.partnership(services, "elsewhere")
    elsewhere = Partnership.id_for("elsewhere")
    id = member(services, email=EMAIL, name="Ann", partnership_id=elsewhere, role="organiser")
    remove_member(services, HERE, id, actor=OPERATOR)
    assert [one.id for one in of_partnership(services, elsewhere)] == [id]
    assert of_partnership(services, HERE) == []


def test_eight_hours_are_no_more_than_twelve():
    assert timedelta(hours=8) == staff_sessions.IDLE_MAX
    assert timedelta(hours=12) == staff_sessions.LASTS_MAX
