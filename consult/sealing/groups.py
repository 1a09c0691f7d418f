"""Groups: answers wait until those of several people can be sealed together, and are shuffled.

Whoever sees the log grow would otherwise know when each person answered. The answers of one
consultation wait until they are of GROUP_MIN responses, or until the clock hour of the oldest
ends, or until another public fact of the consultation comes, which must stand after them. All
else is sealed at once.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from consult.log_store.outgoing import OutgoingEntry
from consult.sealing.public_entries.entries import Publisher
from events.store.appends import Row

GROUP_MIN = 5
"""Responses that are enough to be sealed together before the hour ends."""

NEVER = datetime.max.replace(tzinfo=UTC)


class Waiting(NamedTuple):
    """An entry that waits for its group. `due`: when it is sealed at the latest."""

    entry: OutgoingEntry
    due: datetime


def due_of(at: datetime) -> datetime:
    """Return the end of the clock hour of a time, in UTC."""
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return hour + timedelta(hours=1)


@dataclass
class Group:
    """What waits of one consultation. `due`: of whatever is due first."""

    due: datetime
    waiting: list[Waiting] = field(default_factory=list)
    people: set[str | None] = field(default_factory=set)

    def add(self, one: Waiting) -> None:
        """Let an entry wait."""
        self.waiting.append(one)
        self.people.add(one.entry.person)
        self.due = min(self.due, one.due)


class Groups:
    """The entries that wait, by consultation."""

    def __init__(self, waiting: Iterable[Waiting] = ()) -> None:
        self._groups: dict[UUID | None, Group] = {}
        self._first_due = NEVER
        for one in waiting:
            self.add(one)

    def add(self, one: Waiting) -> None:
        """Let an entry wait."""
        self._groups.setdefault(one.entry.consultation_id, Group(one.due)).add(one)
        self._first_due = min(self._first_due, one.due)

    def waiting(self) -> list[Waiting]:
        """Return all that waits."""
        return [one for group in self._groups.values() for one in group.waiting]

    def take(self, consultation_id: UUID | None) -> list[OutgoingEntry]:
        """Return the group of a consultation, shuffled; none of it waits any more."""
        group = self._groups.pop(consultation_id, None)
        if group is None:
            return []
        self._first_due = min((one.due for one in self._groups.values()), default=NEVER)
        return shuffled([one.entry for one in group.waiting])

    def take_due(self, moment: datetime) -> list[OutgoingEntry]:
        """Return the groups whose time has come, one after another."""
        if moment < self._first_due:
            return []
        return self._take_all(id for id, group in self._groups.items() if group.due <= moment)

    def take_full(self, least: int) -> list[OutgoingEntry]:
        """Return the groups that are of at least so many responses, one after another."""
        return self._take_all(
            id for id, group in self._groups.items() if len(group.people) >= least
        )

    def _take_all(self, ids: Iterable[UUID | None]) -> list[OutgoingEntry]:
        return [entry for id in list(ids) for entry in self.take(id)]


class Rounds:
    """Puts what is to be sealed next in order, from what waits and what is new."""

    def __init__(self, publisher: Publisher, waiting: Iterable[Waiting] = ()) -> None:
        self._publisher = publisher
        self.groups = Groups(waiting)

    def next(
        self, rows: Sequence[Row], size: int, now: datetime, least: int
    ) -> list[OutgoingEntry]:
        """Return the entries to seal after these facts; the others wait.

        `size`: of the log before them. `least`: responses that are enough for a group.
        Raises UnknownFact.
        """
        self._publisher.begin()
        found: list[OutgoingEntry] = []
        for row in rows:
            seen = self._publisher.seen(row)
            entry = self._publisher.entry(seen)
            if entry is None:
                continue
            # What piled up is sealed as it would have been in its time, or days would be mixed.
            found += self.groups.take_due(seen.fact.at)
            if entry.person is not None:
                due = due_of(min(seen.fact.at, now))  # the clock that recorded it may be ahead
                self.groups.add(Waiting(entry, due))
                continue
            found += self.groups.take(entry.consultation_id)
            if entry.kind == "closed":
                self._publisher.note_closing(entry.consultation_id, size + len(found))
            found.append(entry)
        return found + self.groups.take_due(now) + self.groups.take_full(least)


def shuffled(group: Sequence[OutgoingEntry]) -> list[OutgoingEntry]:
    """Return the entries of a group in an order that says nothing of who came before whom.

    What became of one response stays in order: decreasing versions would look like a replay.
    """
    whose = [entry.person or entry.position for entry in group]
    waiting: dict[str | int, list[OutgoingEntry]] = {one: [] for one in whose}
    for one, entry in zip(reversed(whose), reversed(group), strict=True):
        waiting[one].append(entry)
    secrets.SystemRandom().shuffle(whose)
    return [waiting[one].pop() for one in whose]
