"""Outcomes as of an earlier position of the record, counted under the same terms."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from consult.commands.results.working_out import work_out
from consult.services import Services
from consult.wording import figures, language
from consult.wording.shown_consultation import ShownConsultation
from events.log.commitment import CROWD_MIN
from events.question import Question
from projections.audit_trail import AuditTrail
from projections.ballot_box import BallotBox

STOPS = 20
"""Number of intervals into which a page divides the open period."""
OUTCOMES_MAX = 64
WAIT_SECONDS = 5.0


@dataclass(frozen=True)
class Stop:
    """An earlier moment. `position`: of the record; `at`: time of the last answer up to it."""

    position: int
    at: datetime

    @property
    def day(self) -> str:
        """Return the day in words."""
        return figures.day(self.at, language.current())


class Busy(Exception):  # noqa: N818 - it says what the server is
    """Another count is still running."""


class Outcomes:
    """Cache of outcomes by (consultation, question, position); one count at a time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[UUID, str, int], dict[str, Any]] = OrderedDict()
        self._turn = threading.Lock()

    def at(
        self, services: Services, asked: ShownConsultation, question: Question, position: int
    ) -> dict[str, Any]:
        """Return the outcome at a position. Raises Busy after WAIT_SECONDS, CannotCount."""
        key = (asked.id, question.id, position)
        found = self._kept.get(key)
        if found is not None:
            return found
        # One count may read a million ballots, so counts are serialised.
        if not self._turn.acquire(timeout=WAIT_SECONDS):
            raise Busy
        try:
            found = self._kept.get(key)
            if found is None:
                tally = work_out(services, asked.id, question_id=question.id, as_at=position)
                found = tally.outcome.as_json()
                self._kept[key] = found
                while len(self._kept) > OUTCOMES_MAX:
                    self._kept.popitem(last=False)
            return found
        finally:
            self._turn.release()


def place(asked: ShownConsultation, wanted: int, offered: list[Stop]) -> int:
    """Return the position to show for the requested one.

    Two neighbouring positions differ by one person's answers, and the log has the day and channel
    of these. So only the offered stops can be shown.
    """
    opened, closed = asked.page.opened_position, asked.page.closed_position
    assert opened is not None
    assert closed is not None
    within = min(max(wanted, opened), closed)
    if within == closed:
        return closed
    return max((stop.position for stop in offered if stop.position <= within), default=opened)


def stops(services: Services, asked: ShownConsultation) -> list[Stop]:
    """Return moments spread over the open period, at most one per day, oldest first.

    Between two of them, as before the first and after the last, at least CROWD_MIN people answered:
    what changed in between is then nobody's in particular.
    """
    opened, closed = asked.page.opened_position, asked.page.closed_position
    if opened is None or closed is None:
        return []
    trail, box = services.views.reader(AuditTrail), services.views.reader(BallotBox)
    found: list[Stop] = []
    with services.views.connect() as db:
        counted, all_of_them = 0, box.people(db, asked.id, as_at=closed)
        for step in range(1, STOPS):
            position = opened + (closed - opened) * step // STOPS
            people = box.people(db, asked.id, as_at=position)
            if people < counted + CROWD_MIN or people > all_of_them - CROWD_MIN:
                continue
            last = box.latest(db, asked.id, as_at=position)
            at = trail.moment(db, last) if last is not None else None
            if at is None or (found and found[-1].day == Stop(position, at).day):
                continue
            found.append(Stop(position, at))
            counted = people
    return found
