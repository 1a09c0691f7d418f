"""Write an election as CSV for spreadsheets and as JSON for programs."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from consult.formats import spreadsheet
from consult.formats.election import Answer, Election

JSON_FORMAT = "folkmoot/votes/v1"


def write_csv(election: Election, file: TextIO) -> None:
    """Write one row per ballot, one column per option: its rank, its points, or 1.

    The stream must be opened with `newline=""`. The first cell is the file's own voter id, or the
    row number.
    """
    file.writelines(spreadsheet.lines(_rows(election)))


def _rows(election: Election) -> Iterator[list[spreadsheet.Cell]]:
    titles = [
        option.id if option.name in ("", option.id) else f"{option.id}: {option.name}"
        for option in election.options
    ]
    yield ["ballot", "channel", *titles]
    ids = [option.id for option in election.options]
    number = 0
    for ballot in election.ballots:
        marks = _marks(election.kind, ballot.answer)
        cells = [ballot.channel, *[marks.get(option) for option in ids]]
        for _ in range(ballot.multiplicity):
            number += 1
            named = ballot.voter is not None and ballot.multiplicity == 1
            yield [ballot.voter if named else number, *cells]


def _marks(kind: str, answer: Answer) -> Mapping[str, int]:
    if isinstance(answer, dict):
        return answer
    if isinstance(answer, str):
        return {answer: 1}
    if kind != "ranking":
        return dict.fromkeys(answer, 1)
    marks: dict[str, int] = {}
    for item in answer:
        shared = item if isinstance(item, list) else [item]
        place = len(marks) + 1
        marks.update(dict.fromkeys(shared, place))
    return marks


def write_json(election: Election, file: TextIO) -> None:
    """Write the election with its ballots in groups: `"groups": [[answer, people], ...]`.

    Groups are sorted, so the same votes give the same bytes in any order. No voter id is written.
    Amounts are in units of 1/`unit_scale` of the currency.
    """
    document: dict[str, Any] = {
        "format": JSON_FORMAT,
        "title": election.title,
        "description": election.description,
        "kind": election.kind,
        "people": election.people,
        "seats": election.seats,
        "pot": election.pot,
        "unit_scale": election.unit_scale,
        "currency": election.currency,
        "language": election.language,
        "rule": {"id": election.rule.id, "parameters": dict(election.rule.parameters)},
        "options": [
            {
                "id": option.id,
                "name": option.name,
                "description": option.description,
                "cost": option.cost,
                "group": option.group,
                "details": dict(option.details),
            }
            for option in election.options
        ],
        "groups": sorted(([answer, people] for answer, people in election.groups()), key=_order),
    }
    json.dump(document, file, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    file.write("\n")


def _order(group: list[Any]) -> str:
    return json.dumps(group[0], sort_keys=True)
