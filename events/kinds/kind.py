"""What the record knows of a kind of question, and the registry of all kinds.

A kind is a class in a module of its own beside this one, registered with its id; `events` imports
all of them. Whatever depends on the kind of a question asks `question.of_kind`.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a question knows its kind, and not the other way round
    from events.consultations.readiness_gaps import Gap
    from events.question import Question

Answer = Any
"""JSON-native, in the shape of its kind."""


class Shape(Enum):
    """The form of an answer as it is stored."""

    ONE = auto()
    """The id of an option: `"a"`; of an area the code of a ward, or `"other"`."""
    SEVERAL = auto()
    """Ids of options, sorted: `["a", "b"]`."""
    ORDER = auto()
    """Ids of options, best first; a shared rank is a nested list: `["a", ["b", "c"]]`."""
    AMOUNTS = auto()
    """A whole number for each option: `{"a": 3}`."""
    ROWS = auto()
    """The id of an option for each row: `{"row": "column"}`."""
    VALUE = auto()
    """A text that is parsed: a number `"12.50"`, a date `"2026-11-22"`."""
    VAULT = auto()
    """Kept only in the vault; the record has a commitment."""


class QuestionKind:
    """One kind of question; every kind is a subclass and says what differs from this.

    `shape`: of its answers. `is_vote`: its answers are a vote that a counting rule counts.
    `is_countable`: a counting rule can count it. `is_route`: its answers can be the condition of
    a later question. `has_options`: organisers write what can be chosen. `options_least`: how
    many options it needs. `has_costs`: its options cost money. `shares_money`: its answers are
    amounts of money. `has_points`, `has_scale`: it uses these limits. `is_place`: the
    wards are its options. `is_text`: people write; `is_file`: people attach a file.
    """

    id: str
    shape: Shape
    is_vote = False
    is_route = False
    has_options = True
    options_least = 2
    has_costs = False
    shares_money = False
    has_points = False
    has_scale = False
    is_place = False
    is_text = False
    is_file = False

    @property
    def is_countable(self) -> bool:
        """Whether a counting rule can count it."""
        return self.is_vote

    @property
    def is_written(self) -> bool:
        """Whether its answers are stored only in the vault."""
        return self.shape is Shape.VAULT

    def takes_other(self, question: "Question") -> bool:
        """Return whether an answer may be none of the options."""
        return False

    def is_shuffled(self, question: "Question") -> bool:
        """Return whether each person sees the options in a different order."""
        return self.is_vote and not question.fixed_order

    def stored(self, question: "Question", answer: Answer) -> Answer:
        """Return an answer that is not empty in its stored form.

        Sorted where order has no meaning, unchanged where it has, never padded. Raises a class
        of `events.kinds.answer_refusals`, or one that its own module defines.
        """
        raise NotImplementedError  # every kind that is asked this has its own

    def check_limits(self, question: "Question") -> None:
        """Check that the limits of a question allow an answer. Raises Refused."""

    def possible(self, question: "Question") -> int:
        """Return how many answers there may be, none included; 1 if no answer is ever opened."""
        raise NotImplementedError  # every kind that is asked this has its own

    def missing(
        self,
        question: "Question",
        languages: tuple[str, ...],
    ) -> "Iterator[Gap]":
        """Yield what a draft of the kind lacks besides words, options and costs."""
        yield from ()

    def parsed(self, answer: str) -> str | Decimal | date:
        """Return a single answer as files hold it; the id of an option as it is."""
        return answer


KINDS: dict[str, QuestionKind] = {}
"""Every kind of question by its id."""


def kind(id: str) -> Callable[[type[QuestionKind]], type[QuestionKind]]:
    """Register the decorated class as the kind of this id, which is stored for ever."""
    assert id not in KINDS, f"{id} is registered twice"

    def register(found: type[QuestionKind]) -> type[QuestionKind]:
        KINDS[id] = found()
        KINDS[id].id = id
        return found

    return register
