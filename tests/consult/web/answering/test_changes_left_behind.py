"""A change that was begun in a browser keeps nobody from answering there, and alters no other's."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from consult.commands.consultations.opening import close_consultation
from consult.people.mailboxes import outbox
from tests.builders import EVERY_KIND, ORGANISER, consultation
from tests.consult.web.residents import ANSWERS, Resident

BANNER = "You are changing answers you sent before."
RECORDED = "Thank you. Your answers are recorded."

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sent(person, **more):
    page = person.send(person.open("/c/riverside/all"), **ANSWERS | more)
    assert RECORDED in page.words
    return person.changing_code()


def begun(person, code):
    page = person.send(person.open("/receipt/change"), code=code)
    assert BANNER in page.words
    return page


def show_by_email(services, person, address):
    services.clock.now += timedelta(seconds=1)  # so that one mail is the newest
    page = person.send(person.open("/c/riverside/identity/email"), email=address)
    mail, *_ = outbox.waiting(services.vault)
    return person.send(page, code=re.findall(r"\b[0-9]{6}\b", mail.subject)[0])


def test_who_proves_who_they_are_answers_for_themselves_after_somebody_elses_change(
    services, resident, somebody_else, submissions
):
    services.config = replace(services.config, outbox=True)
    consultation(services, *EVERY_KIND, identity=("open", "email"))
    code = sent(resident)
    typed = somebody_else.send(begun(somebody_else, code), q__visit="d")
    assert BANNER in typed.words
    show_by_email(services, somebody_else, "ben@example.org")
    everything = somebody_else.open("/c/riverside/all")
    assert BANNER not in everything.words
    assert "Keep the trees" not in everything.text
    assert 'value="d" checked' not in everything.text
    page = somebody_else.send(everything, **ANSWERS | {"q__visit": "n"})
    assert RECORDED in page.words
    first, second = submissions()
    assert first.pseudonym != second.pseudonym
    assert second.assurance == "email"


def test_who_proves_who_they_are_is_not_taken_for_who_sent_from_there_before(services, resident):
    services.config = replace(services.config, outbox=True)
    consultation(services, *EVERY_KIND, identity=("email",))
    show_by_email(services, resident, "ann@example.org")
    code = sent(resident)
    assert code in resident.open("/c/riverside/receipt").words
    show_by_email(services, resident, "ann@example.org")
    assert code in resident.open("/c/riverside/receipt").words, "it is theirs"
    show_by_email(services, resident, "ben@example.org")
    assert code not in resident.open("/c/riverside/receipt").text
    assert "Keep the trees" not in resident.open("/c/riverside/all").text


def test_whose_own_answers_are_changed_keeps_what_they_typed_when_they_prove_who_they_are(
    services, resident, somebody_else, submissions
):
    services.config = replace(services.config, outbox=True)
    consultation(services, *EVERY_KIND, identity=("open", "email"))
    show_by_email(services, resident, "ann@example.org")
    code = sent(resident)
    somebody_else.send(begun(somebody_else, code), q__visit="d")
    show_by_email(services, somebody_else, "ann@example.org")
    somebody_else.send(somebody_else.open("/c/riverside/all"))
    first, second = submissions()
    assert (second.pseudonym, second.answers["visit"]) == (first.pseudonym, "d")


def test_a_code_that_was_replaced_elsewhere_keeps_nobody_from_answering(
    app, services, resident, somebody_else, submissions
):
    consultation(services, *EVERY_KIND)
    code = sent(resident)
    begun(somebody_else, code)
    third = Resident(app.test_client())
    begun(third, code)
    drawn = third.open("/c/riverside/all")
    somebody_else.send(somebody_else.open("/c/riverside/all"), q__visit="d")
    asked = third.send(drawn, q__visit="n")
    assert "Enter that one: the earlier code changes nothing any more." in asked.words
    assert asked.heading == "Change my answers"
    later = third.open("/c/riverside/all")
    assert BANNER not in later.words
    assert RECORDED in third.send(later, **ANSWERS).words
    assert len(submissions()) == 3


def test_a_change_that_ended_elsewhere_is_forgotten_when_the_next_page_is_drawn(
    app, services, resident, somebody_else
):
    consultation(services, *EVERY_KIND)
    code = sent(resident)
    third = Resident(app.test_client())
    begun(third, code)
    begun(somebody_else, code)
    somebody_else.send(somebody_else.open("/c/riverside/all"), q__visit="d")
    page = third.open("/c/riverside/all")
    assert BANNER not in page.words
    assert RECORDED in third.send(page, **ANSWERS).words


def test_the_first_browser_no_longer_promises_what_a_replaced_code_does(
    services, resident, somebody_else
):
    consultation(services, *EVERY_KIND)
    code = sent(resident)
    assert code in resident.open("/c/riverside/receipt").words
    begun(somebody_else, code)
    somebody_else.send(somebody_else.open("/c/riverside/all"), q__visit="d")
    services.catch_up()
    assert code not in resident.open("/c/riverside/receipt").words
    assert code not in resident.open("/c/riverside/receipt.txt").text


def test_after_closing_nobody_is_told_that_answers_that_count_were_not_recorded(
    services, resident, somebody_else
):
    about = consultation(services, *EVERY_KIND)
    code = sent(resident)
    sure = somebody_else.send(somebody_else.open("/receipt/mine"), code=code)
    asked = somebody_else.send(sure, "/receipt/withdraw")
    assert asked.heading.endswith("Take your answers back?")
    close_consultation_now(services, about)
    for page in (
        somebody_else.send(asked, "/receipt/withdraw"),
        somebody_else.send(sure, "/receipt/withdraw"),
    ):
        assert page.status == 409
        assert "The ones you sent last count." in page.text
        assert "not recorded" not in page.words


def close_consultation_now(services, about):
    services.clock.now = about.terms.closes_at
    close_consultation(services, about.id, actor=ORGANISER)
    services.catch_up()
