"""Reading room: what people wrote, question by question, for organisers who may read it.

Each reading is recorded before anything is shown (consult/commands/answers/reading.py).
"""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from consult import access
from consult.clocks.local_time import moment_of
from consult.commands.answers import reading as commands
from consult.commands.answers.reading import Page, Read, Wanted, takes_words
from consult.formats.responses import ALTERED, ERASED, MISSING, SHOWN
from consult.people.answers import read_words
from consult.people.answers.file_kinds import KINDS, safe_name
from consult.services import Services
from consult.web import services as find_services
from consult.web.forms.reader import Problem
from consult.web.layout.addresses import asked_position
from consult.web.organising.desk import Desk, find
from consult.web.pages import Room
from consult.wording import figures, pasted_words
from consult.wording.drafting.kind_words import kind_title
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from consult.wording.option_words import ELSEWHERE, elsewhere_title
from consult.wording.registries.channel_words import channel_name
from consult.wording.registries.respondent_words import ANSWERED
from events.kinds import pasted
from events.question import Question, Text
from projections.ballot_box import BallotBox
from projections.results import Results
from projections.writings import Chosen, Writings

reading = Room("reading", __name__, url_prefix="/c/<slug>/written", who=access.READ_WORDS)
SEARCH_LENGTH_MAX = 100
VALUE_LENGTH_MAX = 100
SHORT = 8
Row = dict[str, Any]


@reading.get("/", title=N_("What people wrote"))
def index(slug: str) -> str:
    """List the questions with written answers, and how many are unread."""
    desk, services = opened(slug), find_services()
    with services.whole(Writings, seconds_max=commands.SECONDS_MAX) as (db, writings):
        numbers = writings.numbers(db, desk.id)
        # Start from the marks, which are few; there can be a hundred thousand answers.
        marked = sorted(read_words.marked(services.vault, desk.id))
        read = writings.kept_among(db, desk.id, marked)
    rows = []
    for question in _questions(desk):
        written, erased = numbers.get(question.id, (0, 0))
        unread = written - erased - read[question.id]
        rows.append(
            {
                "title": said(question.title),
                "kind": kind_title(question.kind),
                "address": desk.address(".one", question_id=question.id),
                "written": written,
                "erased": erased,
                "unread": unread,
            }
        )
    return render_template("organising/words/reading.html", desk=desk, rows=rows)


@reading.get("/<question_id>", title=N_("What people wrote: %(question)s"))
def one(slug: str, question_id: str) -> str:
    """Show a page of what people wrote to a question."""
    desk = opened(slug)
    question = asked_question(desk, question_id)
    problems: list[Problem] = []
    wanted = _wanted(question, problems)
    page = commands.read(find_services(), desk.id, wanted, actor=desk.actor)
    names = _campaign_names(desk)
    return render_template(
        "organising/words/reading_one.html",
        desk=desk,
        question=question,
        rows=[_row(desk, each, names) for each in page.rows],
        filters=_filters(desk, question, names),
        chosen=request.args,
        errors=problems,
        wrong=dict(problems),
        is_filtered=any(request.args.get(name) for name in FILTERS),
        here=_here(desk, question),
        newest=_here(desk, question, before=None) if wanted.chosen.before else None,
        older=_older(desk, question, page),
        may_group=may_group(desk),
        is_cut=page.is_cut,
        scanned=page.scanned,
        reached=page.reached,
    )


@reading.post("/<question_id>")
def mark(slug: str, question_id: str) -> AnyResponse:
    """Mark a text, or everything on the page, as read or unread."""
    desk = opened(slug)
    question = asked_question(desk, question_id)
    form, is_read = request.form, "unread" not in request.form
    wanted = form.getlist("shown") if "all" in form else [form.get("read") or form.get("unread")]
    if g.get("has_expired"):
        flash(_("This page was open for very long, so nothing was marked. Press it again."))
    else:
        commands.mark_read(
            find_services(),
            desk.id,
            [each for each in wanted[: commands.PAGE] if each],
            actor=desk.actor,
            is_read=is_read,
        )
    return redirect(_here(desk, question), 303)


