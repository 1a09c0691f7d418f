"""The tables of read models: whoever changes one raises its version, so that it is rebuilt."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table

from projections import ALL
from projections.engine.projection import Projection

KEPT = Path(__file__).parents[1] / "golden" / "read_models.json"


def told(table: Table) -> dict[str, Any]:
    """What there is to say of a table, without the number of its generation."""
    name = table.name.rpartition("_")[0]
    return {
        "key": [column.name for column in table.primary_key],
        "columns": {
            column.name: f"{column.type!r}{'' if column.nullable else ' not null'}"
            for column in table.columns
        },
        "indexes": sorted(
            f"{str(index.name).replace(table.name, name)}:"
            f"{','.join(column.name for column in index.columns)}"
            f"{' unique' if index.unique else ''}"
            for index in table.indexes
        ),
    }


def tables_of(projection: type[Projection]) -> dict[str, Any]:
    return {table.name.rpartition("_")[0]: told(table) for table in projection(7).tables}


@pytest.mark.parametrize("projection", ALL, ids=lambda projection: projection.name)
def test_tables_are_those_of_their_version(projection: type[Projection]):
    kept = json.loads(KEPT.read_text())[projection.name]
    is_same = tables_of(projection) == kept["tables"]
    assert is_same or projection.version > kept["version"], "raise the version of the read model"
    assert {"version": projection.version, "tables": tables_of(projection)} == kept, (
        f"then write what is new into {KEPT.name}"
    )


def test_every_read_model_is_kept_and_no_other():
    assert set(json.loads(KEPT.read_text())) == {projection.name for projection in ALL}
