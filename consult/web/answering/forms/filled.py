"""A form with answers, read once into one value, which is then checked, sent, or drawn again."""

from dataclasses import dataclass, replace

from consult.web.answering.forms import respondents
from consult.web.answering.forms.draft import NOT_SAID, Draft
from consult.web.forms.command_key import command_key
from consult.web.kinds.form import Form, form_of
from consult.wording.language import N_
from consult.wording.shown_consultation import ShownConsultation

ANSWERS = "answers"
AREA = "area"
DECLARED = "declared"
"""The checkbox that declares that the conditions of the terms are met."""
RECEIPT = "receipt"
"""Receipt of the answers that a form changes; absent in forms of first answers."""
RECEIPT_LENGTH_MAX = 60
EXPIRED = N_(
    "Nothing was recorded, because this page was open for very long or cookies are switched "
    "off. Your answers are still here. Send them again."
)


@dataclass(frozen=True)
class Filled:
    """A form with answers, as far as somebody has filled it in.

    `command_id`: the key under which it is recorded once, however often it is sent; "" if it has
    to get one before it can be sent. `receipt`: of the answers that it changes, or "".
    `is_declared`: it declares that the conditions of the terms are met.
    """

    draft: Draft
    command_id: str = ""
    receipt: str = ""
    is_declared: bool = False

    def expired(self) -> "Filled":
        """Return it as it is drawn after its key or its CSRF token was not valid: with new ones."""
        return replace(self, command_id="")


def read(form: Form, draft: Draft) -> Filled:
    """Read what every form with answers has beside them. `draft`: its answers."""
    return Filled(
        draft,
        command_key(form),
        form.get(RECEIPT, "")[:RECEIPT_LENGTH_MAX],
        DECLARED in form,
    )


def whole(asked: ShownConsultation, form: Form) -> Filled:
    """Read a form with every question; `drafts.attached` are its files."""
    typed = {
        id: form_of(question).read(question, form) for id, question in asked.page.questions.items()
    }
    area, whom = form.get(AREA, NOT_SAID), respondents.read(form)
    return read(form, Draft(typed, area, whom, DECLARED in form))


def checked(form: Form) -> Filled | None:
    """Read the form of the page on which answers are checked; None if it is not as it was drawn."""
    draft = Draft.read(form.get(ANSWERS, ""))
    return read(form, draft) if draft is not None else None