@reading.get("/file/<commitment>")
def file(slug: str, commitment: str) -> Response:
    """Return one file as a download, never to be displayed by the browser."""
    desk = opened(slug)
    found = commands.open_file(
        find_services(), desk.id, _questions(desk), commitment, actor=desk.actor
    )
    if found is None:
        abort(404)
    about, content = found
    # File names may coincide: a prefix of the commitment makes them distinct.
    name = safe_name(f"{commitment[:SHORT]}-{about.name}", about.kind)
    response = Response(content, content_type=KINDS[about.kind].media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


FILTERS = ("q", "channel", "ward", "campaign", "day", "mark")


def opened(slug: str) -> Desk:
    """Return a consultation that has opened; abort with 404 for a draft."""
    desk = find(slug, access.SEE_WORK)
    if desk.page.opened_position is None:
        abort(404)
    return desk


def _questions(desk: Desk) -> list[Question]:
    return [each for each in desk.page.questions.values() if takes_words(each)]


def may_group(desk: Desk) -> bool:
    """Return whether answers can be marked as part of a campaign: only before the count."""
    views = find_services().views
    with views.connect() as db:
        is_counted = bool(views.reader(Results).of(db, desk.id, published_only=False))
    return desk.may(access.MARK_CAMPAIGN) and not is_counted


def asked_question(desk: Desk, question_id: str) -> Question:
    """Return the question named in the address if it takes words; else abort with 404."""
    return next((each for each in _questions(desk) if each.id == question_id), None) or abort(404)


def _wanted(question: Question, problems: list[Problem]) -> Wanted:
    """Parse the filters in the query."""
    asked = {name: request.args.get(name, "")[:VALUE_LENGTH_MAX].strip() for name in FILTERS}
    since = until = None
    if asked["day"]:
        try:
            since, until = _day(pasted.day_written(asked["day"]))
        except pasted.Unread as unread:
            problems.append(("day", pasted_words.says(unread)))
    chosen = Chosen(
        channel=asked["channel"],
        area=asked["ward"],
        campaign=asked["campaign"],
        since=since,
        until=until,
        before=asked_position("before"),
    )
    mark = asked["mark"] if asked["mark"] in {"read", "unread"} else ""
    return Wanted(question, chosen, asked["q"][:SEARCH_LENGTH_MAX], mark)


def _day(day: date) -> tuple[datetime, datetime | None]:
    """Return begin and end of a local day in UTC; no end for the last representable day."""
    ends = None if day == date.max else moment_of(day + timedelta(days=1))
    return moment_of(day), ends


def _campaign_names(desk: Desk) -> dict[str, Text]:
    """Return the names of campaigns in several languages, by the name that identifies them."""
    services: Services = find_services()
    with services.whole(BallotBox, seconds_max=commands.SECONDS_MAX) as (db, box):
        return box.campaign_names(db, desk.id)


def _filters(
    desk: Desk, question: Question, campaigns: dict[str, Text]
) -> dict[str, list[tuple[str, str]]]:
    """Return the filter choices that occur in the answers."""
    services: Services = find_services()
    with services.whole(Writings, seconds_max=commands.SECONDS_MAX) as (db, writings):
        names = ("channel", "area", "campaign")
        found = {name: writings.values(db, desk.id, question.id, name) for name in names}
    return {
        "channel": [(each, channel_name(each)) for each in found["channel"]],
        "ward": [(each, _ward(desk, each)) for each in found["area"]],
        "campaign": [(each, said(campaigns.get(each, each))) for each in found["campaign"]],
        "mark": [("unread", _("Not marked as read")), ("read", _("Marked as read"))],
    }


def _row(desk: Desk, read: Read, campaigns: dict[str, Text]) -> Row:
    about = read.writing
    return {
        "commitment": about.commitment,
        "at": about.at,
        "about": [
            channel_name(about.channel),
            *([_ward(desk, about.area)] if about.area else []),
            *([_(ANSWERED[about.respondent])] if about.respondent in ANSWERED else []),
            *([read.organisation] if read.organisation else []),
        ],
        "campaign": said(campaigns.get(about.campaign, about.campaign)),
        "is_shown": read.standing == SHOWN,
        "is_erased": read.standing == ERASED,
        "is_missing": read.standing == MISSING,
        "is_altered": read.standing == ALTERED,
        "words": read.words,
        "file": _file(desk, read.file) if read.file else None,
        "is_marked": read.is_marked,
        "beside": [_file(desk, each) for each in read.beside],
    }


def _file(desk: Desk, file: commands.File) -> Row:
    return {
        "address": desk.address(".file", commitment=file.commitment),
        "name": file.name,
        "about": f"{KINDS[file.kind].title}, {figures.file_size(file.size_bytes)}",
        "is_scanned": file.is_scanned,
    }


def _ward(desk: Desk, area: str) -> str:
    if area == ELSEWHERE:
        return elsewhere_title(desk.page.terms.elsewhere if desk.page.terms else "")
    ward = desk.partnership.ward(area)
    return said(ward.name) if ward else area


def _here(desk: Desk, question: Question, **changes: Any) -> str:
    """Return the address of this page with its filters, some of them changed."""
    kept: dict[str, Any] = {
        name: request.args[name] for name in (*FILTERS, "before") if request.args.get(name)
    }
    return desk.address(".one", question_id=question.id, **(kept | changes))


def _older(desk: Desk, question: Question, page: Page) -> str | None:
    return _here(desk, question, before=page.older) if page.older else None
