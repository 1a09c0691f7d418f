"""Short ways to write budgets in the tests of counting, and equal shares done the slow way."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from consult import formats
from consult.counting import Option, Outcome, Profile, Specification, count

# Small whole numbers meet exact ties, emptied purses and sums that fit to the penny.
COSTS = st.integers(0, 12)
IDS = "abcdef"

THREE_WARDS = {
    "P01": (48_000, 1_412),
    "P02": (36_500, 1_388),
    "P03": (27_800, 1_105),
    "P04": (62_000, 1_530),
    "P05": (41_000, 1_271),
    "P06": (12_400, 964),
    "P07": (24_000, 1_105),
    "P08": (9_600, 742),
    "P09": (18_700, 1_340),
    "P10": (55_000, 1_018),
    "P11": (15_500, 655),
    "P12": (33_000, 887),
}


def three_wards_fund() -> Profile:
    """3,180 baskets: each project's approvals go to the next ballots in a circle; in pence."""
    ballots: list[list[str]] = [[] for _ in range(3_180)]
    place = 0
    for project, (_, approvals) in THREE_WARDS.items():
        for _ in range(approvals):
            ballots[place % len(ballots)].append(project)
            place += 1
    options = tuple(Option(project, cost * 100) for project, (cost, _) in THREE_WARDS.items())
    return Profile("basket", options, tuple((ballot, 1) for ballot in ballots), 25_000_000)


def approvals(
    ballots: Mapping[str, int], costs: Mapping[str, int], pot: int, groups: str = ""
) -> Profile:
    """Ballots like `{"ab": 3}`; `groups`: options that exclude each other, like `"ac bd"`."""
    groups_of = {item: group for group in groups.split() for item in group}
    options = tuple(Option(item, cost, groups_of.get(item)) for item, cost in costs.items())
    return Profile("approval", options, tuple((list(b), n) for b, n in ballots.items()), pot)


def counted(profile: Profile, rule: str, *, lot: str = "", **parameters: Any) -> Outcome:
    """The outcome with the chain budgets use by themselves."""
    return count(profile, Specification(rule, parameters, lot=tuple(lot)))


def won(profile: Profile, rule: str, **parameters: Any) -> str:
    """The funded one-letter options as one word, in the order of award."""
    return "".join(counted(profile, rule, **parameters).funded)


@st.composite
def budgets(draw: st.DrawFn, *, kinds: tuple[str, ...] = ("approval",)) -> Profile:
    """Small budgets of every kind named, some with exclusive groups."""
    kind = draw(st.sampled_from(kinds))
    ids = IDS[: draw(st.integers(1, len(IDS)))]
    some = st.lists(st.sampled_from(ids), unique=True, max_size=len(ids))
    answers: dict[str, st.SearchStrategy[Any]] = {
        "approval": some.map(sorted),
        "ranking": some,
        "points": st.dictionaries(st.sampled_from(ids), st.integers(1, 4)),
    }
    ballots = draw(st.lists(st.tuples(answers[kind], st.integers(1, 3)), min_size=1, max_size=8))
    group = st.sampled_from([None, None, None, "g", "h"])
    options = tuple(Option(item, draw(COSTS), draw(group)) for item in ids)
    return Profile(kind, options, tuple(ballots), draw(st.integers(0, 30)))


def points_of(profile: Profile) -> list[tuple[dict[str, int], int]]:
    """Each ballot as points, read without the help of the program."""
    read = []
    for answer, number in profile.groups:
        if profile.kind == "points":
            points = dict(answer)
        elif profile.kind == "ranking":
            points = {item: len(answer) - place for place, item in enumerate(answer)}
        else:
            points = dict.fromkeys(answer, 1)
        read.append((points, number))
    return read


def slow_equal_shares(
    profile: Profile, *, step: int, stop: str, by_cost: bool, steps_max: int = 400
) -> tuple[list[str], int] | None:
    """Funded and number of increases, every step in fractions; None after too many steps."""
    ballots = [ballot for ballot in points_of(profile) for _ in range(ballot[1])]
    voters = len(ballots)
    before: list[str] = []
    for steps in range(steps_max):
        share = Fraction(profile.pot or 0, voters) + step * steps
        funded = _one_share(profile, [points for points, _ in ballots], share, by_cost=by_cost)
        costs = {option.id: option.cost or 0 for option in profile.options}
        left = (profile.pot or 0) - sum(costs[item] for item in funded)
        if left < 0:
            return before, steps - 1
        wanted = {item for points, _ in ballots for item in points}
        shut = {o.id for o in profile.options if any(_rivals(profile, o.id, won) for won in funded)}
        rest = wanted - set(funded) - shut
        if step == 0 or not rest or (stop == "exhaustive" and all(costs[i] > left for i in rest)):
            return funded, steps
        before = funded
    return None


def _rivals(profile: Profile, one: str, other: str) -> bool:
    groups = {option.id: option.group for option in profile.options}
    return one != other and groups[one] is not None and groups[one] == groups[other]


def _one_share(
    profile: Profile, ballots: list[dict[str, int]], share: Fraction, *, by_cost: bool
) -> list[str]:
    purses = [share] * len(ballots)
    funded: list[str] = []
    options = {option.id: option for option in profile.options}
    votes = {item: sum(item in points for points in ballots) for item in options}
    lot = {item: n for n, item in enumerate(_by_empty_lot(options))}
    while True:
        best = None
        for item, option in options.items():
            fans = [n for n, points in enumerate(ballots) if item in points]
            if item in funded or any(_rivals(profile, item, other) for other in funded):
                continue
            if not fans or sum(purses[n] for n in fans) < option.cost:
                continue
            payment = _payment(option.cost or 0, [(purses[n], ballots[n][item]) for n in fans])
            price = payment / option.cost if by_cost and option.cost else payment
            entry = (price, option.cost, -votes[item], lot[item], item, payment, fans)
            best = entry if best is None or entry < best else best
        if best is None:
            return funded
        funded.append(best[4])
        for n in best[6]:
            purses[n] -= min(purses[n], best[5] * ballots[n][best[4]])


def _payment(cost: int, fans: list[tuple[Fraction, int]]) -> Fraction:
    """Try every number of supporters, the poorest first, who give all they have."""
    fans = sorted(fans, key=lambda fan: fan[0] / fan[1])
    for poor in range(len(fans)):
        given = sum((purse for purse, _ in fans[:poor]), Fraction(0))
        payment = (cost - given) / sum(points for _, points in fans[poor:])
        if all(purse >= payment * points for purse, points in fans[poor:]):
            return max(payment, Fraction(0))
    raise AssertionError("the supporters cannot pay")


def _by_empty_lot(ids: Any) -> list[str]:
    import hashlib

    return sorted(ids, key=lambda item: hashlib.sha256(item.encode()).digest())


def real_budget(path: Path) -> tuple[Profile, Any]:
    """A real file of votes as a profile, with everything it says."""
    read = formats.read(path)
    options = tuple(Option(option.id, option.cost, option.group) for option in read.options)
    return Profile(read.kind, options, read.groups(), read.pot), read
