"""A log that an earlier version made goes on under this one."""

import pytest
from sqlalchemy import BigInteger, Column, MetaData, inspect
from sqlalchemy.schema import CreateTable, DropTable

from consult.log_store import tables
from consult.log_store.schema import check_tables
from consult.log_store.store import LogStore
from consult.sealing.public_entries.packs import pack_of
from consult.services import Services, set_up
from events.store.appends import SchemaMissing, SchemaOld
from events.store.database_url import LOG
from tests.builders import consultation
from tests.consult.sealing.audits import answer


def as_an_earlier_version_made_it(log: LogStore) -> None:
    older = tables.pack.to_metadata(MetaData())
    older.append_column(Column("opened_index", BigInteger, nullable=False))
    with log.write() as db:
        db.execute(DropTable(tables.pack))
        db.execute(CreateTable(older))


def columns_of_the_packs(log: LogStore) -> set[str]:
    schema = LOG if log.on_postgres else None
    with log.read() as db:
        return {one["name"] for one in inspect(db).get_columns("pack", schema=schema)}


def test_a_column_that_is_gone_does_not_refuse_the_next_opening(services, log, seal):
    as_an_earlier_version_made_it(log)
    assert "opened_index" in columns_of_the_packs(log)
    with pytest.raises(SchemaOld, match="consult init"):
        check_tables(log.engine)
    log.create_tables()
    log.create_tables()
    check_tables(log.engine)
    assert columns_of_the_packs(log) == {column.name for column in tables.pack.columns}
    about = consultation(services)
    answer(services, about, "Ada")
    seal()
    assert pack_of(log, about.id) is not None


def test_a_record_whose_log_nobody_made_is_opened_once_it_is(services):
    with services.log.write() as db:
        db.execute(DropTable(tables.head))
    with pytest.raises(SchemaMissing, match="the log"):
        Services.open(services.config)
    set_up(services.config)
    Services.open(services.config).close()
