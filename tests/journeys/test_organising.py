"""An organiser sets a consultation up in a browser; every page on the way passes every gate."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from consult.commands.consultations.drafting import consultation_id
from consult.services import Services
from events import Partnership
from tests import builders
from tests.browser.gates import WIDTHS, check_page, screenshot
from tests.conftest import only
from tests.consult.web.organisers import link_for

if TYPE_CHECKING:
    from playwright.sync_api import Page

# One kind of database: what is looked at here is the pages.
pytestmark = [pytest.mark.browser, pytest.mark.slow, only("sqlite")]
TASKS = "/organise/c/spend-park-money/"


class Desk:
    """An organiser's browser; `look` keeps pictures and checks, in both languages."""

    def __init__(self, page: "Page", home: str) -> None:
        self.page = page
        self.home = home

    def go(self, path: str) -> None:
        self.page.goto(f"{self.home}{path}")

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"[name='{name.replace('__', '-')}']", value)

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).click()

    def follow(self, label: str) -> None:
        self.page.locator(f'a:text-is("{label}")').click(timeout=5_000)

    def look(self, name: str) -> None:
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            screenshot(self.page, f"organise-{name}-{width}")
        # Browsers note the status of a page that shows what has to be put right.
        self.page.messages[:] = [said for said in self.page.messages if "of 422" not in said]
        check_page(self.page)

    def look_in_welsh(self, name: str) -> None:
        here = self.page.url
        self.page.goto(here.replace(self.home, f"{self.home}/cy"))
        self.page.set_viewport_size({"width": 375, "height": 900})
        screenshot(self.page, f"organise-{name}-375-cy")
        check_page(self.page)
        self.page.goto(here)


def test_an_organiser_sets_up_a_budget_and_publishes_its_result(
    app: Flask, services: Services, serve: Callable[[Flask], str], open_page: Callable[..., "Page"]
):
    builders.partnership(services, wards=True)
    home = serve(app)
    desk = Desk(open_page(f"{home}{link_for(services)}"), home)
    desk.look("sign-in")
    desk.look_in_welsh("sign-in")
    desk.press("Sign in")
    desk.look("list-empty")
    desk.follow("New consultation")
    desk.look("new")
    desk.press("Save and go on")
    desk.look("new-error")
    desk.fill(title__en="Spend the park money", title__cy="Gwario arian y parc")
    desk.fill(overview__en="There is £60,000 for the park.", overview__cy="Mae £60,000.")
    desk.press("Save and go on")
    assert desk.page.url == f"{home}{TASKS}"
    desk.look("tasks-empty")
    add_budget(desk)
    add_ranking(desk)
    desk.go(TASKS)
    desk.look("tasks-questions")
    desk.go(f"{TASKS}questions/")
    desk.look("questions")
    fix_terms(desk)
    desk.go(f"{TASKS}preview/q1")
    desk.look("preview")
    desk.go(TASKS)
    desk.look("tasks-ready")
    desk.look_in_welsh("tasks-ready")
    run_it(desk, services)


def add_budget(desk: Desk) -> None:
    desk.follow("Add a question")
    desk.look("kind")
    desk.follow("A budget to spend")
    desk.look("question-new")
    desk.look_in_welsh("question-new")
    desk.fill(title__en="What should we pay for?", title__cy="Beth ddylem ni dalu amdano?")
    desk.fill(pot="sixty")
    desk.press("Save and go on")
    desk.look("question-error")
    desk.fill(pot="60,000", picks_max="2")
    desk.press("Save and go on")
    desk.look("projects-empty")
    desk.fill(
        lines__en="Towpath lights; 48,000\nBenches every 200 metres; 12,500\nTrees; 1,000",
        lines__cy="Goleuadau llwybr; 48,000\nMeinciau bob 200 metr; 12,500\nCoed; 1,000",
    )
    desk.press("Add these lines")
    desk.look("projects")
    desk.follow("Add a project")
    desk.look("project-new")
    desk.fill(title__en="New play area", title__cy="Man chwarae newydd", cost="26000.50")
    desk.page.select_option("[name='ward']", "W03")
    desk.press("Save")
    desk.page.get_by_role("link", name="Remove Trees").click()
    desk.look("remove")
    desk.press("Remove")
    desk.go(TASKS)


def add_ranking(desk: Desk) -> None:
    desk.go(f"{TASKS}questions/new/ranking")
    desk.fill(title__en="What matters most?", title__cy="Beth sydd bwysicaf?")
    desk.press("Save and go on")
    desk.fill(lines__en="Quiet\nPlay\nSport", lines__cy="Tawelwch\nChwarae\nChwaraeon")
    desk.press("Add these lines")


def fix_terms(desk: Desk) -> None:
    desk.go(f"{TASKS}terms/")
    desk.look("promises")
    desk.look_in_welsh("promises")
    desk.fill(eligibility__en="Anyone who lives here", eligibility__cy="Unrhyw un")
    desk.fill(decides__en="You do", decides__cy="Chi")
    desk.fill(open_reason__en="It is little", open_reason__cy="Ychydig ydyw")
    desk.press("Save")
    desk.go(f"{TASKS}terms/q1")
    desk.look("rule-budget")
    desk.page.get_by_label("Equal shares", exact=True).check()
    desk.press("Continue")
    desk.look("settings-budget")
    desk.look_in_welsh("settings-budget")
    desk.press("Save")
    desk.look("beacon")
    desk.look_in_welsh("beacon")
    desk.fill(name__en="County lottery, all balls", name__cy="Loteri’r sir, pob pêl")
    desk.press("Save")
    desk.go(f"{TASKS}terms/q2")
    desk.look("rule-ranking")
    desk.page.get_by_label("Points for the first few choices", exact=True).check()
    desk.press("Continue")
    desk.press("Save")


def run_it(desk: Desk, services: Services) -> None:
    desk.follow("Open it")
    desk.look("open")
    desk.press("Open it now")
    desk.look("running")
    desk.look_in_welsh("running")
    desk.follow("Give people more time")
    desk.look("extend")
    desk.press("Give more time")
    desk.look("extend-error")
    desk.go(f"{TASKS}withdraw")
    desk.look("withdraw")
    desk.go(f"{TASKS}close")
    desk.look("close")
    desk.go(f"{TASKS}pause")
    desk.look("pause")
    desk.look_in_welsh("pause")
    desk.fill(reason__en="The leaflet is wrong.", reason__cy="Mae'r daflen yn anghywir.")
    desk.press("Pause it")
    desk.look("paused")
    desk.follow("Let it go on")
    desk.look("resume")
    desk.press("Let it go on")
    home = Partnership.id_for("ashenmoor")
    slug = TASKS.rstrip("/").rpartition("/")[2]
    ended = builders.close_consultation(services, consultation_id(home, slug))
    assert isinstance(services.clock, builders.Clock)
    assert ended.terms is not None
    services.clock.now = ended.terms.closes_at  # and the draw is held at the same time
    desk.go(link_for(services))  # signed out long ago
    desk.press("Sign in")
    desk.go(TASKS)
    desk.look("closed")
    desk.follow("Enter the draw")
    desk.look("draw")
    desk.look_in_welsh("draw")
    desk.fill(numbers="12 45 3 17 50 8", source="The Gazette")
    desk.press("Enter these numbers")
    desk.follow("Count")
    desk.look("count")
    desk.press("Count")
    desk.look("counted")
    desk.follow("Publish the results")
    desk.look("publish")
    desk.press("Publish the results")
    desk.look("published")
    desk.go("/organise/")
    desk.look("list")
    desk.press("Sign out")
    desk.look("signed-out")
