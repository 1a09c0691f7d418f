"""What is not recorded: bad input, expired pages, and whatever comes after closing."""

import pytest

from tests.builders import EVERY_KIND, ORGANISER, RANKING, close_consultation, consultation
from tests.consult.web.residents import ANSWERS


@pytest.mark.parametrize(
    ("changes", "target", "says"),
    [
        ({"q__visit": None}, "q-visit", "Answer the question “How often do you visit?”."),
        ({"q__visit": "zebra"}, "q-visit", "“zebra” is not on this ballot"),
        ({"q__visit": ["w", "d"]}, "q-visit", "We could not read the answer"),
        ({"q__uses": ["w", "p", "s"]}, "q-uses", "You chose 3. Choose up to 2."),
        ({"q__views__s": None}, "q-views-s", "Choose a grade for “Safe”."),
        ({"q__views__s": "9"}, "q-views", "We could not read the answer"),
        ({"q__views__s": "good"}, "q-views", "We could not read the answer"),
        ({"q__views__zebra": "2"}, "q-views", "“zebra” is not on this ballot"),
        ({"q__order": ["a", "b", "a"]}, "q-order", "“Allotments” is in your order more than once"),
        ({"q__order": ["a", "zebra"]}, "q-order", "“zebra” is not on this ballot"),
        ({"q__share__b": "7"}, "q-share", "You gave 13 points, and there are 10. Take away 3."),
        ({"q__share__b": "many"}, "q-share", "“Buses”: “many” is not a number"),
        ({"q__share__b": "2.5"}, "q-share", "“Buses”: “2.5” is not a whole number"),
        ({"q__share__b": "-1"}, "q-share", "“Buses”: The least that you can give is 0"),
        ({"q__money": ["l", "t"]}, "q-money", "Your projects cost £150 more than the budget."),
        ({"q__money": ["l", "t", "k"]}, "q-money", "You chose 3. Choose up to 2."),
        ({"q__more": "x" * 101}, "q-more", "is too long. Characters too many: 1."),
        ({"q__more": "nought \0"}, "q-more", "We could not read the answer"),
        ({"q__zebra": "1"}, "q-visit", "Question “zebra” is not part of this consultation"),
        ({"command": ""}, "q-visit", "Nothing was recorded"),
        ({"area": "W99"}, "area", "We do not know this place"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_recorded_comes_back_with_the_answers_and_the_reason(
    services, resident, submissions, changes, target, says
):
    consultation(services, *EVERY_KIND, wards=True)
    page = resident.open("/c/riverside/all")
    back = resident.send(page, **{**ANSWERS, **changes})
    assert 400 <= back.status < 500
    assert back.title.startswith("Error: ")
    assert any(id.startswith(target) and says in message for id, message in back.summary), (
        back.summary
    )
    for id, _message in back.summary:
        assert f'id="{id}"' in back.text
    assert not submissions()
    assert not back.faults
    if not any(name.startswith("q__visit") for name in changes):
        assert back.form()[1]["q-visit"] == "w"  # the answers are kept
    _, page_values = page.form()
    if "command" not in changes:
        assert back.form()[1]["command"] == page_values["command"]


def test_a_form_without_its_token_comes_back_with_the_answers(services, resident, submissions):
    consultation(services, *EVERY_KIND)
    page = resident.open("/c/riverside/all")
    back = resident.send(page, **{**ANSWERS, "csrf_token": "stale"})
    assert back.status == 400
    assert back.title.startswith("Error: ")
    assert back.form()[1]["q-visit"] == "w"
    assert not submissions()
    assert resident.send(back).heading == "Answers sent"


@pytest.mark.parametrize("address", ["q/order", "all", "send", "place"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_ten_megabytes_are_refused_with_a_page(services, resident, submissions, address):
    consultation(services, wards=True)
    big = resident.client.post(f"/c/riverside/{address}", data={"q-order": "x" * 10_000_000})
    assert big.status_code == 413
    assert b"That was too much to send at once" in big.data
    assert not submissions()


@pytest.mark.parametrize(
    "answers",
    [
        "",
        "[]",
        "{",
        '{"typed": {"order": {"a": 1}}}',
        '{"typed": {"order": [["a", ["b"]], 3]}}',
        '{"typed": {"order": null, "more": 7}}',
        '{"typed": {"zebra": "a", "order": ["a"]}}',
        '{"typed": ' + "[" * 5_000 + "]" * 5_000 + "}",
        '{"typed": {"order": ["a"]}, "area": "W99"}',
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_is_sent_in_place_of_checked_answers_is_refused(
    services, resident, submissions, answers
):
    consultation(services)
    resident.send(resident.open("/c/riverside/q/order"), q__order=["a"])
    back = resident.send(resident.open("/c/riverside/check"), answers=answers)
    assert 400 <= back.status < 500, back.words
    assert not submissions()


def test_nothing_is_recorded_after_closing_and_the_answers_are_still_shown(
    services, resident, submissions
):
    opened = consultation(services, *EVERY_KIND)
    page = resident.open("/c/riverside/all")
    one = resident.open("/c/riverside/q/order")
    close_consultation(services, opened.id, actor=ORGANISER)
    services.catch_up()
    for back in (resident.send(page, **ANSWERS), resident.send(one, q__order=["a"])):
        assert back.status == 409
        assert "not recorded" in back.words
    assert resident.send(page, **ANSWERS).form()[1]["q-visit"] == "w"
    assert not submissions()
    assert resident.open("/c/riverside/all").address == "/c/riverside"


def test_the_closing_time_is_kept_although_nobody_has_closed_yet(
    services, resident, clock, submissions
):
    consultation(services)
    page = resident.open("/c/riverside/all")
    clock.move(days=14)
    back = resident.send(page, q__order=["a"])
    assert back.status == 409
    assert not submissions()
    assert "This consultation has closed." in resident.open("/c/riverside").words


def test_a_checked_sheet_that_comes_too_late_is_shown_and_cannot_be_sent(services, resident, clock):
    consultation(services)
    resident.send(resident.open("/c/riverside/q/order"), q__order=["b"])
    check = resident.open("/c/riverside/check")
    clock.move(days=15)
    for late in (resident.send(check), resident.open("/c/riverside/check")):
        assert late.status == 409
        assert "Buses" in late.words
        assert "Send my answers" not in late.words


@pytest.mark.parametrize("path", ["/c/nowhere", "/c/riverside/q/zebra", "/c/nowhere/all"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_not_there_says_so(services, resident, path):
    consultation(services, RANKING)
    page = resident.open(path)
    assert (page.status, page.heading) == (404, "Page not found")


def test_a_page_left_open_by_the_person_before_is_not_taken_as_the_next_ones(
    services, resident, submissions
):
    consultation(services)
    resident.send(resident.open("/c/riverside/q/order"), q__order=["a"])
    left_open = resident.open("/c/riverside/check")
    resident.send(left_open)
    resident.send(resident.open("/c/riverside/receipt"), "/someone-else")
    again = resident.send(left_open)
    assert again.status == 400
    assert len(submissions()) == 1
