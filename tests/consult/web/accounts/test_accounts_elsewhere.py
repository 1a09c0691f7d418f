"""Staff sign in with an account elsewhere, at a provider in a process of its own."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask

from consult.commands.accounts.staff import of_partnership
from consult.config import BadSetting, Config
from consult.people import tables
from consult.people.accounts.staff_provider import RoleRule, StaffProvider
from consult.services import Services
from consult.web import create_app
from events import Partnership
from tests import builders
from tests.consult.people.erasable import rows
from tests.consult.web.authenticator import Authenticator
from tests.consult.web.oidc_provider import CLIENT_ID, CLIENT_SECRET, running
from tests.consult.web.organisers import Organiser, sign_in
from tests.consult.web.passkey_pages import confirm, make
from tests.consult.web.residents import Page

HERE = Partnership.id_for("ashenmoor")
INVITED = "ann.larch@example.org"
"""The address of every account at the provider, unless it says otherwise."""
TEAM = RoleRule("groups", "consultation-team", "organiser", "ashenmoor")


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running() as address:
        yield address


def site_of(services: Services, issuer: str, **settings: object) -> Flask:
    builders.partnership(services)
    services.catch_up()
    provider = StaffProvider(issuer, CLIENT_ID, CLIENT_SECRET, "Ashenmoor Council", **settings)
    services.config = replace(
        services.config, public_url="http://localhost", staff_accounts=provider
    )
    return create_app(services)


@pytest.fixture
def site(services: Services, issuer: str) -> Flask:
    return site_of(services, issuer, domains=("example.org",))


def there(leads_to: str, account: str) -> str:
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


def arrive(somebody: Organiser, account: str, start: str = "/staff-account/go") -> Page:
    response = somebody.client.get(start)
    assert response.status_code == 302, response.get_data(as_text=True)
    return somebody.open(there(response.headers["Location"], account))


def invite(services: Services, email: str = INVITED) -> None:
    builders.member(services, email=email, name="Ann Larch", partnership_id=HERE, role="organiser")


def somebody(site: Flask) -> Organiser:
    return Organiser(site.test_client())


def test_who_was_invited_under_an_address_that_the_provider_verified_signs_in(
    site: Flask, services: Services
):
    invite(services)
    ann = somebody(site)
    assert "Sign in with Ashenmoor Council" in ann.open("/sign-in").words
    assert arrive(ann, "verified").heading == "Your consultations"
    assert "Signed in with an account elsewhere." in ann.open("/account/").words


@pytest.mark.parametrize("account", ["ann", "verified-elsewhere", "verified-in-words"])
def test_an_address_that_is_not_verified_or_of_another_domain_signs_nobody_in(
    site: Flask, services: Services, account: str
):
    invite(services)
    invite(services, "ann.larch@example.net")
    page = arrive(somebody(site), account)
    assert page.status == 422
    assert "linked to nobody here" in page.words


def test_a_verified_address_that_nobody_invited_signs_nobody_in(site: Flask, services: Services):
    assert "linked to nobody here" in arrive(somebody(site), "verified").words
    assert rows(services, tables.staff) == []


def test_after_the_first_link_the_account_counts_and_not_its_address(
    site: Flask, services: Services, issuer: str
):
    invite(services)
    arrive(somebody(site), "verified")
    other = site_of(services, issuer)  # which believes no address any more
    assert arrive(somebody(other), "verified").heading == "Your consultations"


def test_who_is_signed_in_links_an_account_with_a_passkey_and_signs_in_with_it(
    services: Services, issuer: str
):
    site = site_of(services, issuer)
    ann = sign_in(site, services)
    device, _page = make(ann, Authenticator("http://localhost"))
    page = ann.press(ann.open("/account/"), "/staff-account/link")
    page = confirm(ann, page, device)
    assert "/staff-account/link/go" in page.links()
    assert "It is linked." in arrive(ann, "ann", "/staff-account/link/go").words
    elsewhere = somebody(site)
    assert arrive(elsewhere, "ann").heading == "Your consultations"
    ann.press(ann.open("/account/"), "/staff-account/unlink")
    assert "linked to nobody here" in arrive(somebody(site), "ann").words


def test_an_account_that_is_linked_to_somebody_is_not_linked_to_another(
    services: Services, issuer: str
):
    site = site_of(services, issuer, domains=("example.org",))
    invite(services)
    arrive(somebody(site), "verified")
    bob = sign_in(site, services, email="bob@example.org")
    device, _page = make(bob, Authenticator("http://localhost"))
    confirm(bob, bob.press(bob.open("/account/"), "/staff-account/link"), device)
    page = arrive(bob, "verified", "/staff-account/link/go")
    assert "linked to somebody else here" in page.words


def test_nobody_is_led_to_link_an_account_who_has_not_confirmed_it(services: Services, issuer: str):
    site = site_of(services, issuer)
    ann = sign_in(site, services)
    assert ann.client.get("/staff-account/link/go").headers["Location"] == "/account/"
    page = ann.press(ann.open("/account/"), "/staff-account/link")
    assert page.heading == "Confirm that it is you"


@pytest.mark.parametrize(
    "account", ["nobody", "wrong-nonce", "wrong-audience", "wrong-issuer", "wrong-key", "unsigned"]
)
def test_a_false_answer_of_a_provider_signs_nobody_in(
    site: Flask, services: Services, account: str
):
    invite(services)
    page = arrive(somebody(site), account)
    assert page.status == 422
    assert "You were not signed in" in page.words


def test_an_answer_for_another_browser_signs_nobody_in(site: Flask, services: Services):
    invite(services)
    attacker = somebody(site)
    answer = there(attacker.client.get("/staff-account/go").headers["Location"], "verified")
    victim = somebody(site)
    assert victim.open(answer).heading == "Sign in"
    victim.client.get("/staff-account/go")
    assert "You were not signed in" in victim.open(answer).words


def test_no_role_comes_from_a_claim_without_a_rule(site: Flask, services: Services):
    assert "linked to nobody here" in arrive(somebody(site), "in-the-team").words
    services.catch_up()
    assert of_partnership(services, HERE) == []


def test_a_rule_gives_whoever_has_the_claim_its_role_and_nobody_else(
    services: Services, issuer: str
):
    site = site_of(services, issuer, domains=("example.org",), roles=(TEAM,))
    assert arrive(somebody(site), "in-the-team").heading == "Your consultations"
    assert "linked to nobody here" in arrive(somebody(site), "verified").words
    services.catch_up()
    [one] = of_partnership(services, HERE)
    assert (one.email, one.roles) == ("new.person@example.org", ("organiser",))


def test_nothing_of_the_account_elsewhere_is_kept_but_a_hash(site: Flask, services: Services):
    invite(services)
    arrive(somebody(site), "verified")
    [row] = rows(services, tables.staff_identity)
    assert "verified" not in str(row)
    assert "127.0.0.1" not in str(row)


def test_without_a_provider_there_is_no_such_way(app: Flask, services: Services):
    for address in ("/staff-account/go", "/staff-account/return", "/staff-account/link/go"):
        assert app.test_client().get(address).status_code == 404


GOOD = {
    "issuer": "https://login.example.org",
    "client_id": "folkmoot",
    "client_secret": "between us",
    "name": "Ashenmoor Council",
}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"issuer": "http://login.example.org"}, "starts with https://"),
        ({"client_secret": ""}, "must not be empty"),
        ({"more": 1}, "unknown field"),
        ({"roles": [{"claim": "a", "value": "b", "role": "king", "partnership": "c"}]}, "king"),
        ({"domains": "example.org"}, "Expected `array`"),
    ],
)
def test_a_file_that_cannot_be_used_stops_the_start_with_the_reason(
    tmp_path: Path, change: dict, says: str
):
    path = tmp_path / "staff.json"
    settings = {"FOLKMOOT_STAFF_ACCOUNTS": str(path)}
    with pytest.raises(BadSetting, match="No such file"):
        Config.from_environment(settings)
    path.write_text(json.dumps(GOOD))
    provider = Config.from_environment(settings).staff_accounts
    assert provider is not None
    assert provider.name == "Ashenmoor Council"
    path.write_text(json.dumps(GOOD | change))
    with pytest.raises(BadSetting, match=says) as told:
        Config.from_environment(settings)
    assert "between us" not in str(told.value)
