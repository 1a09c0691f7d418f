"""What every answer tells a browser."""

from dataclasses import replace

import pytest

from consult.web import create_app
from tests.builders import consultation

PAGES = ("/", "/c/riverside", "/none", "/sign-in", "/assets/any/style.css", "/log/checkpoint",
         "/robots.txt", "/c/riverside/picture.png", "/c/riverside/embed", "/organise/")  # fmt: skip
FOR_OTHERS = ("/log/checkpoint", "/c/riverside/picture.png")


@pytest.fixture
def secure(services):
    services.config = replace(services.config, public_url="https://haveyoursay.example.org")
    return create_app(services).test_client()


def test_every_answer_closes_what_the_site_does_not_use(services, secure):
    consultation(services)
    for path in PAGES:
        check(path, secure.get(path).headers)


def check(path, headers):
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    is_for_others = path in FOR_OTHERS
    wanted = "cross-origin" if is_for_others else "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == wanted
    for name in set(headers.keys()):
        assert len(headers.getlist(name)) == 1, name


def test_without_encryption_browsers_are_not_told_to_insist_on_it(client):
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_the_cookie_is_bound_to_this_host_and_to_encryption_where_there_is_one(services, secure):
    consultation(services)
    cookie = secure.get("/c/riverside/q/order", base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("__Host-folkmoot=")
    wanted = {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert wanted <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie


def test_a_form_is_taken_from_a_browser_that_sends_no_referrer(services, secure):
    """As `no-referrer` has it: the token alone says where the form is from."""
    consultation(services)
    https = {"base_url": "https://localhost"}
    page = secure.get("/c/riverside/q/order", **https)
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    data = {"csrf_token": token, "q-order": "a"}
    answer = secure.post("/c/riverside/q/order", data=data, **https)
    assert answer.status_code == 303, answer.text


def test_an_asset_of_another_version_is_shown_and_kept_by_nobody(client):
    page = client.get("/").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    mine = client.get(address)
    assert "immutable" in mine.headers["Cache-Control"]
    version = address.split("/")[2]
    for other in ("0" * len(version), "any", f"{version}0"):
        answer = client.get(address.replace(version, other))
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/favicon.ico").headers["Cache-Control"] == "public, max-age=86400"
