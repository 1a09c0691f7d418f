"""An organiser with a browser that runs no scripts: signs in, fills forms in, presses buttons."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.people.accounts.sign_in_links import make_sign_in_token
from consult.services import Services
from events import Partnership
from tests.builders import member
from tests.consult.web.residents import Page, Values, form_values

EMAIL = "ann@example.org"


class Organiser:
    """Somebody who is signed in; `client` holds the session."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, address: str) -> Page:
        return Page(self.client.get(address, follow_redirects=True))

    def fill(self, page: Page, **changes: Any) -> TestResponse:
        """Send the main form of a page with some fields changed; "__" in a name is "-"."""
        address, values = main_form(page)
        for name, value in changes.items():
            field = name.replace("__", "-")
            values.poplist(field)
            if value is not None:
                values.add(field, value)
        return self.client.post(address, data=values)

    def send(self, page: Page, **changes: Any) -> Page:
        """Send the main form and look at the page it leads to."""
        response = self.fill(page, **changes)
        if response.status_code == 303:
            return self.open(response.headers["Location"])
        return Page(response)

    def act_as(self, role: str) -> Page:
        """Choose one of several roles, and look at the page it leads to."""
        page = self.open("/roles/")
        buttons = page.tree.iterfind(".//form[@method='post']")
        for values in map(form_values, buttons):
            if values.get("role") == role:
                return Page(self.client.post("/roles/", data=values, follow_redirects=True))
        return page  # it is the only one, or the one they act in

    def press(self, page: Page, action: str, **values: str) -> Page:
        """Press a button of a small form, found by the end of its address."""
        for form in page.tree.iter("form"):
            address = form.get("action", "")
            if address.endswith(action):
                data = {**form_values(form).to_dict(), **values}
                return Page(self.client.post(address, data=data, follow_redirects=True))
        raise AssertionError(f"no form on {page.address} goes to {action}")


def main_form(page: Page) -> tuple[str, Values]:
    """Address and values of the form with the id "form", as a browser sends it untouched."""
    form = next(each for each in page.tree.iter("form") if each.get("id") == "form")
    return form.get("action") or page.address, form_values(form)


def sign_in(
    app: Flask,
    services: Services,
    slug: str = "ashenmoor",
    role: str = "organiser",
    email: str = EMAIL,
) -> Organiser:
    """Give somebody a role in a partnership, and sign them in by their link."""
    link = link_for(services, slug, role, email)
    organiser = Organiser(app.test_client())
    page = organiser.send(organiser.open(link))
    assert not page.address.startswith("/sign-in/"), page.words
    if page.address == "/roles/":
        organiser.act_as(role)
    return organiser


def link_for(
    services: Services, slug: str = "ashenmoor", role: str = "organiser", email: str = EMAIL
) -> str:
    """The address of a fresh one-time link."""
    staff_id = member(
        services,
        email=email,
        name=f"Ann {role}",
        partnership_id=Partnership.id_for(slug),
        role=role,
    )
    return f"/sign-in/{make_sign_in_token(services.vault, staff_id, services.clock())}"
