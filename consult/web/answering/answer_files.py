"""Files in forms with answers: attach, remove, and limit the size of such requests."""

from collections.abc import Iterable
from typing import Any

from flask import request

from consult import access, sizes
from consult.commands.answers.attaching import FileTooLarge, attach_file
from consult.commands.answers.drafts import remove_file
from consult.people.answers.attachments import FILES_BYTES_MAX
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.accounts import staff_session
from consult.web.answering import drafts
from consult.web.answering.forms import buttons
from consult.web.answering.forms.draft import Draft
from consult.web.consultation_lookup import find
from consult.web.identity import identity
from consult.web.kinds.form import Problem, field_name
from consult.wording.language import said
from consult.wording.refusals import says
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused
from events.question import Question

MORE_BYTES = 1_000_000
"""Allowance beyond the files, so that a slightly too large file gets a proper message."""

ENDPOINTS = frozenset({"answers.answer", "answers.send_everything", "assisting.send"})


def make_room(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Raise the request size limit where the questions take files.

    Not for somebody who may not leave a file: their request is refused before it is read.
    """
    if request.method != "POST" or endpoint not in ENDPOINTS or not values:
        return
    asked = find(values["slug"])
    questions = asked.page.questions
    if "question_id" in values:
        questions = {id: it for id, it in questions.items() if id == values["question_id"]}
    room = sum(question.bytes_max for question in questions.values() if question.of_kind.is_file)
    if room and _may_leave_files(asked, endpoint):
        room = min(room, FILES_BYTES_MAX)
        request.max_content_length = room + MORE_BYTES


def are_here() -> bool:
    """Return whether a file was uploaded with the form."""
    return any(upload.filename for upload in request.files.values())


def take(asked: ShownConsultation, questions: Iterable[Question], secret: str) -> list[Problem]:
    """Store the uploaded files, or remove stored ones; return the problems.

    `secret`: whose draft it is; `drafts.attached` then returns what is stored for it.
    """
    return [
        problem
        for question in questions
        if question.of_kind.is_file
        for problem in _take_one(asked, question, secret)
    ]


def take_here(
    asked: ShownConsultation, questions: Iterable[Question], draft: Draft
) -> tuple[Draft, list[Problem]]:
    """Store the uploads of the person at this browser; return the draft with its files."""
    wanted = [one for one in questions if one.of_kind.is_file]
    if not wanted:
        return draft, []
    problems = take(asked, wanted, resident_session.secret())
    draft = draft.answered(drafts.attached(asked, resident_session.secret()))
    if any(draft.typed[one.id] for one in wanted):
        resident_session.note_draft(asked.id)
    return draft, problems


def _may_leave_files(asked: ShownConsultation, endpoint: str) -> bool:
    if not asked.is_open(find_services().clock()):
        return False
    if endpoint == "assisting.send":
        member = staff_session.member(find_services())
        held = member.roles.get(asked.page.partnership_id, ()) if member else ()
        return access.ANSWER_FOR_SOMEBODY.role_of(held) is not None
    return not identity.is_needed(asked)


def _take_one(asked: ShownConsultation, question: Question, secret: str) -> list[Problem]:
    services, name = find_services(), field_name(question.id)
    if buttons.is_removed(request.form, question):
        remove_file(services, secret, asked.id, question.id)
    upload = request.files.get(name)
    if upload is None or not upload.filename:
        return []
    with upload.stream as stream:
        content = stream.read()
    try:
        attach_file(
            services,
            asked.id,
            question,
            draft_secret=secret,
            name=upload.filename,
            content=content,
        )
    except Refused as refused:
        return [(name, says(refused, question=said(question.title)))]
    return []


def too_large(question: Question) -> list[Problem]:
    """Return the problem of a file too large to be read at all."""
    refused = FileTooLarge(question=said(question.title), most=sizes.limit(question.bytes_max))
    return [(field_name(question.id), says(refused))]
