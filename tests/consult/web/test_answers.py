"""Taking part through pages, without scripts."""

import pytest

from consult.commands.opening import close_consultation
from consult.people.texts import words_of
from tests.builders import EVERY_KIND, ORGANISER, RANKING, consultation, question
from tests.consult.web.residents import ANSWERS, answers_to

STORED = {
    "visit": "w",
    "uses": ["p", "w"],
    "views": {"c": 4, "s": 3},
    "order": ["c", "a"],
    "share": {"b": 4, "p": 6},
    "support": ["a", "c"],
    "money": ["k", "l"],
}


def walk(resident, page):
    """Answer page after page until the answers are to be checked."""
    pages = [page]
    while "Check your answers" not in page.title:
        question_id = page.address.rpartition("/")[2]
        changes = {"area": "W03"} if question_id == "place" else answers_to(question_id)
        page = resident.send(page, **changes)
        pages.append(page)
        assert len(pages) < 20, page.address
    return pages


def test_a_person_answers_one_thing_per_page_and_gets_a_receipt(services, resident, submissions):
    consultation(services, *EVERY_KIND, wards=True)
    start = resident.open("/c/riverside")
    first = next(link for link in start.links() if "/q/" in link)
    pages = walk(resident, resident.open(first))
    assert "Question 1 of 8 How often do you visit?" in pages[0].heading
    assert not any(page.summary for page in pages)
    check = pages[-1]
    for shown in ("Weekly", "Clinics", "Cycling" not in check.words, "Total £500 of £600"):
        assert shown is True or shown in check.words
    assert "Canal Side" in check.words
    sent = resident.send(check)
    assert (sent.status, sent.heading) == (200, "Answers sent")
    [given] = submissions()
    assert given.answers == STORED
    assert given.area == "W03"
    assert given.by.role == "resident"
    assert list(given.texts) == ["more"]


def test_five_questions_take_at_most_nine_pages_from_home_to_receipt(services, resident):
    consultation(services, *EVERY_KIND[:5])
    opened = ["home", "start"]
    home = resident.open("/")
    start = resident.open(next(link for link in home.links() if "/c/" in link))
    pages = walk(resident, resident.open(next(link for link in start.links() if "/q/" in link)))
    sent = resident.send(pages[-1])
    assert sent.heading == "Answers sent"
    assert len([*opened, *pages, sent]) <= 9


def test_the_form_on_one_page_stores_the_same_as_page_after_page(services, resident, submissions):
    consultation(services, *EVERY_KIND)
    page = resident.open("/c/riverside/all")
    sent = resident.send(page, **ANSWERS)
    assert sent.heading == "Answers sent"
    assert submissions()[0].answers == STORED


def test_free_text_is_in_the_vault_and_only_its_fingerprint_in_the_record(
    services, resident, submissions
):
    consultation(services, *EVERY_KIND)
    resident.send(resident.open("/c/riverside/all"), **ANSWERS)
    [given] = submissions()
    assert "trees" not in str(given)
    stored = [fact for *_rest, fact in services.record.read(0)]
    assert not any(b"Keep the trees" in bytes(state) for state in stored)
    from consult.people import tables

    with services.vault.transaction() as db:
        [row] = db.execute(tables.free_text.select()).all()
    assert row.words == "Keep the trees, please"
    assert words_of(services.vault, row.subject_id) == {
        given.texts["more"]: "Keep the trees, please"
    }


def test_a_double_click_is_one_fact(services, resident, submissions):
    consultation(services)
    page = resident.open("/c/riverside/all")
    first = resident.post(page, q__order=["a"])
    second = resident.post(page, q__order=["a"])
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(submissions()) == 1


def test_sending_a_page_again_from_the_back_button_adds_nothing(services, resident, submissions):
    consultation(services)
    resident.send(resident.open("/c/riverside/q/order"), q__order=["a", "b"])
    check = resident.open("/c/riverside/check")
    code = resident.send(check).text
    again = resident.send(check)
    assert again.heading == "Answers sent"
    assert resident.receipt_code() in code
    assert len(submissions()) == 1


def test_the_check_page_after_sending_leads_to_the_receipt(services, resident):
    consultation(services)
    resident.send(resident.open("/c/riverside/q/order"), q__order=["a"])
    resident.send(resident.open("/c/riverside/check"))
    assert resident.open("/c/riverside/check").heading == "Answers sent"


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
        ({"q__share__b": "many"}, "q-share", "Points for “Buses” must be a whole number"),
        ({"q__share__b": "-1"}, "q-share", "Points for “Buses” must be a whole number"),
        ({"q__money": ["l", "t"]}, "q-money", "Your projects cost £150 more than the budget."),
        ({"q__money": ["l", "t", "k"]}, "q-money", "You chose 3. Choose up to 2."),
        ({"q__more": "x" * 101}, "q-more", "is 1 characters too long"),
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


