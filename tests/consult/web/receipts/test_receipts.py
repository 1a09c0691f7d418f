"""Receipts: sending, checking, changing and taking back, also from another device."""

import re

import pytest

from consult.web.receipts.receipts import check_address, drawn
from events import Ballot
from tests.builders import ORGANISER, close_consultation, consultation, question


@pytest.fixture
def opened(services):
    return consultation(services)


def send(resident, *order):
    resident.send(resident.open("/c/riverside/all"), q__order=list(order))
    return resident.receipt_code()


def check(resident, code):
    return resident.send(resident.open("/receipt"), code=code)


def test_the_page_after_sending_gives_a_receipt_to_keep(opened, resident, submissions, services):
    code = send(resident, "a", "b")
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)
    assert submissions()[0].receipt == services.vault.receipt_hash(code)
    page = resident.open("/c/riverside/receipt")
    assert page.heading == "Answers sent"
    assert "16 November 2026, 9am: we close" in page.words
    assert "<svg role" in page.text
    assert not page.faults
    file = resident.client.get("/c/riverside/receipt.txt")
    assert file.mimetype == "text/plain"
    assert code in file.text
    assert resident.changing_code() in file.text
    assert "Allotments" not in file.text


def test_the_picture_and_addresses_hold_the_checking_code_alone(opened, resident):
    code = send(resident, "a")
    page, changing = resident.open("/c/riverside/receipt"), resident.changing_code()
    assert changing != code
    with resident.client.application.test_request_context("/"):
        assert str(drawn(check_address(code))) in page.text
    assert page.text.count(changing) == 1, "in words, once"
    assert not [link for link in page.links() if changing in link]


def test_the_changing_code_is_shown_for_half_an_hour_and_never_again(opened, resident, clock):
    send(resident, "a")
    changing = resident.changing_code()
    clock.move(minutes=29)
    assert changing in resident.open("/c/riverside/receipt").text
    clock.move(minutes=2)
    for address in ("/c/riverside/receipt", "/c/riverside/receipt.txt"):
        assert changing not in resident.client.get(address).text, address
    page = resident.open("/c/riverside/receipt")
    assert "Your changing code is not shown again." in page.words
    begun = resident.send(page, "/receipt/change")
    assert begun.address == "/c/riverside/q/order", "at the same device it goes on without"


def test_what_is_sent_again_shows_the_same_codes_to_whoever_sent_it(opened, app, resident):
    """The reply was lost, the button pressed twice, or the page before pressed again."""
    page = resident.open("/c/riverside/all")
    lost = resident.post(page, q__order=["a"])
    assert lost.status_code == 303
    codes = resident.receipt_code(), resident.changing_code()
    for _press in range(2):
        resident.send(page, q__order=["a"])
        assert (resident.receipt_code(), resident.changing_code()) == codes


def test_the_page_says_by_when_the_answers_are_in_the_log_and_if_they_are_late(
    opened, resident, clock
):
    page = resident.open("/c/riverside/all")
    for _press in range(2):  # also to whoever pressed twice
        resident.send(page, q__order=["a"])
        shown = resident.open("/c/riverside/receipt")
        assert "will be in the public log by 2 November 2026, 10:10am." in shown.words
    clock.move(hours=1, minutes=10)
    late = resident.open("/c/riverside/receipt")
    assert "should have been in the public log by 2 November 2026, 10:10am" in late.words
    assert "/log-health" in late.links()


def test_a_code_typed_in_the_wrong_place_is_told_what_it_is(opened, resident, somebody_else):
    code = send(resident, "a")
    changing = resident.changing_code()
    for address in ("/receipt/mine", "/receipt/change"):
        page = somebody_else.send(somebody_else.open(address), code=code)
        assert page.status == 422
        assert "This is your checking code, which changes nothing." in page.words
    page = check(somebody_else, changing)
    assert "They stand." in page.words
    assert changing not in page.text


def test_the_checking_code_gives_power_over_nothing(opened, resident, somebody_else, submissions):
    code = send(resident, "a")
    token = {**somebody_else.open("/receipt").form()[1], "code": code, "command": "0123456789"}
    for path in ("change", "withdraw", "private", "copy", "erase", "mine"):
        answer = somebody_else.client.post(f"/receipt/{path}", data=token)
        assert answer.status_code == 422, path
        assert "Allotments" not in answer.text
    assert len(submissions()) == 1


