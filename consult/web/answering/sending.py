"""Record the answers of the person at this browser, or say why they were not recorded."""

from dataclasses import dataclass, field, replace

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from consult import access
from consult.commands.answers.drafts import delete_draft
from consult.commands.answers.submitting import replace_answers, submit_answers
from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.commands.context import Actor
from consult.people.proving.identities import Proven
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.answering import drafts, strangers
from consult.web.answering.forms import answer_problems
from consult.web.answering.forms.draft import PERSON
from consult.web.answering.forms.filled import EXPIRED, Filled
from consult.web.identity import identity
from consult.web.kinds.form import Problem
from consult.wording.language import gettext as _
from consult.wording.refusals import says, status
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import levels
from events.errors import Refused

RESIDENT = Actor(access.RESIDENT)
BAD_REQUEST = 400
CODE = "code"
UNPROCESSABLE = 422


@dataclass(frozen=True)
class Refusal:
    """Why a form was not recorded: `problems` of the form, or `why` its answers were refused.

    `status`: of HTTP.
    """

    problems: list[Problem] = field(default_factory=list)
    status: int = UNPROCESSABLE
    why: Refused | None = None


def expired() -> Refusal:
    """Refuse a form whose key or CSRF token is not valid."""
    return Refusal([("", _(EXPIRED))], BAD_REQUEST)


def hand_in(asked: ShownConsultation, filled: Filled) -> Response | Refusal:
    """Record a form; return where it leads, or why it was not recorded.

    It leads to the receipt, or to the proof of identity if that has run out meanwhile.
    """
    if not filled.command_id:
        return expired()
    wrong = answer_problems.of_person(asked, filled.draft)
    if wrong:
        return Refusal(wrong)
    if identity.is_needed(asked) and not filled.receipt:
        return strangers.first(asked, filled.draft)
    try:
        _record(asked, filled)
    except UnknownReceipt as refused:  # of the code that the form had: it is asked for anew
        resident_session.end_change(asked.id)
        drafts.save(asked, filled.draft)
        errors = [(CODE, says(refused))]
        page = render_template("receipts/change.html", typed="", errors=errors)
        return Response(page, status(refused), content_type="text/html; charset=utf-8")
    except Refused as refused:
        drafts.keep_during_pause(asked, filled.draft)
        return Refusal(status=status(refused), why=refused)
    return redirect(url_for("receipts.sent", slug=asked.slug), 303)


def _record(asked: ShownConsultation, filled: Filled) -> None:
    """Record the answers, and note the receipt in this browser. Raises Refused.

    The form itself states whether it is a change, because this browser's session may have changed
    since it was drawn.
    """
    services = find_services()
    proof = resident_session.proven(asked.id, services.clock()) or Proven(
        levels.OPEN, resident_session.voter()
    )
    whom = filled.draft.whom if asked.invites_organisations else PERSON
    sheet = replace(
        filled.draft.sheet(asked.page.questions, proof.level),
        is_declared=filled.is_declared,
        **whom.on_sheet(),
    )
    browser = resident_session.secret()
    if filled.receipt:
        receipt = replace_answers(
            services,
            consultation_id=asked.id,
            code=filled.receipt,
            sheet=sheet,
            actor=RESIDENT,
            command_id=filled.command_id,
            browser=browser,
        )
    else:
        receipt = submit_answers(
            services,
            consultation_id=asked.id,
            voter=proof.voter,
            sheet=sheet,
            actor=RESIDENT,
            command_id=filled.command_id,
            browser=browser,
        )
    if resident_session.has_draft(asked.id):
        delete_draft(services, resident_session.secret(), asked.id)
    resident_session.note_sent(receipt, services.clock())
