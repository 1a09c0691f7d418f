"""Erasing takes what one person wrote and leaves the count, whatever happens in between."""

from typing import Any
from uuid import uuid4

import pytest

from consult.commands.answers.holding import Holder, find_by_receipt
from consult.commands.answers.submitting_refusals import CodeReplaced, UnknownReceipt
from consult.commands.data_protection.copies import disclose
from consult.commands.data_protection.erasure import (
    NobodyHasAddress,
    UnderLegalHold,
    erase_by_case,
    erase_by_holder,
)
from consult.commands.data_protection.retention import lift_legal_hold, set_legal_hold
from consult.commands.results.counting import publish_results
from consult.commands.results.working_out import work_out
from consult.people import tables, watermarks
from consult.people.answers import drafts
from consult.people.erasing import forgetting
from consult.sealing.public_entries.packs import opening_lines
from consult.sealing.receipts import public_half
from consult.sealing.running import open_key
from consult.services import Services
from events import DataProtectionCase, NotFound
from events.data_protection import BadReference
from events.log.entry import decode_entry
from events.log.proof import parse_receipt
from tests.builders import BEGINNING, KEEPER, ORGANISER, RESIDENT, close_consultation
from tests.consult.people.erasable import EMAIL, WORDS, answer, asked, held, rows, tell_more

OFFICER = KEEPER


def reopened(services: Services, clock) -> Services:
    return Services.open(services.config, clock)


def test_a_receipt_erases_its_person_and_nobody_else(services):
    id = asked(services).id
    mine, theirs = answer(services, id), answer(services, id, "bob", "Keep this one")
    tell_more(services, mine)
    tell_more(services, theirs, "bob@example.org")
    before = work_out(services, id).outcome.as_json()
    erased = erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    assert (erased.submission_id, erased.version) == (mine.subject_id, 1)
    assert held(services) == (1, 1, 2)
    assert [row.words for row in rows(services, tables.free_text)] == ["Keep this one"]
    assert [row.email for row in rows(services, tables.contact)] == ["bob@example.org"]
    assert work_out(services, id).outcome.as_json() == before


def test_erasing_again_changes_nothing(services):
    mine = answer(services, asked(services).id)
    first = erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    head = services.record.head()
    assert erase_by_holder(services, holder=mine.holder, actor=RESIDENT) == first
    assert services.record.head() == head


def test_every_version_goes_with_the_latest_changing_code(services):
    id = asked(services).id
    first = answer(services, id, words="Version one")
    tell_more(services, first)
    second = answer(services, id, words="Version two")
    tell_more(services, second)
    assert held(services) == (2, 1, 2)
    with pytest.raises(CodeReplaced):
        erase_by_holder(services, holder=first.holder, actor=RESIDENT)
    assert held(services) == (2, 1, 2)
    erase_by_holder(services, holder=second.holder, actor=RESIDENT)
    assert held(services) == (0, 0, 0)


def test_what_a_person_gives_after_the_erasure_is_theirs_again(services, clock):
    id = asked(services).id
    mine = answer(services, id)
    tell_more(services, mine)
    erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    clock.move(hours=1)
    again = answer(services, id, words="Second thoughts")
    tell_more(services, again)
    with services.vault.transaction() as connection:  # as if an older copy were put back
        watermarks.move(services.vault, connection, forgetting.MARK, 0)
    reopened(services, clock).close()
    assert [row.words for row in rows(services, tables.free_text)] == ["Second thoughts"]
    assert held(services) == (1, 1, 2)
    erase_by_holder(services, holder=again.holder, actor=RESIDENT)
    assert held(services) == (0, 0, 0)


def test_words_on_their_way_into_the_record_are_not_taken_for_old_ones(services, clock):
    id = asked(services).id
    mine = answer(services, id)
    fact = {}

    def record_only(record, vault):
        fact["recorded"] = True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("consult.commands.data_protection.erasure.forget", record_only)
        erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    clock.move(seconds=1)
    answer(services, id, words="New words")
    forgetting.forget(services.record, services.vault)
    assert [row.words for row in rows(services, tables.free_text)] == ["New words"]


