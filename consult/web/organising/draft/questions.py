"""Organisers' pages about questions: add, change, reorder, remove."""

from itertools import takewhile
from typing import Any

from flask import abort, request, url_for

from consult.commands.consultations.arranging import move_question
from consult.commands.consultations.drafting import put_question, remove_question
from consult.commands.consultations.room import QUESTIONS_MAX
from consult.people.answers.file_kinds import KINDS as FILE_KINDS
from consult.web import services as find_services
from consult.web.answering.forms import answer_words
from consult.web.forms.reader import Problem, Typed
from consult.web.forms.sending import Page, draw_form, press, submit
from consult.web.organising.desk import Desk, find_draft
from consult.web.organising.draft import question_parts
from consult.web.organising.draft.question_forms import (
    may_fix_order,
    new_question,
    read_question,
    typed_question,
)
from consult.web.pages import Room
from consult.wording.drafting import kind_words, place_words
from consult.wording.language import N_
from consult.wording.language import gettext as _
from events import Consultation
from events.question import Question

questions = Room("questions", __name__, url_prefix="/c/<slug>/questions")
questions.app_template_global("asked_twice")(place_words.asked_twice)


@questions.get("/", title=N_("Questions"))
def index(slug: str) -> str:
    """List the questions in order."""
    desk = find_draft(slug)
    return draw_form(
        "organising/draft/questions.html",
        {},
        desk=desk,
        kind_title=kind_words.kind_title,
        condition=answer_words.asked_whom,
        is_full=len(desk.page.questions) >= QUESTIONS_MAX,
    )


@questions.get("/new", title=N_("What kind of question?"))
def choose(slug: str) -> str:
    """Choose the kind of a new question."""
    desk = find_draft(slug)
    return draw_form("organising/draft/kind.html", {}, desk=desk, kinds=kind_words.kinds())


@questions.route("/new/<kind>", methods=["GET", "POST"], title=N_("New question: %(kind)s"))
def new(slug: str, kind: str) -> Page:
    """Add a question of a kind."""
    desk = find_draft(slug)
    is_full = len(desk.page.questions) >= QUESTIONS_MAX and request.method != "POST"
    if kind not in kind_words.KINDS or is_full:
        abort(404)
    question = new_question(kind, desk.page.questions)
    return _form(desk, question, _("The question is added."), is_new=True)


@questions.route("/<question_id>", methods=["GET", "POST"], title=N_("Change the question"))
def one(slug: str, question_id: str) -> Page:
    """Change a question."""
    desk = find_draft(slug)
    return _form(desk, desk.question(question_id), _("The question is saved."), is_new=False)


@questions.post("/<question_id>/move")
def move(slug: str, question_id: str) -> Page:
    """Move a question up or down by one."""
    desk = find_draft(slug)
    step = -1 if request.form.get("way") == "up" else 1
    desk.question(question_id)
    place = list(desk.page.questions).index(question_id) + step
    return press(
        lambda key: move_question(
            find_services(), desk.id, question_id, to=place, actor=desk.actor, command_id=key
        ),
        f"{url_for('.index', slug=slug)}#row-{question_id}",
    )


@questions.route(
    "/<question_id>/remove", methods=["GET", "POST"], title=N_("Remove this question?")
)
def remove(slug: str, question_id: str) -> Page:
    """Remove a question, after confirmation."""
    desk = find_draft(slug)
    question = desk.page.questions.get(question_id)
    after = url_for(".index", slug=slug)
    done = _("The question is removed.")
    if question is None:  # pressed twice: it is removed already
        return press(lambda _key: None, after, done) if request.method == "POST" else abort(404)

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form(
            "organising/draft/remove.html",
            typed,
            problems,
            desk=desk,
            what=question.title,
            number=len(question.options),
            back=after,
        )

    if request.method != "POST":
        return draw({}, [])
    return submit(
        lambda _form: None,
        lambda _nothing, key: remove_question(
            find_services(), desk.id, question.id, actor=desk.actor, command_id=key
        ),
        draw,
        after,
        done,
    )


def _form(desk: Desk, question: Question, done: str, *, is_new: bool) -> Page:
    before = list(takewhile(lambda one: one.id != question.id, desk.page.questions.values()))
    there = [desk.address()]

    def draw(typed: Typed, problems: list[Problem]) -> str:
        parts = _parts(desk, question, before, typed)
        return draw_form("organising/draft/question.html", typed, problems, is_new=is_new, **parts)

    def act(read: Question, key: str) -> None:
        put = put_question(find_services(), desk.id, read, actor=desk.actor, command_id=key)
        if is_new and question.of_kind.has_options:
            id = _as_put(put, read).id
            there.append(desk.address("organise.options.index", question_id=id))

    if request.method != "POST":
        return draw(typed_question(question), [])
    return submit(
        lambda form: read_question(form, question, desk.page.languages, before),
        act,
        draw,
        lambda: there[-1],
        done,
    )


def _parts(desk: Desk, question: Question, before: list[Question], typed: Typed) -> dict[str, Any]:
    """Return what the form of a question is drawn from; `before`: the questions asked earlier."""
    return {
        "desk": desk,
        "question": question,
        "kind": kind_words.kind_title(question.kind),
        "may_fix_order": may_fix_order(question.kind),
        "has_options": question.of_kind.has_options,
        "routes": question_parts.routes(before),
        "facts": question_parts.facts_shown(question, [name for name in typed if typed[name]]),
        "facts_max": question_parts.DETAILS_MAX,
        "more": {
            "places": question_parts.places(question, desk.page, desk.partnership.wards),
            "file_kinds": [(kind, about.title) for kind, about in FILE_KINDS.items()],
            "has_scanner": bool(find_services().config.scan_command),
        },
    }


def _as_put(draft: Consultation, read: Question) -> Question:
    """Return the question that a form has put in; pressed again it is there under another id."""
    said = (read.kind, read.title)
    latest_first = reversed(draft.questions.values())
    return next((each for each in latest_first if (each.kind, each.title) == said), read)
