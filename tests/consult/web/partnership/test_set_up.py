"""A new site is set up in the browser: its link, its first person, and the steps that follow."""

import contextlib
import io
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from consult.commands import setting_up as commands
from consult.commands.setting_up import NotEmpty, setup_link
from consult.people.accounts.staff import find_by_email
from consult.services import Services
from consult.serving import first_link
from consult.web import create_app
from events import Partnership
from events.theme import FooterLink, Look
from tests import builders
from tests.builders import Clock
from tests.consult.web.organisers import Organiser, main_form
from tests.consult.web.residents import Page, Values

ANN = {"name": "Ann", "email": "ann@example.org"}
ASHENMOOR = {
    "name__en": "Ashenmoor Together",
    "name__cy": "Ashenmoor Gyda’n Gilydd",
    "area__en": "Ashenmoor",
    "area__cy": "Ashenmoor",
    "profile": "wales",
}
ID = Partnership.id_for("ashenmoor-together")
BACK = "govuk-back-link"


class Founder(Organiser):
    """Somebody with a browser who follows the set-up link; forms keep the query of their page."""

    def at(self, address: str, **typed: str) -> Page:
        """Open a form, fill it in, send it to where it is, and look at what comes of it."""
        page = Page(self.client.get(address))
        assert page.status == 200, (address, page.status)
        _address, values = main_form(page)
        fill(values, **typed)
        return Page(self.client.post(address, data=values, follow_redirects=True))


def fill(values: Values, **typed: str) -> None:
    """Type into the fields of a form."""
    for name, value in typed.items():
        values[name.replace("__", "-")] = value


@pytest.fixture
def founder(app: Flask) -> Founder:
    return Founder(app.test_client())


@pytest.fixture
def link(services: Services) -> str:
    return path_of(setup_link(services))


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def test_until_it_is_set_up_the_first_page_says_so_in_both_languages(founder: Founder):
    english, welsh = founder.open("/"), founder.open("/cy/")
    assert (english.status, english.faults, welsh.status, welsh.faults) == (200, [], 200, [])
    assert "This site is being set up. Nothing can be answered here yet" in english.words
    assert "Mae’r safle hwn yn cael ei sefydlu." in welsh.words
    assert "Nothing is open" not in english.words


def test_whoever_has_the_link_makes_the_first_person_and_the_partnership(
    founder: Founder, link: str, services: Services
):
    first = founder.at(link, **ANN)
    assert first.heading == "Step 1 of 5 The partnership"
    second = founder.at("/set-up/", **ASHENMOOR)
    assert "The partnership is there, and you are its administrator." in second.words
    assert "Step 2 of 5" in second.heading
    formed = services.record.get(Partnership, ID)
    assert formed.name == {"en": "Ashenmoor Together", "cy": "Ashenmoor Gyda’n Gilydd"}
    assert (formed.profile, formed.languages) == ("wales", ("en", "cy"))
    assert "Ann" in founder.open("/organise/partnership/ashenmoor-together/members/").words


def test_on_a_site_with_a_partnership_the_pages_do_not_exist(
    app: Flask, services: Services, link: str
):
    builders.partnership(services)
    services.catch_up()
    somebody = app.test_client()
    for address in (link, "/set-up/", "/cy/set-up/", "/set-up/anything"):
        assert somebody.get(address).status_code == 404
        assert somebody.post(address).status_code in {400, 404}
    with pytest.raises(NotEmpty):
        setup_link(services)


def test_a_link_lasts_a_day_and_a_newer_one_takes_its_place(
    founder: Founder, services: Services, link: str, clock: Clock
):
    newer = path_of(setup_link(services))
    refused = founder.open(link)
    assert (refused.status, refused.heading) == (410, "This link does not work here")
    assert founder.open(newer).status == 200
    clock.now += timedelta(hours=24, seconds=1)
    assert founder.open(newer).status == 410
    assert founder.open("/set-up/guessed").status == 410


