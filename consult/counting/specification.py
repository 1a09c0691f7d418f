"""The counting specification fixed before opening: rule, parameters, seats and tie-breaking."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from consult.counting.examples import Example
from consult.counting.outcome import Outcome
from consult.counting.profile import KINDS, Profile
from consult.counting.units import FIRST_CHOICES, POINTS, VOTES, Unit
from events.kinds.kind import KINDS as QUESTION_KINDS
from events.kinds.kind import Shape

VERSION = "1"
WHOLE_MAX = 10**15

# Criteria that any tie chain may name; a rule without figures for a criterion skips it.
CRITERIA = ("first-choices", "votes", "score", "cost", "earlier-rounds", "lot")


class WrongSpecification(ValueError):  # noqa: N818 - named for what the reader did
    """A specification that no count can follow; the message states why in a sentence."""


@dataclass(frozen=True)
class Specification:
    """A counting specification. `lot`: option ids, best first; may be empty."""

    rule: str
    parameters: Mapping[str, int | str] = field(default_factory=dict)
    seats: int = 1
    tie_chain: tuple[str, ...] = ()
    lot: tuple[str, ...] = ()
    version: str = VERSION

    def as_json(self) -> dict[str, Any]:
        """Return the fields as they are published with the result."""
        return {
            "rule": self.rule,
            "parameters": dict(self.parameters),
            "seats": self.seats,
            "tie_chain": list(self.tie_chain),
            "lot": list(self.lot),
            "version": self.version,
        }


@dataclass(frozen=True)
class Parameter:
    """A setting of a rule: one of `choices`, or a whole number if `choices` is empty.

    If the default is None, the parameter is absent unless given.
    """

    name: str
    default: int | str | None = None
    choices: tuple[str, ...] = ()
    minimum: int = 0

    def parse(self, given: int | str) -> int | str:
        """Return the parsed value. Raises WrongSpecification."""
        if self.choices:
            if given in self.choices:
                return given
            raise WrongSpecification(
                f"{self.name} cannot be {given!r}. Choose one of: {', '.join(self.choices)}."
            )
        text = str(given)
        is_whole = text.isascii() and text.isdigit()
        digits = text.lstrip("0") or "0"
        if is_whole and (len(digits) > len(str(WHOLE_MAX)) or int(digits) > WHOLE_MAX):
            raise WrongSpecification(
                f"{self.name} cannot be {text[:60]}: it is too large. Give at most {WHOLE_MAX:,}."
            )
        if not (is_whole and int(digits) >= self.minimum):
            raise WrongSpecification(
                f"{self.name} cannot be {given!r}. Give a whole number of at least {self.minimum}."
            )
        return int(digits)


Drawn = Literal["bars", "rounds", "pairs"]
ONE_VOTE_EACH = frozenset({Shape.ONE, Shape.SEVERAL})
"""Forms of ballots that give an option one vote or none."""

Counter = Callable[[Profile, Specification], Outcome]


@dataclass(frozen=True)
class Rule:
    """A registered rule: the ballots it accepts, its parameters and its function.

    `title`: its name; `about`: what it does, in one sentence or two; `how`: how it works, for
    whoever checks it, empty where that depends on its settings. In English, and said by pages in
    their language. `unit`: what its scores are numbers of. `example`: a small election. `drawn`:
    how a page shows the outcome. `one_place`: it elects one option. `asks_places`: organisers are
    asked how many places there are. `work`: how often it looks at a group of ballots, roughly.
    `place`: where it stands among the rules that are offered, the simplest first.
    """

    id: str
    title: str
    about: str
    accepts: tuple[str, ...]
    run: Counter
    unit: Unit
    example: Example
    place: int
    how: str = ""
    drawn: Drawn = "bars"
    one_place: bool = False
    asks_places: bool = True
    work: int = 2
    version: str = "1"
    parameters: tuple[Parameter, ...] = ()
    budget: bool = False

    def unit_for(self, kind: str) -> Unit:
        """Return what it gives the options of a question of a kind.

        A choice is one vote for each option chosen, whatever the rule does with it then.
        """
        is_a_vote = QUESTION_KINDS[kind].shape in ONE_VOTE_EACH and self.unit in (
            POINTS,
            FIRST_CHOICES,
        )
        return VOTES if is_a_vote else self.unit

    def settings(self, given: Mapping[str, int | str]) -> dict[str, int | str]:
        """Return every parameter with its value, defaults included. Raises WrongSpecification."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                names = ", ".join(known) or "none"
                raise WrongSpecification(
                    f"{self.id} has no parameter called {name!r}. Its parameters: {names}."
                )
        values = {
            name: parameter.parse(given[name]) if name in given else parameter.default
            for name, parameter in known.items()
        }
        return {name: value for name, value in values.items() if value is not None}


