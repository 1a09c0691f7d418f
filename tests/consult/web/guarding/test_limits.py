"""How often one connection or one mailbox may try, and that no address is written down."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import inspect, text

from consult.config import BadSetting, Config
from consult.duties import forget_old_codes
from consult.people import tables
from consult.people.mailboxes import outbox
from consult.people.proving import attempts
from consult.web import create_app
from consult.web.guarding import limits
from tests.builders import consultation
from tests.consult.people.erasable import rows
from tests.consult.web.residents import Resident

FROM = "198.51.100.7"


def at(app, address: str = FROM, forwarded: str = "") -> Resident:
    """Somebody at a network address, perhaps behind proxies."""
    person = Resident(app.test_client())
    person.client.environ_base["REMOTE_ADDR"] = address
    if forwarded:
        person.client.environ_base["HTTP_X_FORWARDED_FOR"] = forwarded
    return person


def ask_for_code(person: Resident, email: str):
    return person.send(person.open("/c/riverside/identity/email"), email=email)


@pytest.fixture(autouse=True)
def mail(services):
    services.config = replace(services.config, outbox=True)


@pytest.fixture
def few(monkeypatch):
    """Three codes an hour for one connection, two for one mailbox."""
    monkeypatch.setattr(limits, "CODES_BY_NETWORK", limits.RateLimitItemPerHour(3))
    monkeypatch.setattr(limits, "CODES_BY_MAILBOX", limits.RateLimitItemPerHour(2))


def test_one_mailbox_gets_so_many_codes_from_wherever_they_are_asked_for(services, app, few):
    consultation(services, identity=("email",))
    ways = ("ann@example.org", "ANN+x@example.org", "ann@example.org")
    pages = [ask_for_code(at(app, f"198.51.100.{n}"), way) for n, way in enumerate(ways)]
    assert [page.status for page in pages] == [200, 200, 429]
    assert len(outbox.waiting(services.vault)) == 2
    assert ask_for_code(at(app), "bob@example.org").status == 200


def test_one_connection_gets_so_many_codes_for_whatever_mailboxes(services, app, few):
    consultation(services, identity=("email",))
    pages = [ask_for_code(at(app), f"person{n}@example.org") for n in range(4)]
    assert [page.status for page in pages] == [200, 200, 200, 429]
    assert ask_for_code(at(app, "198.51.100.8"), "other@example.org").status == 200


def test_who_has_to_wait_is_told_in_words_for_how_long_and_keeps_the_answers(services, app, few):
    consultation(services, identity=("open", "email"))
    person = at(app)
    person.send(person.open("/c/riverside/q/order"), q__order=["b", "a"])
    for _ in range(3):
        page = ask_for_code(person, "ann@example.org")
    assert page.status == 429
    assert page.heading == "Too many tries"
    assert (
        "What you have answered so far is kept. Minutes to wait before you try again: 60."
        in page.words
    )
    assert page.headers["Retry-After"] == "3600"
    assert page.faults == []
    assert "Buses" in person.open("/c/riverside/check").words
    welsh = Resident(person.client)
    page = welsh.open("/c/riverside/identity/email")
    address, values = page.form()
    response = person.client.post(f"/cy{address}", data={**values, "email": "ann@example.org"})
    assert response.status_code == 429
    assert "Bu gormod o ymgeisiau" in response.get_data(as_text=True)


def test_tries_of_a_code_are_counted_by_connection(services, app, monkeypatch):
    monkeypatch.setattr(limits, "TRIES_BY_NETWORK", limits.RateLimitItemPerHour(2))
    consultation(services, identity=("email",))
    person = at(app)
    page = ask_for_code(person, "ann@example.org")
    assert [person.send(page, code="000000").status for _ in range(3)] == [422, 422, 429]


def test_sign_in_links_cannot_be_guessed_without_end(app, services, monkeypatch):
    monkeypatch.setattr(limits, "SIGN_INS_BY_NETWORK", limits.RateLimitItemPerHour(1))
    person = at(app)
    page = person.open("/sign-in/guess")
    assert [person.send(page).status for _ in range(2)] == [410, 429]


def test_a_household_is_one_connection_and_a_larger_network_has_a_limit_too():
    near = limits.networks("2001:db8:1:2::1")
    assert near == limits.networks("2001:db8:1:2:ffff::9")
    assert near == [("2001:db8:1:2::/64", 1), ("2001:db8:1::/56", 3), ("2001:db8:1::/48", 10)]
    assert limits.networks("2001:db8:1:3::1")[1:] == near[1:]
    assert limits.networks("2001:db8:1:302::1")[1] != near[1]
    assert limits.networks("2001:db8:1:302::1")[2] == near[2]
    assert limits.networks("2001:db8:2::1")[2] != near[2]
    assert limits.networks("fe80::1%eth0") == limits.networks("fe80::2")
    assert limits.networks("::ffff:198.51.100.7") == limits.networks("198.51.100.7") == [(FROM, 1)]
    assert limits.networks("") == limits.networks("unix") == [("", 1)]


@pytest.mark.parametrize(
    ("addresses", "allowed"),
    [
        ([f"2001:db8::{n:x}" for n in range(1, 9)], 2),
        ([f"2001:db8:0:{n:x}::1" for n in range(1, 9)], 6),
        ([f"2001:db8:0:{n * 256:x}::1" for n in range(1, 23)], 20),
        ([f"2001:db8:{n:x}::1" for n in range(1, 9)], 8),
    ],
    ids=["/64", "/56", "/48", "others"],
)
def test_whoever_has_many_networks_has_a_few_times_the_limit(
    services, monkeypatch, app, addresses, allowed
):
    monkeypatch.setattr(limits, "SIGN_INS_BY_NETWORK", limits.RateLimitItemPerHour(2))
    person = at(app)
    page = person.open("/sign-in/guess")
    statuses = []
    for address in addresses:
        person.client.environ_base["REMOTE_ADDR"] = address
        statuses.append(person.send(page).status)
    assert statuses.count(410) == allowed
    assert set(statuses[allowed:]) <= {429}


SHIPPED = {
    "sign-in links": (60, "/sign-in/guess", {}, 410),
    "letter codes": (60, "/c/riverside/letter", {"code": "AAAA-AAAA-AAAA"}, 422),
    "return codes": (300, "/c/riverside/return", {"code": "AAAA"}, 422),
}


@pytest.mark.parametrize("what", SHIPPED)
def test_the_limits_as_shipped_hold_for_one_connection(services, app, what):
    most, place, typed, usual = SHIPPED[what]
    consultation(services, identity=("open", "email", "letter"))
    person, statuses = at(app), []
    page = person.open(place)
    for n in range(most + 2):
        if what == "letter codes" and n % 5 == 0:  # another browser at a shared device
            person = at(app)
            page = person.open(place)
        statuses.append(person.post(page, **typed).status_code)
    assert statuses == [usual] * most + [429] * 2


def test_the_limits_as_shipped_hold_for_one_mailbox_and_one_browser(services, app):
    consultation(services, identity=("open", "email", "letter"))
    for place in ("/c/riverside/identity/email", "/sign-in", "/c/riverside/updates"):
        statuses = [_ask(at(app, f"198.51.100.{n}"), place) for n in range(7)]
        assert statuses == [303] * 5 + [429] * 2, place
    person = at(app)
    page = person.open("/c/riverside/letter")
    statuses = [person.post(page, code="AAAA-AAAA-AAAA").status_code for _ in range(7)]
    assert statuses == [422] * 5 + [429] * 2


def _ask(person: Resident, place: str) -> int:
    return person.post(person.open(place), email="ann@example.org").status_code


def test_all_processes_count_together_and_a_restart_forgets_nothing(services, app, few, clock):
    consultation(services, identity=("email",))
    asked = [ask_for_code(at(create_app(services)), f"person{n}@example.org") for n in range(4)]
    assert [page.status for page in asked] == [200, 200, 200, 429]
    clock.move(minutes=59)
    assert ask_for_code(at(create_app(services)), "later@example.org").status == 429
    clock.move(minutes=2)
    assert ask_for_code(at(create_app(services)), "later@example.org").status == 200


def test_attempts_at_the_same_moment_are_all_counted(services):
    def note(_n: int) -> bool:
        return attempts.note(services.vault, "one", 5, timedelta(hours=1), services.clock())

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(note, range(24))) == [False] * 19 + [True] * 5


def test_what_was_counted_is_gone_when_its_time_is_over(services, app, few, clock):
    _ask(at(app), "/sign-in")
    assert rows(services, tables.attempt)
    clock.move(minutes=61)
    forget_old_codes(services)
    assert rows(services, tables.attempt) == []


@pytest.mark.parametrize(
    ("proxies", "statuses"), [(0, [200, 200, 200, 429]), (1, [200] * 4), (2, [200, 200, 200, 429])]
)
def test_an_address_that_others_tell_is_believed_from_our_proxies_only(
    services, few, proxies, statuses
):
    """The person writes the first address as they like, their own network the second one."""
    consultation(services, identity=("email",))
    services.config = replace(services.config, proxies=proxies)
    app = create_app(services)
    told = []
    for n in range(4):
        # With one proxy the last entry is the person; with two the one before it.
        person = at(app, "10.0.0.1", f"192.0.2.{n}, 203.0.113.5, 198.51.100.{n}")
        told.append(ask_for_code(person, f"person{n}@example.org").status)
    assert told == statuses


def test_no_network_address_is_stored_or_logged(services, app, few, caplog):
    consultation(services, identity=("open", "email"))
    with caplog.at_level("DEBUG"):
        for n in range(4):
            ask_for_code(at(app), f"person{n}@example.org")
        person = at(app)
        person.send(person.send(person.open("/c/riverside/q/order"), q__order=["a"]))
        person.open("/c/riverside/nowhere")
    services.catch_up()
    assert FROM not in caplog.text
    held = str([(row.topic, row.state) for row in services.record.read(0, 1_000)])
    for engine in (services.vault.engine, services.views.engine):
        with engine.connect() as connection:
            for schema in inspect(connection).get_schema_names():
                if schema in {"main", "people", "views", "public"}:
                    for table in inspect(connection).get_table_names(schema=schema):
                        query = text(f'SELECT * FROM "{schema}"."{table}"')
                        held += str(connection.execute(query).all())
    assert "person1@example.org" in held
    assert FROM not in held
    assert FROM not in str(vars(app.extensions["limits"].storage))


@pytest.mark.parametrize("value", ["-1", "many", "10"])
def test_a_number_of_proxies_that_cannot_be_is_refused(value):
    with pytest.raises(BadSetting):
        Config.from_environment({"FOLKMOOT_PROXIES": value})
