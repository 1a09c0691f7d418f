"""An election as described by a file of votes: what was asked, the rule, and every ballot."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from events.kinds.kind import Shape
from events.question import Question

Answer = Any
"""JSON-native answer of one ballot.

`"a"` (single), `["a", "b"]` sorted by id (approval), best first with a nested list for a shared
rank (ranking), `{"a": 3}` (points, rating).
"""

KINDS = ("single", "approval", "ranking", "points", "rating")


def kind_of_votes(question: Question) -> str:
    """Return the kind of votes in a file of answers: every choice of several is an approval."""
    return "approval" if question.of_kind.shape is Shape.SEVERAL else question.kind


class Ballot(NamedTuple):
    """One row of votes: `multiplicity` people gave this answer.

    `voter` is the file's own identifier, None where the file groups equal ballots. `channel` is
    ONLINE, PAPER or None. No other fact about a person is kept. Equal ballots may share one
    answer object: never mutate it.
    """

    answer: Answer
    multiplicity: int = 1
    voter: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class FileOption:
    """An option, candidate or project.

    `cost` is in the election's smallest unit. `group` names an exclusive group: at most one of its
    members can be funded. `details` holds other facts about the option (category, ward,
    coordinates). `selected` is the official outcome: 1 yes, 0 no, 2 and 3 special cases that the
    file explains, None unknown. `declared_votes` and `declared_score` are totals declared by the
    file, which its ballots may contradict.
    """

    id: str
    name: str
    description: str = ""
    cost: int | None = None
    group: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    selected: int | None = None
    declared_votes: int | None = None
    declared_score: str | None = None


@dataclass(frozen=True)
class DeclaredRule:
    """The rule declared by a file: its own words, our rule id and our parameters.

    `stated` is None where the file names no rule and `id` is our default for its kind.
    """

    stated: str | None
    id: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Election:
    """The contents of a file of votes, in our shapes.

    `ballots` can be iterated any number of times; for files it streams from disk. `people` is the
    number of ballots including multiplicity. `pot` and costs are integers in units of
    1/`unit_scale` of the currency, as fine as the finest amount of the file. `points_max` limits
    the total one person gives, `points_each_max` the points for one option, `cost_max` the total
    cost of the options one person picks; `grade_max` is the highest grade of a rating. `meta` is
    the file's own description, verbatim, so that it can be written back.
    """

    title: str
    kind: str
    options: tuple[FileOption, ...]
    ballots: Iterable[Ballot]
    people: int
    rule: DeclaredRule
    description: str = ""
    pot: int | None = None
    unit_scale: int = 1
    currency: str | None = None
    language: str | None = None
    picks_min: int | None = None
    picks_max: int | None = None
    points_max: int | None = None
    points_each_max: int | None = None
    cost_max: int | None = None
    grade_max: int | None = None
    equal_ranks: bool = False
    seats: int = 1
    place: str | None = None
    meta: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    format: str = ""

    @property
    def selected(self) -> tuple[str, ...] | None:
        """Return the ids officially funded (`selected` is 1); None if the file does not say."""
        if all(option.selected is None for option in self.options):
            return None
        return tuple(option.id for option in self.options if option.selected == 1)

    def groups(self) -> tuple[tuple[Answer, int], ...]:
        """Return each distinct answer with how many people gave it, in order of appearance."""
        return group(self.ballots)


def group(ballots: Iterable[Ballot]) -> tuple[tuple[Answer, int], ...]:
    """Return each distinct answer with how many people gave it, in order of first appearance."""
    by_value: dict[str, list[Any]] = {}
    by_identity: dict[int, list[Any]] = {}  # fast path: equal answers are mostly one object
    for ballot in ballots:
        answer = ballot.answer
        known = by_identity.get(id(answer))
        if known is None or known[0] is not answer:
            known = by_value.setdefault(repr(answer), [answer, 0])
            if known[0] is answer:
                by_identity[id(answer)] = known
        known[1] += ballot.multiplicity
    return tuple((answer, count) for answer, count in by_value.values())


def picks(answer: Answer) -> Iterator[str]:
    """Yield the option ids in an answer, with shared ranks flattened."""
    if isinstance(answer, str):
        yield answer
        return
    for item in answer:
        if isinstance(item, list):
            yield from item
        else:
            yield item
