"""The way through a consultation: which page comes after which, and what was typed so far."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
from flask import url_for

from consult.commands.context import Actor
from consult.commands.submitting import (
    Receipt,
    Sheet,
    UnknownReceipt,
    find_by_receipt,
    replace_answers,
    submit_answers,
)
from consult.people import drafts
from consult.people.identities import Proven
from consult.services import Services
from consult.web import device
from consult.web.answer_forms import ELSEWHERE, Typed
from consult.web.asked import Asked
from events.question import Question

RESIDENT = Actor("resident")
NOT_SAID = ""


@dataclass
class Draft:
    """What a person has typed so far, checked or not. `area`: the code of a ward, or other."""

    typed: Typed = field(default_factory=dict)
    area: str = NOT_SAID

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was typed."""
        return not self.area and not any(self.typed.values())


def load(services: Services, asked: Asked) -> Draft:
    """Return this browser's draft; an empty one when there is none."""
    if not device.is_known():
        return Draft()
    content = drafts.load(services.vault, device.secret(), asked.id)
    return _draft(content)


def save(services: Services, asked: Asked, draft: Draft) -> None:
    """Keep the draft until it is sent."""
    content = {"typed": draft.typed, "area": draft.area}
    kept = drafts.save(services.vault, device.secret(), asked.id, content, now=services.clock())
    if kept:
        device.note_draft(asked.id)


def written(draft: Draft) -> str:
    """Write a draft as it travels in the page that sends it: what was checked is what is sent."""
    return msgspec.json.encode({"typed": draft.typed, "area": draft.area}).decode()


def read(text: str) -> Draft | None:
    """Read what `written` wrote; None when it is anything else."""
    try:
        return _draft(msgspec.json.decode(text, type=dict[str, Any]))
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None


def send(services: Services, asked: Asked, draft: Draft, command_id: str, code: str) -> Receipt:
    """Record the answers. `code`: receipt of the answers whose place they take, or nothing.

    The page that is sent says whether it is a change, because this browser may have moved on
    since it was drawn. Raises Refused.
    """
    questions = asked.page.questions
    texts = {
        id: words
        for id, words in draft.typed.items()
        if id in questions and questions[id].kind == "text" and words
    }
    answers = {
        id: answer
        for id, answer in draft.typed.items()
        if id not in questions or questions[id].kind != "text"
    }
    proof = device.proven(asked.id, services.clock()) or Proven("open", device.voter())
    sheet = Sheet(answers=answers, texts=texts, area=draft.area, assurance=proof.level)
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
    if device.has_draft(asked.id):
        drafts.delete(services.vault, device.secret(), asked.id)
    device.note_sent(receipt, services.clock())
    return receipt


def is_area(asked: Asked, area: str) -> bool:
    """Say whether the place page offers this area."""
    if area == NOT_SAID:
        return True
    return bool(asked.wards) and (area == ELSEWHERE or asked.partnership.ward(area) is not None)


def steps(asked: Asked) -> list[str]:
    """Return the addresses of the pages from the start page to sending, in order."""
    found = asked.ready.get("steps")
    if not isinstance(found, list):
        found = [("answers.question", id) for id in asked.page.questions]
        if asked.wards:
            found.append(("answers.place", ""))
        found.append(("answers.check", ""))
        asked.ready["steps"] = found
    return [_address(asked, endpoint, id) for endpoint, id in found]


def first(asked: Asked) -> str:
    """Return the address of the first question."""
    return steps(asked)[0]


def around(asked: Asked, here: str) -> tuple[str, str]:
    """Return the addresses before and after a page of the way."""
    way = steps(asked)
    place = way.index(here)
    before = way[place - 1] if place else url_for("consultations.start", slug=asked.slug)
    return before, way[min(place + 1, len(way) - 1)]


def question_address(asked: Asked, question: Question) -> str:
    """Return the address of a question."""
    return _address(asked, "answers.question", question.id)


def _address(asked: Asked, endpoint: str, question_id: str) -> str:
    if question_id:
        return url_for(endpoint, slug=asked.slug, question_id=question_id)
    return url_for(endpoint, slug=asked.slug)


def _draft(content: dict[str, Any]) -> Draft:
    typed, area = content.get("typed"), content.get("area")
    return Draft(
        typed if isinstance(typed, dict) else {}, area if isinstance(area, str) else NOT_SAID
    )
