"""Exports of all answers for organisers, with what people wrote only on request."""

from flask import abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from consult import access
from consult.commands.context import fresh_command_id
from consult.commands.files.exporting_answers import ENDED, FORMATS
from consult.web.forms.choices import OneOf, Tick
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.organising.desk import Desk, find
from consult.web.organising.words.staff_files import NOT_ASKED, StaffFile, answers_of
from consult.web.pages import Room
from consult.wording.drafting.answer_labels import formats
from consult.wording.language import N_
from consult.wording.language import gettext as _

exports = Room("exports", __name__, url_prefix="/c/<slug>/export", who=access.EXPORT_ANSWERS)
FORMAT, WORDS, YES = "format", "words", "yes"


class ExportForm(StaffForm):
    """Which kind of file is taken, and whether with what people wrote."""

    format = OneOf(N_("Format"), needed=N_("Choose a format."))
    words = Tick(
        N_("With what people wrote"),
        hint=N_(
            "It may name people. Keep such a file safe and delete it when you are done: an erasure "
            "later cannot reach it."
        ),
    )


@exports.route("/", methods=["GET", "POST"], title=N_("Export the answers"))
def form(slug: str) -> Page:
    """Offer the formats; record the taking and return the file, or have a large one made."""
    desk = _opened(slug)
    asked = ExportForm(choices={FORMAT: formats()}, format="xlsx")
    given: list[Response] = []

    def act(_key: str) -> None:
        file = _file(desk, asked.format.data, with_words=asked.words.data).handed_out()
        if file is not None:
            given.append(file)

    def where_it_is_made() -> str:
        wished = {FORMAT: asked.format.data} | ({WORDS: YES} if asked.words.data else {})
        return desk.address("organise.exports.waiting", **wished)

    def draw() -> str:
        has_ended = desk.page.state in ENDED
        return asked.draw("organising/words/export.html", desk=desk, has_ended=has_ended)

    page = asked.submit(act, draw, where_it_is_made)
    return given[0] if given else page


@exports.get("/waiting", title=N_("Your file"))
def waiting(slug: str) -> Page:
    """Show the progress of a large file, and offer it when it is ready."""
    desk = _opened(slug)
    format, words = request.args.get(FORMAT, ""), request.args.get(WORDS, "")
    if format not in FORMATS or desk.page.state not in ENDED:
        abort(404)
    file = _file(desk, format, with_words=words == YES).standing()
    if file is None:
        flash(_(NOT_ASKED), "problem")
        return redirect(desk.address("organise.exports.form"), 303)
    return render_template(
        "organising/words/file.html",
        desk=desk,
        file=file,
        hidden_fields={FORMAT: format, WORDS: words} if words == YES else {FORMAT: format},
        action=desk.address("organise.exports.form"),
        command_id=fresh_command_id(),
    )


def _file(desk: Desk, format: str, *, with_words: bool) -> StaffFile:
    return answers_of(desk.page, desk.actor, format, with_words=with_words)


def _opened(slug: str) -> Desk:
    """Return a consultation that has opened; abort with 404 for a draft."""
    desk = find(slug, access.SEE_WORK)
    if desk.page.opened_position is None:
        abort(404)
    return desk
