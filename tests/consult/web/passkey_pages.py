"""What people and the script of the pages do with passkeys: make one, sign in, confirm an act."""

import json

from tests.consult.web.authenticator import Authenticator
from tests.consult.web.organisers import Organiser
from tests.consult.web.residents import Page, Values, form_values


def options(somebody: Organiser, address: str) -> dict:
    """What the page's script asks for."""
    return json.loads(somebody.client.get(address).data)


def make(
    somebody: Organiser,
    device: Authenticator | None = None,
    name: str = "My telephone",
    by: Authenticator | None = None,
) -> tuple[Authenticator, Page]:
    """Make a passkey as the page and its script do. `by`: confirmed by this one."""
    device = device or Authenticator()
    page = somebody.open("/account/")
    answer = device.create(options(somebody, "/account/passkeys/options"))
    page = somebody.press(page, "/account/passkeys", name=name, passkey=answer)
    if page.heading == "Your recovery code":  # with the first one
        page = somebody.open("/account/")
    return device, confirm(somebody, page, by) if by else page


def use(browser: Organiser, device: Authenticator, answer: str = "") -> Page:
    """Sign in with a passkey as the page and its script do."""
    page = browser.open("/sign-in")
    answer = answer or device.get(options(browser, "/passkeys/sign-in/options"))
    return browser.press(page, "/passkeys/sign-in", passkey=answer)


def confirm_form(page: Page) -> tuple[str, Values]:
    """Address and values of the form that confirms an act."""
    form = next(each for each in page.tree.iter("form") if each.get("id") == "confirm")
    return form.get("action"), form_values(form)


def confirm(somebody: Organiser, page: Page, device: Authenticator, answer: str = "") -> Page:
    """Confirm an act as the page and its script do."""
    assert page.heading == "Confirm that it is you", page.words
    address, values = confirm_form(page)
    answer = answer or device.get(options(somebody, place_of(page)))
    values["confirm-answer"] = answer
    return Page(somebody.client.post(address, data=values, follow_redirects=True))


def place_of(page: Page) -> str:
    """Where the script of a page gets what it asks the browser for."""
    return next(
        form.get("data-options") for form in page.tree.iter("form") if form.get("data-options")
    )
