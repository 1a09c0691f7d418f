"""Small examples of counting rules: made-up ballots, to be counted by the rule itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from consult.counting.profile import Answer, Option, Profile
from events.kinds.kind import KINDS as QUESTION_KINDS
from events.kinds.kind import Shape

POUND = 100


@dataclass(frozen=True)
class Example:
    """Ballots to be counted under a rule. `settings`: of the rule; others have their defaults.

    `follows`: names of settings that are taken from the terms being explained.
    """

    profile: Profile
    seats: int = 1
    settings: Mapping[str, int | str] = field(default_factory=dict)
    follows: tuple[str, ...] = ()

    def for_kind(self, kind: str) -> "Example":
        """Return the example with single-choice ballots where people have one choice only."""
        if QUESTION_KINDS[kind].shape is not Shape.ONE or self.profile.shape is Shape.ONE:
            return self
        firsts = tuple((answer[0], people) for answer, people in self.profile.groups)
        return replace(self, profile=replace(self.profile, kind=kind, groups=firsts))

    def specified(self, terms: Mapping[str, int | str]) -> dict[str, int | str]:
        """Return the settings to count it under. `terms`: those of the terms it explains."""
        return {**self.settings, **{name: terms[name] for name in self.follows if name in terms}}


def profile(
    kind: str, *groups: tuple[int, Answer], pot: int | None = None, **costs: int
) -> Profile:
    """Return a profile. `groups`: how many people gave each answer; money in whole pounds."""
    ids = ("park", "library", "market")
    return Profile(
        kind,
        tuple(Option(id, costs[id] * POUND if id in costs else None) for id in ids),
        tuple((answer, people) for people, answer in groups),
        None if pot is None else pot * POUND,
    )


POINTS = Example(
    profile("ranking", (3, ["park", "library", "market"]), (2, ["market", "park", "library"]))
)
SHORT_BALLOTS = Example(profile("ranking", (3, ["park", "library", "market"]), (1, ["market"])))
ROUNDS = profile(
    "ranking",
    (4, ["park", "library", "market"]),
    (3, ["library", "market", "park"]),
    (2, ["market", "library", "park"]),
)
CIRCLE = Example(
    profile(
        "ranking",
        (4, ["park", "library", "market"]),
        (3, ["library", "market", "park"]),
        (2, ["market", "park", "library"]),
    ),
    follows=("strength",),
)
PROJECTS = Example(
    profile(
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
SHARED = profile(
    "basket",
    (4, ["park", "library"]),
    (1, ["park"]),
    (2, ["market"]),
    pot=7_000,
    park=3_000,
    library=3_000,
    market=2_000,
)
