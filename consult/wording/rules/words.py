"""What is said of one counting rule, and the list of all of them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from consult.wording.outcomes.counted import Counted
from consult.wording.outcomes.worked_example import Worked

Says = Callable[[Counted], str]
Numbers = Mapping[str, Any]


def _no_verdict(_counted: Counted, _winner: str) -> str:
    return ""


class RuleWords(NamedTuple):
    """What is said of a rule.

    `example`: what comes of its example. `verdict`: what came out, of the one option that came
    first; none of money. `how`: how it works, where that depends on the settings; the rule itself
    says it otherwise. `parts`: what is said beside, each may be empty.
    """

    example: Callable[[Worked], str]
    verdict: Callable[[Counted, str], str] = _no_verdict
    how: Says | None = None
    parts: tuple[Says, ...] = ()
    reasons: Mapping[str, Callable[[Counted, Numbers], str]] = MappingProxyType({})


WORDS: dict[str, RuleWords] = {}
"""By the id of the rule; the modules beside this one add theirs."""


def words_of(rule: str) -> RuleWords:
    """Return what is said of a rule; "points-3" is found as "points-N"."""
    return WORDS["points-N" if rule.removeprefix("points-").isdigit() else rule]
