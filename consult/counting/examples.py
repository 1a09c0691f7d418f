"""A small example of every counting rule: made-up ballots, counted by the rule itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from consult.counting import Option, Outcome, Profile, Specification, count
from consult.counting.profile import Answer

POUND = 100


@dataclass(frozen=True)
class Example:
    """Ballots under a rule. `settings`: of the rule; others stay at their defaults.

    `follows`: settings that the example takes over from the terms it explains.
    """

    profile: Profile
    seats: int = 1
    settings: Mapping[str, int | str] = field(default_factory=dict)
    follows: tuple[str, ...] = ()

    def for_kind(self, kind: str) -> "Example":
        """Return the same with ballots of a single choice where people have one choice only."""
        if kind != "single" or self.profile.kind == "single":
            return self
        firsts = tuple((answer[0], people) for answer, people in self.profile.groups)
        return replace(self, profile=replace(self.profile, kind="single", groups=firsts))

    def counted(self, rule: str, terms: Mapping[str, int | str]) -> Outcome:
        """Count the ballots. `rule`: with its number, such as points-3; `terms`: its settings."""
        taken = {name: terms[name] for name in self.follows if name in terms}
        settings = {**self.settings, **taken}
        return count(self.profile, Specification(rule, settings, seats=self.seats))


def example_of(rule: str, kind: str) -> Example:
    """Return the example of a rule, such as points-3, for a kind of question."""
    return (EXAMPLES.get(rule) or EXAMPLES["points-N"]).for_kind(kind)


def _of(kind: str, *groups: tuple[int, Answer], pot: int | None = None, **costs: int) -> Profile:
    """Return a profile. `groups`: how many people gave each answer; money in whole pounds."""
    ids = ("park", "library", "market")
    return Profile(
        kind,
        tuple(Option(id, costs[id] * POUND if id in costs else None) for id in ids),
        tuple((answer, people) for people, answer in groups),
        None if pot is None else pot * POUND,
    )


_POINTS = Example(
    _of("ranking", (3, ["park", "library", "market"]), (2, ["market", "park", "library"]))
)
_SHORT_BALLOTS = Example(_of("ranking", (3, ["park", "library", "market"]), (1, ["market"])))
_ROUNDS = _of(
    "ranking",
    (4, ["park", "library", "market"]),
    (3, ["library", "market", "park"]),
    (2, ["market", "library", "park"]),
)
_CIRCLE = Example(
    _of(
        "ranking",
        (4, ["park", "library", "market"]),
        (3, ["library", "market", "park"]),
        (2, ["market", "park", "library"]),
    ),
    follows=("strength",),
)
_PROJECTS = Example(
    _of(
        "basket",
        (3, ["park", "library"]),
        (1, ["park", "market"]),
        (1, ["market"]),
        pot=5_000,
        park=3_000,
        library=2_400,
        market=1_000,
    )
)
_SHARED = _of(
    "basket",
    (4, ["park", "library"]),
    (1, ["park"]),
    (2, ["market"]),
    pot=7_000,
    park=3_000,
    library=3_000,
    market=2_000,
)

EXAMPLES: Mapping[str, Example] = {
    "points-N": _POINTS,
    "borda": _SHORT_BALLOTS,
    "borda-zero": _SHORT_BALLOTS,
    "borda-modified": _SHORT_BALLOTS,
    "plurality": Example(_ROUNDS),
    "irv": Example(_ROUNDS),
    "stv": Example(_of("ranking", (8, ["park", "library"]), (3, ["market"])), seats=2),
    "schulze": _CIRCLE,
    "ranked-pairs": _CIRCLE,
    "copeland": Example(_ROUNDS),
    "approval": Example(
        _of("approval", (3, ["park", "library"]), (2, ["library", "market"]), (1, ["park"]))
    ),
    "points-sum": Example(
        _of("points", (2, {"park": 3, "library": 2}), (1, {"library": 4, "market": 1}))
    ),
    "rating": Example(
        _of("rating", (2, {"park": 3, "library": 2}), (2, {"park": 1, "library": 3, "market": 1}))
    ),
    "greedy-skip": _PROJECTS,
    "greedy-stop": _PROJECTS,
    "greedy-per-cost": _PROJECTS,
    # Shares are not raised: what is left is too little for anything, so no setting matters.
    "equal-shares": Example(_SHARED, settings={"step": 0}, follows=("utility",)),
    "phragmen": Example(_SHARED, follows=("misfit",)),
}
"""By rule; every registered rule has one."""
