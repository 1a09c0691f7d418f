"""Nothing is kept of somebody who has yet to show who they are, where the terms ask for it."""

from dataclasses import replace

import pytest

from consult.people import tables
from tests.attached import pdf
from tests.builders import RANKING, consultation, question
from tests.consult.people.bombs import document
from tests.consult.people.erasable import rows
from tests.consult.web.identity.test_identity import mailed, show
from tests.consult.web.residents import Page, Resident

__all__ = ["mailed"]
PLAN = question("plan", "file", "Your plan", bytes_max=3_000_000)
PDF = pdf("Larch Road")
FORMS = ("/c/riverside/q/plan", "/c/riverside/all", "/c/riverside/q/order")


@pytest.fixture(autouse=True)
def mail(services):
    services.config = replace(services.config, outbox=True)


@pytest.fixture
def asked(services):
    return consultation(services, RANKING, PLAN, identity=("email",))


@pytest.fixture
def stranger(app, asked) -> Resident:
    """Somebody with the token of a real page, who never showed who they are."""
    person = Resident(app.test_client())
    person.token = person.open("/c/riverside/identity/email").form()[1]["csrf_token"]
    return person


def attach(person: Resident, address: str, content: bytes, name: str = "plan.pdf") -> Page:
    page = person.open("/c/riverside/identity/email")
    page.tree.find(".//form[@method='post']").set("action", address)
    return person.attach(page, name, content, **{"q-order": "a", "command": "abcdefghijklmnop"})


@pytest.mark.parametrize("address", FORMS)
def test_a_stranger_leaves_no_file_and_no_draft(services, stranger, address):
    page = attach(stranger, address, PDF)
    assert page.address == "/c/riverside/identity/email"
    assert rows(services, tables.attachment) == rows(services, tables.draft) == []


@pytest.mark.parametrize("address", ["/c/riverside/place", "/c/riverside/q/order/keep"])
def test_a_stranger_leaves_nothing_by_the_side_doors_either(services, stranger, address):
    words = {"csrf_token": stranger.token, "area": "other", "q-order": "a"}
    stranger.client.post(address, data=words)
    assert rows(services, tables.draft) == []


def test_a_large_file_of_a_stranger_is_not_even_read(stranger):
    page = attach(stranger, "/c/riverside/all", pdf(size_bytes=2_500_000))
    assert page.status == 413
    page = attach(stranger, "/c/riverside/q/plan", pdf(size_bytes=2_500_000))
    assert page.address == "/c/riverside/identity/email"


@pytest.mark.parametrize("address", FORMS[:2])
def test_a_proof_that_is_too_old_leaves_no_file_and_loses_no_words(
    services, asked, resident, clock, mailed, address
):
    show(resident, mailed, services)
    clock.move(hours=13)
    page = attach(resident, address, PDF)
    assert page.address == "/c/riverside/identity/email"
    assert rows(services, tables.attachment) == []
    assert len(rows(services, tables.draft)) == (address == "/c/riverside/all")


def test_whoever_has_shown_who_they_are_leaves_a_large_file(services, asked, resident, mailed):
    show(resident, mailed, services)
    attach(resident, "/c/riverside/q/plan", pdf(size_bytes=2_500_000))
    assert [row.name for row in rows(services, tables.attachment)] == ["plan.pdf"]


def test_a_damaged_document_is_refused_in_words_on_the_page(services, resident):
    plan = question("plan", "file", "Your plan")
    consultation(services, plan)
    for content in (document()[:-9], b"PK\x03\x04" + bytes(90)):
        page = resident.attach(resident.open("/c/riverside/q/plan"), "plan.docx", content)
        assert page.status == 422
        [(field, words)] = page.summary
        assert field == "q-plan"
        assert "it is damaged, holds macros, or is of another kind" in words
    assert rows(services, tables.attachment) == []
