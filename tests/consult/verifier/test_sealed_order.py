"""What the sealer shuffles still reads as an honest log: one person's versions rise."""

from uuid import NAMESPACE_URL, uuid5

from consult.sealing.public_entries.entries import OutgoingEntry, shuffled


def entry(person: int, version: int) -> OutgoingEntry:
    subject = uuid5(NAMESPACE_URL, f"person {person}")
    return OutgoingEntry("ballot", b"{}", 10 * version + person, None, subject, version)


def test_one_persons_ballots_keep_their_order_in_a_shuffled_batch():
    batch = [entry(person, version) for version in (1, 2, 3) for person in range(4)]
    orders = [shuffled(batch) for _ in range(20)]
    for order in orders:
        assert sorted(order, key=lambda one: one.position) == sorted(
            batch, key=lambda one: one.position
        )
        for person in range(4):
            versions = [
                one.version for one in order if one.subject_id == entry(person, 1).subject_id
            ]
            assert versions == [1, 2, 3]
    assert len({tuple(one.position for one in order) for order in orders}) > 1
