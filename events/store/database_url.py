"""Parse the address of a database, such as `sqlite:///folkmoot.db`."""

import getpass
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from events.errors import Refused


class UnknownDatabase(Refused):
    """The address does not name a supported database."""

    says = (
        "{address} does not name a database. Write sqlite:///folkmoot.db, "
        "sqlite:////var/lib/folkmoot.db or postgresql://user:password@host:5432/name."
    )


LIVELINESS = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "target_session_attrs": "read-write",
}
"""An unreachable server is noticed in seconds, not in hours; of several hosts, the one that
accepts writes is used, not a standby."""


RECORD, VIEWS, VAULT, LOG = STORES = ("record", "views", "people", "log")
"""The four stores by the names of their files, and of their schemas on PostgreSQL."""


@dataclass(frozen=True)
class SqliteAddress:
    """An SQLite file. `options`: the query parameters of the address."""

    path: Path
    options: dict[str, str] = field(default_factory=dict)

    def store(self, name: str) -> Path:
        """Return the file of a store: of `folkmoot.db`, that of `log` is `folkmoot.log.db`."""
        if name == RECORD:
            return self.path
        # The vault's file has always ended with .db, whatever the record's ends with.
        suffix = ".db" if name == VAULT else self.path.suffix
        return self.path.with_name(f"{self.path.stem}.{name}{suffix}")


@dataclass(frozen=True)
class PostgresAddress:
    """A database on a server. `options`: connection settings by their names in libpq."""

    host: str
    port: str
    user: str
    password: str
    dbname: str
    options: dict[str, str] = field(default_factory=dict)

    def settings(self) -> dict[str, str]:
        """Return the keyword arguments of a psycopg connection."""
        named = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "dbname": self.dbname,
        }
        wanted = LIVELINESS | named | self.options
        return {name: value for name, value in wanted.items() if value}


def parse(database_url: str) -> SqliteAddress | PostgresAddress:
    """Parse the address of a database. Raises UnknownDatabase."""
    parts = urlsplit(database_url)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
        return SqliteAddress(Path(unquote(parts.path[1:])), options)
    if parts.scheme in {"postgresql", "postgres", "postgresql+psycopg"} and len(parts.path) > 1:
        # Parsed by hand: a fail-over address names several hosts, `a:5432,b:5432`.
        user, _, where = parts.netloc.rpartition("@")
        name, _, password = user.partition(":")
        pairs = [
            host.rpartition(":") if ":" in host else (host, "", "") for host in where.split(",")
        ]
        return PostgresAddress(
            host=options.pop("host", "") or unquote(",".join(pair[0] for pair in pairs)),
            port=options.pop("port", "") or ",".join(pair[2] or "5432" for pair in pairs),
            user=unquote(name) or options.pop("user", "") or getpass.getuser(),
            password=unquote(password) or options.pop("password", ""),
            dbname=unquote(parts.path[1:]),
            options=options,
        )
    shown = database_url if "@" not in database_url else f"{parts.scheme}://..."
    raise UnknownDatabase(address=shown)
