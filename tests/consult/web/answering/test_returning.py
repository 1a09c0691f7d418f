"""Saving for later: kept while one types, found again with a code, mailed once in a while."""

import re

from consult.people import tables
from consult.people.answers import drafts
from consult.people.mailboxes import outbox
from tests.builders import EVERY_KIND, RANKING, consultation, question
from tests.consult.people.erasable import rows
from tests.consult.web.residents import Page

MORE = question("more", "text", "Anything else?", required=False, length_max=100)


def code_on(page: Page) -> str:
    found = re.search(r'fm-code">([0-9A-Z-]{19})<', page.text)
    assert found, page.words
    return found[1]


def save(resident, page: Page, **typed) -> Page:
    return resident.send(page, save="later", **typed)


def test_what_is_typed_is_kept_without_being_checked(services, resident):
    consultation(services, RANKING, MORE)
    page = resident.open("/c/riverside/q/more")
    values = page.form()[1]
    values["q-more"] = "x" * 200
    kept = resident.client.post("/c/riverside/q/more/keep", data=values)
    assert kept.get_json() == {"says": "Saved at 9am"}
    assert resident.open("/c/riverside/q/more").form()[1]["q-more"] == "x" * 200
    assert resident.client.post("/cy/c/riverside/q/more/keep", data=values).get_json() == {
        "says": "Cadwyd am 9am"
    }


def test_without_the_token_of_the_page_nothing_is_kept(services, resident):
    consultation(services, RANKING, MORE)
    resident.open("/c/riverside/q/more")
    refused = resident.client.post("/c/riverside/q/more/keep", data={"q-more": "Somebody else's"})
    assert refused.status_code == 400
    assert not rows(services, tables.draft)


def test_nothing_is_kept_after_the_closing(services, resident, clock):
    consultation(services, RANKING, MORE, days=1)
    page = resident.open("/c/riverside/q/more")
    values = page.form()[1]
    clock.move(days=1)
    assert resident.client.post("/c/riverside/q/more/keep", data=values).status_code == 409
    assert resident.open("/c/riverside/return").address == "/c/riverside"


def test_answers_that_are_not_finished_can_be_saved_and_found_with_the_code(
    services, resident, somebody_else
):
    consultation(services, *EVERY_KIND)
    resident.send(resident.open("/c/riverside/q/visit"), q__visit="n")
    page = resident.open("/c/riverside/q/share")
    saved = save(resident, page, q__share__b="99")
    assert saved.heading == "Riverside Park Your answers are saved"
    code = code_on(saved)
    assert code_on(resident.open("/c/riverside/saved")) == code, "one code for one draft"
    stored = str(rows(services, tables.return_code)) + str(rows(services, tables.draft))
    assert code not in stored
    back = somebody_else.send(
        somebody_else.open("/c/riverside/return"), code=code.lower().replace("-", " ")
    )
    assert back.address == "/c/riverside/q/uses", "the first question without an answer"
    assert somebody_else.open("/c/riverside/q/visit").form()[1]["q-visit"] == "n"
    assert somebody_else.open("/c/riverside/q/share").form()[1]["q-share-b"] == "99"
    assert len(rows(services, tables.draft)) == 1, "moved, not copied"
    assert code_on(somebody_else.open("/c/riverside/saved")) == code
    again = resident.send(resident.open("/c/riverside/return"), code=code)
    assert again.address.startswith("/c/riverside/q/"), "and it goes back as it came"
    assert "q-visit" not in somebody_else.open("/c/riverside/q/visit").form()[1]


def test_a_wrong_code_and_one_of_sent_answers_find_nothing(services, resident, somebody_else):
    consultation(services, RANKING)
    saved = save(resident, resident.open("/c/riverside/q/order"), q__order=["a"])
    code = code_on(saved)
    page = somebody_else.open("/c/riverside/return")
    for typed in ("", "ABCD", "0000-0000-0000-0000"):
        refused = somebody_else.send(page, code=typed)
        assert (refused.status, refused.summary[0][0]) == (422, "code")
    resident.send(resident.open("/c/riverside/check"))
    assert not rows(services, tables.return_code)
    gone = somebody_else.send(page, code=code)
    assert "Answers that were sent" in gone.words


def test_a_code_is_of_one_consultation(services, resident, somebody_else):
    consultation(services, RANKING)
    code = code_on(save(resident, resident.open("/c/riverside/q/order"), q__order=["a"]))
    from consult.commands.consultations.drafting import consultation_id
    from consult.people.answers import returning
    from events import Partnership

    other = consultation_id(Partnership.id_for("ashenmoor"), "elsewhere")
    assert not returning.come_back(services.vault, code, "secret", other)


def test_drafts_go_after_a_month_with_their_codes(services, resident, clock):
    from consult.commands.data_protection.retention import retain

    consultation(services, RANKING, days=100)
    save(resident, resident.open("/c/riverside/q/order"), q__order=["a"])
    clock.move(days=drafts.KEPT_DAYS - 1)
    retain(services)
    assert rows(services, tables.return_code)
    clock.move(days=2)
    retain(services)
    assert not rows(services, tables.draft)
    assert not rows(services, tables.return_code)


def test_the_link_is_mailed_and_the_address_is_kept_nowhere_else(
    services, resident, somebody_else, monkeypatch
):
    from dataclasses import replace

    consultation(services, RANKING)
    saved = save(resident, resident.open("/c/riverside/q/order"), q__order=["a"])
    assert "E-mail address" not in saved.words, "no mail is set up"
    services.config = replace(services.config, outbox=True)
    page = resident.open("/c/riverside/saved")
    wrong = resident.send(page, email="nobody")
    assert (wrong.status, wrong.summary[0][0]) == (422, "email")
    sent = resident.send(page, email="ann@example.org")
    assert "The mail is on its way." in sent.words
    [mail] = outbox.waiting(services.vault)
    assert mail.to == "ann@example.org"
    code = code_on(sent)
    assert f"{services.config.public_url}/c/riverside/return#{code}" in mail.text
    for table in tables.metadata.sorted_tables:
        if table is not tables.outbox:
            assert "ann@example.org" not in str(rows(services, table))
    opened = somebody_else.open("/c/riverside/return")  # what a scanner of mails would do
    assert opened.status == 200
    assert rows(services, tables.draft)
    assert not somebody_else.open("/c/riverside/q/order").form()[1].getlist("q-order")
    for _ in range(2):
        resident.send(page, email="ann@example.org")
    often = resident.send(page, email="ann@example.org")
    assert often.status == 422
    assert "several times" in often.summary[0][1]
    assert len(outbox.waiting(services.vault)) == 3
