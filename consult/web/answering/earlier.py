"""Load the answers that are being changed, prefill forms with them, and describe them.

Only for a person who has shown the receipt in this browser, sent the answers from here, or has
just proven to be the one who did. They are not stored a second time: a draft holds the
differences.
"""

from typing import Any

from flask import g

from consult.commands.answers.given_answers import GivenAnswers, given_by_receipt, given_by_voter
from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.answering.forms.respondents import Whom
from consult.wording import figures
from consult.wording.language import current, said
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question

OF = "of"
"""Key in a draft: hash of the receipt whose answers it changes, to find them on another device."""


def find(asked: ShownConsultation) -> GivenAnswers | None:
    """Return the answers that the next submission from here replaces; None without any."""
    found: dict[Any, GivenAnswers | None] = g.setdefault("earlier answers", {})
    if asked.id not in found:
        found[asked.id] = _found(asked)
    return found[asked.id]


def content(asked: ShownConsultation) -> dict[str, Any]:
    """Return these answers in the shape of a draft; empty when nothing is being changed."""
    given = find(asked)
    if given is None:
        return {}
    questions = asked.page.questions
    members = str(given.fact.members) if given.fact.members else ""
    whom = Whom(given.fact.respondent, given.organisation, members)
    return {
        "typed": {
            id: typed
            for id, question in questions.items()
            if (typed := _typed(question, given)) is not None
        },
        "area": given.fact.area,
        "whom": whom.written(),
    }


def filled(asked: ShownConsultation, draft: dict[str, Any]) -> dict[str, Any]:
    """Return a stored draft merged over the answers that are being changed."""
    before = content(asked)
    if not before:
        return draft
    typed = draft.get("typed")
    return {**before, **draft, "typed": before["typed"] | (typed or {})}


def differing(asked: ShownConsultation, draft: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a draft that differs from the answers that are being changed."""
    given = find(asked)
    if given is None:
        return draft
    before = content(asked)
    typed = {
        id: value
        for id, value in draft["typed"].items()
        if (value or id in before["typed"]) and value != before["typed"].get(id)
    }
    rest = {name: draft.get(name, {}) for name in ("area", "whom")}
    changed = {name: value for name, value in rest.items() if value != before[name]}
    declared = {name: draft[name] for name in ("declared",) if name in draft}
    return {"typed": typed, **changed, **declared, OF: given.fact.receipt}


def words(asked: ShownConsultation, typed: dict[str, Any]) -> list[str]:
    """Return which answers are being changed, and which could not be prefilled.

    `typed`: the current content of the form. Empty when nothing is being changed.
    """
    given = find(asked)
    if given is None:
        return []
    moment = figures.moment(given.fact.at, current())
    lines = [
        _("You took these answers back. They are filled in as you sent them on %(moment)s, and "
          "do not count until you send them again.", moment=moment)
        if given.is_withdrawn
        else _("They are filled in as you sent them on %(moment)s, and count until you send. "
               "What you send now takes their place.", moment=moment)
    ]  # fmt: skip
    questions = asked.page.questions
    missing = [id for id in given.unread if id in questions and not typed.get(id)]
    lines += [
        _("We cannot fill in what you attached to “%(question)s”: attach the file again, or it is "
          "left out.", question=said(questions[id].title))
        if questions[id].of_kind.is_file
        else _("What you wrote for “%(question)s” was erased. It stays out unless you write it "
               "again.", question=said(questions[id].title))
        for id in missing
    ]  # fmt: skip
    return lines


def _found(asked: ShownConsultation) -> GivenAnswers | None:
    services, code = find_services(), resident_session.changing(asked.id)
    if code:
        try:
            given = given_by_receipt(services, code)
        except UnknownReceipt:
            return None
        return given if given.fact.consultation_id == asked.id else None
    proof = resident_session.proven(asked.id, services.clock())
    if proof is None and resident_session.sent(asked.id) is None:
        return None
    return given_by_voter(services, asked.id, proof.voter if proof else resident_session.voter())


def _typed(question: Question, given: GivenAnswers) -> Any:
    """Return an answer as it was typed; None if there is none, or it cannot be prefilled."""
    if question.of_kind.is_text:
        return given.words.get(question.id)
    answer = given.fact.answers.get(question.id)
    if question.other and answer:
        return {"chosen": answer, "words": given.words.get(question.id, "")}
    return answer
