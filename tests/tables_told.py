"""Tables in words, to be compared with what was kept of them."""

from sqlalchemy import MetaData


def told(metadata: MetaData) -> dict[str, dict[str, object]]:
    """Return name, key, columns and indexes of each table."""
    return {
        table.name: {
            "key": [column.name for column in table.primary_key],
            "columns": {
                column.name: f"{column.type!r}{'' if column.nullable else ' not null'}"
                for column in table.columns
            },
            "indexes": sorted(
                f"{index.name}: {', '.join(column.name for column in index.columns)}"
                for index in table.indexes
            ),
        }
        for table in metadata.sorted_tables
    }
