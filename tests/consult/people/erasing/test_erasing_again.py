"""A ledger of erasures that is lost: written anew from the record, or from a copy of the log."""

import pytest

from consult.commands.backing_up import back_up, restore
from consult.commands.data_protection.erasing_again import NotThisLog, erase_again
from consult.commands.data_protection.erasure import erase_by_holder
from consult.duties import finish_erasures
from consult.people.erasing.ledger import Ledger
from consult.sealing.running import seal_now
from consult.services import Services
from events.log.tiles import tiles_of
from tests.builders import KEEPER, RESIDENT
from tests.consult.commands.elsewhere import elsewhere
from tests.consult.people.erasable import answer, asked, held, tell_more

__all__ = ["elsewhere"]


def erase(services, one):
    erase_by_holder(services, holder=one.holder, actor=RESIDENT)


def mirror_of(log, folder):
    """Everything of the log as it is served, as a mirror has it."""
    latest = log.latest()
    for tile in tiles_of(latest.size):
        path = folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(log.tile(tile))
    (folder / "checkpoint").write_bytes(latest.signed)
    return folder


@pytest.fixture
def lost(services, log, elsewhere, clock, tmp_path):
    """A site restored from a backup without two erasures since, and a mirror of its log."""
    id = asked(services).id
    people = [answer(services, id, name) for name in ("ann", "bob", "carys")]
    for one in people:
        tell_more(services, one)
    seal_now(services, log, group_min=1)
    back_up(services.config, tmp_path / "old", now=clock())
    for one in people[:2]:
        erase(services, one)
    seal_now(services, log, group_min=1)
    folder = mirror_of(log, tmp_path / "mirror")
    restore(elsewhere, tmp_path / "old")
    served = Services.open(elsewhere, clock)
    yield served, folder
    served.close()


def test_a_ledger_that_is_lost_is_written_anew_from_the_record(services, tmp_path):
    services.ledger = Ledger(tmp_path / "apart" / "log.erasures")
    erase(services, answer(services, asked(services).id, "ann"))
    finish_erasures(services)
    written = services.ledger.path.read_bytes()
    services.ledger.path.unlink()
    services.ledger = Ledger(services.ledger.path)
    finish_erasures(services)
    assert services.ledger.path.read_bytes() == written


def test_what_only_a_copy_of_the_log_knows_to_be_erased_is_erased_again(lost):
    served, folder = lost
    before = held(served)
    assert erase_again(served, folder, actor=KEEPER) == 2
    after = held(served)
    assert after != before
    assert after[0] == before[0] // 3, "the third person keeps theirs"
    head = served.record.head()
    assert erase_again(served, folder, actor=KEEPER) == 0
    assert served.record.head() == head
    finish_erasures(served)
    assert served.ledger.path.read_text().count("personal_data_erased") == 2


def test_a_copy_that_is_damaged_cut_short_or_of_another_log_erases_nothing(lost):
    served, folder = lost
    before, head = held(served), served.record.head()
    [bundle] = (folder / "tile" / "entries").rglob("*/*")
    content, signed = bundle.read_bytes(), (folder / "checkpoint").read_bytes()
    for broken, point in (
        (content.replace(b'"erased"', b'"erasee"'), signed),
        (content[:-9], signed),
        (content, signed.replace(b"/log\n", b"/other\n", 1)),
        (content, b"nothing"),
    ):
        bundle.write_bytes(broken)
        (folder / "checkpoint").write_bytes(point)
        with pytest.raises(NotThisLog, match="nothing was erased"):
            erase_again(served, folder, actor=KEEPER)
    bundle.unlink()
    (folder / "checkpoint").write_bytes(signed)
    with pytest.raises(NotThisLog):
        erase_again(served, folder, actor=KEEPER)
    assert (held(served), served.record.head()) == (before, head)
