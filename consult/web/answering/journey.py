"""The sequence of pages through a consultation, and the draft that accompanies it."""

from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from flask import url_for

from consult import access
from consult.commands.answers.drafts import delete_draft, save_draft
from consult.commands.answers.submitting import (
    Receipt,
    find_by_receipt,
    replace_answers,
    submit_answers,
)
from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.commands.context import Actor
from consult.people.answers import attachments, drafts
from consult.people.proving.identities import Proven
from consult.services import Services
from consult.web import resident_session
from consult.web.answering import earlier
from consult.web.answering.forms import respondents, typed
from consult.web.answering.forms.answer_forms import AREA, DECLARED, read_all
from consult.web.answering.forms.respondents import Whom
from consult.web.answering.forms.typed import Typed
from consult.web.kinds.file import typed_file
from consult.web.kinds.form import Form
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question

RESIDENT = Actor(access.RESIDENT)
NOT_SAID = ""
PERSON = Whom()


@dataclass
class Draft:
    """What a person has typed so far, valid or not. `area`: ward code, or other.

    `is_declared`: they ticked that the conditions are met; it counts only in the form sent.
    """

    typed: Typed = field(default_factory=dict)
    area: str = NOT_SAID
    whom: Whom = PERSON
    is_declared: bool = False

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was typed."""
        return not self.area and self.whom == PERSON and not any(self.typed.values())

    def content(self) -> dict[str, Any]:
        """Return it as it is stored, and as it is embedded in the page that sends it."""
        more = {"whom": self.whom.written(), "declared": self.is_declared}
        said = {name: value for name, value in more.items() if value}
        return {"typed": self.typed, "area": self.area, **said}


def load(services: Services, asked: ShownConsultation) -> Draft:
    """Return this browser's draft merged over the answers it changes; empty without either."""
    if not resident_session.is_known():
        return _draft(earlier.content(asked))
    kept = drafts.load(services.vault, resident_session.secret(), asked.id)
    draft = _draft(earlier.filled(asked, kept))
    if resident_session.is_known():
        attach(services, asked, draft, resident_session.secret())
    return draft


def posted(asked: ShownConsultation, form: Form) -> Draft:
    """Return the draft in a form with every question; files are added by `attach`."""
    is_declared = DECLARED in form
    return Draft(read_all(asked, form), form.get(AREA, ""), respondents.read(form), is_declared)


def attach(services: Services, asked: ShownConsultation, draft: Draft, secret: str) -> None:
    """Put stored files into a draft. `secret`: whose draft it is."""
    wanted = [id for id, question in asked.page.questions.items() if question.of_kind.is_file]
    if not wanted:
        return
    found = attachments.of_draft(services.vault, drafts.draft_id(secret), asked.id)
    for id in wanted:
        draft.typed[id] = typed_file(found[id]) if id in found else None


def save(services: Services, asked: ShownConsultation, draft: Draft) -> None:
    """Store the draft until it is sent; of a change only the differences."""
    content = earlier.differing(asked, draft.content())
    if save_draft(services, resident_session.secret(), asked.id, content):
        resident_session.note_draft(asked.id)


def written(draft: Draft) -> str:
    """Serialise a draft into the page that sends it, so that what was checked is what is sent."""
    return msgspec.json.encode(draft.content()).decode()


def read(text: str) -> Draft | None:
    """Parse what `written` returned; None for anything else."""
    try:
        return _draft(msgspec.json.decode(text, type=dict[str, Any]))
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None