def test_a_code_of_answers_that_were_replaced_changes_nothing(
    opened, resident, somebody_else, submissions
):
    send(resident, "a")
    first = resident.changing_code()
    send(resident, "b")
    page = somebody_else.send(somebody_else.open("/receipt/change"), code=first)
    assert page.status == 422
    assert "with a changing code of their own" in page.words
    begun = somebody_else.send(page, code=resident.changing_code())
    assert begun.form()[1].getlist("q-order") == ["b"]


def test_without_having_sent_anything_there_is_no_receipt(opened, resident):
    assert resident.open("/c/riverside/receipt").address == "/c/riverside"


def test_a_receipt_is_counted_until_later_answers_replace_it(opened, resident, somebody_else):
    first = send(resident, "a", "b")
    assert "They stand." in check(somebody_else, first).words
    second = send(resident, "b")
    assert "Replaced by later answers." in check(somebody_else, first).words
    assert "They stand." in check(somebody_else, second).words


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_receipt_page_has_one_primary_action_and_forms_with_names(opened, resident):
    send(resident, "a", "b")
    changing = resident.changing_code()
    for page in (resident.open("/c/riverside/receipt"), resident.mine(changing)):
        buttons = [
            each.get("class", "").split()
            for each in page.tree.iter()
            if each.tag in {"a", "button"} and "govuk-button" in each.get("class", "").split()
        ]
        assert len([each for each in buttons if "govuk-button--secondary" not in each]) == 1
        names = [form.get("aria-label") for form in page.tree.find(".//main").iter("form")]
        assert all(names), names
        assert len(set(names)) == len(names) > 2
        shut = [box for box in page.tree.iter("details") if box.get("open") is None]
        folded = sum(1 for box in shut for each in box.iter("form"))
        assert folded >= len(names) - 3, "at most three forms show before anything is opened"


