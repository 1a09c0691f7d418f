"""Organisers' pages about options, and projects with their costs."""

from flask import abort, request, url_for

from consult.commands.consultations.arranging import add_options, move_option
from consult.commands.consultations.drafting import put_option, remove_option
from consult.commands.consultations.room import OPTIONS_MAX
from consult.web import services as find_services
from consult.web.forms.reader import Problem, Typed
from consult.web.forms.sending import Page, draw_form, not_there, press, submit
from consult.web.organising.desk import Desk, find_draft
from consult.web.organising.draft.question_forms import (
    new_option,
    read_option,
    read_pasted,
    typed_option,
)
from consult.web.pages import Room
from consult.wording.language import N_
from consult.wording.language import gettext as _
from events.question import Option, Question

options = Room("options", __name__, url_prefix="/c/<slug>/questions/<question_id>/options")


@options.route("/", methods=["GET", "POST"], title="%(title)s")
def index(slug: str, question_id: str) -> Page:
    """List the options in order; add many, one per line."""
    desk, question = _find(slug, question_id)

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form(
            "organising/draft/options.html",
            typed,
            problems,
            desk=desk,
            question=question,
            most=OPTIONS_MAX,
        )

    if request.method != "POST":
        return draw({}, [])

    def act(read: list[Option], key: str) -> None:
        add_options(find_services(), desk.id, question.id, read, actor=desk.actor, command_id=key)

    return submit(
        lambda form: read_pasted(form, question, desk.page.languages),
        act,
        draw,
        _list(desk, question),
        _("The options are added."),
    )


@options.route("/new", methods=["GET", "POST"], title="%(title)s")
def new(slug: str, question_id: str) -> Page:
    """Add one option or project with all its fields."""
    desk, question = _find(slug, question_id)
    return _form(desk, question, new_option(question), is_new=True)


@options.route("/<option_id>", methods=["GET", "POST"], title="%(title)s")
def one(slug: str, question_id: str, option_id: str) -> Page:
    """Change an option."""
    desk, question = _find(slug, question_id)
    option = question.option(option_id) or not_there(_list(desk, question))
    return _form(desk, question, option, is_new=False)


@options.post("/<option_id>/move")
def move(slug: str, question_id: str, option_id: str) -> Page:
    """Move an option up or down by one."""
    desk, question = _find(slug, question_id)
    ids = [option.id for option in question.options]
    if option_id not in ids:
        not_there(_list(desk, question))
    place = ids.index(option_id) + (-1 if request.form.get("way") == "up" else 1)
    return press(
        lambda key: move_option(
            find_services(),
            desk.id,
            question.id,
            option_id,
            to=place,
            actor=desk.actor,
            command_id=key,
        ),
        f"{_list(desk, question)}#row-{option_id}",
    )


@options.route(
    "/<option_id>/remove", methods=["GET", "POST"], title=N_("Remove this from the choices?")
)
def remove(slug: str, question_id: str, option_id: str) -> Page:
    """Remove an option, after confirmation."""
    desk, question = _find(slug, question_id)
    after = _list(desk, question)
    option = question.option(option_id)
    done = _("It is removed.")
    if option is None:  # pressed twice: it is removed already
        return press(lambda _key: None, after, done) if request.method == "POST" else abort(404)

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form(
            "organising/draft/remove.html",
            typed,
            problems,
            desk=desk,
            what=option.title,
            number=0,
            back=after,
        )

    if request.method != "POST":
        return draw({}, [])
    return submit(
        lambda _form: None,
        lambda _nothing, key: remove_option(
            find_services(), desk.id, question.id, option.id, actor=desk.actor, command_id=key
        ),
        draw,
        after,
        done,
    )


def _form(desk: Desk, question: Question, option: Option, *, is_new: bool) -> Page:
    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form(
            "organising/draft/option.html",
            typed,
            problems,
            desk=desk,
            question=question,
            option=option,
            is_new=is_new,
        )

    def act(read: Option, key: str) -> None:
        put_option(find_services(), desk.id, question.id, read, actor=desk.actor, command_id=key)

    if request.method != "POST":
        return draw(typed_option(option), [])
    return submit(
        lambda form: read_option(
            form, option, question, desk.page.languages, desk.partnership.wards
        ),
        act,
        draw,
        _list(desk, question),
        _("It is added.") if is_new else _("It is saved."),
    )


def _find(slug: str, question_id: str) -> tuple[Desk, Question]:
    desk = find_draft(slug)
    question = desk.question(question_id)
    if not question.of_kind.has_options:
        not_there(desk.address())
    return desk, question


def _list(desk: Desk, question: Question) -> str:
    return url_for("organise.options.index", slug=desk.slug, question_id=question.id)
