"""What the background tries in vain at the moment, kept where every process sees it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select

from consult.people import tables
from consult.people.vault import Vault

REASON_LENGTH_MAX = 500
_TABLE = tables.trouble


@dataclass(frozen=True)
class Failing:
    """A duty whose last rounds failed: how many in a row, since when, and why the last did."""

    duty: str
    failures: int
    reason: str
    since: datetime


class Trouble:
    """Shows the supervisor's failures: a `consult.supervising.Report`."""

    def __init__(self, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._vault = vault
        self._clock = clock

    def note(self, name: str, failures: int, reason: str) -> None:
        """Show that so many rounds in a row have failed, and why the last did."""
        changed = {"failures": failures, "reason": reason[:REASON_LENGTH_MAX]}
        row = self._vault.insert(_TABLE).values(duty=name, since=self._clock(), **changed)
        with self._vault.transaction() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["duty"], set_=changed))

    def end(self, name: str) -> None:
        """Stop showing it."""
        with self._vault.transaction() as connection:
            connection.execute(delete(_TABLE).where(_TABLE.c.duty == name))

    def keep_only(self, names: Collection[str]) -> None:
        """Stop showing trouble of duties that there are no more, such as a witness taken out."""
        with self._vault.transaction() as connection:
            connection.execute(delete(_TABLE).where(_TABLE.c.duty.not_in(names)))


def failing(vault: Vault) -> tuple[Failing, ...]:
    """Return the duties that fail at the moment, the oldest trouble first."""
    query = select(_TABLE).order_by(_TABLE.c.since, _TABLE.c.duty)
    with vault.transaction() as connection:
        rows = connection.execute(query).all()
    return tuple(
        Failing(
            row.duty, row.failures, row.reason, row.since.replace(tzinfo=row.since.tzinfo or UTC)
        )
        for row in rows
    )