@pytest.mark.parametrize(
    ("promised", "state", "says"),
    [
        ({"ballots_public": False}, "open", "single ballots are not published"),
        ({}, "open", "does not say whose line is whose. Those who run the consultation"),
        ({}, "closed", "does not say whose line is whose. Those who run the consultation"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_proof_gives_away_is_said_truthfully(services, resident, promised, state, says):
    about = consultation(services, **promised)
    code = send(resident, "a", "b")
    if state == "closed":
        close_consultation(services, about.id, actor=ORGANISER)
        services.catch_up()
    for page in (resident.open("/c/riverside/receipt"), check(resident, code)):
        assert says in page.words
        assert "nothing about what they are" not in page.words


def test_which_code_may_be_shown_and_which_is_secret_is_said_beside_each(opened, resident):
    code = send(resident, "a")
    changing = resident.changing_code()
    for address in ("/c/riverside/receipt", "/c/riverside/receipt.txt"):
        said = re.sub(r"<[^>]*>|\s+", " ", resident.client.get(address).text)
        said = " ".join(said.split())
        assert f"Checking code: you may show it {code}" in said, address
        assert f"Changing code: keep it secret {changing}" in said, address


def test_checking_a_receipt_never_shows_the_choice(opened, resident, somebody_else):
    code = send(resident, "a", "b")
    page = check(somebody_else, code)
    for title in ("Allotments", "Buses", "Clinics"):
        assert title not in page.text


@pytest.mark.parametrize("typed", ["{lower}", "{spaced}", " {code} ", "{misread}"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_code_may_be_typed_carelessly(opened, resident, typed):
    code = send(resident, "a")
    written = typed.format(
        code=code,
        lower=code.lower(),
        spaced=code.replace("-", " "),
        misread=code.replace("0", "O").replace("1", "l"),
    )
    assert "They stand." in check(resident, written).words


@pytest.mark.parametrize(
    "typed", ["", "   ", "ABCD", "ZZZZ-ZZZZ-ZZZZ-ZZZZ", "x" * 5000, "\u202e\0"]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("address", ["/receipt", "/receipt/change", "/receipt/mine"])
def test_a_code_that_is_nobodys_is_said_to_be_unknown(opened, resident, address, typed):
    page = resident.send(resident.open(address), code=typed)
    assert page.status == 422
    [(target, _message)] = page.summary
    assert target == "code"


def test_answers_are_changed_from_another_device_with_the_receipt(
    opened, resident, somebody_else, submissions
):
    code = send(resident, "a", "b", "c")
    changing = resident.changing_code()
    begun = somebody_else.send(somebody_else.open("/receipt/change"), code=changing)
    assert begun.address == "/c/riverside/q/order"
    assert "You are changing answers you sent before." in begun.words
    assert begun.form()[1].getlist("q-order") == ["a", "b", "c"], "as they were sent"
    checked = somebody_else.send(begun, q__order=["b", "a", "c"])
    assert "take the place" in checked.words
    sent = somebody_else.send(checked)
    assert "Your new answers take the place of the earlier ones." in sent.words
    first, second = submissions()
    assert first.pseudonym == second.pseudonym
    assert second.answers == {"order": ["b", "a", "c"]}
    assert "Replaced" in check(resident, code).words


def test_a_change_begun_here_ends_with_sending(opened, resident, somebody_else, submissions):
    send(resident, "a")
    somebody_else.send(somebody_else.open("/receipt/change"), code=resident.changing_code())
    somebody_else.send(somebody_else.open("/c/riverside/all"), q__order=["b"])
    # Now at the same device as a person of their own.
    somebody_else.send(somebody_else.open("/c/riverside/all"), q__order=["c"])
    one, changed, own = submissions()
    assert one.pseudonym == changed.pseudonym != own.pseudonym


def test_answers_can_be_taken_back_and_given_again(
    services, opened, resident, somebody_else, submissions
):
    code = send(resident, "a")
    changing = resident.changing_code()
    sure = somebody_else.send(somebody_else.mine(changing), "/receipt/withdraw")
    assert "Take your answers back?" in sure.heading
    assert len(submissions()) == 1
    done = somebody_else.send(sure)
    assert done.heading == "Answers taken back"
    assert isinstance(submissions()[-1], Ballot.Withdrawn)
    assert somebody_else.post(sure).status_code == 303, "a double click takes back once"
    assert len(submissions()) == 2
    assert "Taken back." in check(somebody_else, code).words
    after = somebody_else.mine(changing)
    again = somebody_else.send(after, "/receipt/change")
    somebody_else.send(somebody_else.send(again, q__order=["c"]))
    assert "They stand." in check(resident, somebody_else.receipt_code()).words


def test_after_closing_a_receipt_can_be_checked_and_nothing_else(
    services, opened, resident, submissions
):
    code = send(resident, "a")
    close_consultation(services, opened.id, actor=ORGANISER)
    services.catch_up()
    page = check(resident, code)
    assert "These answers are in the count." in page.words
    assert "Change my answers" not in page.words
    changing = resident.changing_code()
    late = resident.send(resident.open("/receipt/change"), code=changing)
    assert late.status == 409
    sure = resident.client.post(
        "/receipt/withdraw",
        data={**resident.open("/receipt").form()[1], "code": changing, "command": "0123456789"},
    )
    assert sure.status_code == 409
    assert len(submissions()) == 1


def test_a_receipt_belongs_to_its_own_consultation(services, opened, resident):
    consultation(services, question("order", "ranking", "Order", "Xylem", "Yew"), slug="woods")
    code = send(resident, "a")
    resident.send(resident.open("/c/woods/all"), q__order=["y"])
    assert "Riverside Park" in check(resident, code).heading
    assert resident.receipt_code("woods") != code


def test_a_change_sent_again_from_the_back_button_is_no_ballot_of_its_own(
    opened, resident, somebody_else, submissions
):
    send(resident, "a")
    somebody_else.send(somebody_else.open("/receipt/change"), code=resident.changing_code())
    page = somebody_else.open("/c/riverside/all")
    for _press in range(3):
        sent = somebody_else.send(page, q__order=["b"])
        assert "take the place of the earlier ones" in sent.words
    assert [type(fact).__name__ for fact in submissions()] == ["Cast", "Replaced"]


def test_a_receipt_of_another_consultation_changes_nothing_here(
    services, opened, resident, somebody_else, submissions
):
    consultation(services, slug="woods")  # asks the same question
    send(resident, "a")
    page = somebody_else.open("/c/woods/all")
    back = somebody_else.send(page, receipt=resident.changing_code(), q__order=["b"])
    assert back.status == 422
    assert "We do not know this changing code." in back.words
    assert len(submissions()) == 1
