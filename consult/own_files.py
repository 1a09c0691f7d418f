"""The files of an installation that only its owner may read, checked by every command."""

from pathlib import Path

from consult.config import Config
from consult.copies import sqlite
from events.store.database_url import SqliteAddress, parse
from events.store.private_files import check_files

BESIDE_THE_KEY = (".state", ".erasures", ".secret", ".keys", ".next", ".promise")
"""How the names of the files end that stand beside the log's key."""


def places(config: Config) -> list[Path]:
    """Return every path that may have personal data or keys, existing or not."""
    address, key = parse(config.database_url), config.key_path
    databases = list(sqlite.places(address).values()) if isinstance(address, SqliteAddress) else []
    locks = [path.with_suffix(".lock") for path in databases]
    return [
        *databases,
        *locks,
        key,
        *(key.with_suffix(end) for end in BESIDE_THE_KEY),
    ]


def check(config: Config) -> None:
    """Check that others cannot read or replace them. Raises OthersCanRead, OthersCanWrite."""
    check_files(places(config))
