"""Exporting every answer to every question: a row for each response, as CSV, JSON or XLSX.

What people wrote is in it only at the wish of somebody who may read it, and the record says so
before the first byte. Rows come in an order that says nothing about who answered when.
"""

import itertools
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from consult.commands.context import Actor, fresh_command_id
from consult.commands.exporting import StillSecret
from consult.commands.recorded_ballots import recorded_ballots
from consult.formats import spreadsheet, workbook
from consult.formats.responses import Cell, Column, Labels, Money, Response, Wrote, columns, spent
from consult.people import attachments, read_words
from consult.services import Services
from events import By, Conflict, Consultation, Disclosure, Partnership, Refused
from events.question import Question, Text
from projections.answered import Standing
from projections.ballot_box import BallotBox
from projections.writings import Writing, Writings

FORMATS = ("csv", "json", "xlsx")
JSON_FORMAT = "folkmoot/responses/v1"
ROWS_AT_ONCE = 500
BYTES_AT_ONCE = 65_536
ENGLISH = Labels()
ENDED = frozenset({"closed", "withdrawn"})


class ResponsesMissing(Refused):
    """The read model does not hold the responses that the record holds."""

    says = (
        "The record holds {recorded} responses and only {found} can be read, so nothing was "
        "exported. Whoever runs the service must rebuild the read models first."
    )


@dataclass(frozen=True)
class Wish:
    """What somebody wants in a file. `with_words`: also what people wrote and attached."""

    format: str
    with_words: bool = False
    labels: Labels = ENGLISH


def export_answers(
    services: Services, id: UUID, wish: Wish, *, actor: Actor, command_id: str = ""
) -> Iterator[bytes]:
    """Yield a file of all responses that stand. Erased words are not in it.

    The words only for an actor who may read them: whoever calls this has checked that. Nothing
    is yielded before everything is checked. Raises StillSecret, ReadModelsBehind,
    ResponsesMissing, NotFound, TooLargeForWorkbook.
    """
    consultation = services.record.get(Consultation, id)
    if consultation.state not in ENDED:
        raise StillSecret
    position = services.record.head()
    with services.whole(BallotBox, position=position) as (db, box):
        writings = services.views.reader(Writings)
        services.views.require(db, writings, position)
        found = box.people(db, id)
        recorded = recorded_ballots(services, consultation, until=position)
        if found != recorded:
            raise ResponsesMissing(found=found, recorded=recorded)
        if wish.with_words:
            by = actor.by(command_id or fresh_command_id())
            _note(services, id, wish, by, position, found)
        source = _Source(services, consultation, wish, (db, box, writings), position)
        yield from {"csv": _csv, "json": _json, "xlsx": _xlsx}[wish.format](source)


class _Source:
    """Where a file's rows come from."""

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
        terms = consultation.terms
        if terms is not None and terms.elsewhere == "connected":
            self.labels = replace(wish.labels, elsewhere=wish.labels.elsewhere_connected)
        self.campaigns = self.box.campaign_names(self.db, consultation.id)
        self.money = Money(consultation.currency or "GBP", consultation.money_decimals)
        partnership = services.record.find(Partnership, consultation.partnership_id)
        self.wards: dict[str, Text] = {
            ward.code: ward.name for ward in (partnership.wards if partnership else ())
        }

    @property
    def questions(self) -> list[Question]:
        return list(self.consultation.questions.values())

    def columns(self) -> list[Column]:
        """Number, then what is known of each response, then the questions."""
        return columns(self.questions, self.wards, self.money, self.labels, self.campaigns)

    def responses(self) -> Iterator[Response]:
        """Yield every response, a few hundred at a time from both stores."""
        for some in self.box.standing(self.db, self.consultation.id, ROWS_AT_ONCE):
            written = self._written(some)
            for one in some:
                response = Response(
                    day=one.day,
                    channel=one.channel,
                    area=one.area,
                    respondent=one.respondent,
                    level=one.assurance,
                    campaign=one.campaign,
                    answers=one.answers,
                    wrote=written.get(one.subject_id, {}),
                )
                # An import has the equal ballots of one line together.
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
            wrote = _wrote(row, words, files) if is_shown else Wrote("kept back")
            if is_shown or not row.is_erased:
                found.setdefault(row.subject_id, {})[row.question_id] = wrote
        return found


