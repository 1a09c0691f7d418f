"""An organiser writes every newer kind of question in a browser; each page passes every gate."""

import pytest

from consult.commands.answers.attaching import attach_file
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.results.counting import publish_results
from tests.attached import pdf
from tests.browser.gates import WIDTHS, check_page, screenshot
from tests.builders import ORGANISER, RANKING, RESIDENT, close_consultation, consultation, draft
from tests.consult.web.organisers import link_for
from tests.routed import BUS_STORED, ROUTED

pytestmark = [pytest.mark.browser, pytest.mark.slow]
KINDS = ("single", "number", "date", "matrix", "area", "file")


def look(page, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        screenshot(page, f"organise-kinds-{name}-{width}")
    page.messages[:] = [said for said in page.messages if "of 422" not in said]
    check_page(page)


@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_the_forms_of_the_newer_kinds_pass_every_gate(site, open_page, language):
    draft(site.services, *ROUTED, wards=True)
    site.services.catch_up()
    page = open_page(f"{site.address}{link_for(site.services)}")
    page.locator("form button").last.click()
    here, tag = f"{site.address}{language}/organise/c/riverside", language.strip("/") or "en"
    for kind in KINDS:
        page.goto(f"{here}/questions/new/{kind}")
        if kind in {"single", "file"}:
            for one in page.locator("main details").all():
                one.locator("summary").click()
        look(page, f"new-{kind}-{tag}")
        page.locator('form[id="form"] button.govuk-button').last.click()
        page.locator(".govuk-error-summary").wait_for()
        look(page, f"wrong-{kind}-{tag}")
    for path, name in (
        ("questions/uses", "facts"),
        ("questions/park", "condition"),
        ("questions/", "list"),
        ("preview/park", "preview"),
        ("preview/plan", "preview-file"),
        ("", "tasks"),
    ):
        page.goto(f"{here}/{path}")
        look(page, f"{name}-{tag}")


def by_car(number: int) -> dict[str, str]:
    return {"visit": "c", "park": f"{number}.5"} if number else {}


@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_files_and_results_pass_every_gate(site, open_page, language):
    opened = consultation(site.services, *ROUTED, RANKING, wards=True)
    for number in range(7):
        file = attach_file(
            site.services,
            opened.id,
            ROUTED[6],
            draft_secret=f"secret {number}",
            name=f"plan {number}.pdf",
            content=pdf("plan"),
        )
        submit_answers(
            site.services,
            consultation_id=opened.id,
            voter=f"resident/{number}",
            sheet=Sheet(
                BUS_STORED | {"order": ["a"]} | by_car(number),
                texts={"uses": "Kites"},
                files={"plan": file.commitment},
            ),
            actor=RESIDENT,
            command_id=f"key-{number}",
        )
    page = open_page(f"{site.address}{link_for(site.services)}")
    page.locator("form button").last.click()
    tag = language.strip("/") or "en"
    page.goto(f"{site.address}{language}/organise/c/riverside/written/plan")
    look(page, f"files-{tag}")
    room = f"{site.address}{language}/organise/c/riverside/written"
    for path, name in (("/", "room"), ("/uses", "words"), ("/uses?day=never&q=kites", "no-day")):
        page.goto(f"{room}{path}")
        look(page, f"{name}-{tag}")
    close_consultation(site.services, opened.id, actor=ORGANISER)
    publish_results(site.services, opened.id, actor=ORGANISER)
    site.services.catch_up()
    page.goto(f"{site.address}{language}/c/riverside/results")
    look(page, f"results-{tag}")
    page.goto(f"{site.address}{language}/organise/c/riverside/export/")
    look(page, f"export-{tag}")


@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_the_rooms_of_scrutiny_pass_every_gate(site, open_page, language):
    opened = consultation(site.services, RANKING, wards=True)
    close_consultation(site.services, opened.id, actor=ORGANISER)
    site.services.catch_up()
    for role in ("auditor", "administrator"):
        link = link_for(site.services, role=role, email=f"{role}@example.org")
        page = open_page(f"{site.address}{link}")
        page.locator("form button").last.click()
        for path, name in (("/", "scrutiny"), ("/riverside/", "case")):
            page.goto(f"{site.address}{language}/scrutiny{path}")
            look(page, f"{name}-{role}-{language.strip('/') or 'en'}")