def test_of_two_browsers_with_one_link_one_wins_and_the_other_is_told(
    app: Flask, founder: Founder, link: str, services: Services
):
    other = Founder(app.test_client())
    late = other.open(link)
    founder.at(link, **ANN)
    _address, values = main_form(late)
    fill(values, name="Eve", email="eve@example.org")
    told = Page(other.client.post(link, data=values))
    assert told.status == 409
    assert "has been used in another browser, and works only there" in told.words
    assert find_by_email(services.vault, "eve@example.org") is None
    assert other.open("/set-up/").heading == "Have your say"
    assert other.open(link).status == 409


def test_of_many_browsers_at_the_same_moment_one_wins(services: Services):
    token = setup_link(services).rpartition("/")[2]
    start, won, lost = Barrier(4), [], []

    def use(browser: str) -> None:
        start.wait()
        try:
            commands.make_first_person(
                services, token, browser, name=browser, email=f"{browser}@example.org"
            )
        except commands.LinkUsedElsewhere:
            lost.append(browser)
        else:
            won.append(browser)

    threads = [Thread(target=use, args=(f"browser{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 3)
    there = [name for name in won + lost if find_by_email(services.vault, f"{name}@example.org")]
    assert there == won


def test_whoever_lost_the_reply_goes_on_with_the_same_link_in_the_same_browser(
    app: Flask, founder: Founder, link: str, services: Services
):
    page = founder.open(link)
    before = founder.client.get_cookie("folkmoot")
    assert before is not None
    _address, values = main_form(page)
    fill(values, **ANN)
    assert founder.client.post(link, data=values).status_code == 303
    again = Founder(app.test_client())
    again.client.set_cookie("folkmoot", before.value)  # the reply with the session never came
    assert again.at(link, **ANN).heading == "Step 1 of 5 The partnership"
    assert again.at("/set-up/", **ASHENMOOR).heading.startswith("Ashenmoor Together: Step 2 of 5")


def test_sending_the_partnership_twice_forms_it_once_and_leads_on(
    founder: Founder, link: str, services: Services
):
    founder.at(link, **ANN)
    page = founder.open("/set-up/")
    _address, values = main_form(page)
    fill(values, **ASHENMOOR)
    assert founder.client.post("/set-up/", data=values).status_code == 303
    head = services.record.head()
    values["name-en"] = "Ashenmoor As One"
    for _again in range(2):
        led = founder.client.post("/set-up/", data=values, follow_redirects=True)
        assert "Step 2 of 5" in Page(led).heading
    assert services.record.head() == head
    assert founder.open(link).heading.startswith("Ashenmoor Together: Step 2 of 5")


def test_whoever_died_after_forming_the_partnership_is_made_its_administrator_by_coming_back(
    founder: Founder, link: str, services: Services, monkeypatch: pytest.MonkeyPatch
):
    founder.at(link, **ANN)

    def dies(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(commands, "add_member", dies)
        with pytest.raises(KeyboardInterrupt):
            founder.at("/set-up/", **ASHENMOOR)
    assert services.record.find(Partnership, ID) is not None
    assert "Step 2 of 5" in founder.open("/set-up/").heading
    assert founder.open("/organise/").status == 200


def test_a_refusal_keeps_what_was_typed_and_says_what_to_do(founder: Founder, link: str):
    refused = founder.at(link, name="Ann", email="ann at example")
    assert refused.status == 422
    assert refused.summary == [
        ("email", "“ann at example” is not an e-mail address. It looks like name@example.org.")
    ]
    assert 'value="Ann"' in refused.text
    founder.at(link, **ANN)
    gaps = founder.at("/set-up/", name__en="Ashenmoor", area__cy="Ashenmoor", profile="wales")
    assert gaps.summary == [
        ("name-cy", "Write this in Cymraeg too."),
        ("area-en", "Write this in English too."),
    ]
    english = founder.at(
        "/set-up/", name__en="A", area__en="A", name__cy="B", language__cy="", profile="wales"
    )
    assert english.summary == [("name-cy", "Tick Cymraeg above, or leave this empty.")]


def test_a_newer_link_stops_the_browser_that_used_an_earlier_one(
    app: Flask, founder: Founder, link: str, services: Services
):
    founder.at(link, **ANN)
    newer = path_of(setup_link(services))
    assert founder.open("/set-up/").heading == "Have your say"
    other = Founder(app.test_client())
    assert other.at(newer, name="Bo", email="bo@example.org").heading.startswith("Step 1")


def test_tries_are_limited(founder: Founder, link: str):
    codes = {founder.client.get("/set-up/guessed").status_code for _try in range(61)}
    assert codes == {410, 429}


def test_every_step_can_be_left_for_later_and_gone_back_to(founder: Founder, link: str):
    founder.at(link, **ANN)
    area = founder.at("/set-up/", **ASHENMOOR)
    assert "Without wards no consultation can ask where people live" in area.words
    facts = founder.open(leads_on(area))
    assert "Step 3 of 5" in facts.heading
    look = founder.open(leads_on(facts))
    assert "Step 4 of 5" in look.heading
    people = founder.open(leads_on(look))
    assert "Step 5 of 5" in people.heading
    for step in (4, 3, 2, 1):
        back = next(each for each in people.tree.iter("a") if each.get("class") == BACK)
        people = founder.open(back.get("href", ""))
        assert f"Step {step} of 5" in people.heading
    assert 'value="Ashenmoor Together"' in people.text


def test_what_is_done_follows_from_what_is_stated(founder: Founder, link: str):
    founder.at(link, **ANN)
    founder.at("/set-up/", **ASHENMOOR)
    steps = "/organise/partnership/ashenmoor-together/set-up/"
    before = founder.open(steps).words
    assert "1. The partnership Complete 2. The area and its wards" in before
    assert before.count("Not yet") == 4
    look = "/organise/partnership/ashenmoor-together/look/?set-up=yes"
    led = founder.at(look, brand="#1d4f91")
    assert "Step 5 of 5" in led.heading
    after = founder.open(steps).words
    assert "4. Colour, short name and logo Complete" in after
    assert after.count("Not yet") == 3


def test_a_restart_of_the_server_stops_nobody(
    founder: Founder, link: str, services: Services, app: Flask
):
    founder.at(link, **ANN)
    cookie = founder.client.get_cookie("folkmoot")
    assert cookie is not None
    assert cookie.expires is not None, "the browser forgets it when it is closed"
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        first_link.tell(services)
    assert "This site is being set up in a browser, which can go on." in told.getvalue()
    later = Founder(create_app(services).test_client())
    later.client.set_cookie("folkmoot", cookie.value)
    assert later.open("/set-up/").heading == "Step 1 of 5 The partnership"
    assert "Go on with setting it up" in later.open("/").words


def test_whoever_is_not_there_yet_is_led_to_the_set_up_from_the_pages_of_staff(
    founder: Founder, link: str
):
    founder.at(link, **ANN)
    assert founder.open("/organise/").heading == "Step 1 of 5 The partnership"


def test_a_look_is_shown_before_it_is_saved(founder: Founder, link: str, services: Services):
    founder.at(link, **ANN)
    founder.at("/set-up/", **ASHENMOOR)
    look = "/organise/partnership/ashenmoor-together/look/"
    shown = founder.at(look, brand="#1D4F91", short_name__en="Moor", preview="yes")
    assert "This page shows what you typed. Nothing is saved yet." in shown.words
    assert "/1d4f91/style.css" in shown.text
    assert "Moor" in shown.title
    assert services.record.get(Partnership, ID).look == Look()
    pale = founder.at(look, brand="#ffff00", preview="yes")
    assert (pale.status, pale.summary[0][0]) == (422, "form")
    assert "reaches a contrast of 1.0 to 1 on white" in pale.words
    links = "Contact; Cysylltu; https://example.org/contact"
    founder.at(look, brand="#1d4f91", links=links)
    saved = services.record.get(Partnership, ID).look
    assert saved.links == (
        FooterLink({"en": "Contact", "cy": "Cysylltu"}, "https://example.org/contact"),
    )
    wrong = founder.at(look, links="Contact; https://example.org")
    assert wrong.summary == [("links", "Line 1: it needs 3 parts with semicolons between them.")]


def leads_on(page: Page) -> str:
    """Where a step leads that is left for later."""
    links = [each for each in page.tree.iter("a") if each.text == "Leave this for later"]
    return links[0].get("href", "")