RULES: dict[str, Rule] = {}


def rule(
    id: str,
    title: str,
    about: str,
    *,
    accepts: tuple[str, ...],
    unit: Unit,
    example: Example,
    place: int,
    how: str = "",
    drawn: Drawn = "bars",
    one_place: bool = False,
    asks_places: bool = True,
    work: int = 2,
    parameters: tuple[Parameter, ...] = (),
    budget: bool = False,
) -> Callable[[Counter], Counter]:
    """Register the decorated function as a counting rule."""
    assert id not in RULES, f"{id} is registered twice"
    assert set(accepts) <= set(KINDS), f"{id} accepts a kind of ballot that does not exist"

    def register(function: Counter) -> Counter:
        RULES[id] = Rule(
            id,
            title,
            about,
            accepts,
            function,
            unit=unit,
            example=example,
            place=place,
            how=how,
            drawn=drawn,
            one_place=one_place,
            asks_places=asks_places and not (one_place or budget),
            work=work,
            parameters=parameters,
            budget=budget,
        )
        return function

    return register


def find_rule(rule_id: str) -> Rule:
    """Return the rule of that id; `points-3` matches `points-N`. Raises WrongSpecification."""
    if re.fullmatch(r"points-[1-9][0-9]{0,2}", rule_id, re.ASCII):
        return replace(RULES["points-N"], id=rule_id)
    if rule_id == "points-N":
        raise WrongSpecification("Say how many points a first choice gets, for instance points-3.")
    if rule_id not in RULES:
        known = ", ".join(sorted(RULES))
        raise WrongSpecification(f"There is no rule called {rule_id!r}. The rules are: {known}.")
    return RULES[rule_id]


def _check_places(found: Rule, seats: int) -> None:
    if seats < 1:
        raise WrongSpecification("There must be at least one place to fill.")
    if found.one_place and seats > 1:
        raise WrongSpecification(f"{found.id} fills one place.")


def settled(profile: Profile, specification: Specification) -> tuple[Rule, Specification]:
    """Return the rule, and the specification with all defaults. Raises WrongSpecification."""
    found = find_rule(specification.rule)
    if specification.version != VERSION:
        raise WrongSpecification(f"This program counts under version {VERSION} only.")
    if profile.kind not in found.accepts:
        raise WrongSpecification(
            f"{found.id} does not count {profile.kind} ballots, only: {', '.join(found.accepts)}."
        )
    _check_places(found, specification.seats)
    for criterion in specification.tie_chain:
        if criterion not in CRITERIA:
            raise WrongSpecification(
                f"Ties cannot be broken by {criterion!r}. Choose from: {', '.join(CRITERIA)}."
            )
    if not set(specification.lot) <= set(profile.ids):
        unknown = sorted(set(specification.lot) - set(profile.ids))
        raise WrongSpecification(
            f"The lot names {unknown[0]!r}, which is not an option. The options are: "
            f"{', '.join(profile.ids)}."
        )
    if len(set(specification.lot)) < len(specification.lot):
        raise WrongSpecification("The lot names an option twice. Name each once.")
    if found.budget and profile.pot is None:
        raise WrongSpecification(f"{found.id} needs a pot of money to spend.")
    if found.budget and any(option.cost is None for option in profile.options):
        raise WrongSpecification(f"{found.id} needs the cost of every option.")
    parameters = found.settings(specification.parameters)
    return found, replace(specification, parameters=parameters)


def lot_order(seed: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Return the ids in the order drawn by the published seed: sorted by SHA-256(seed + id)."""
    return tuple(sorted(ids, key=lambda item: hashlib.sha256((seed + item).encode()).digest()))
