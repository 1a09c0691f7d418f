"""However saves are shared out over transactions, the result is as if each had come alone."""

from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.errors import Conflict
from events.store.appends import Append
from events.store.record import Record
from events.store.writer import Writer

STREAMS = range(4)
VERSIONS = st.integers(0, 3)

one_save = st.tuples(
    st.dictionaries(st.sampled_from(STREAMS), st.tuples(VERSIONS, st.integers(1, 2)), min_size=1),
    st.dictionaries(st.sampled_from(STREAMS), VERSIONS),
)


def asked(writes: dict, depends_on: dict, streams: list[UUID]) -> Append:
    """Make a save that writes facts after given versions, and depends on others."""
    rows = [
        StoredEvent(streams[stream], version, "test.order.v1", b"{}")
        for stream, (before, facts) in writes.items()
        for version in range(before + 1, before + 1 + facts)
    ]
    others = {streams[s]: version for s, version in depends_on.items() if s not in writes}
    return Append(rows, others)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(saves=st.lists(one_save, min_size=1, max_size=25))
def test_saves_that_wait_together_are_judged_as_if_each_had_come_alone(record: Record, saves):
    streams = [uuid4() for _ in STREAMS]
    start = record.head()
    appends = [asked(*save, streams) for save in saves]
    writer = Writer(record._store.appender)
    writer._waiting += appends
    while writer._waiting:
        writer._write_all_that_wait(writer._waiting[0])

    versions = dict.fromkeys(streams, 0)
    recorded = [append for append in appends if not isinstance(append.verdict, Exception)]
    position = start
    for append in sorted(recorded, key=lambda append: append.verdict[0]):
        assert list(append.verdict) == list(range(position + 1, position + 1 + len(append.rows)))
        position += len(append.rows)
        assert all(versions[s] == version for s, version in append.expected.items())
        versions |= append.written
    assert record.head() == position
    assert {row.subject_id: row.version for row in record.read(start)} == {
        stream: version for stream, version in versions.items() if version
    }
    for append in appends:
        if append not in recorded:
            assert isinstance(append.verdict, Conflict)
            refused = append.verdict.values
            assert refused["found"] != refused["expected"]
            assert refused["found"] <= versions[refused["subject_id"]]
