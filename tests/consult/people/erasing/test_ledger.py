"""Erasures outlive a restore of everything: the ledger beside the key brings them back."""

import shutil
from contextlib import closing
from uuid import UUID

import pytest

from consult.commands.answers.holding import find_by_receipt
from consult.commands.backing_up import back_up, restore
from consult.commands.data_protection.copies import disclose
from consult.commands.data_protection.erasure import erase_by_holder
from consult.duties import finish_erasures
from consult.people.erasing.ledger import Ledger
from consult.services import Services
from events import DataProtectionCase
from tests.builders import RESIDENT
from tests.consult.commands.elsewhere import elsewhere
from tests.consult.people.erasable import WORDS, answer, asked, held, tell_more

__all__ = ["elsewhere"]


@pytest.fixture
def ledger(services, tmp_path) -> Ledger:
    services.ledger = Ledger(tmp_path / "kept apart" / "folkmoot.log.erasures")
    return services.ledger


def test_an_old_backup_of_everything_is_erased_again_before_it_is_served(
    services, ledger, elsewhere, clock, tmp_path
):
    mine = answer(services, asked(services).id)
    tell_more(services, mine)
    back_up(services.config, tmp_path / "old", now=clock())
    erased = erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    finish_erasures(services)

    restore(elsewhere, tmp_path / "old")
    shutil.copy(ledger.path, elsewhere.key_file.with_suffix(".erasures"))
    served = Services.open(elsewhere, clock)
    try:
        assert held(served) == (0, 0, 0)
        assert served.record.find(DataProtectionCase, erased.case_id)
        assert WORDS not in str(disclose(served, find_by_receipt(served, mine.code)))
        head = served.record.head()
        finish_erasures(served)
    finally:
        served.close()
    again = Services.open(elsewhere, clock)
    assert again.record.head() == head
    again.ledger.recall(again.record)
    assert again.record.head() == head, "nothing is lost, so nothing is recorded again"
    again.close()


def test_an_erasure_of_answers_that_are_lost_is_no_longer_said_to_be_their_holders(
    services, ledger, elsewhere, clock, tmp_path
):
    """What their holder revealed shows nothing of the answers that are left."""
    id = asked(services).id
    answer(services, id)
    back_up(services.config, tmp_path / "old", now=clock())
    later = answer(services, id, words="Second thoughts", command_id="later")
    erased = erase_by_holder(services, holder=later.holder, actor=RESIDENT)
    assert fact_of(services, erased.case_id).vouched
    finish_erasures(services)
    restore(elsewhere, tmp_path / "old")
    shutil.copy(ledger.path, elsewhere.key_file.with_suffix(".erasures"))
    with closing(Services.open(elsewhere, clock)) as served:
        again = fact_of(served, erased.case_id)
        assert (again.version, again.vouched) == (1, "")


def fact_of(services: Services, case_id: UUID) -> DataProtectionCase.PersonalDataErased:
    [event] = services.record.events.get(case_id)
    return event.fact


def test_each_erasure_is_written_down_once_without_anything_personal(services, ledger):
    id = asked(services).id
    for name in ("ann", "bob"):
        erase_by_holder(services, holder=answer(services, id, name).holder, actor=RESIDENT)
        finish_erasures(services)
        finish_erasures(services)
    written = ledger.path.read_text()
    assert written.count("\n") == 2
    assert WORDS not in written
    assert ledger.path.stat().st_mode & 0o077 == 0
    assert Ledger(ledger.path).remember(services.record) == 0
    assert ledger.path.read_text() == written


def test_a_line_that_a_crash_cut_off_is_written_again(services, ledger):
    id = asked(services).id
    for name in ("ann", "bob"):
        erase_by_holder(services, holder=answer(services, id, name).holder, actor=RESIDENT)
    finish_erasures(services)
    whole = ledger.path.read_bytes()
    for cut in (1, 40, 200):
        ledger.path.write_bytes(whole[:-cut])
        after = Ledger(ledger.path)
        head = services.record.head()
        after.recall(services.record)
        assert services.record.head() == head
        assert after.remember(services.record) == (0 if cut == 1 else 1)
        cases = {line.case_id for line in after._read() if line.topic}
        assert len(cases) == 2


def test_a_fact_recalled_names_no_version_that_the_older_record_lacks(
    services, ledger, elsewhere, clock, tmp_path
):
    id = asked(services).id
    answer(services, id)
    back_up(services.config, tmp_path / "old", now=clock())
    second = answer(services, id, words="Again")
    erased = erase_by_holder(services, holder=second.holder, actor=RESIDENT)
    finish_erasures(services)
    restore(elsewhere, tmp_path / "old")
    shutil.copy(ledger.path, elsewhere.key_file.with_suffix(".erasures"))
    served = Services.open(elsewhere, clock)
    [event] = served.record.events.get(erased.case_id)
    assert event.fact.version == 1
    assert held(served)[0] == 0
    served.close()
