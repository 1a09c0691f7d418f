"""The questions of a consultation, with their options and costs."""

import itertools
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeVar

import msgspec

from events.errors import Refused
from events.kinds.kind import KINDS, QuestionKind

T = TypeVar("T")
Text = dict[str, str]
"""Words per language: `{"en": "...", "cy": "..."}`."""

OTHER = "other"
"""The answer "other, please say" of a choice, and "somewhere else" of an area."""

FILE_KINDS: tuple[str, ...] = ("pdf", "png", "jpeg", "docx", "odt", "txt")
FILE_BYTES_MAX = 5_000_000

WORDS_LENGTH_MAX = 20_000
ID_LETTERS = "!-~À-ÏÑ-ÖØ-öø-İĴ-ķĹ-ľŁ-ňŊ-žẀ-ẅỲỳ"
"""What ids are made of, as ranges of a regular expression: what keyboards have, and the Latin
letters of Europe in one piece. Left out are those that look like another, such as kra and eth."""
CLEAR_ID = re.compile(f"[{ID_LETTERS}]+(?: [{ID_LETTERS}]+)*")
ID_SHOWN_MAX = 64


class UnclearId(Refused):
    """The id has something unseen, or that could be taken for something else."""

    says = (
        "The reference “{id}” cannot be used because of its character number {place}, {code}. "
        "A reference has Latin letters, digits, the signs of a keyboard and single spaces between "
        "them, because others look alike or cannot be seen. Nothing was changed. Write the "
        "reference with these only."
    )


class EmptyId(UnclearId):
    """The id has no characters."""

    says = "A reference is empty. Nothing was changed. Give it at least one letter or digit."


def check_ids(*lists: Iterable[str]) -> None:
    """Raise UnclearId unless people can tell the ids of each list apart.

    Programs compare ids byte by byte and people by eye: an id has letters of one script only, and
    nothing unseen (docs/log-entries.md).
    """
    for id in itertools.chain(*lists):
        if id == "":
            raise EmptyId
        if CLEAR_ID.fullmatch(id) is None:
            clear = CLEAR_ID.match(id)
            at = min(clear.end() if clear else 0, len(id) - 1)
            shown = (one if one.isprintable() else "?" for one in id[:ID_SHOWN_MAX])
            raise UnclearId(id="".join(shown), place=at + 1, code=f"U+{ord(id[at]):04X}")


class Option(msgspec.Struct, frozen=True, omit_defaults=True):
    """One option. `cost`: in minor units (pence) of the budget.

    `group`: at most one option of an exclusive group is funded. `ward`: its location.
    """

    id: str
    title: Text
    summary: Text = {}
    cost: int | None = None
    group: str = ""
    ward: str = ""


class Condition(msgspec.Struct, frozen=True):
    """A question is asked only of those who chose one of `options` in an earlier `question`."""

    question: str
    options: tuple[str, ...]


