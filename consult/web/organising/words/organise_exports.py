"""Exports of all answers for organisers, with what people wrote only on request."""

from flask import abort, g, redirect, render_template, request

from consult import access
from consult.commands.context import fresh_command_id
from consult.commands.files.exporting_answers import ENDED, FORMATS
from consult.web.forms.reader import Problem
from consult.web.forms.sending import UNPROCESSABLE, Page, draw_form, in_other_language
from consult.web.organising.desk import Desk, find
from consult.web.organising.words.staff_files import StaffFile, answers_of
from consult.web.pages import Room
from consult.wording.drafting.answer_labels import formats
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events.errors import Refused

exports = Room("exports", __name__, url_prefix="/c/<slug>/export", who=access.EXPORT_ANSWERS)
FORMAT, WORDS, YES = "format", "words", "yes"


@exports.get("/")
def form(slug: str) -> Page:
    """Offer the formats, with or without what people wrote."""
    return _form(_opened(slug), [])


@exports.post("/")
def send(slug: str) -> Page:
    """Record the taking and return the file; a large one is created in the background."""
    desk = _opened(slug)
    switched = in_other_language(lambda: _form(desk, []))
    if switched is not None:
        return switched
    if g.get("has_expired"):
        return _form(desk, [(FORMAT, _("This page was open for very long. Press it again."))])
    format, words = request.form.get(FORMAT, ""), request.form.get(WORDS, "")
    if format not in FORMATS:
        return _form(desk, [(FORMAT, _("Choose a format."))])
    try:
        given = _file(desk, format, words).handed_out()
    except Refused as refused:
        return _form(desk, [(FORMAT, says(refused))])
    if given is None:
        wished = {FORMAT: format} | ({WORDS: YES} if words == YES else {})
        return redirect(desk.address("organise.exports.waiting", **wished), 303)
    return given


@exports.get("/waiting")
def waiting(slug: str) -> Page:
    """Show the progress of a large file, and offer it when it is ready."""
    desk = _opened(slug)
    format, words = request.args.get(FORMAT, ""), request.args.get(WORDS, "")
    if format not in FORMATS or desk.page.state not in ENDED:
        abort(404)
    return render_template(
        "organise/file.html",
        desk=desk,
        file=_file(desk, format, words).standing(),
        hidden_fields={FORMAT: format, WORDS: words} if words == YES else {FORMAT: format},
        action=desk.address("organise.exports.send"),
        command_id=fresh_command_id(),
    )


def _file(desk: Desk, format: str, words: str) -> StaffFile:
    return answers_of(desk.page, desk.actor, format, with_words=words == YES)


def _opened(slug: str) -> Desk:
    """Return a consultation that has opened; abort with 404 for a draft."""
    desk = find(slug, access.SEE_WORK)
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
