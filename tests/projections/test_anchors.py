"""A generation keeps a digest of the last fact it applied: the same in every release."""

from uuid import UUID

from events.store.appends import Row
from projections.engine.applying import anchor_of, is_made_from
from projections.engine.generations import LIVE, Generation
from tests.projections.polls import random_record

SUBJECT = UUID("00000000-0000-4000-8000-000000000007")
ROW = Row(12, SUBJECT, 3, "test.vote.given.v1", b'{"choice":"ash"}')
ANCHOR = "7a4df51a0c6aef3bd2b51a39db937dd3"


def generation(position: int, anchor: str) -> Generation:
    return Generation("box", 1, 1, "shape", LIVE, "", position, anchor, None, None, 0.0)


def test_a_digest_is_that_of_the_fact_and_of_its_place_in_its_history():
    """Were it another, every read model would be made anew at the next start."""
    assert anchor_of(ROW) == ANCHOR
    assert anchor_of(ROW._replace(position=13)) == ANCHOR, "a copy may have other gaps"
    for other in (
        ROW._replace(subject_id=UUID(int=1)),
        ROW._replace(version=4),
        ROW._replace(topic="test.vote.altered.v1"),
        ROW._replace(state=b'{"choice":"elm"}'),
    ):
        assert anchor_of(other) != ANCHOR


def test_read_models_are_of_a_record_that_holds_their_last_fact_where_they_left_it():
    source = random_record(30)
    last = len(source.rows)
    anchor = anchor_of(source.rows[-1])
    assert is_made_from(source, generation(0, ""))
    assert is_made_from(source, generation(last, anchor))
    assert is_made_from(source, generation(5, anchor_of(source.rows[4])))
    for position, given in ((last, ""), (last - 1, anchor), (last + 1, anchor), (1, anchor)):
        assert not is_made_from(source, generation(position, given))