STEPS = {
    "before it is recorded": "events.store.record.Record.save",
    "after it is recorded": "consult.commands.data_protection.erasure.forget",
    "in the middle of the deletion": "consult.people.mailboxes.contacts.forget",
    "between deletion and mark": "consult.people.watermarks.move",
    "after the mark": "consult.people.erasing.forgetting.empty_write_ahead_log",
}


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", STEPS)
def test_a_process_killed_at_any_step_has_erased_after_the_next_start(services, clock, step):
    mine = answer(services, asked(services).id)
    tell_more(services, mine)

    def die(*_args, **_more):
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(STEPS[step], die)
        with pytest.raises(Killed):
            erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    reopened(services, clock).close()
    if step == "before it is recorded":  # nothing was promised and nothing was lost
        assert held(services) == (1, 1, 2)
        erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    assert held(services) == (0, 0, 0)
    assert WORDS not in str(disclose(services, find_by_receipt(services, mine.code)))


def copy_of_the_vault(services: Services) -> dict[Any, list[dict[str, Any]]]:
    return {
        table: [dict(row._mapping) for row in rows(services, table)]
        for table in tables.metadata.sorted_tables
    }


def put_back(services: Services, copy: dict[Any, list[dict[str, Any]]]) -> None:
    with services.vault.transaction() as connection:
        for table, old in copy.items():
            connection.execute(table.delete())
            if old:
                connection.execute(table.insert(), old)


def test_an_old_copy_of_the_vault_is_erased_again_before_anything_is_served(services, clock):
    mine = answer(services, asked(services).id)
    tell_more(services, mine)
    copy = copy_of_the_vault(services)
    erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    assert held(services) == (0, 0, 0)
    put_back(services, copy)
    assert held(services) == (1, 1, 2)
    served = reopened(services, clock)
    assert held(served) == (0, 0, 0)
    served.close()


def test_without_erasing_again_an_old_copy_of_the_vault_would_be_served(
    services, clock, monkeypatch
):
    mine = answer(services, asked(services).id)
    tell_more(services, mine)
    copy = copy_of_the_vault(services)
    erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    put_back(services, copy)
    monkeypatch.setattr("consult.services.forget", lambda *_: 0)
    served = reopened(services, clock)
    assert held(served) == (1, 1, 2)
    served.close()


