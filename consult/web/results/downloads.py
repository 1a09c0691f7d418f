"""Files of published results: for spreadsheets, for programs, and for recounting."""

import hashlib
import io
from collections.abc import Iterator
from typing import Any

from flask import abort, request
from werkzeug.wrappers import Response

from consult.commands.files.exporting import export_votes
from consult.counting.outcome import canonical_bytes, digest
from consult.formats import spreadsheet
from consult.web import services as find_services
from consult.web.consultation_lookup import find
from consult.web.kept_files import BeingMade, kept
from consult.web.pages import Room
from consult.web.results import published, result_rows
from consult.web.results.published import Published
from consult.wording import language
from consult.wording.outcomes import participants
from consult.wording.shown_consultation import ShownConsultation
from events.errors import ReadModelsBehind, Refused, Unavailable

downloads = Room("downloads", __name__, url_prefix="/c/<slug>")
JSON_FORMAT = "folkmoot/results/v1"
Row = list[spreadsheet.Cell]


@downloads.get("/results.csv")
def csv(slug: str) -> Response:
    """Return a row for each number, and what it counts, in the language of the page."""
    asked, found = _published(slug)
    body = "".join(spreadsheet.lines(_table(asked, found)))
    return _file(asked, "csv", "text/csv; charset=utf-8", body.encode())


@downloads.get("/results.json")
def json(slug: str) -> Response:
    """Return the result documents as counted and the tallies, with their digests.

    Tallies (docs/tallies.md) have the numbers of every question, counted by a rule or not.
    """
    asked, found = _published(slug)
    document = {
        "format": JSON_FORMAT,
        "consultation": str(asked.id),
        "title": dict(asked.page.title),
        **({"imported_from": asked.page.source} if asked.page.is_import else {}),
        "questions": [
            {
                "question": result.question_id,
                "cutoff": result.cutoff,
                "input_digest": result.input_digest,
                "result_digest": result.result_digest,
                "outcome": result.outcome,
                "comparison": published.compared(asked, result),
            }
            for result in found.results.values()
        ],
        "tallies": found.tallies,
        "tallies_digest": digest(found.tallies),
        "participation": _participation(asked, found),
    }
    return _file(asked, "json", "application/json", canonical_bytes(document))


@downloads.get("/results.pb")
def pabulib(slug: str) -> Response:
    """Return the answers to a budget question as a Pabulib file, for recounting."""
    return _answers(slug, "pabulib", "pb", "text/plain; charset=utf-8")


@downloads.get("/answers.json")
def answers(slug: str) -> Response:
    """Return the distinct answers to a counted question, with how many people gave each."""
    return _answers(slug, "json", "answers.json", "application/json")


def _answers(slug: str, format: str, suffix: str, kind: str) -> Response:
    """Return the counted ballots; abort with 404 if they are not public or not expressible."""
    asked, found = _published(slug)
    question = request.args.get("question") or next(iter(found.results), "")
    if not asked.page.are_ballots_public or question not in found.results:
        abort(404)
    result = found.results[question]

    def make() -> list[bytes]:
        text = io.StringIO(newline="")
        export_votes(find_services(), asked.id, text, format=format, question_id=question)
        return [_utf8(text)]

    key = (format, str(asked.id), question, str(asked.page.version), result.input_digest)
    try:
        response = kept(kind, key, make, ballots=result.ballots)
    except (Unavailable, ReadModelsBehind, BeingMade):
        raise
    except Refused:
        abort(404)
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(asked, suffix)}"'
    return response


def _published(slug: str) -> tuple[ShownConsultation, Published]:
    """Return the published results; abort with 404 without any."""
    asked = find(slug)
    found = published.find(find_services(), asked)
    if found is None:
        abort(404)
    return asked, found


def _table(asked: ShownConsultation, found: Published) -> Iterator[Row]:
    """Yield the heading and a row for each number, in the language of the page."""
    yield result_rows.heading(asked)
    for line in result_rows.lines(asked, found):
        yield [*line]


def _participation(asked: ShownConsultation, found: Published) -> dict[str, Any]:
    """Return the participation tables of the page, with the same numbers hidden."""
    wards = participants.wards(asked, found.turnout)
    return {
        "responses": found.tallies["responses"],
        "respondents": found.tallies["respondents"],
        "members": found.tallies.get("members"),
        "wards": [
            {
                "ward": line.code,
                "residents": line.residents,
                "responses": line.shown.people,
                "index": None if line.index is None else participants.two_decimals(line.index),
            }
            for line in wards or ()
        ],
    }


def _utf8(text: io.StringIO) -> bytes:
    return text.getvalue().encode()


def _file(
    asked: ShownConsultation, suffix: str, kind: str, body: bytes, etag: str = ""
) -> Response:
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(asked, suffix)}"'
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(etag or hashlib.sha256(body).hexdigest())
    return response.make_conditional(request.environ)


def _name(asked: ShownConsultation, suffix: str) -> str:
    code = language.current()
    return f"{asked.slug}.{suffix}" if code == language.DEFAULT else f"{asked.slug}-{code}.{suffix}"
