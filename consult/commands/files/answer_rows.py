"""Rows of a file of answers: every current response, with what may be shown of it."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection

from consult.formats.responses import (
    ALTERED,
    ERASED,
    KEPT_BACK,
    MISSING,
    SHOWN,
    Column,
    Labels,
    Money,
    Response,
    Wrote,
    columns,
)
from consult.people.answers import attachments, read_words
from consult.services import Services
from events import Consultation, Partnership
from events.consultations.levels import DESK, LETTER
from events.question import Question, Text
from projections.answered import Standing
from projections.ballot_box import BallotBox
from projections.writings import Writing, Writings

ROWS_AT_ONCE = 500
ENGLISH = Labels()


@dataclass(frozen=True)
class Wish:
    """What to put into a file. `with_words`: include what people wrote and attached."""

    format: str
    with_words: bool = False
    labels: Labels = ENGLISH


class Source:
    """Source of the rows of a file of answers."""

    def __init__(
        self,
        services: Services,
        consultation: Consultation,
        wish: Wish,
        views: tuple[Connection, BallotBox, Writings],
        position: int,
    ) -> None:
        self.services, self.consultation, self.wish = services, consultation, wish
        self.db, self.box, self.writings = views
        self.position, self.labels = position, wish.labels
        self.report: Callable[[int], None] = lambda _rows: None
        terms = consultation.terms
        # Staff who enter answers always state the respondent; online people only where terms say
        # so.
        self.has_organisations = terms is not None and (
            terms.has_organisations or not {DESK, LETTER}.isdisjoint(terms.identity)
        )
        if terms is not None and terms.elsewhere == "connected":
            self.labels = replace(wish.labels, elsewhere=wish.labels.elsewhere_connected)
        self.campaigns = self.box.campaign_names(self.db, consultation.id)
        self.money = Money.of(consultation)
        partnership = services.record.find(Partnership, consultation.partnership_id)
        self.wards: dict[str, Text] = {
            ward.code: ward.name for ward in (partnership.wards if partnership else ())
        }

    @property
    def questions(self) -> list[Question]:
        """Return every question in order."""
        return list(self.consultation.questions.values())

    def columns(self) -> list[Column]:
        """Return the columns: what is known of each response, then the questions."""
        return columns(
            self.questions,
            self.wards,
            self.money,
            self.labels,
            self.campaigns,
            with_names=self.wish.with_words and self.has_organisations,
        )

    def responses(self) -> Iterator[Response]:
        """Yield every response, reading both databases in batches."""
        rows = 0
        for some in self.box.standing(self.db, self.consultation.id, ROWS_AT_ONCE):
            self.report(rows)
            rows += sum(one.people for one in some)
            written = self._written(some)
            for one in some:
                response = Response(
                    day=one.day,
                    channel=one.channel,
                    area=one.area,
                    respondent=one.respondent,
                    members=one.members,
                    level=one.assurance,
                    campaign=one.campaign,
                    answers=one.answers,
                    wrote=written.get(one.subject_id, {}),
                )
                # An import stores equal ballots of one line as one.
                yield from itertools.repeat(response, one.people)

    def _written(self, some: list[Standing]) -> dict[UUID, dict[str, Wrote]]:
        people = [one.subject_id for one in some]
        rows = self.writings.of_people(self.db, self.consultation.id, people)
        found: dict[UUID, dict[str, Wrote]] = {}
        is_shown = self.wish.with_words
        kept = [row.commitment for row in rows if is_shown and not row.is_erased]
        words = read_words.words_for(self.services.vault, kept)
        files = read_words.files_for(self.services.vault, kept)
        for row in rows:
            wrote = _wrote(row, words, files) if is_shown else Wrote(KEPT_BACK)
            if is_shown or not row.is_erased:
                found.setdefault(row.subject_id, {})[row.question_id] = wrote
        return found


def _wrote(
    row: Writing,
    words: dict[str, read_words.Words],
    files: dict[str, attachments.Attached],
) -> Wrote:
    if row.is_erased:
        return Wrote(ERASED)
    if row.commitment in files:
        return Wrote(SHOWN, files[row.commitment].name)
    found = words.get(row.commitment)
    if found is None:
        return Wrote(MISSING)
    return Wrote(SHOWN, found.written) if found.is_true else Wrote(ALTERED)