def test_a_vault_that_is_ahead_of_its_record_is_compared_from_the_beginning(services, clock):
    mine = answer(services, asked(services).id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("consult.commands.data_protection.erasure.forget", lambda *_: 0)
        erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    with services.vault.transaction() as connection:
        watermarks.move(services.vault, connection, forgetting.MARK, services.record.head() + 100)
    reopened(services, clock).close()
    assert held(services) == (0, 0, 0)


def test_the_log_says_so_and_every_old_receipt_and_result_still_holds(services, log, seal):
    id = asked(services).id
    mine = answer(services, id)
    close_consultation(services, id, actor=ORGANISER, goes_on=True)
    [count] = publish_results(services, id, actor=ORGANISER)
    size = seal()
    index = log.find(mine.position)
    receipt, root = public_half(log, index), log.stored().head.root
    openings = b"".join(opening_lines(log, id))
    erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    assert seal() == size + 1
    with log.tree(size + 1) as tree:
        last = decode_entry(tree.entry(size))
        assert tree.range_hash(0, size) == root
    assert last["t"] == "erased"
    assert set(last) == {"t", "v", "c", "b", "d", "hs"}
    assert last["b"] == services.vault.pseudonym(id, "ann")
    parse_receipt(receipt).verify([open_key(services.config, log).verifier])
    assert b"".join(opening_lines(log, id)) == openings
    assert work_out(services, id).outcome.as_json() == count.outcome


def test_an_officer_erases_by_case_with_a_receipt_an_id_or_an_address(services):
    id = asked(services).id
    people = [answer(services, id, name) for name in ("ann", "bob", "cyd")]
    tell_more(services, people[2])
    case = {"reference": "DP/2026-014", "actor": OFFICER, "approved_by": "staff-2"}
    erase_by_case(services, code=people[0].code, **case)
    erase_by_case(services, submission_id=people[1].subject_id, **case)
    [found] = erase_by_case(services, email=(id, f" {EMAIL.upper()} "), **case)
    assert found.submission_id == people[2].subject_id
    assert held(services) == (0, 0, 0)
    recorded = services.record.get(DataProtectionCase, found.case_id)
    [event] = services.record.events.get(recorded.id)
    assert (event.fact.reference, event.fact.approved_by) == ("DP/2026-014", "staff-2")
    assert EMAIL not in str(event.fact)


def test_an_erasure_of_nobody_is_refused(services):
    id = asked(services).id
    answer(services, id)
    with pytest.raises(UnknownReceipt):
        erase_by_holder(services, holder=Holder("0000-0000-0000-0000"), actor=RESIDENT)
    case = {"reference": "DP/1", "actor": OFFICER}
    with pytest.raises(NotFound):
        erase_by_case(services, submission_id=uuid4(), **case)
    with pytest.raises(NobodyHasAddress):
        erase_by_case(services, email=(id, "nobody@example.org"), **case)
    with pytest.raises(BadReference):
        erase_by_case(services, reference="Ann Larch", actor=KEEPER, submission_id=uuid4())
    assert held(services)[0] == 1


def test_a_legal_hold_stops_an_erasure_until_it_is_lifted(services):
    id = asked(services).id
    mine = answer(services, id)
    hold = set_legal_hold(services, id, reason="Judicial review", actor=KEEPER)
    with pytest.raises(UnderLegalHold):
        erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    lift_legal_hold(services, hold.id, reason="It was withdrawn", actor=KEEPER)
    erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    assert held(services)[0] == 0


def test_the_draft_of_the_browser_that_asks_goes_too(services):
    id = asked(services).id
    mine = answer(services, id)
    drafts.save(services.vault, "secret", id, {"typed": {"more": WORDS}}, now=BEGINNING)
    erase_by_holder(services, holder=mine.holder, actor=RESIDENT, draft_secret="secret")
    assert drafts.load(services.vault, "secret", id) == {}


def test_a_person_is_shown_all_their_own_data_and_nobody_elses(services):
    id = asked(services).id
    mine = answer(services, id, words="First words")
    theirs = answer(services, id, "bob", "Words of another")
    tell_more(services, mine)
    tell_more(services, theirs, "bob@example.org")
    latest = answer(services, id, words="Later words")
    for code in (mine.code, latest.code):
        shown = disclose(services, find_by_receipt(services, code))
        assert [one["texts"] for one in shown["history"]] == [
            {"more": "First words"},
            {"more": "Later words"},
        ]
        assert [one["privacy_notice"] for one in shown["history"]] == [1, 1]
        assert shown["history"][0]["answers"] == {"order": ["b", "a"]}
        assert shown["contacts"] == [{"email": EMAIL, "language": "en"}]
        assert "another" not in str(shown)
        assert "bob@example.org" not in str(shown)
        assert "45-54" not in str(shown)


@pytest.mark.parametrize("length", [30, 253, 254, 255, 1_000])
def test_an_address_that_nobody_gave_is_told_up_to_its_longest(services, length):
    about = asked(services)
    answer(services, about.id)
    email = "x" * (length - len("@example.org")) + "@example.org"
    with pytest.raises(NobodyHasAddress) as told:
        erase_by_case(services, reference="DP/1", email=(about.id, f" {email} "), actor=KEEPER)
    said = email[:254]
    assert str(told.value) == f"Nobody in this consultation gave the address {said}."
