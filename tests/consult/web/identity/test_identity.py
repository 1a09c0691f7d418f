"""Showing who you are: the choice of ways, and the journey that waits for it."""

import re
from dataclasses import replace

import pytest

from consult.commands.answers.submitting import Sheet, submit_answers
from consult.commands.answers.submitting_refusals import LevelNotAccepted
from consult.commands.results.counting import publish_results
from consult.people import tables
from consult.people.mailboxes import outbox
from consult.people.proving import email_codes
from tests.builders import EVERY_KIND, ORGANISER, RESIDENT, close_consultation, consultation
from tests.consult.people.erasable import rows
from tests.consult.web.residents import Resident, answers_to

EMAIL = "ann.larch@example.org"


@pytest.fixture(autouse=True)
def mail(services):
    services.config = replace(services.config, outbox=True)


@pytest.fixture
def mailed(services):
    """The code in the mail that was sent last."""

    def code() -> str:
        latest = outbox.waiting(services.vault)[0]
        found = re.search(r"\b[0-9]{6}\b", latest.subject)
        assert found, latest
        assert found[0] in latest.text
        return found[0]

    return code


def by_email(services, *questions, **how):
    return consultation(services, *questions, **({"identity": ("email",)} | how))


def show(resident, mailed, services, email: str = EMAIL, start: str = "/c/riverside/identity"):
    """Show who somebody is, by e-mail; returns the page they come to."""
    before = {mail.id for mail in outbox.waiting(services.vault)}
    page = resident.send(resident.open(start), email=email)
    assert page.address.endswith("/identity/email/code"), page.words
    [new] = [mail for mail in outbox.waiting(services.vault) if mail.id not in before]
    shown = resident.send(page, code=re.findall(r"\b[0-9]{6}\b", new.subject)[0])
    if shown.address.endswith("/identity/answered"):
        [change] = [each for each in shown.links() if "/q/" in each or each.endswith("/check")]
        return resident.open(change)
    return shown


def test_from_the_start_page_to_the_receipt_with_a_code_by_e_mail(
    services, resident, mailed, submissions
):
    by_email(services)
    start = resident.open("/c/riverside")
    assert "We send a code to your e-mail address" in start.words
    assert "/c/riverside/identity" in start.links()
    asked = resident.open("/c/riverside/identity")
    assert asked.address == "/c/riverside/identity/email", "the only way needs no choice"
    assert asked.heading == "Riverside Park What is your e-mail address?"
    sent = resident.send(asked, email=f" {EMAIL} ")
    assert f"We sent it to {EMAIL}" in sent.words
    assert 'autocomplete="one-time-code"' in sent.text
    assert 'inputmode="numeric"' in sent.text
    question = resident.send(sent, code=f"{mailed()[:3]} {mailed()[3:]}")
    assert question.address == "/c/riverside/q/order"
    check = resident.send(question, q__order=["b", "a"])
    assert resident.send(check).address == "/c/riverside/receipt"
    [ballot] = submissions()
    assert (ballot.assurance, ballot.answers) == ("email", {"order": ["b", "a"]})


def test_the_same_mailbox_answers_once_however_it_is_written(
    services, app, resident, mailed, submissions
):
    by_email(services)
    ways = (EMAIL, "Ann.Larch@EXAMPLE.org", "ann.larch+again@example.org")
    for place, email in enumerate(ways):
        person = Resident(app.test_client())
        question = show(person, mailed, services, email)
        person.send(person.send(question, q__order=["abc"[place]]))
    first, *later = submissions()
    assert [ballot.pseudonym for ballot in later] == [first.pseudonym] * 2
    assert later[-1].answers == {"order": ["c"]}


@pytest.mark.parametrize(("rule", "people"), [(2, 1), (1, 2)])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_dots_of_google_make_nobody_twice_but_where_it_began_under_the_older_rule(
    services, app, mailed, submissions, monkeypatch, rule, people
):
    monkeypatch.setattr("consult.commands.consultations.drafting.MAILBOX_RULE", rule)
    by_email(services)
    for address in ("ann.larch@gmail.com", "annlarch@googlemail.com"):
        person = Resident(app.test_client())
        show(person, mailed, services, address)
        page = person.send(person.open("/c/riverside/q/order"), q__order=["a"])
        person.send(page)
    assert len({each.pseudonym for each in submissions()}) == people


