"""The sequence of pages through a consultation, which follows from what was answered before."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import url_for

from consult.web.answering.forms.draft import Draft, asked_with, is_routed
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question


@dataclass(frozen=True)
class Journey:
    """One person's way through a consultation, for what they have typed so far."""

    asked: ShownConsultation
    draft: Draft

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """The questions that they are asked, in order."""
        return asked_with(self.asked.page.questions, self.draft.typed)

    @property
    def is_routed(self) -> bool:
        """Whether some questions are asked only of some people."""
        return is_routed(self.asked.page.questions)

    def steps(self) -> list[str]:
        """Return the addresses of the pages from the first question to checking, in order."""
        found = [question_address(self.asked, id) for id in self.questions]
        if self.asked.invites_organisations:
            found.append(url_for("whom.ask", slug=self.asked.slug))
        if self.asked.wards:
            found.append(url_for("answers.place", slug=self.asked.slug))
        return [*found, check_address(self.asked)]

    def before(self, here: str) -> str:
        """Return the address of the page before this one."""
        way = self.steps()
        place = way.index(here) if here in way else len(way) - 1
        return way[place - 1] if place else url_for("consultations.start", slug=self.asked.slug)

    def after(self, here: str) -> str:
        """Return the address of the page after this one."""
        way = self.steps()
        return way[way.index(here) + 1] if here in way[:-1] else way[-1]

    def opened_by(self, question: Question) -> Question | None:
        """Return the next unanswered question that depends on this answer, or on its condition."""
        roots = {question.id}
        if question.asked_when:
            roots.add(question.asked_when.question)
        ids = list(self.asked.page.questions)
        later = ids[ids.index(question.id) + 1 :]
        return next(
            (
                one
                for id, one in self.questions.items()
                if id in later
                and one.asked_when
                and one.asked_when.question in roots
                and not self.draft.typed.get(id)
            ),
            None,
        )

    def next_open(self) -> str:
        """Return the address of the first unanswered question; after the last, the check page."""
        for id in self.questions:
            if not self.draft.typed.get(id):
                return question_address(self.asked, id)
        return check_address(self.asked)

    def asked_only(self) -> Draft:
        """Return what was typed without answers to questions that are not asked."""
        unasked = self.asked.page.questions.keys() - self.questions.keys()
        typed = {id: it for id, it in self.draft.typed.items() if id not in unasked}
        return Draft(typed, self.draft.area, self.draft.whom)


def first(asked: ShownConsultation) -> str:
    """Return the address of the first page, which is the same for everybody."""
    return Journey(asked, Draft()).steps()[0]


def question_address(asked: ShownConsultation, question_id: str) -> str:
    """Return the address of a question."""
    return url_for("answers.question", slug=asked.slug, question_id=question_id)


def check_address(asked: ShownConsultation) -> str:
    """Return the address of the page on which answers are checked."""
    return url_for("answers.check", slug=asked.slug)
