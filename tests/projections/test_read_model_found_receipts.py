"""What a code belongs to: found by the checking code and by the changing code."""

import pytest

from consult.commands.answers.submitting import withdraw_answers
from consult.people.holders import commitment
from projections.ballot_box import BallotBox
from tests.builders import RESIDENT
from tests.consult.people.erasable import answer, asked


@pytest.fixture
def found(services):
    """Find by either code of a receipt."""

    def find(receipt):
        services.catch_up()
        box, vault = services.views.reader(BallotBox), services.vault
        with services.views.connect() as db:
            return (
                box.by_receipt(db, vault.receipt_hash(receipt.code)),
                box.by_holder(db, commitment(vault, receipt.changing_code)),
            )

    return find


def test_both_codes_lead_to_the_version_they_came_with(services, found):
    id = asked(services).id
    first = answer(services, id)
    for receipt in (first, answer(services, id)):
        checked, held = found(receipt)
        assert checked == held
        assert (held.subject_id, held.version) == (receipt.subject_id, receipt.version)
    assert held.standing == "counted"
    assert [one.standing for one in found(first)] == ["replaced"] * 2


def test_what_was_taken_back_says_so_by_both(services, found):
    mine = answer(services, asked(services).id)
    withdraw_answers(services, holder=mine.holder, actor=RESIDENT, command_id="")
    assert [one.standing for one in found(mine)] == ["withdrawn"] * 2


def test_neither_code_does_for_the_other_and_none_for_nobody(services, found):
    mine = answer(services, asked(services).id)
    box, vault = services.views.reader(BallotBox), services.vault
    services.catch_up()
    with services.views.connect() as db:
        assert box.by_receipt(db, vault.receipt_hash(mine.changing_code)) is None
        assert box.by_holder(db, commitment(vault, mine.code)) is None
        assert box.by_receipt(db, "") is None
        assert box.by_holder(db, "") is None