def test_two_mailboxes_are_two_people_also_at_one_device(services, resident, mailed, submissions):
    by_email(services)
    for email in (EMAIL, "bob@example.org"):
        resident.send(resident.send(show(resident, mailed, services, email), q__order=["a"]))
        resident.send(resident.open("/c/riverside"), "/someone-else")
        assert resident.open("/c/riverside/q/order").address == "/c/riverside/identity/email"
    first, second = submissions()
    assert first.pseudonym != second.pseudonym


def test_who_has_answered_before_sees_the_same_pages(services, app, mailed):
    by_email(services)
    pages = []
    for _ in range(2):
        person = Resident(app.test_client())
        asked = person.send(person.open("/c/riverside/identity"), email=EMAIL)
        pages.append(asked.words)
        person.send(person.send(person.send(asked, code=mailed()), q__order=["a"]))
    assert pages[0] == pages[1]


def test_who_comes_back_is_told_that_their_answers_are_there(services, app, mailed, submissions):
    by_email(services)
    first = Resident(app.test_client())
    first.send(first.send(show(first, mailed, services), q__order=["a", "b"]))
    services.clock.move(minutes=1)
    back = Resident(app.test_client())
    back.send(back.open("/c/riverside/identity"), email=EMAIL)
    told = back.send(back.open("/c/riverside/identity/email/code"), code=mailed())
    assert told.heading == "Riverside Park You have answered already"
    assert "look at them, change them or leave them as they are" in told.words
    assert "Allotments" not in told.text, "what they are stands on no page"
    looked = back.send(told, "/receipt/mine")
    assert "Download the private file" in looked.words
    assert "Take my answers back" in looked.words
    change = [each for each in told.links() if "/q/order" in each]
    back.send(back.send(back.open(change[0]), q__order=["c"]))
    assert [each.answers["order"] for each in submissions()] == [["a", "b"], ["c"]]
    assert len({each.pseudonym for each in submissions()}) == 1


def test_only_who_has_proven_it_is_told(services, app, resident, mailed):
    by_email(services)
    first = Resident(app.test_client())
    first.send(first.send(show(first, mailed, services), q__order=["a"]))
    assert resident.open("/c/riverside/identity/answered").address == "/c/riverside"
    newcomer = show(resident, mailed, services, "bob@example.org")
    assert newcomer.address == "/c/riverside/q/order", "nothing of theirs is there"


def test_a_code_works_once_and_leaves_no_address(services, app, resident, mailed):
    by_email(services)
    asked = resident.send(resident.open("/c/riverside/identity"), email=EMAIL)
    assert [row.email for row in rows(services, tables.email_code)] == [EMAIL]
    assert resident.send(asked, code=mailed()).address == "/c/riverside/q/order"
    assert rows(services, tables.email_code) == []
    again = resident.send(asked, code=mailed())
    assert "This code does not work any more" in again.words


def test_the_cookie_does_not_say_who_it_is(services, app, resident, mailed):
    by_email(services)
    show(resident, mailed, services)
    with resident.client.session_transaction() as session:
        assert "ann" not in str(dict(session))
        [[level, voter, _at]] = session["proven"].values()
    assert level == "email"
    assert re.fullmatch(r"email/[\w-]{22}", voter)


def test_nothing_typed_is_lost_when_the_proof_comes_late(services, app, resident, clock, mailed):
    by_email(services, *EVERY_KIND)
    question = show(resident, mailed, services)
    question = resident.send(question, **answers_to("visit"))
    clock.move(hours=13)
    waiting = resident.send(question, **answers_to("uses"))
    assert waiting.address == "/c/riverside/identity/email"
    page = resident.send(waiting, email=EMAIL)
    page = resident.send(page, code=mailed())
    assert page.address == "/c/riverside/q/views", "back where they were"
    assert "Walk" in resident.open("/c/riverside/check").words


