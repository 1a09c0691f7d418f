"""Which files of an installation only its owner may read, whichever command opens them."""

from pathlib import Path

from consult.config import Config
from consult.copies import sqlite
from events.store.database_url import SqliteAddress, parse
from events.store.private_files import check_files


def places(config: Config) -> list[Path]:
    """Return every file that may hold personal data or keys, there or not."""
    address, key = parse(config.database_url), config.key_path
    databases = list(sqlite.places(address).values()) if isinstance(address, SqliteAddress) else []
    locks = [path.with_suffix(".lock") for path in databases]
    return [*databases, *locks, key, *(key.with_suffix(end) for end in (".state", ".erasures"))]


def check(config: Config) -> None:
    """Refuse while others can read or replace them. Raises OthersCanRead, OthersCanWrite."""
    check_files(places(config))
