"""Showing who you are with an account elsewhere, at a provider in a process of its own."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from consult.config import BadSetting, Config
from consult.people import tables
from consult.web import create_app
from tests.builders import consultation
from tests.consult.other_servers import leads, says, server
from tests.consult.people.erasable import rows
from tests.consult.web.oidc_provider import CLIENT_ID, CLIENT_SECRET, running
from tests.consult.web.residents import Page, Resident


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running() as address:
        yield address


@pytest.fixture
def site(services, issuer):
    """The application with a provider in its settings."""
    services.config = replace(
        services.config,
        public_url="http://localhost",
        oidc_issuer=issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_name="Ashenmoor account",
    )
    return create_app(services)


def begin(person: Resident, start: str = "/c/riverside/identity") -> str:
    """Press the button; returns where it leads."""
    page = person.open(start)
    [go] = [link for link in page.links() if "/oidc/go" in link]
    response = person.client.get(go)
    assert response.status_code == 302, response.get_data(as_text=True)
    return response.headers["Location"]


def sign_in(leads_to: str, account: str) -> str:
    """Sign in at the provider; returns where it leads back to."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(leads_to).query).items()}
    answer = requests.post(
        leads_to.partition("?")[0],
        {**asked, "account": account},
        allow_redirects=False,
        timeout=30,
    )
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].removeprefix("http://localhost")


def show(person: Resident, account: str, start: str = "/c/riverside/identity") -> Page:
    return person.open(sign_in(begin(person, start), account))


def test_an_account_elsewhere_is_one_person_and_nothing_of_it_is_kept(services, site, submissions):
    consultation(services, identity=("oidc",))
    for account, order, is_back in (("ann", "a", False), ("ann", "b", True), ("bob", "c", False)):
        person = Resident(site.test_client())
        question = show(person, account)
        if is_back:
            assert question.address == "/c/riverside/identity/answered"
            question = person.open("/c/riverside/q/order")
        assert question.address == "/c/riverside/q/order"
        person.send(person.send(question, q__order=[order]))
        with person.client.session_transaction() as session:
            assert "Larch" not in str(dict(session))
            assert "oidc" not in session
            assert not [name for name in session if name.startswith("_state")]
    first, second, other = submissions()
    assert first.assurance == "oidc"
    assert second.pseudonym == first.pseudonym != other.pseudonym
    held = str([rows(services, table) for table in tables.metadata.sorted_tables])
    assert "Larch" not in held
    assert "larch" not in held


def test_the_page_before_says_where_it_leads_and_what_we_learn(services, site):
    consultation(services, identity=("oidc",))
    page = Resident(site.test_client()).open("/c/riverside/identity")
    assert page.heading == "Riverside Park Sign in with Ashenmoor account"
    assert "not your name, and not your address" in page.words
    assert page.faults == []


def test_the_provider_is_asked_for_nothing_but_who_it_is(services, site, issuer):
    consultation(services, identity=("oidc",))
    leads_to = begin(Resident(site.test_client()))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(leads_to).query).items()}
    assert leads_to.startswith(f"{issuer}/authorize?")
    assert asked["scope"] == "openid"
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://localhost/identity/return"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 20
    assert "riverside" not in leads_to
    again = begin(Resident(site.test_client()))
    assert not {asked["state"], asked["nonce"]} & {
        value for values in parse_qs(urlsplit(again).query).values() for value in values
    }


LIES = (
    "wrong-nonce",
    "without-nonce",
    "wrong-audience",
    "without-aud",
    "wrong-issuer",
    "too-old",
    "too-long",
    "no-subject",
    "without-sub",
    "number",
    "wrong-key",
    "unsigned",
    "nobody",
)


@pytest.mark.parametrize("account", LIES)
def test_an_answer_that_does_not_hold_proves_nothing(services, site, account):
    consultation(services, identity=("oidc",))
    person = Resident(site.test_client())
    page = show(person, account)
    assert page.status == 422
    assert "You were not signed in" in page.words
    assert person.open("/c/riverside/q/order").address == "/c/riverside/identity/oidc"


def test_an_answer_to_somebody_elses_sign_in_is_not_taken(services, site):
    consultation(services, identity=("oidc",))
    attacker, victim = Resident(site.test_client()), Resident(site.test_client())
    theirs = sign_in(begin(attacker), "attacker")
    assert victim.open(theirs).address == "/", "it has begun nothing"
    begin(victim)
    assert victim.open(theirs).status == 422
    with victim.client.session_transaction() as session:
        assert "proven" not in session


def test_an_answer_is_taken_once(services, site):
    consultation(services, identity=("oidc",))
    person = Resident(site.test_client())
    answer = sign_in(begin(person), "ann")
    assert person.open(answer).address == "/c/riverside/q/order"
    assert person.open(answer).address == "/"
    begin(person, "/c/riverside/identity/oidc")
    assert person.open(answer).status == 422


