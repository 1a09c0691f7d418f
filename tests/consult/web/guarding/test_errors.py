"""What goes wrong ends in one plain page."""

import logging
import re

import pytest

from events.errors import Overloaded
from tests.builders import consultation
from tests.consult.web.residents import Page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 418, 429, 500, 501, 503])
@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_each_error_has_a_page_in_both_languages(app, status, prefix):
    from flask import abort

    app.add_url_rule("/broken", view_func=lambda: abort(status))
    page = Page(app.test_client().get(f"{prefix}/broken"))
    assert page.status == status
    assert page.heading
    assert not page.faults
    assert f"{prefix}/" in page.links()


def test_an_unexpected_error_is_logged_in_full_and_shown_with_a_reference(app, caplog):
    app.add_url_rule("/broken", view_func=lambda: 1 // 0)
    with caplog.at_level(logging.ERROR):
        page = Page(app.test_client().get("/broken"))
    assert page.status == 500
    reference = re.search(r"[0-9a-f]{8}", page.words)[0]
    assert "ZeroDivisionError" not in page.text
    [record] = caplog.records
    assert reference in record.getMessage()
    assert record.exc_info[0] is ZeroDivisionError


def test_the_page_is_there_although_the_database_is_not(app, services, caplog, monkeypatch):
    monkeypatch.setattr(services, "views", None)
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert b"Sorry, there is a problem with the service" in answer.data


def test_a_busy_record_keeps_the_answers_and_the_key(services, resident, submissions, monkeypatch):
    consultation(services)
    page = resident.open("/c/riverside/all")

    def busy(*_subjects, **_conditions):
        raise Overloaded

    with monkeypatch.context() as patched:
        patched.setattr(services.record, "save", busy)
        back = resident.send(page, q__order=["b"])
    assert back.status == 503
    assert "Too many people are sending" in back.words
    assert back.form()[1].getlist("q-order") == ["b"]
    assert back.form()[1]["command"] == page.form()[1]["command"]
    assert resident.send(back).heading == "Answers sent"
    assert len(submissions()) == 1


def test_a_get_of_what_only_takes_posts_is_a_page(services, client):
    consultation(services)
    assert client.get("/c/riverside/send").status_code == 405