def test_sending_waits_for_the_proof_and_then_comes_back_to_checking(
    services, resident, clock, mailed, submissions
):
    by_email(services)
    check = resident.send(show(resident, mailed, services), q__order=["b"])
    clock.move(hours=13)
    waiting = resident.send(check)
    assert waiting.address == "/c/riverside/identity/email"
    assert submissions() == []
    check = resident.send(resident.send(waiting, email=EMAIL), code=mailed())
    assert check.address == "/c/riverside/check"
    assert resident.send(check).address == "/c/riverside/receipt"
    assert len(submissions()) == 1


def test_the_form_on_one_page_waits_for_the_proof_too(services, resident, mailed, submissions):
    by_email(services)
    assert resident.open("/c/riverside/all").address == "/c/riverside/identity/email"
    page = show(resident, mailed, services, start="/c/riverside/all")
    assert page.address == "/c/riverside/all"
    assert resident.send(page, q__order=["c"]).address == "/c/riverside/receipt"
    assert submissions()[0].assurance == "email"


def test_a_receipt_changes_answers_from_another_device_and_keeps_their_level(
    services, app, resident, mailed, submissions
):
    by_email(services)
    resident.send(resident.send(show(resident, mailed, services), q__order=["a"]))
    elsewhere = Resident(app.test_client())
    question = elsewhere.send(elsewhere.open("/receipt/change"), code=resident.changing_code())
    assert question.address == "/c/riverside/q/order"
    elsewhere.send(elsewhere.send(question, q__order=["b"]))
    first, second = submissions()
    assert (second.pseudonym, second.assurance) == (first.pseudonym, "email")


def test_where_nobody_has_to_show_who_they_are_nothing_changes(services, resident, submissions):
    consultation(services)
    assert "show who you are" not in resident.open("/c/riverside").words.lower()
    resident.send(resident.send(resident.open("/c/riverside/q/order"), q__order=["a"]))
    assert submissions()[0].assurance == "open"
    assert resident.client.get("/c/riverside/identity/email").status_code == 404


def test_where_people_may_show_it_both_ways_are_open_and_told_apart(
    services, app, resident, mailed, submissions
):
    consultation(services, identity=("open", "email"))
    start = resident.open("/c/riverside")
    assert "You do not have to show who you are." in start.words
    assert {"/c/riverside/q/order", "/c/riverside/identity"} <= set(start.links())
    choice = resident.open("/c/riverside/identity")
    assert choice.heading == "Riverside Park How would you like to show who you are?"
    assert {"/c/riverside/identity/email", "/c/riverside/q/order"} <= set(choice.links())
    resident.send(resident.send(resident.open("/c/riverside/q/order"), q__order=["a"]))
    other = Resident(app.test_client())
    page = show(other, mailed, services, start="/c/riverside/identity/email")
    other.send(other.send(page, q__order=["b"]))
    assert [ballot.assurance for ballot in submissions()] == ["open", "email"]


def test_what_only_staff_can_do_is_said_and_not_linked(services, resident):
    consultation(services, identity=("email", "desk"))
    page = resident.open("/c/riverside/identity")
    assert "By telephone or at a desk, our staff see who you are" in page.words
    assert "/c/riverside/identity/desk" not in page.links()


@pytest.mark.parametrize("level", ["open", "letter", "oidc", "no such level"])
def test_a_level_that_the_terms_do_not_accept_is_refused(services, submissions, level):
    opened = by_email(services)
    with pytest.raises(LevelNotAccepted if level != "letter" else Exception):
        submit_answers(
            services,
            consultation_id=opened.id,
            voter="device/one",
            sheet=Sheet({"order": ["a"]}, assurance=level),
            actor=RESIDENT,
            command_id="command-1",
        )
    assert submissions() == []