def _wrote(
    row: Writing,
    words: dict[str, read_words.Words],
    files: dict[str, attachments.Attached],
) -> Wrote:
    if row.is_erased:
        return Wrote("erased")
    if row.commitment in files:
        return Wrote("shown", files[row.commitment].name)
    found = words.get(row.commitment)
    if found is None:
        return Wrote("missing")
    return Wrote("shown", found.written) if found.is_true else Wrote("altered")


def _note(services: Services, id: UUID, wish: Wish, by: By, position: int, responses: int) -> None:
    """Record an export of words; the same command records it once."""
    exported = Disclosure.WordsExported(
        at=services.clock(),
        by=by,
        consultation_id=id,
        format=wish.format,
        responses=responses,
        position=position,
    )
    try:
        services.record.save(Disclosure.begin(Disclosure.export_id(id, by.command_id), exported))
    except Conflict:
        return


def _csv(source: _Source) -> Iterator[bytes]:
    shown = source.columns()

    def rows() -> Iterator[list[spreadsheet.Cell]]:
        yield [source.labels.response, *(column.heading for column in shown)]
        for number, one in enumerate(source.responses(), start=1):
            yield [number, *(_plain(column.cell(one)) for column in shown)]

    yield from _together(line.encode() for line in spreadsheet.lines(rows()))


def _plain(cell: Cell) -> spreadsheet.Cell:
    return f"{cell:f}" if isinstance(cell, Decimal) else _day_or_same(cell)


def _day_or_same(cell: str | int | date | None) -> spreadsheet.Cell:
    return cell.isoformat() if isinstance(cell, date) else cell


def _xlsx(source: _Source) -> Iterator[bytes]:
    shown = source.columns()
    with tempfile.TemporaryDirectory(prefix="folkmoot-export-") as folder:
        path = Path(folder) / "answers.xlsx"
        with workbook.writing(path) as book:
            book.sheet(
                source.labels.said(source.consultation.title),
                [source.labels.response, *(column.heading for column in shown)],
                (
                    [number, *(column.cell(one) for column in shown)]
                    for number, one in enumerate(source.responses(), start=1)
                ),
            )
        with path.open("rb") as readable:
            while some := readable.read(BYTES_AT_ONCE):
                yield some


def _json(source: _Source) -> Iterator[bytes]:
    about = source.consultation
    head = {
        "format": JSON_FORMAT,
        "consultation": str(about.id),
        "title": dict(about.title),
        "position": source.position,
        "with_words": source.wish.with_words,
        "questions": [_question(question, source.money) for question in source.questions],
    }

    def parts() -> Iterator[bytes]:
        yield _json_text(head)[:-1].encode() + b',"responses":[\n'
        for number, one in enumerate(source.responses(), start=1):
            row = _json_text(_document(source, number, one)).encode()
            yield (b"" if number == 1 else b",\n") + row
        yield b"\n]}\n"

    yield from _together(parts())


def _question(question: Question, money: Money) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": question.id,
        "kind": question.kind,
        "title": dict(question.title),
    }
    if question.unit:
        known["unit"] = dict(question.unit)
    for name, parts in (("options", question.options), ("statements", question.statements)):
        if parts:
            known[name] = [
                {"id": part.id, "title": dict(part.title)}
                | ({} if part.cost is None else {"cost": _amount(part.cost, money)})
                for part in parts
            ]
    return known


def _document(source: _Source, number: int, one: Response) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for question in source.questions:
        given = one.answers.get(question.id)
        if given is not None:
            answers[question.id] = {"answer": given}
            if question.kind == "basket":
                answers[question.id]["spent"] = _amount(spent(question, given), source.money)
        wrote = one.wrote.get(question.id)
        if wrote is not None:
            said = {"words": wrote.words} if wrote.words else {"written": wrote.state}
            answers.setdefault(question.id, {}).update(said)
    names = source.campaigns.get(one.campaign)
    return {
        "response": number,
        "day": one.day.isoformat(),
        "channel": one.channel,
        "area": one.area,
        "respondent": one.respondent,
        "level": one.level,
        "campaign": one.campaign,
        "answers": answers,
    } | ({"campaign_names": names} if names else {})


def _amount(minor_units: int, money: Money) -> dict[str, str]:
    return {"amount": f"{money.amount(minor_units):f}", "currency": money.currency}


def _json_text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _together(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield larger pieces, so that a file is not sent line by line."""
    held = bytearray()
    for part in parts:
        held += part
        if len(held) >= BYTES_AT_ONCE:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)
