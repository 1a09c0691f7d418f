"""A page is declared once, where its view is; what holds for it follows from there."""

from pathlib import Path

from consult.web import pages
from consult.web.__main__ import table
from tests.conftest import only

ROOT = Path(__file__).parents[3]


def test_the_document_is_that_of_the_declarations():
    document = (ROOT / "docs" / "pages.md").read_text()
    assert document == table(), "python -m consult.web > docs/pages.md"


@only("sqlite")
def test_every_page_of_staff_says_who_it_is_for_and_is_kept_by_nobody(app):
    for rule in app.url_map.iter_rules():
        page = pages.declared(rule.endpoint, app)
        of_staff = (
            "/organise",
            "/assist",
            "/scrutiny",
            "/jobs",
            "/account",
            "/roles",
            "/approvals",
            "/this-site",
        )
        if rule.rule.startswith(of_staff):
            assert page.who is not None, rule
            assert page.keeps == pages.NOBODY, rule
            assert not page.is_listed, rule
        else:
            assert page.who is None, rule


@only("sqlite")
def test_a_page_that_nobody_thought_of_is_private(app):
    assert pages.declared("nothing.of_this_name", app) == pages.Declared()
    assert pages.Declared().keeps == "private, no-cache"
    assert not pages.Declared().is_listed


@only("sqlite")
def test_what_holds_for_a_room_holds_for_the_rooms_in_it_unless_they_say_otherwise(app):
    outer = pages.declared("organise.index", app)
    inner = pages.declared("organise.partnership.members.index", app)
    assert inner.keeps == outer.keeps == "no-store"
    assert "administrator" in inner.who.roles
    assert "organiser" not in inner.who.roles
