"""What the sealer shuffles still reads as an honest log: one person's versions rise."""

from consult.log_store.outgoing import OutgoingEntry
from consult.sealing.groups import shuffled


def entry(person: int, version: int) -> OutgoingEntry:
    whose = f"person {person}"
    return OutgoingEntry("ballot", b"{}", 10 * version + person, version=version, person=whose)


def test_one_persons_ballots_keep_their_order_in_a_shuffled_batch():
    batch = [entry(person, version) for version in (1, 2, 3) for person in range(4)]
    orders = [shuffled(batch) for _ in range(20)]
    for order in orders:
        assert sorted(order, key=lambda one: one.position) == sorted(
            batch, key=lambda one: one.position
        )
        for person in range(4):
            versions = [one.version for one in order if one.person == entry(person, 1).person]
            assert versions == [1, 2, 3]
    assert len({tuple(one.position for one in order) for order in orders}) > 1
