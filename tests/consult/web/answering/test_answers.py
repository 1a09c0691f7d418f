"""Taking part through pages, without scripts."""

from consult.people.answers.texts import words_of
from tests.builders import EVERY_KIND, consultation, question
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


def test_somebody_else_finds_nothing_of_the_person_before_in_the_cookie(services, resident):
    consultation(services)
    resident.send(resident.open("/c/riverside/q/order"), q__order=["a"], save="")
    resident.send(resident.open("/c/riverside/all"), q__order=["a"])
    with resident.client.session_transaction() as session:
        before = set(session)
    assert {"device", "return", "sent", "csrf_token"} <= before
    resident.send(resident.open("/c/riverside/receipt"), "/someone-else")
    with resident.client.session_transaction() as session:
        assert set(session) <= {"_permanent"}


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