def send(
    services: Services,
    asked: ShownConsultation,
    draft: Draft,
    command_id: str,
    code: str,
    *,
    is_declared: bool = False,
) -> Receipt:
    """Record the answers. `code`: receipt of the answers to replace, or "".

    The page that is sent states whether it is a change, because this browser's session may have
    changed since it was rendered. Raises Refused.
    """
    proof = resident_session.proven(asked.id, services.clock()) or Proven(
        "open", resident_session.voter()
    )
    sheet = replace(
        typed.sheet(asked.page.questions, draft.typed, draft.area, proof.level),
        is_declared=is_declared,
    )
    sheet = respondents.on(sheet, asked, draft.whom)
    if code:
        if find_by_receipt(services, code).consultation_id != asked.id:
            raise UnknownReceipt
        receipt = replace_answers(
            services, code=code, sheet=sheet, actor=RESIDENT, command_id=command_id
        )
    else:
        receipt = submit_answers(
            services,
            consultation_id=asked.id,
            voter=proof.voter,
            sheet=sheet,
            actor=RESIDENT,
            command_id=command_id,
        )
    if resident_session.has_draft(asked.id):
        delete_draft(services, resident_session.secret(), asked.id)
    resident_session.note_sent(receipt, services.clock())
    return receipt


def is_area(asked: ShownConsultation, area: str) -> bool:
    """Return whether the place page offers this area."""
    return area == NOT_SAID or area in asked.areas


def is_routed(asked: ShownConsultation) -> bool:
    """Return whether some questions are asked only of some people."""
    return any(question.asked_when for question in asked.page.questions.values())


def questions_for(asked: ShownConsultation, draft: Draft) -> dict[str, Question]:
    """Return the questions that somebody with this draft is asked."""
    if not is_routed(asked):
        return asked.page.questions
    return typed.asked_with(asked.page.questions, draft.typed)


def without_unasked(asked: ShownConsultation, draft: Draft) -> Draft:
    """Return a draft without answers to questions that are not asked."""
    kept = questions_for(asked, draft)
    unasked = asked.page.questions.keys() - kept.keys()
    answered = {id: it for id, it in draft.typed.items() if id not in unasked}
    return Draft(answered, draft.area, draft.whom)


def steps(asked: ShownConsultation, draft: Draft) -> list[str]:
    """Return the addresses of the pages from the first question to checking, in order."""
    found = [("answers.question", id) for id in questions_for(asked, draft)]
    if asked.invites_organisations:
        found.append(("whom.ask", ""))
    if asked.wards:
        found.append(("answers.place", ""))
    found.append(("answers.check", ""))
    return [_address(asked, endpoint, id) for endpoint, id in found]


def first(asked: ShownConsultation) -> str:
    """Return the address of the first page, which is the same for everybody."""
    return steps(asked, Draft())[0]


def around(asked: ShownConsultation, here: str, draft: Draft) -> tuple[str, str]:
    """Return the addresses of the previous and the next page."""
    way = steps(asked, draft)
    place = way.index(here) if here in way else len(way) - 1
    before = way[place - 1] if place else url_for("consultations.start", slug=asked.slug)
    return before, way[min(place + 1, len(way) - 1)]


def opened_by(asked: ShownConsultation, draft: Draft, question: Question) -> Question | None:
    """Return the next unanswered question that depends on this answer, or on its condition."""
    roots = {question.id}
    if question.asked_when:
        roots.add(question.asked_when.question)
    ids = list(asked.page.questions)
    later = ids[ids.index(question.id) + 1 :]
    return next(
        (
            one
            for id, one in questions_for(asked, draft).items()
            if id in later
            and one.asked_when
            and one.asked_when.question in roots
            and not draft.typed.get(id)
        ),
        None,
    )


def next_open(asked: ShownConsultation, draft: Draft) -> str:
    """Return the address of the first unanswered question; after the last, the check page."""
    for id, question in questions_for(asked, draft).items():
        if not draft.typed.get(id):
            return question_address(asked, question)
    return url_for("answers.check", slug=asked.slug)


def question_address(asked: ShownConsultation, question: Question) -> str:
    """Return the address of a question."""
    return _address(asked, "answers.question", question.id)


def _address(asked: ShownConsultation, endpoint: str, question_id: str) -> str:
    if question_id:
        return url_for(endpoint, slug=asked.slug, question_id=question_id)
    return url_for(endpoint, slug=asked.slug)


def _draft(content: dict[str, Any]) -> Draft:
    given, area = content.get("typed"), content.get("area")
    return Draft(
        given if isinstance(given, dict) else {},
        area if isinstance(area, str) else NOT_SAID,
        respondents.kept(content.get("whom")),
        content.get("declared") is True,
    )
