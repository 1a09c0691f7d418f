"""Exports of all answers for those who organise: with what people wrote only when they ask."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO

from flask import Blueprint, abort, g, request
from werkzeug.wrappers import Response

from consult.commands.answer_rows import Wish
from consult.commands.context import Actor
from consult.commands.exporting_answers import ENDED, FORMATS, export_answers
from consult.formats.responses import Labels
from consult.web import language
from consult.web import services as find_services
from consult.web.answering.answer_forms import elsewhere_title
from consult.web.language import gettext as _
from consult.web.organising.desk import UNPROCESSABLE, Desk, Page, draw_form, find
from consult.web.organising.drafting_forms import Problem
from consult.web.outcomes.participants import ASSURANCE, CHANNELS, RESPONDENTS
from consult.web.refusals import says
from events.errors import Refused
from projections.consultations import ConsultationPage

exports = Blueprint("exports", __name__, url_prefix="/c/<slug>/export")
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMAT, WORDS = "format", "words"
WAIT_SECONDS = 20
BYTES_AT_ONCE = 65_536
UNAVAILABLE = 503
_turn = threading.Lock()


@exports.get("/")
def form(slug: str) -> Page:
    """Offer the formats, with or without what people wrote."""
    return _form(_opened(slug), [])


@exports.post("/")
def send(slug: str) -> Page:
    """Hand out a file; one with words is recorded first."""
    desk = _opened(slug)
    if language.switch_asked():
        return _form(desk, [])
    if g.get("has_expired"):
        return _form(desk, [(FORMAT, _("This page was open for very long. Press it again."))])
    if request.form.get(FORMAT) not in FORMATS:
        return _form(desk, [(FORMAT, _("Choose a format."))])
    try:
        return file_of(desk.page, desk.actor, with_words=request.form.get(WORDS) == "yes")
    except Refused as refused:
        return _form(desk, [(FORMAT, says(refused))])


def file_of(page: ConsultationPage, actor: Actor, *, with_words: bool) -> Response:
    """Return the file in the format that was posted.

    `with_words`: only for an actor who may read them; the caller has checked that. Raises what
    `export_answers` raises.
    """
    format = request.form[FORMAT]
    # A large file keeps a thread busy: one at a time. It is whole before anything is sent, so a
    # slow reader holds nothing up and a failure is no file that ends in the middle.
    if not _turn.acquire(timeout=WAIT_SECONDS):
        return Response(status=UNAVAILABLE, headers={"Retry-After": str(WAIT_SECONDS)})
    with ExitStack() as opened:
        opened.callback(_turn.release)
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the response
        failing = opened.enter_context(ExitStack())
        failing.callback(file.close)
        wish = Wish(format, with_words, labels())
        file.writelines(export_answers(find_services(), page.id, wish, actor=actor))
        failing.pop_all()
    size = file.tell()
    response = Response(_pieces(file), content_type=MEDIA_TYPES[format])
    response.content_length = size
    response.call_on_close(file.close)
    name = f"{page.slug}-answers{'-with-words' if with_words else ''}.{format}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def labels() -> Labels:
    """Return headings and values in the language of the page."""
    return Labels(
        language=language.current(),
        response=_("Response"),
        day=_("Day"),
        channel=_("How they took part"),
        area=_("Where they live"),
        respondent=_("Who they answered for"),
        organisation=_("Name of the organisation or meeting"),
        members=_("For how many they speak"),
        level=_("How they showed who they are"),
        campaign=_("Campaign"),
        spent=_("spent"),
        other=_("Other"),
        other_words=_("other, in their words"),
        elsewhere=elsewhere_title(""),
        elsewhere_connected=elsewhere_title("connected"),
        states={
            "kept back": _("yes"),
            "erased": _("[erased]"),
            "missing": _("[missing]"),
            "altered": _("[does not match the record]"),
        },
        channels={value: _(words) for value, words in CHANNELS.items()},
        respondents={value: _(words) for value, words in RESPONDENTS.items()},
        levels={value: _(words) for value, words in ASSURANCE.items()},
    )


def formats() -> list[tuple[str, str, str]]:
    """Return what can be chosen: value, words and what it is for."""
    return [
        ("xlsx", _("A workbook (XLSX)"), _("For Excel, LibreOffice and other spreadsheets.")),
        ("csv", _("A table (CSV)"), _("For spreadsheets and statistics programs.")),
        ("json", _("For programs (JSON)"), _("With the identifiers of questions and options.")),
    ]


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Give a file that nobody needs any longer when it is sent."""
    with file:
        file.seek(0)
        while some := file.read(BYTES_AT_ONCE):
            yield some


def _opened(slug: str) -> Desk:
    """Return a consultation that people could answer; 404 for a draft."""
    desk = find(slug)
    if desk.page.opened_position is None:
        abort(404)
    return desk


def _form(desk: Desk, problems: list[Problem]) -> Page:
    page = draw_form(
        "organise/export.html",
        request.form.to_dict(),
        problems,
        desk=desk,
        has_ended=desk.page.state in ENDED,
        formats=formats(),
    )
    return (page, UNPROCESSABLE) if problems else page
