"""What the record says is erased is deleted from where the last round ended."""

from consult.commands.data_protection.erasure import erase_by_holder
from consult.people import tables
from consult.people.erasing.forgetting import forget
from tests.builders import RESIDENT
from tests.consult.people.erasable import answer, asked, rows


def test_a_second_round_reads_on_from_the_mark_and_not_from_the_beginning(services, monkeypatch):
    about = asked(services)
    erase_by_holder(services, holder=answer(services, about.id).holder, actor=RESIDENT)
    mark = services.record.head()
    answer(services, about.id, "Ben")
    read, after = services.record.read, []
    monkeypatch.setattr(
        services.record,
        "read",
        lambda at, *rest, **more: after.append(at) or read(at, *rest, **more),
    )
    assert forget(services.record, services.vault) == 0
    assert after == [mark], "as many facts at once as there is room for"
    assert len(rows(services, tables.free_text)) == 1
