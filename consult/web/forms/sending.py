"""From a posted form to a command: its key, the language switch, and the form shown again."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

from flask import abort, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from consult.commands.context import fresh_command_id
from consult.web.forms.command_key import command_key
from consult.web.forms.reader import Problem, Reader, Typed
from consult.web.layout import page_language
from consult.wording import language
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events.errors import DoneAlready, Refused

T = TypeVar("T")
Page = str | tuple[str, int] | Response
Address = str | Callable[[], str]
"""Of the next page; called after the command, if only that makes it known."""

UNPROCESSABLE = 422
FORM = "form"
"""Id of the page's form: target of problems that concern no single field."""


def send(
    problems: Callable[[], list[Problem]],
    draw: Callable[[list[Problem]], str],
    after: Address,
    done: str = "",
) -> Page:
    """Do what the posted form asks for and redirect; or show it again with the problems.

    `problems` checks the form, carries its command out, and returns why that was not possible.
    `done`: message on the next page. What was done before leads to that page too, and says so.
    """
    switched = in_other_language(lambda: draw([]))
    if switched is not None:
        return switched
    found = problems()
    if found and "not_now" in g:  # repeating what was done already is not a problem
        flash(g.not_now, "problem")
        after = g.get("leads_back", after)
    elif found:
        return draw(found), UNPROCESSABLE
    elif done:
        flash(done)
    return redirect(after if isinstance(after, str) else after(), 303)


def submit(
    read: Callable[[Reader], T],
    act: Callable[[T, str], object],
    draw: Callable[[Typed, list[Problem]], str],
    after: Address,
    done: str = "",
) -> Page:
    """Send a form that is made from a question: parse it with a `Reader`, act on its value.

    `act` gets the parsed value and the key of the form.
    """
    typed = request.form.to_dict()

    def problems() -> list[Problem]:
        reader = Reader(typed)
        value = read(reader)
        return reader.problems or carry_out(lambda key: act(value, key))

    return send(problems, lambda found: draw(typed, found), after, done)


def in_other_language(draw: Callable[[], Page]) -> Page | None:
    """Return the form again if its language switch was pressed; else None.

    First the browser posts everything again to the page in the other language.
    """
    switched = page_language.switch_asked()
    if switched and switched != language.current():
        return redirect(page_language.same_page(switched), 307)
    return draw() if switched else None


def press(act: Callable[[str], object], after: str, done: str = "") -> Page:
    """Act on a button without a form; a refusal is shown on the next page."""
    problems = carry_out(act)
    for _id, message in problems:
        flash(message, "problem")
    if done and not problems:
        flash(done)
    return redirect(after, 303)


def carry_out(act: Callable[[str], object]) -> list[Problem]:
    """Run one command; return why it was refused, if it was."""
    key = command_key(request.form)
    if g.get("has_expired") or not key:
        return [
            (FORM, _("This page was open for very long, so nothing was recorded. Press it again."))
        ]
    try:
        act(key)
    except Refused as refused:
        if isinstance(refused, DoneAlready):
            g.setdefault("not_now", says(refused))
        return [(FORM, says(refused))]
    return []


def not_there(back: str) -> NoReturn:
    """Lead back from a form about something that is not there; a page about it is not found."""
    if request.method != "POST":
        abort(404)
    flash(
        _("There is nothing there to change: somebody may have removed it. Nothing was changed."),
        "problem",
    )
    abort(redirect(back, 303))


def draw_form(
    template: str,
    typed: Typed,
    problems: list[Problem] | None = None,
    **context: Any,
) -> str:
    """Render a page with a form: input, problems, and a fresh idempotency key."""
    wrong: Mapping[str, str] = dict(reversed(problems or []))
    return render_template(
        template,
        typed=typed,
        errors=problems or [],
        wrong=wrong,
        command_id=fresh_command_id(),
        answers_form=FORM,
        **context,
    )
