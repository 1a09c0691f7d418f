"""Under which names the site answers, and where its redirects lead."""

import logging
from dataclasses import replace

import pytest

from consult.config import BadSetting, Config
from consult.web import create_app
from tests.builders import consultation

PUBLIC = "https://haveyoursay.example.gov.uk"
OWN = (
    "haveyoursay.example.gov.uk",
    "HaveYourSay.Example.GOV.UK.",
    "haveyoursay.example.gov.uk:443",
)
NEAR = ("localhost", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:5000")
OTHERS = (
    "evil.example",
    "haveyoursay.example.gov.uk.evil.example",
    "evil.example:443",
    "haveyoursay.example.gov.uk@evil.example",
    "haveyoursay.example.gov.uk, evil.example",
    "127.0.0.2",
    "[::2]",
    "[::1",
    "",
    "a" * 4_000,
    "haveyoursay.example.gov.uk/../evil",
)


@pytest.fixture
def site(services):
    """A browser at a site with a public address, behind one proxy."""
    services.config = replace(services.config, public_url=PUBLIC, proxies=1)
    return create_app(services).test_client()


def get(site, path: str, host: str = OWN[0], **headers: str):
    return site.get(path, headers={"Host": host, **headers})


def test_it_answers_under_its_own_name_and_those_of_this_machine(site):
    for host in OWN + NEAR:
        assert get(site, "/", host).status_code == 200, host


@pytest.mark.parametrize("path", ["/", "/c/none", "/log/checkpoint", "/assets/any/style.css", "/x"])
def test_under_any_other_name_nothing_is_answered_but_in_words(site, path):
    for host in OTHERS:
        refused = get(site, path, host)
        assert refused.status_code == 400, host
        assert "This is not the address of this site" in refused.text
        assert f"The site is at {PUBLIC}." in refused.text
        assert "evil" not in refused.text
        assert "Set-Cookie" not in refused.headers


def test_a_name_that_a_proxy_passes_on_is_not_believed(site):
    answer = get(site, "/", **{"X-Forwarded-Host": "evil.example"})
    assert (answer.status_code, "evil" in answer.text) == (200, False)
    assert get(site, "/", "evil.example", **{"X-Forwarded-Host": OWN[0]}).status_code == 400


REDIRECTED = ("/organise/", "/c/riverside/place", "/organise", "/c/riverside/check", "/assist",
              "//evil.example//c", "/cy/organise/", "/c/riverside/organise//")  # fmt: skip


def test_every_redirect_is_a_path_of_this_site(site, services):
    consultation(services)
    places = [get(site, path).headers.get("Location", "") for path in REDIRECTED]
    assert sum(map(bool, places)) >= 6
    assert all(place.startswith("/") for place in places if place)
    assert not [place for place in places if place.startswith(("//", "http", "/\\"))]


def test_the_address_of_every_canonical_page_is_the_public_one_whatever_it_was_asked_by(site):
    page = get(site, "/", "127.0.0.1:8000")
    assert f'rel="canonical" href="{PUBLIC}/"' in page.text


@pytest.mark.parametrize(("proxies", "scheme"), [(0, "http"), (1, "https"), (2, "https")])
def test_the_scheme_is_what_a_trusted_proxy_says_and_nobody_else(services, proxies, scheme):
    services.config = replace(services.config, public_url=PUBLIC, proxies=proxies)
    app = create_app(services)
    seen = []
    app.before_request(lambda: seen.append(__import__("flask").request.scheme))
    said = {"Host": OWN[0], "X-Forwarded-Proto": "http, https"}
    app.test_client().get("/", headers=said)
    assert seen == [scheme]


def test_a_proxy_that_nobody_told_of_is_spoken_of_once_in_the_log(services, caplog):
    client = create_app(services).test_client()
    with caplog.at_level(logging.WARNING):
        client.get("/")
        assert not caplog.messages
        for _ in range(3):
            client.get("/", headers={"X-Forwarded-For": "198.51.100.7"})
    [warning] = caplog.messages
    assert "X-Forwarded-For, and FOLKMOOT_PROXIES is 0" in warning
    assert "198.51.100.7" not in warning


def test_a_proxy_that_was_told_of_is_no_news(site, caplog):
    get(site, "/", **{"X-Forwarded-For": "198.51.100.7"})
    assert not caplog.messages


@pytest.mark.parametrize("came_from", ["cross-site", "same-site"])
def test_no_form_of_another_site_is_taken_and_its_links_are(client, services, came_from):
    consultation(services)
    headers = {"Sec-Fetch-Site": came_from}
    assert client.post("/c/riverside/someone-else", headers=headers).status_code == 400
    assert client.get("/c/riverside", headers=headers).status_code == 200


def test_the_outbox_shows_itself_at_this_machine_only(services):
    services.config = replace(services.config, outbox=True)
    client = create_app(services).test_client()
    assert client.get("/outbox").status_code == 200
    far = {"REMOTE_ADDR": "198.51.100.7"}
    assert client.get("/outbox", environ_overrides=far).status_code == 404
    for name in ("X-Forwarded-For", "X-Real-Ip", "Forwarded"):
        assert client.get("/outbox", headers={name: "for=198.51.100.7"}).status_code == 404


@pytest.mark.parametrize("public", [PUBLIC, "http://192.0.2.7:8000", "http://0.0.0.0:8000"])
def test_the_outbox_is_refused_where_others_can_reach_it(public):
    settings = {"FOLKMOOT_OUTBOX": "yes", "FOLKMOOT_PUBLIC_URL": public}
    with pytest.raises(BadSetting, match="sign-in links too"):
        Config.from_environment(settings)
    assert Config.from_environment({"FOLKMOOT_OUTBOX": "yes"}).outbox
