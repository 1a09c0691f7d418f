"""Rules that compare options two at a time, in words."""

from collections.abc import Mapping

from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import Counted, listed
from consult.wording.outcomes.worked_example import Worked, name
from consult.wording.rules.words import WORDS, RuleWords


def _strength(counted: Counted) -> str:
    if counted.outcome["specification"]["parameters"].get("strength") == "margins":
        return _("A win is as strong as the difference between the two sides.")
    return _("A win is as strong as the number of people on the winning side.")


def _head_to_head(counted: Counted, winner: str) -> str:
    pairs = counted.outcome["tables"]["pairwise"]
    first = counted.chosen[0]
    beaten = sum(votes > pairs[other][first] for other, votes in pairs[first].items())
    if beaten == len(pairs) - 1:
        return _(
            "%(winner)s won: more people preferred it to each of the others, one to one.",
            winner=winner,
        )
    return _(
        "%(winner)s won: it came out best when options were compared two at a time.",
        winner=winner,
    )


def _compared(worked: Worked) -> str:
    """Say who wins each comparison, the clearest win first."""
    pairs = worked.outcome["tables"]["pairwise"]
    wins = [(one, other) for one in pairs for other in pairs[one] if _beats(pairs, one, other)]
    wins.sort(key=lambda win: -pairs[win[0]][win[1]])
    return listed(
        [
            _(
                "%(one)s beats %(other)s by %(more)s to %(fewer)s",
                one=name(one),
                other=name(other),
                more=pairs[one][other],
                fewer=pairs[other][one],
            )
            for one, other in wins
        ]
    )


def _beats(pairs: Mapping[str, Mapping[str, int]], one: str, other: str) -> bool:
    return pairs[one][other] > pairs[other][one]


def _chains(worked: Worked) -> str:
    (winner,) = worked.outcome["elected"]
    pairs = worked.outcome["tables"]["pairwise"]
    (rival,) = (id for id in pairs[winner] if _beats(pairs, id, winner))
    (between,) = pairs.keys() - {winner, rival}
    reason = worked.outcome["reasons"][rival]
    return _(
        "Two at a time: %(wins)s. That goes in a circle. The chain from %(winner)s through "
        "%(between)s to %(rival)s is as strong as the weaker of its two wins: %(there)s. The win "
        "of %(rival)s over %(winner)s has a strength of %(back)s. %(winner)s wins.",
        wins=_compared(worked),
        winner=name(winner),
        between=name(between),
        rival=name(rival),
        there=reason["path"],
        back=reason["path_back"],
    )


def _fixed(worked: Worked) -> str:
    *fixed, last = worked.outcome["rounds"]
    one, other = last["dropped"][0]
    kept = [
        _(
            "%(one)s over %(other)s",
            one=name(round["kept"][0][0]),
            other=name(round["kept"][0][1]),
        )
        for round in fixed
    ]
    return _(
        "Two at a time: %(wins)s. That goes in a circle. Fixed are first %(first)s, then "
        "%(second)s. %(one)s over %(other)s would contradict them and is left out. "
        "%(winner)s wins.",
        wins=_compared(worked),
        first=kept[0],
        second=kept[1],
        one=name(one),
        other=name(other),
        winner=worked.winner,
    )


def _wins(worked: Worked) -> str:
    return _(
        "Two at a time: %(wins)s. Wins: %(scores)s. %(winner)s comes first.",
        wins=_compared(worked),
        scores=worked.scores,
        winner=worked.winner,
    )


WORDS["schulze"] = RuleWords(_chains, _head_to_head, parts=(_strength,))
WORDS["ranked-pairs"] = RuleWords(_fixed, _head_to_head, parts=(_strength,))
WORDS["copeland"] = RuleWords(_wins, _head_to_head)