class Details(msgspec.Struct, frozen=True):
    """Facts that people may want before they answer, shown above the question."""

    title: Text
    words: Text


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question, asked on a page of its own.

    `kind`: the id of one of `events.kinds.kind.KINDS`.
    `picks_min`, `picks_max`: how many options an approval, basket or several-choice answer
    may hold (0: no upper limit). `ranks_max`: the most ranks of a ranking (0: all).
    `points`: the most points to distribute. `scale`: grades 1..scale of a rating.
    `pot`: the budget of a basket or an allocation, in minor units; `step`: what each amount of
    an allocation is a multiple of.
    `other`: a single or several choice also takes "other, please say"; the words are free
    text. `asked_when`: the condition under which it is asked; None: always.
    `least`, `most`: limits of a number ("12.50") or of a date ("2026-11-22"); empty: none.
    `decimals`: decimal places of a number. `statements`: the rows of a matrix, whose
    options are its columns. `file_kinds`, `bytes_max`: limits of an attachment.
    `shuffled`: each person sees the options of a choice in a different order.
    `elsewhere`: who from outside the wards can answer an area question, as in the terms
    (events.consultations.terms).
    """

    id: str
    kind: str
    title: Text
    hint: Text = {}
    options: tuple[Option, ...] = ()
    required: bool = True
    picks_min: int = 0
    picks_max: int = 0
    ranks_max: int = 0
    equal_ranks: bool = False
    points: int = 0
    scale: int = 4
    pot: int | None = None
    length_max: int = 2_000
    fixed_order: bool = False
    shuffled: bool = False
    other: bool = False
    asked_when: Condition | None = None
    details: tuple[Details, ...] = ()
    decimals: int = 0
    least: str = ""
    most: str = ""
    unit: Text = {}
    statements: tuple[Option, ...] = ()
    file_kinds: tuple[str, ...] = FILE_KINDS
    bytes_max: int = FILE_BYTES_MAX
    elsewhere: Literal["anybody", "connected", "nobody"] = "anybody"
    step: int = 0

    def option(self, option_id: str) -> Option | None:
        """Find an option by its id."""
        return next((option for option in self.options if option.id == option_id), None)

    @property
    def option_ids(self) -> frozenset[str]:
        """Every id that an answer may name."""
        return frozenset(option.id for option in self.options)

    @property
    def id_lists(self) -> tuple[list[str], list[str], list[str]]:
        """The ids of its options, of its rows, and of the groups of its options."""
        groups = [option.group for option in self.options if option.group]
        return [option.id for option in self.options], [row.id for row in self.statements], groups

    @property
    def of_kind(self) -> QuestionKind:
        """What is known of questions of this kind."""
        return KINDS[self.kind]

    @property
    def is_counted(self) -> bool:
        """Whether a counting rule can decide this question."""
        return self.of_kind.is_countable and not self.other

    @property
    def words_tell_choice(self) -> bool:
        """Whether only those who chose something are asked for words."""
        return self.other or (self.of_kind.is_written and self.asked_when is not None)

    @property
    def takes_other(self) -> bool:
        """Whether an answer may be none of the options."""
        return self.of_kind.takes_other(self)

    @property
    def is_shuffled(self) -> bool:
        """Whether each person sees the options in a different order."""
        return self.of_kind.is_shuffled(self)

    def is_asked(self, answers: Mapping[str, Any]) -> bool:
        """Return whether the question is asked of somebody with these answers.

        `answers`: by question id, to the earlier questions that are themselves asked.
        """
        if self.asked_when is None:
            return True
        given = answers.get(self.asked_when.question)
        chosen = given if isinstance(given, list | tuple) else (given,)
        return any(option in chosen for option in self.asked_when.options)


def asked_of(questions: Mapping[str, Question], answers: Mapping[str, Any]) -> dict[str, Question]:
    """Return the questions asked of somebody with these answers, in order.

    An answer to a question that is not asked fulfils no condition.
    """
    found: dict[str, Question] = {}
    given: dict[str, Any] = {}
    for id, question in questions.items():
        if question.is_asked(given):
            found[id] = question
            if id in answers:
                given[id] = answers[id]
    return found


def words_missing(text: Text, languages: tuple[str, ...]) -> list[str]:
    """Return the languages in which the text is missing."""
    return [language for language in languages if not text.get(language, "").strip()]


BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
"""Letters of Hangul that are drawn as nothing."""


def is_readable(text: str) -> bool:
    """Return whether a text has a letter or digit that people see (docs/log-entries.md)."""
    return any(one.isalnum() and one not in BLANK_LETTERS for one in text)


def reasons_missing(text: Text, languages: tuple[str, ...]) -> list[str]:
    """Return the languages in which a reason is missing, or is nothing that people can read."""
    return [language for language in languages if not is_readable(text.get(language, ""))]


def in_order_asked(questions: Iterable[str], found: Mapping[str, T]) -> dict[str, T]:
    """Return the entries of `found` for these question ids, in the order of the ids."""
    return {id: found[id] for id in questions if id in found}
