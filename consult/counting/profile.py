"""Ballots as input for the rules: grouped, cleaned of what cannot be counted, with a digest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from consult.counting.outcome import canonical_bytes, digest
from events.kinds.kind import KINDS as QUESTION_KINDS
from events.kinds.kind import Shape

KINDS = ("ranking", "points", "approval", "basket", "rating", "single", "several")
"""The kinds of question whose ballots can be counted, as the specification names them."""
RANKED = (Shape.ORDER, Shape.ONE)
"""Forms of ballots that are rankings: a single choice ranks one option."""

# JSON-native value of one ballot; its shape depends on the kind of the profile.
Answer = Any
# A cleaned ranking: one tuple of option ids per rank, best first.
Ranking = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Option:
    """An option. `cost`: minor units; `group`: name of a set of mutually exclusive options."""

    id: str
    cost: int | None = None
    group: str | None = None


@dataclass(frozen=True)
class Profile:
    """Grouped ballots: each distinct answer with the number of people who gave it."""

    kind: str
    options: tuple[Option, ...]
    groups: tuple[tuple[Answer, int], ...]
    pot: int | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for an unknown kind, duplicate option ids or a negative group."""
        if self.kind not in KINDS:
            raise ValueError(f"There is no kind of ballot called {self.kind!r}.")
        if len(self.by_id) != len(self.options):
            raise ValueError("Two options have the same id.")
        if any(number < 0 for _, number in self.groups):
            raise ValueError("A group of ballots cannot have fewer than none.")

    @cached_property
    def shape(self) -> Shape:
        """Return the form of the answers."""
        return QUESTION_KINDS[self.kind].shape

    @property
    def has_scale(self) -> bool:
        """Return whether ballots give grades of a scale, whose lowest is 1."""
        return QUESTION_KINDS[self.kind].has_scale

    @cached_property
    def by_id(self) -> Mapping[str, Option]:
        """Return the options by id."""
        return {option.id: option for option in self.options}

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Return all option ids in code point order, the only order in which rules may iterate."""
        return tuple(sorted(self.by_id))

    @cached_property
    def ballots(self) -> int:
        """Return the number of ballots, including empty ones."""
        return sum(number for _, number in self.groups)

    @cached_property
    def silent(self) -> bool:
        """Return whether no ballot supports any option."""
        spoken = (
            number and item in self.by_id for a, number in self.groups for item in self._chosen(a)
        )
        return not any(spoken)

    @cached_property
    def rankings(self) -> Mapping[Ranking, int]:
        """Return distinct rankings of known options with the number of people who gave each.

        Unknown ids are dropped and the ranks close up; a repeated id keeps its first rank. A
        single choice is a ranking of one. Ballots that rank nothing are left out.
        """
        assert self.shape in RANKED, f"{self.kind} ballots are not rankings"
        merged: dict[Ranking, int] = {}
        for answer, number in self.groups:
            ranking = self._ranking(
                answer if self.shape is Shape.ORDER else list(self._chosen(answer))
            )
            if ranking and number:
                merged[ranking] = merged.get(ranking, 0) + number
        return merged

    @cached_property
    def approvals(self) -> Mapping[tuple[str, ...], int]:
        """Return distinct non-empty sets of known options (sorted ids) with how many chose each.

        For rankings and points: the options ranked, or given any points.
        """
        merged: dict[tuple[str, ...], int] = {}
        for answer, number in self.groups:
            chosen = tuple(sorted({item for item in self._chosen(answer) if item in self.by_id}))
            if chosen and number:
                merged[chosen] = merged.get(chosen, 0) + number
        return merged

    @cached_property
    def scorings(self) -> Mapping[tuple[tuple[str, int], ...], int]:
        """Return distinct non-empty (option, points) tuples, sorted by id, with how many gave each.

        No option with 0 points is in them.
        """
        assert self.shape is Shape.AMOUNTS, f"{self.kind} ballots carry no numbers"
        merged: dict[tuple[tuple[str, int], ...], int] = {}
        for answer, number in self.groups:
            known = [
                (item, value) for item, value in answer.items() if item in self.by_id and value
            ]
            if known and number:
                scoring = tuple(sorted(known))
                merged[scoring] = merged.get(scoring, 0) + number
        return merged

    @cached_property
    def votes(self) -> Mapping[str, int]:
        """Return how many ballots support each option."""
        tally = dict.fromkeys(self.ids, 0)
        for chosen, number in self.approvals.items():
            for item in chosen:
                tally[item] += number
        return tally

    @cached_property
    def first_choices(self) -> Mapping[str, int]:
        """Return how many rankings have each option alone on the first rank."""
        tally = dict.fromkeys(self.ids, 0)
        for ranking, number in self.rankings.items():
            if len(ranking[0]) == 1:
                tally[ranking[0][0]] += number
        return tally

    @cached_property
    def _alone(self) -> Mapping[str, tuple[str]]:
        return {item: (item,) for item in self.ids}

    def _ranking(self, answer: Sequence[str | Sequence[str]]) -> Ranking:
        try:
            # Fast path. A shared rank is an unhashable list, which raises TypeError below.
            plain = tuple(map(self._alone.__getitem__, answer))  # type: ignore[arg-type]
            distinct = len(set(answer)) == len(plain)
        except (KeyError, TypeError):  # an unknown option, a shared rank
            return self._cleaned(answer)
        return plain if distinct else self._cleaned(answer)

    def _cleaned(self, answer: Sequence[str | Sequence[str]]) -> Ranking:
        seen: set[str] = set()
        ranks = []
        for rank in answer:
            members = (rank,) if isinstance(rank, str) else tuple(sorted(set(rank)))
            kept = tuple(item for item in members if item in self.by_id and item not in seen)
            if kept:
                seen.update(kept)
                ranks.append(kept)
        return tuple(ranks)

    def _chosen(self, answer: Answer) -> Iterator[str]:
        if self.shape is Shape.ONE:
            yield from (answer,) if isinstance(answer, str) else ()
        elif self.shape is Shape.AMOUNTS:
            yield from (item for item, value in answer.items() if value)
        elif self.shape is Shape.ORDER:
            for rank in answer:
                yield from (rank,) if isinstance(rank, str) else rank
        else:
            yield from answer


def normal_answer(kind: str, answer: Answer) -> Answer:
    """Return the canonical form of an answer.

    Members of a shared rank are sorted and deduplicated, a shared rank of one becomes a plain id
    and an empty one is dropped; sets are sorted; everything else is returned unchanged.
    """
    if QUESTION_KINDS[kind].shape is Shape.ORDER:
        ranks = ([rank] if isinstance(rank, str) else sorted(set(rank)) for rank in answer)
        return [rank[0] if len(rank) == 1 else rank for rank in ranks if rank]
    if QUESTION_KINDS[kind].shape is Shape.SEVERAL:
        return sorted(set(answer))
    return answer


def input_digest(profile: Profile) -> str:
    """Return the digest of everything a count reads, independent of the order of ballots."""
    numbers: dict[bytes, int] = {}
    answers: dict[bytes, Answer] = {}
    for answer, number in profile.groups:
        normal = normal_answer(profile.kind, answer)
        key = canonical_bytes(normal)
        answers[key] = normal
        numbers[key] = numbers.get(key, 0) + number
    return digest(
        {
            "kind": profile.kind,
            "options": [
                {"id": option.id, "cost": option.cost, "group": option.group}
                for option in sorted(profile.options, key=lambda option: option.id)
            ],
            "pot": profile.pot,
            "groups": [[answers[key], numbers[key]] for key in sorted(numbers) if numbers[key]],
        }
    )
