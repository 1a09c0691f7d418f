"""What a person has typed in a form with answers, valid or not; as it is stored, and as a sheet.

It is kept as typed, so that a page can show it again: in the shape of an answer of its kind
(`events.kinds`), or anything else. A choice with "other, please say" is `{"chosen": .., "words":
..}`, a file `{"file": commitment, "name": .., "bytes": ..}`, and an invalid day its three fields.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import msgspec

from consult.commands.answers.sheets import MEMBERS_MAX, Sheet
from consult.web.kinds.file import commitment
from consult.web.kinds.form import answer, words_typed
from events.kinds import pasted
from events.question import Question, asked_of
from events.submission import INDIVIDUAL

Typed = dict[str, Any]
"""By question id: the answer in the shape of its kind, or any other input."""
NOT_SAID = ""


@dataclass(frozen=True)
class Whom:
    """The respondent as typed, valid or not; without anything typed a person."""

    respondent: str = INDIVIDUAL
    name: str = ""
    members: str = ""

    @property
    def is_person(self) -> bool:
        """Return whether a person answers for themselves."""
        return self.respondent == INDIVIDUAL

    @property
    def number(self) -> int | None:
        """Return for how many they speak, 0 when it is not said; None when it is no number."""
        if not pasted.plain(self.members):
            return 0
        try:
            number = pasted.number(self.members)
        except pasted.Unread:
            return None
        return number if 0 <= number <= MEMBERS_MAX else None

    def written(self) -> dict[str, str]:
        """Return it in the shape of a draft; empty without anything typed."""
        return asdict(self) if self != PERSON else {}

    def on_sheet(self) -> dict[str, Any]:
        """Return the fields of a sheet that say whose it is."""
        if self.is_person:
            return {}
        return {
            "respondent": self.respondent,
            "organisation": self.name,
            "members": -1 if self.number is None else self.number,  # refused by check_sheet
        }


PERSON = Whom()


@dataclass(frozen=True)
class Draft:
    """What a person has typed so far. `area`: ward code, or other.

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

    def answered(self, typed: Typed) -> "Draft":
        """Return it with other input for some of its questions."""
        return replace(self, typed=self.typed | typed)

    def content(self) -> dict[str, Any]:
        """Return it as it is stored, and as it is embedded in the page that sends it."""
        more = {"whom": self.whom.written(), "declared": self.is_declared}
        said = {name: value for name, value in more.items() if value}
        return {"typed": self.typed, "area": self.area, **said}

    def written(self) -> str:
        """Serialise it into the page that sends it, so that what was checked is what is sent."""
        return msgspec.json.encode(self.content()).decode()

    def sheet(self, questions: Mapping[str, Question], assurance: str) -> Sheet:
        """Return answers and place as a sheet; unknown questions are kept, to be refused."""
        answers: dict[str, Any] = {}
        texts: dict[str, str] = {}
        files: dict[str, str] = {}
        for id, given in self.typed.items():
            question = questions.get(id)
            if question is None:
                answers[id] = given
                continue
            if not question.of_kind.is_written:
                answers[id] = answer(question, given)
            if words_typed(question, given):
                texts[id] = words_typed(question, given)
            elif question.of_kind.is_text and given:
                texts[id] = given  # not text: refused by check_sheet
            if question.of_kind.is_file and commitment(given):
                files[id] = commitment(given)
        return Sheet(answers, texts, self.area, assurance=assurance, files=files)

    @classmethod
    def stored(cls, content: Mapping[str, Any]) -> "Draft":
        """Return the draft with this `content`; what has another shape counts as empty."""
        given, area = content.get("typed"), content.get("area")
        return cls(
            given if isinstance(given, dict) else {},
            area if isinstance(area, str) else NOT_SAID,
            _whom(content.get("whom")),
            content.get("declared") is True,
        )

    @classmethod
    def read(cls, text: str) -> "Draft | None":
        """Parse what `written` returned; None for anything else."""
        try:
            return cls.stored(msgspec.json.decode(text, type=dict[str, Any]))
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            return None


def _whom(content: Any) -> Whom:
    """Return what `Whom.written` returned; a person for any other content."""
    if not isinstance(content, dict):
        return PERSON
    found = {name: value for name in asdict(PERSON) if isinstance(value := content.get(name), str)}
    return Whom(**found) if len(found) == len(asdict(PERSON)) else PERSON


def is_routed(questions: Mapping[str, Question]) -> bool:
    """Return whether some questions are asked only of some people."""
    return any(question.asked_when for question in questions.values())


def asked_with(questions: Mapping[str, Question], typed: Typed) -> Mapping[str, Question]:
    """Return the questions that somebody with this input is asked, in order."""
    if not is_routed(questions):
        return questions
    answers = {
        id: answer(question, typed[id]) for id, question in questions.items() if typed.get(id)
    }
    return asked_of(questions, answers)
