"""Organisers' pages about follow-ups: what came of the results, one row per theme."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request

from consult.commands.results.follow_up import (
    NotPublishedYet,
    change_follow_up,
    publish_follow_up,
)
from consult.web import services as find_services
from consult.web.organising.desk import Desk, Page, draw_form, find, fresh_views, submit
from consult.web.organising.drafting_forms import Problem, Reader, Typed, typed_words
from consult.web.pages import Room
from consult.wording import follow_up_words
from consult.wording.language import N_, names
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events.follow_up import STATUSES, WORDS_LENGTH_MAX, Row, Status
from projections.follow_ups import FollowUps, Shown
from projections.results import Results

follow_ups = Room("follow_ups", __name__, url_prefix="/c/<slug>/follow-ups")
PARTS = {
    "theme": N_("Say which theme this is about."),
    "asked": N_("Say what you asked."),
    "said": N_("Say what people told you."),
    "did": N_("Say what was done, or that it was not."),
    "owner": N_("Say which role answers for it."),
}


@follow_ups.get("/")
def index(slug: str) -> Page:
    """List the published follow-ups."""
    desk = find(slug)
    if not _has_results(desk):
        return redirect(desk.address(), 303)
    told = _told(desk)
    ids = [one.id for one in told]
    return render_template(
        "organise/follow_ups.html",
        desk=desk,
        rows=list(zip(ids, follow_up_words.rows(told), strict=True)),
    )


@follow_ups.route("/new", methods=["GET", "POST"])
def new(slug: str) -> Page:
    """Publish what came of one theme."""
    desk = find(slug)
    if request.method == "GET" and not _has_results(desk):
        flash(says(NotPublishedYet()), "problem")
        return redirect(desk.address(), 303)
    first = next((one for one in _told(desk)), None)
    typed = {"status": "done", **(typed_words("asked", first.row.asked) if first else {})}
    return _form(
        desk,
        typed,
        lambda row, key: publish_follow_up(
            find_services(), desk.id, row, actor=desk.actor, command_id=key
        ),
        is_new=True,
    )


@follow_ups.route("/<uuid:id>", methods=["GET", "POST"])
def one(slug: str, id: UUID) -> Page:
    """Update a row; its earlier text stays in the public log."""
    desk = find(slug)
    shown = next((each for each in _told(desk) if each.id == id), None) or abort(404)
    return _form(
        desk,
        _typed(shown.row),
        lambda row, key: change_follow_up(
            find_services(), id, row, actor=desk.actor, command_id=key
        ),
        is_new=False,
    )


def _form(desk: Desk, before: Typed, act: Callable[[Row, str], object], *, is_new: bool) -> Page:
    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form(
            "organise/follow_up.html",
            typed,
            problems,
            desk=desk,
            is_new=is_new,
            statuses=[(id, _(words)) for id, words in follow_up_words.STATUS_WORDS.items()],
            most=WORDS_LENGTH_MAX,
        )

    if request.method == "GET":
        return draw(before, [])
    return submit(
        lambda form: _read(form, desk.page.languages),
        act,
        draw,
        desk.address("organise.follow_ups.index"),
        _("It is published.") if is_new else _("The change is published."),
    )


def _read(form: Reader, languages: tuple[str, ...]) -> Row:
    """Parse a row; every language is required, and a reason if nothing was done."""
    texts = {part: _words(form, part, languages, _(needed)) for part, needed in PARTS.items()}
    status = form.choice("status", STATUSES, needed=_("Choose how far it has come."))
    needs_why = _("Say why it is not done. People are owed the reason.")
    why = _words(form, "why", languages, needs_why if status == "not_done" else "")
    day = form.day("on")
    chosen: Status = next((one for one in STATUSES if one == status), STATUSES[0])
    return Row(**texts, why=why, status=chosen, on=day or date(2000, 1, 1))


def _words(form: Reader, part: str, languages: tuple[str, ...], needed: str) -> dict[str, str]:
    found = form.words(part, languages, most=WORDS_LENGTH_MAX, needed=needed)
    for code in languages:
        if found and code not in found:
            message = _("Write this in {language} too.").format(language=names().get(code, code))
            form.wrong(f"{part}-{code}", message)
    return found


def _typed(row: Row) -> dict[str, str]:
    typed: dict[str, str] = {"status": row.status}
    for part in (*PARTS, "why"):
        typed |= typed_words(part, getattr(row, part))
    for name in ("day", "month", "year"):
        typed[f"on-{name}"] = str(getattr(row.on, name))
    return typed


def _told(desk: Desk) -> list[Shown]:
    views = fresh_views().views
    with views.connect() as db:
        return views.reader(FollowUps).of(db, desk.id)


def _has_results(desk: Desk) -> bool:
    views = find_services().views
    with views.connect() as db:
        return desk.id in views.reader(Results).are_published(db, [desk.id])
