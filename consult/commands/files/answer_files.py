"""Write files of answers as CSV, JSON or XLSX, streamed from the rows."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from consult.commands.files.answer_rows import Source
from consult.formats import spreadsheet, workbook
from consult.formats.responses import Cell, Money, Response, spent
from events.question import Question

JSON_FORMAT = "folkmoot/responses/v1"
BYTES_AT_ONCE = 65_536


def _csv(source: Source) -> Iterator[bytes]:
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


def _xlsx(source: Source) -> Iterator[bytes]:
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


def _json(source: Source) -> Iterator[bytes]:
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


def _document(source: Source, number: int, one: Response) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for question in source.questions:
        given = one.answers.get(question.id)
        if given is not None:
            answers[question.id] = {"answer": given}
            if question.of_kind.shares_money:
                answers[question.id]["amounts"] = {
                    option.id: _amount(given.get(option.id, 0), source.money)
                    for option in question.options
                }
            if question.of_kind.has_costs:
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
        "members": one.members or None,
        "level": one.level,
        "campaign": one.campaign,
        "answers": answers,
    } | ({"campaign_names": names} if names else {})


def _amount(minor_units: int, money: Money) -> dict[str, str]:
    amount = {"amount": f"{money.amount(minor_units):f}"}
    return amount | ({"currency": money.currency} if money.currency else {})


def _json_text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _together(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Join small pieces into larger ones, so that a file is not sent line by line."""
    held = bytearray()
    for part in parts:
        held += part
        if len(held) >= BYTES_AT_ONCE:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


WRITERS: Mapping[str, Callable[[Source], Iterator[bytes]]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
}
"""The writer of each format."""