def test_a_way_that_cannot_work_here_is_not_begun(services, resident):
    by_email(services)
    services.config = replace(services.config, outbox=False)
    page = resident.open("/c/riverside/identity")
    assert page.heading == "Riverside Park How would you like to show who you are?"
    assert "/c/riverside/identity/email" not in page.links()
    assert "How to reach us" in page.words


def test_after_closing_nobody_is_sent_a_code(services, resident, clock):
    by_email(services)
    page = resident.open("/c/riverside/identity")
    clock.move(days=15)
    assert resident.send(page, email=EMAIL).address == "/c/riverside"
    assert outbox.waiting(services.vault) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Enter your e-mail address."),
        ("ann", "“ann” is not an e-mail address."),
        ("ann@example.org\nBcc: bob@example.org", "is not an e-mail address."),
    ],
)
def test_what_is_no_address_is_said_beside_the_field(services, resident, typed, told):
    by_email(services)
    page = resident.send(resident.open("/c/riverside/identity"), email=typed)
    assert page.status == 422
    [(field, message)] = page.summary
    assert field == "email"
    assert told in message
    assert outbox.waiting(services.vault) == []


def test_a_wrong_code_can_be_put_right_five_times_and_not_more(services, resident, mailed):
    by_email(services)
    page = resident.send(resident.open("/c/riverside/identity"), email=EMAIL)
    right = mailed()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    assert "Enter the code" in resident.send(page, code="").words
    assert "not the code we sent" in resident.send(page, code="12345").words
    for _ in range(email_codes.TRIES_MAX - 1):
        refused = resident.send(page, code=wrong)
        assert refused.status == 422
        assert "not the code we sent" in refused.words
    assert "does not work any more" in resident.send(page, code=wrong).words
    assert "does not work any more" in resident.send(page, code=right).words
    assert resident.open("/c/riverside/q/order").address == "/c/riverside/identity/email"


def test_a_code_is_too_old_after_a_quarter_of_an_hour(services, resident, clock, mailed):
    by_email(services)
    page = resident.send(resident.open("/c/riverside/identity"), email=EMAIL)
    clock.move(minutes=15)
    assert "does not work any more" in resident.send(page, code=mailed()).words


def test_a_code_works_only_where_it_was_asked_for(services, app, resident, mailed):
    by_email(services)
    resident.send(resident.open("/c/riverside/identity"), email=EMAIL)
    code = mailed()
    other = Resident(app.test_client())
    page = other.send(other.open("/c/riverside/identity"), email="bob@example.org")
    assert other.send(page, code=code).status == 422


def test_another_code_takes_the_place_of_the_first(services, resident, clock, mailed):
    by_email(services)
    for _ in range(2):
        clock.move(seconds=1)
        page = resident.send(resident.open("/c/riverside/identity"), email=EMAIL)
    assert len(rows(services, tables.email_code)) == 1
    assert resident.send(page, code=mailed()).address == "/c/riverside/q/order"


def test_the_mail_is_in_the_language_of_the_page(services, resident):
    by_email(services)
    page = resident.open("/cy/c/riverside/identity")
    assert page.address == "/cy/c/riverside/identity/email" or page.address.endswith("/email")
    resident.send(page, email=EMAIL)
    [mail] = outbox.waiting(services.vault)
    assert "yw eich cod" in mail.subject
    assert "Riverside Park (cy)" in mail.subject
    assert mail.headers["Content-Language"] == "cy"


def test_results_say_how_many_showed_who_they_are_in_which_way(services, resident):
    opened = consultation(services, identity=("open", "email"))
    for level, number in (("open", 6), ("email", 8)):
        for person in range(number):
            submit_answers(
                services,
                consultation_id=opened.id,
                voter=f"{level}/{person}",
                sheet=Sheet({"order": ["a"]}, assurance=level),
                actor=RESIDENT,
                command_id=f"command-{level}-{person}",
            )
    close_consultation(services, opened.id, actor=ORGANISER)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    page = resident.open("/c/riverside/results").words
    _before, shown = page.split("How people showed who they are", 1)
    assert "A code sent by e-mail 8 (57%)" in shown
    assert "No proof asked for 6 (43%)" in shown
