"""Short ways to write ballots and specifications in the tests of counting."""

from collections.abc import Mapping
from typing import Any

from consult.counting import Option, Outcome, Profile, Specification, count


def ranking(text: str) -> list[Any]:
    """`"A>B=C>D"` as an answer."""
    ranks = [rank.split("=") for rank in text.split(">") if rank]
    return [rank[0] if len(rank) == 1 else rank for rank in ranks]


def rankings(ballots: Mapping[str, int], options: str = "") -> Profile:
    """Ballots like `{"A>B>C": 3}`; the options are those named unless given, one letter each."""
    named = options or "".join(ballots).replace(">", "").replace("=", "")
    groups = tuple((ranking(text), number) for text, number in ballots.items())
    return Profile("ranking", tuple(Option(item) for item in sorted(set(named))), groups)


def counted(profile: Profile, rule: str, lot: str = "", **settings: Any) -> Outcome:
    """The outcome under the rule; ties go to first choices, then to the lot if there is one."""
    seats = settings.pop("seats", 1)
    chain = settings.pop("tie_chain", ("first-choices", "lot"))
    return count(profile, Specification(rule, settings, seats, tuple(chain), tuple(lot)))


def flat(outcome: Outcome) -> str:
    """The order as one word, `=` between options left tied: `"CA=B"`."""
    return "".join("=".join(place) for place in outcome.order)


# Four villages and where the shared library should stand; each prefers what is nearest.
LIBRARY = {"A>B>C>D": 42, "B>C>D>A": 26, "C>D>B>A": 15, "D>C>B>A": 17}
# A beats B 14-7, B beats C 15-6 and C beats A 13-8.
CYCLE = {"A>B>C": 8, "B>C>A": 7, "C>A>B": 6}
