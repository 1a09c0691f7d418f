"""The form that every form of the staff with fixed fields is made from."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import render_template, request
from flask_wtf import FlaskForm

from consult.commands.context import fresh_command_id
from consult.web.forms import sending
from consult.web.forms.choices import Option
from consult.web.forms.reader import Problem, Typed
from consult.web.forms.sending import FORM, Address, Page


class StaffForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Fields in the order of the page; a `validate_NAME` checks one beside what it says itself.

    It is made from what was posted; without that from `known`, an object with an attribute of the
    name of each field, or from values by the name of the field. `languages`: those of its texts.
    `choices`, and `limits` of numbers: by the name of the field, if they depend on what is known.
    """

    class Meta:
        """What fields know of their form."""

        csrf = False  # CSRFProtect has checked the token of every post before a view is called
        languages: tuple[str, ...] = ()
        choices: Mapping[str, Sequence[Option]] = {}
        limits: Mapping[str, int] = {}

        def wrap_formdata(self, _form: FlaskForm, formdata: object) -> Typed | None:
            """Return what was posted, and be it nothing, which FlaskForm takes for no post.

            None for a form that is made with `formdata=None`, to show what another form brought.
            """
            return request.form if request.method == "POST" and formdata is not None else None

    def __init__(
        self,
        known: object = None,
        *,
        languages: tuple[str, ...] = (),
        choices: Mapping[str, Sequence[Option]] | None = None,
        limits: Mapping[str, int] | None = None,
        **values: Any,
    ) -> None:
        meta = {"languages": languages, "choices": choices or {}, "limits": limits or {}}
        super().__init__(obj=known, meta=meta, **values)

    @property
    def problems(self) -> list[Problem]:
        """Return what must be corrected, in the order of the fields; then what of the whole."""
        of_fields = [problem for field in self for problem in field.errors]
        return [*of_fields, *((FORM, message) for message in self.form_errors)]

    def carry_out(self, act: Callable[[str], object]) -> list[Problem]:
        """Validate, then call `act` with the key of the form; return why it was not done, if so."""
        if self.validate():
            self.form_errors += [message for _id, message in sending.carry_out(act)]
        return self.problems

    def draw(self, template: str, **context: Any) -> str:
        """Render the page of the form: its fields, its problems, and a fresh key."""
        return render_template(
            template,
            form=self,
            errors=self.problems,
            command_id=fresh_command_id(),
            answers_form=FORM,
            **context,
        )

    def submit(
        self,
        act: Callable[[str], object],
        draw: Callable[[], str],
        after: Address,
        done: str = "",
    ) -> Page:
        """Draw the form; if it was posted, call `act` and redirect, or draw it with its problems.

        `done`: message on the next page.
        """
        if request.method != "POST":
            return draw()
        return sending.send(lambda: self.carry_out(act), lambda _problems: draw(), after, done)