def test_trying_again_and_again_does_not_fill_the_cookie(services, site):
    consultation(services, identity=("oidc",))
    person = Resident(site.test_client())
    for _ in range(20):
        begin(person)
    cookie = person.client.get_cookie("folkmoot")
    assert len(cookie.value) < 1_500


def test_people_come_back_to_where_they_were_in_their_language(services, site):
    consultation(services, identity=("oidc",))
    person = Resident(site.test_client())
    page = show(person, "ann", "/cy/c/riverside/all")
    assert re.search('<html lang="cy"', page.text)
    assert page.heading.endswith("Riverside Park (cy)")
    assert person.client.get("/c/riverside/all").status_code == 200


def test_a_provider_that_is_away_is_said_and_found_again(services, site, issuer):
    consultation(services, identity=("oidc", "email"))
    services.config = replace(services.config, oidc_issuer="http://127.0.0.1:9")
    person = Resident(create_app(services).test_client())
    page = person.open("/c/riverside/identity/oidc/go")
    assert page.status == 503
    assert "Ashenmoor account does not answer" in page.words
    assert "/c/riverside/identity" in page.links(), "there is another way"
    services.config = replace(services.config, oidc_issuer=issuer)
    assert person.client.get("/c/riverside/identity/oidc/go").status_code == 302


def test_a_provider_that_calls_itself_something_else_is_not_trusted(services, site, issuer):
    consultation(services, identity=("oidc",))
    services.config = replace(services.config, oidc_issuer=f"{issuer}/")
    person = Resident(create_app(services).test_client())
    assert person.open("/c/riverside/identity/oidc/go").status == 503


def metadata(address: str, issuer: str, **named: str) -> str:
    """What a provider at `address` says of itself, which leads to the one at `issuer`."""
    places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
    endpoints = {name: f"{issuer}/{place}" for name, place in places.items()}
    return json.dumps({"issuer": address, **endpoints, **named})


@pytest.mark.parametrize("named", ["token_endpoint", "jwks_uri"])
def test_a_provider_on_the_local_network_leads_us_to_no_other_private_address(
    services, app, issuer, named
):
    """The host in the settings may be private; what its metadata names beside it may not."""
    consultation(services, identity=("oidc",))
    elsewhere = issuer.replace("127.0.0.1", "localhost")

    def act(handler):
        about = metadata(
            f"http://{handler.headers['Host']}", issuer, **{named: f"{elsewhere}/{named}"}
        )
        says(about.encode(), **{"Content-Type": "application/json"})(handler)

    with server(act) as address:
        services.config = replace(
            services.config,
            public_url="http://localhost",
            oidc_issuer=address,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=CLIENT_SECRET,
        )
        person = Resident(create_app(services).test_client())
        page = person.open(sign_in(begin(person), "ann"))
    assert page.status == 422
    assert "You were not signed in" in page.words
    assert f"/{named}" not in requests.get(f"{issuer}/asked", timeout=30).text


@pytest.mark.parametrize("act", [leads("http://169.254.169.254/"), says(b"x" * 2_000_000)])
def test_a_provider_that_leads_away_or_never_ends_is_away(services, app, act):
    consultation(services, identity=("oidc",))
    with server(act) as address:
        services.config = replace(
            services.config, oidc_issuer=address, oidc_client_id="a", oidc_client_secret="b"
        )
        person = Resident(create_app(services).test_client())
        assert person.open("/c/riverside/identity/oidc/go").status == 503


def test_without_a_provider_the_way_is_not_offered(services, app):
    consultation(services, identity=("oidc", "email"))
    page = Resident(app.test_client()).open("/c/riverside/identity")
    assert "/c/riverside/identity/oidc" not in page.links()


def test_what_the_provider_saw_names_no_consultation(services, site, issuer):
    consultation(services, identity=("oidc",))
    show(Resident(site.test_client()), "ann")
    assert "riverside" not in requests.get(f"{issuer}/seen", timeout=30).text.lower()


GOOD = {
    "FOLKMOOT_OIDC_ISSUER": "https://login.example.org",
    "FOLKMOOT_OIDC_CLIENT_ID": "folkmoot",
    "FOLKMOOT_OIDC_CLIENT_SECRET": "between us",
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"FOLKMOOT_OIDC_ISSUER": "http://login.example.org"},
        {"FOLKMOOT_OIDC_ISSUER": "login.example.org"},
        {"FOLKMOOT_OIDC_CLIENT_ID": ""},
        {"FOLKMOOT_OIDC_CLIENT_SECRET": ""},
    ],
)
def test_settings_that_cannot_work_are_refused(wrong):
    assert Config.from_environment(GOOD).oidc_issuer
    assert Config.from_environment(GOOD | {"FOLKMOOT_OIDC_ISSUER": "http://127.0.0.1:9"})
    with pytest.raises(BadSetting):
        Config.from_environment(GOOD | wrong)
