"""Check what one person submits: answers, words and files for the questions they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from msgspec.structs import replace

from consult.people.answers import attachments, texts
from events import Consultation, Refused
from events.consultations import levels
from events.kinds.checks import check
from events.kinds.kind import Answer
from events.question import OTHER, Question
from events.submission import INDIVIDUAL, RESPONDENTS

MEMBERS_MAX = 10_000_000
NAME_LENGTH_MAX = 200


class UnknownQuestion(Refused):
    """An answer to a question that the consultation does not have."""

    says = "Question “{question}” is not part of this consultation. Start again from its page."


class NothingAnswered(Refused):
    """The sheet has no answer to record."""

    says = "You have not answered anything yet. Answer at least one question."


@dataclass(frozen=True)
class Sheet:
    """What one person submits.

    `answers`: by question id, in the shapes of `events.kinds.kind`; `texts`: words by
    question id, also those of "other, please say"; `files`: commitments of attached files by
    question id. `area`: ward code. `respondent`: one of RESPONDENTS.
    `members`: how many people an organisation speaks for, or how many met; 0: not said.
    `organisation`: name of the organisation or meeting, stored like texts. `is_declared`: the
    person declared that they meet the conditions of the terms. `has_blanks`: any question may be
    left blank, as on a paper form that somebody types in.
    """

    answers: Mapping[str, Answer]
    texts: Mapping[str, str] = field(default_factory=dict)
    area: str = ""
    respondent: str = INDIVIDUAL
    assurance: str = levels.OPEN
    files: Mapping[str, str] = field(default_factory=dict)
    is_declared: bool = False
    members: int = 0
    organisation: str = ""
    has_blanks: bool = False


class UnknownRespondent(Refused):
    """The respondent is not a person, an organisation or a meeting."""

    says = "Say whether a person answers, an organisation, or a meeting of a group."


class BadMembers(Refused):
    """The number of members is out of range, or a person states one."""

    says = (
        "Say for how many an organisation speaks, or how many met, as a whole number up to "
        "{most}. A person speaks for nobody else."
    )


class BadOrganisation(Refused):
    """The name is too long, or a person gives one."""

    says = (
        "Write what the organisation or meeting is called in up to {most} characters. "
        "A person who answers for themselves gives no name."
    )


class UnknownArea(Refused):
    """The place does not take part."""

    says = "“{area}” is not one of the places that take part. Choose from the list."


class NotDeclared(Refused):
    """The terms have conditions, and the person has not declared that they meet them."""

    says = "Tick that the conditions hold. Without that these answers cannot be counted."


class Checked(NamedTuple):
    """A sheet in its stored form, without answers to questions that are not asked."""

    answers: dict[str, Answer]
    texts: dict[str, str]
    files: dict[str, str]


def check_sheet(consultation: Consultation, sheet: Sheet) -> Checked:
    """Return the stored form of a sheet, or raise the first refusal.

    Whether a question is asked depends on the answers before it. Answers to questions that are not
    asked are dropped unchecked: a person may have given them before going back.

    Raises UnknownQuestion, UnknownRespondent, BadMembers, BadOrganisation, UnknownArea,
    NotDeclared, NothingAnswered, TextTooLong, a class of `events.kinds.answer_refusals`, or one
    that the module of the kind defines.
    """
    for question_id in (*sheet.answers, *sheet.texts, *sheet.files):
        if question_id not in consultation.questions:
            raise UnknownQuestion(question=question_id[:64])
    _check_person(consultation, sheet)
    checked = Checked({}, {}, {})
    is_any_required = False
    for question in consultation.questions.values():
        if question.is_asked(checked.answers):
            is_any_required = is_any_required or question.required
            asked = replace(question, required=False) if sheet.has_blanks else question
            _check_one(asked, sheet, checked)
    if is_any_required and not any(checked):
        raise NothingAnswered
    return checked


def _check_person(consultation: Consultation, sheet: Sheet) -> None:
    """Refuse a person whom the terms exclude, or who has not made the required declaration."""
    if sheet.respondent not in RESPONDENTS:
        raise UnknownRespondent
    most = 0 if sheet.respondent == INDIVIDUAL else MEMBERS_MAX
    if not 0 <= sheet.members <= most:
        raise BadMembers(most=f"{MEMBERS_MAX:,}")
    most = 0 if sheet.respondent == INDIVIDUAL else NAME_LENGTH_MAX
    if len(sheet.organisation) > most or "\0" in sheet.organisation:
        raise BadOrganisation(most=NAME_LENGTH_MAX)
    terms = consultation.terms
    if terms is None:
        return
    is_left_out = sheet.area == OTHER if terms.elsewhere == "nobody" else False
    if terms.wards and sheet.area not in {"", OTHER, *terms.wards}:
        is_left_out = True
    if is_left_out:
        raise UnknownArea(area=sheet.area[:64])
    if terms.is_declared and not sheet.is_declared:
        raise NotDeclared


def _check_one(question: Question, sheet: Sheet, checked: Checked) -> None:
    id = question.id
    if question.of_kind.is_text:
        written = texts.check(question, sheet.texts.get(id, ""))
        if written:
            checked.texts[id] = written
        return
    if question.of_kind.is_file:
        file = attachments.check(question, sheet.files.get(id, ""))
        if file:
            checked.files[id] = file
        return
    answer = check(question, sheet.answers.get(id))
    if answer is None:
        return
    checked.answers[id] = answer
    if question.other and (answer == OTHER or (isinstance(answer, list) and OTHER in answer)):
        checked.texts[id] = texts.check_other(question, sheet.texts.get(id, ""))