def test_ranking_without_a_script_moves_one_row_at_a_time(services, resident):
    consultation(services)
    page = resident.open("/c/riverside/q/order")
    assert "q-order" not in page.form()[1], "nothing is in order before"

    def press(page, move, option):
        _, values = page.form()
        for name in list(values):
            if name.startswith("q-order-"):
                values.poplist(name)
        answer = resident.client.post(
            page.address, data={**values.to_dict(flat=False), f"q-order-{move}": option}
        )
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(f"#q-order-{option}")
        return resident.open(answer.headers["Location"].partition("#")[0])

    def order(page):
        return page.form()[1].getlist("q-order")

    for option in "abc":
        page = press(page, "add", option)
    assert order(page) == ["a", "b", "c"]
    page = press(page, "up", "c")
    assert order(page) == ["a", "c", "b"]
    page = press(page, "down", "a")
    assert order(page) == ["c", "a", "b"]
    page = press(page, "remove", "a")
    assert order(page) == ["c", "b"]
    assert resident.open("/c/riverside/check").words.index("Clinics") > 0


def test_options_are_in_an_order_of_ones_own_that_stays(app, services, resident):
    titles = [f"{letter}pple" for letter in "ABCDEFGH"]
    consultation(services, question("order", "ranking", "Put in order", *titles))

    def order(person):
        text = person.open("/c/riverside/q/order").text
        return [part[0] for part in text.split('data-option="')[1:]]

    mine = order(resident)
    assert order(resident) == mine
    assert sorted(mine) == list("abcdefgh")
    from tests.consult.web.residents import Resident

    others = {tuple(order(Resident(app.test_client()))) for _ in range(30)}
    assert len(others) > 5


def test_the_total_of_a_basket_is_told_before_sending(services, resident):
    consultation(services, *[each for each in EVERY_KIND if each.kind == "basket"])
    page = resident.open("/c/riverside/q/money")
    address, values = page.form()
    values.setlist("q-money", ["l", "t"])
    values["q-money-update"] = "1"
    answer = resident.client.post(address, data=values)
    assert answer.status_code == 303
    told = resident.open(answer.headers["Location"].partition("#")[0])
    assert "£750 of £600 spent" in told.words
    assert "Your projects cost £150 more than the budget." in told.words
    assert sorted(told.form()[1].getlist("q-money")) == ["l", "t"]


def test_switching_the_language_keeps_what_was_typed(services, resident):
    consultation(services, *EVERY_KIND)
    page = resident.open("/c/riverside/q/more")
    address, values = page.form()
    values["q-more"] = "Half a sentence"
    values["switch-language"] = "cy"
    answer = resident.client.post(address, data=values)
    assert answer.headers["Location"] == "/cy/c/riverside/q/more"
    assert resident.open("/cy/c/riverside/q/more").form()[1]["q-more"] == "Half a sentence"


def test_what_was_typed_waits_for_a_person_who_comes_back(services, resident, somebody_else):
    consultation(services, *EVERY_KIND)
    resident.send(resident.open("/c/riverside/q/visit"), q__visit="n")
    assert resident.open("/c/riverside/q/visit").form()[1]["q-visit"] == "n"
    assert resident.open("/c/riverside/all").form()[1]["q-visit"] == "n"
    assert "q-visit" not in somebody_else.open("/c/riverside/q/visit").form()[1]


def test_the_check_page_names_what_is_missing_and_leads_there(services, resident):
    consultation(services, *EVERY_KIND)
    resident.send(resident.open("/c/riverside/q/visit"), q__visit="n")
    check = resident.open("/c/riverside/check")
    assert "Answer the question “Put these in order”." in check.words
    assert "Send my answers" not in check.words
    assert "/c/riverside/q/order?then=check#q-order" in check.links()
    there = resident.open("/c/riverside/q/order?then=check")
    back = resident.client.post(
        "/c/riverside/q/order?then=check", data={**there.form()[1], "q-order": ["a"]}
    )
    assert back.headers["Location"] == "/c/riverside/check"


def test_somebody_else_at_the_same_device_is_another_person(services, resident, submissions):
    consultation(services)
    resident.send(resident.open("/c/riverside/all"), q__order=["a"])
    sent = resident.open("/c/riverside/receipt")
    start = resident.send(sent, "/someone-else")
    assert start.address == "/c/riverside"
    assert "You sent your answers" not in start.words
    resident.send(resident.open("/c/riverside/all"), q__order=["b"])
    one, other = submissions()
    assert one.pseudonym != other.pseudonym


def test_a_second_sheet_from_the_same_device_replaces_the_first(services, resident, submissions):
    consultation(services)
    resident.send(resident.open("/c/riverside/all"), q__order=["a"])
    sent = resident.send(resident.open("/c/riverside/all"), q__order=["b"])
    assert "take the place of the earlier ones" in sent.words
    first, second = submissions()
    assert first.pseudonym == second.pseudonym
    assert (type(first).__name__, type(second).__name__) == ("Cast", "Replaced")


def test_personal_pages_are_kept_by_no_cache(services, resident):
    consultation(services, wards=True)
    for path in ("q/order", "all", "place", "check", "receipt"):
        answer = resident.client.get(f"/c/riverside/{path}")
        assert answer.headers["Cache-Control"] == "no-store", path


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
