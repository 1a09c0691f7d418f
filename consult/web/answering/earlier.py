"""The answers that are being changed: prefill forms with them, and describe them.

Only for a person who has given the changing code in this browser, sent the answers from here, or
has just proven to be the one who did. They are not stored a second time: a draft holds the
differences.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import g

from consult.commands.answers.holding import GivenAnswers, given_by_code, given_by_voter
from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.answering.forms.draft import Typed, Whom
from consult.wording import figures
from consult.wording.language import current, said
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question

OF = "of"
"""Key in a draft: hash of the receipt whose answers it changes, to find them on another device."""
Content = dict[str, Any]
"""A draft as it is stored: `Draft.content`, or what of it differs from the answers it changes."""


@dataclass(frozen=True)
class Earlier:
    """The answers that the next submission from here replaces. `given`: None without any."""

    asked: ShownConsultation
    given: GivenAnswers | None

    @cached_property
    def content(self) -> Content:
        """These answers in the shape of a draft; empty without any."""
        if self.given is None:
            return {}
        fact, typed = self.given.fact, {}
        for id, question in self.asked.page.questions.items():
            value = _typed(question, self.given)
            if value is not None:
                typed[id] = value
        members = str(fact.members) if fact.members else ""
        whom = Whom(fact.respondent, self.given.organisation, members)
        return {"typed": typed, "area": fact.area, "whom": whom.written()}

    def under(self, draft: Content) -> Content:
        """Return these answers, with what a draft has instead laid over them."""
        if not self.content:
            return draft
        typed = self.content["typed"] | (draft.get("typed") or {})
        return {**self.content, **draft, "typed": typed}

    def differing(self, draft: Content) -> Content:
        """Return what of a draft differs from these answers."""
        if self.given is None:
            return draft
        before = self.content
        typed = {
            id: value
            for id, value in draft["typed"].items()
            if (value or id in before["typed"]) and value != before["typed"].get(id)
        }
        rest = {name: draft.get(name, {}) for name in ("area", "whom")}
        changed = {name: value for name, value in rest.items() if value != before[name]}
        declared = {name: draft[name] for name in ("declared",) if name in draft}
        return {"typed": typed, **changed, **declared, OF: self.given.fact.receipt}

    def words(self, typed: Typed) -> list[str]:
        """Return which answers are being changed, and which could not be prefilled.

        `typed`: the current content of the form. Empty when nothing is being changed.
        """
        if self.given is None:
            return []
        moment = figures.moment(self.given.fact.at, current())
        lines = [
            _("You took these answers back. They are filled in as you sent them on %(moment)s, and "
              "do not count until you send them again.", moment=moment)
            if self.given.is_withdrawn
            else _("They are filled in as you sent them on %(moment)s, and count until you send. "
                   "What you send now takes their place.", moment=moment)
        ]  # fmt: skip
        questions = self.asked.page.questions
        missing = [id for id in self.given.unread if id in questions and not typed.get(id)]
        lines += [
            _("We cannot fill in what you attached to “%(question)s”: attach the file again, or it "
              "is left out.", question=said(questions[id].title))
            if questions[id].of_kind.is_file
            else _("What you wrote for “%(question)s” was erased. It stays out unless you write it "
                   "again.", question=said(questions[id].title))
            for id in missing
        ]  # fmt: skip
        return lines


def find(asked: ShownConsultation) -> Earlier:
    """Return the answers that the next submission from here replaces, read once for a request."""
    found: dict[UUID, Earlier] = g.setdefault("earlier answers", {})
    if asked.id not in found:
        found[asked.id] = Earlier(asked, _given(asked))
    return found[asked.id]


def _given(asked: ShownConsultation) -> GivenAnswers | None:
    services, code = find_services(), resident_session.changing(asked.id)
    if code:
        try:
            given = given_by_code(services, code)
        except UnknownReceipt:  # replaced elsewhere: nobody after that is kept from answering here
            resident_session.end_change(asked.id)
        else:
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
