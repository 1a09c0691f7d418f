"""The schema of the record in a PostgreSQL database: the library's table and one function."""

from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.sql import SQL, Composed

NEVER_CHANGED = "what is recorded is never changed or removed"

# A later version of the function gets a new name, so that both versions of the program can
# run side by side during an upgrade.
APPEND = """
CREATE OR REPLACE FUNCTION record.append_v2(
    streams uuid[],            -- every stream that is named, once
    expected_saves int[],      -- per expectation: whose it is,
    expected_streams int[],    -- which stream it is about,
    expected_versions bigint[],  -- and the version it has to have
    earliest timestamptz[],    -- per save: not before this moment, or null
    deadlines timestamptz[],   -- per save: not after this moment, or null
    row_saves int[],           -- per fact: whose it is
    row_streams int[],
    row_versions bigint[],
    row_topics text[],
    row_states bytea[],
    given timestamptz,         -- the moment, if it is not to be the clock of this server
    OUT versions bigint[],     -- per stream: its version before
    OUT moment timestamptz,
    OUT last_position bigint,  -- before
    OUT stored bigint
) LANGUAGE plpgsql AS $body$
DECLARE
    refused int[];
BEGIN
    -- Each query below takes its own snapshot, after the lock: only so does it see what the
    -- holder of the lock before us has committed.
    ASSERT current_setting('transaction_isolation') = 'read committed';
    LOCK TABLE record.stored_events IN EXCLUSIVE MODE;
    moment := coalesce(given, clock_timestamp());
    versions := ARRAY(
        SELECT coalesce(
            (SELECT max(originator_version) FROM record.stored_events e
             WHERE e.originator_id = s.id),
            0)
        FROM unnest(streams) WITH ORDINALITY AS s(id, n) ORDER BY s.n);
    refused := ARRAY(
        SELECT expected_saves[e.n]
        FROM unnest(expected_versions) WITH ORDINALITY AS e(version, n)
        WHERE e.version <> versions[expected_streams[e.n]]
        UNION
        SELECT d.n FROM unnest(deadlines) WITH ORDINALITY AS d(at, n) WHERE d.at < moment
        UNION
        SELECT b.n FROM unnest(earliest) WITH ORDINALITY AS b(at, n) WHERE b.at > moment);
    SELECT coalesce(max(notification_id), 0) INTO last_position FROM record.stored_events;
    INSERT INTO record.stored_events
        (originator_id, originator_version, topic, state, notification_id)
    SELECT streams[r.stream], r.version, r.topic, r.state,
        last_position + row_number() OVER (ORDER BY r.n)
    FROM unnest(row_streams, row_versions, row_topics, row_states, row_saves)
        WITH ORDINALITY AS r(stream, version, topic, state, save, n)
    WHERE r.save <> ALL (refused)
    ORDER BY r.n;
    GET DIAGNOSTICS stored = ROW_COUNT;
END
$body$
"""

TRIGGERS = f"""
CREATE OR REPLACE FUNCTION record.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$body$ BEGIN RAISE EXCEPTION '{NEVER_CHANGED}'; END $body$;
CREATE OR REPLACE TRIGGER stored_events_no_change
BEFORE UPDATE OR DELETE OR TRUNCATE ON record.stored_events
FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change()
"""

PRESENT = "SELECT to_regproc('record.append_v2') IS NOT NULL"
PRESENT_ONCE = "SELECT to_regclass('record.stored_events') IS NOT NULL"


class UnopenedDatastore(PostgresDatastore):
    """The library's datastore for its statements only: it never connects."""

    def register_type_adapters(self) -> None:
        """Do nothing: the library's composite types are not used."""


class PlainRecorder(PostgresApplicationRecorder):
    """The library's recorder without its database function, which takes no lock."""

    def __init__(self, datastore: PostgresDatastore) -> None:
        super().__init__(datastore)
        del self.sql_create_statements[self.create_insert_function_statement_index]

    def statements(self) -> list[Composed | SQL]:
        """Return the statements that create everything; the library's types are not needed."""
        table = [s for s in self.sql_create_statements if "CREATE TYPE" not in s.as_string()]
        return [*table, SQL(APPEND), SQL(TRIGGERS)]
