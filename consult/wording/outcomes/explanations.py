"""Explain why each option lost, in sentences that are always true.

What would have been enough is found by recounting (consult.counting.enough). Where there is no
such number, the sentence only states how far behind an option was.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from consult.counting.units import VOTES
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import Counted, amount, figure
from consult.wording.outcomes.tie_words import ties
from consult.wording.rules import words_of
from events.kinds.kind import Shape

__all__ = ["losers", "reason", "ties"]

Numbers = Mapping[str, Any]


def losers(counted: Counted) -> list[tuple[str, str]]:
    """Return the title of every losing option with the reason, closest loser first."""
    reasons = counted.reasons
    return [
        (counted.name(id), reason(counted, reasons[id])) for id in counted.ranked if id in reasons
    ]


def reason(counted: Counted, numbers: Numbers) -> str:
    """Return why an option lost, with its figure, and what would have been enough."""
    say = words_of(counted.rule).reasons.get(numbers["code"]) or _REASONS[numbers["code"]]
    why = say(counted, numbers)
    return " ".join(filter(None, (why, _enough(counted, numbers))))


def _enough(counted: Counted, numbers: Numbers) -> str:
    """Return with how many further ballots for it alone, or how much lower a cost, it wins."""
    more = _supporters(counted, numbers) if "more" in numbers else ""
    less = counted.money(numbers["less"]) if "less" in numbers else ""
    if more and less:
        return _(
            "It would have been funded with %(supporters)s, or if it had cost %(less)s less.",
            supporters=more,
            less=less,
        )
    if less:
        return _("It would have been funded if it had cost %(less)s less.", less=less)
    if more and counted.is_budget:
        return _("It would have been funded with %(supporters)s.", supporters=more)
    return _("It would have won with %(supporters)s.", supporters=more) if more else ""


def _supporters(counted: Counted, numbers: Numbers) -> str:
    more, shape = numbers["more"], counted.question.of_kind.shape
    if counted.question.of_kind.has_scale:
        one = N_("one more person who grades it %(points)s and the others 1")
        many = N_("%(more)s more people who grade it %(points)s and the others 1")
    elif shape is Shape.AMOUNTS:
        one = N_("one more person who gives it %(points)s points and nothing to the others")
        many = N_("%(more)s more people who give it %(points)s points and nothing to the others")
    elif shape is Shape.ORDER:
        one = N_("one more person who puts it first and ranks nothing else")
        many = N_("%(more)s more people who put it first and rank nothing else")
    elif shape is Shape.ONE:
        one = N_("one more person who chooses it")
        many = N_("%(more)s more people who choose it")
    else:
        one = N_("one more person who chooses only it")
        many = N_("%(more)s more people who choose only it")
    return _(one if more == 1 else many, more=figure(more), points=numbers.get("points", 0))


def _figures(won: str, level: str) -> Callable[[Counted, Numbers], str]:
    """Compare an option's figure with that of the last winner, or of the tie for the last place."""

    def say(counted: Counted, numbers: Numbers) -> str:
        line = amount(numbers["line"])
        scores = counted.outcome["scores"]
        has_won = any(amount(scores[id]) == line for id in counted.chosen)
        return _(
            won if has_won else level,
            score=figure(numbers["score"]),
            line=figure(line),
        )

    return say


def _eliminated(counted: Counted, numbers: Numbers) -> str:
    votes, round_ = figure(numbers["votes"]), numbers["round"]
    if _was_level(counted, numbers["option"], round=round_, choice="elimination"):
        return _(
            "In round %(round)s it had %(votes)s votes, level with others at the fewest, and the "
            "published tie rule put it out.",
            votes=votes,
            round=round_,
        )
    return _(
        "It had %(votes)s votes in round %(round)s, the fewest, and dropped out.",
        votes=votes,
        round=round_,
    )


def _was_level(counted: Counted, option: str, **at: Any) -> bool:
    return any(
        option in met["items"] and all(met["at"].get(name) == it for name, it in at.items())
        for met in counted.outcome["ties"]
    )


def _places_filled(counted: Counted, numbers: Numbers) -> str:
    quota = amount(counted.outcome["rounds"][-1]["quota"])
    return _(
        "All places were filled when it had %(votes)s votes. The quota was %(quota)s.",
        votes=figure(numbers["votes"]),
        quota=figure(quota),
    )


def _beaten(counted: Counted, numbers: Numbers) -> str:
    said = _(
        "%(many)s responses put %(winner)s above it, and %(few)s put it above %(winner)s.",
        winner=counted.name(numbers["by"]),
        many=figure(numbers["for"]),
        few=figure(numbers["against"]),
    )
    if numbers["for"] > numbers["against"]:
        return said
    return said + " " + _("It lost through its comparisons with the other options.")


def _does_not_fit(counted: Counted, numbers: Numbers) -> str:
    return _(
        "It costs %(cost)s, and %(left)s was left when its turn came.",
        cost=counted.money(numbers["cost"]),
        left=counted.money(numbers["left"]),
    )


def _dearer(counted: Counted, numbers: Numbers) -> str:
    return _(
        "It costs %(cost)s, which is %(over)s more than all the money there was.",
        cost=counted.money(numbers["cost"]),
        over=counted.money(numbers["over"]),
    )


def _short(counted: Counted, numbers: Numbers) -> str:
    """Return what its supporters had; if shares were raised, why the gap is not what is enough."""
    final = counted.raised_share
    said = _(
        N_(
            "It costs %(needed)s. Its supporters had %(held)s left of their shares, "
            "%(short)s too little."
        )
        if final is None
        else N_(
            "It costs %(needed)s. When everybody's share had been raised to %(final)s, its "
            "supporters had %(held)s left of theirs, %(short)s too little."
        ),
        needed=counted.money(numbers["needed"]),
        held=counted.money(numbers["held"]),
        short=counted.money(numbers["short"]),
        final=final,
    )
    if final is None or numbers.get("less", numbers["short"]) == numbers["short"]:
        return said
    return " ".join((said, _(OTHER_STEP)))


OTHER_STEP = N_(
    "At another cost the shares may be raised to another step, so what would have been enough is "
    "not this gap."
)


def _stopped(counted: Counted, numbers: Numbers) -> str:
    return _(
        "Its turn never came: the count ended when %(name)s did not fit into the money left.",
        name=counted.name(numbers["at"]),
    )


def _group_taken(counted: Counted, numbers: Numbers) -> str:
    """Return what put the alternative first: a tie, support, or its price per supporter."""
    rival = numbers["by"]
    return _(ground(counted.outcome, numbers["option"], rival), name=counted.name(rival))


LEVEL = N_(
    "Only one of these alternatives can be funded. %(name)s was level with it, and came first "
    "by the published tie rule."
)
FREE = N_("Only one of these alternatives can be funded, and %(name)s costs nothing.")
MORE_SUPPORT = N_("Only one of these alternatives can be funded, and %(name)s had more support.")
MORE_FOR_THE_MONEY = N_(
    "Only one of these alternatives can be funded, and %(name)s had more support for the money."
)
LESS_LOAD = N_(
    "Only one of these alternatives can be funded, and %(name)s left a smaller load on each of "
    "its supporters."
)
BY_RULE = {"greedy-per-cost": MORE_FOR_THE_MONEY, "phragmen": LESS_LOAD}
LEAST_PRICE = N_(
    "Only one of these alternatives can be funded. %(name)s was bought first: of what could be "
    "paid for, it asked the least of each supporter."
)
LEAST_PRICE_FOR_ITS_SIZE = N_(
    "Only one of these alternatives can be funded. %(name)s was bought first: of what could be "
    "paid for, it asked the least of each supporter for its size."
)


def ground(outcome: Mapping[str, Any], option: str, rival: str) -> str:
    """Return why an alternative came before an option of the same exclusive group."""
    rule, scores = outcome["rule"], outcome["scores"]
    won = next(each for each in outcome["rounds"] if each["option"] == rival)
    at_once = (
        {option, rival} <= set(met["items"])
        for met in outcome["ties"]
        if met["at"].get("round", won["round"]) == won["round"]
    )
    by_support = rule in {"greedy-skip", "greedy-stop"} or won["decision"] == "top-up"
    if any(at_once) or (by_support and Fraction(scores[rival]) == Fraction(scores[option])):
        return LEVEL
    if by_support:
        return MORE_SUPPORT
    if won["cost"] == 0:
        return FREE
    if rule in BY_RULE:
        return BY_RULE[rule]
    by_votes = outcome["specification"]["parameters"].get("utility") == "votes"
    return LEAST_PRICE if by_votes else LEAST_PRICE_FOR_ITS_SIZE


def _threshold(counted: Counted, numbers: Numbers) -> str:
    points = N_("It had %(score)s points and needed at least %(threshold)s.")
    votes = N_("It had %(score)s votes and needed at least %(threshold)s.")
    return _(
        votes if counted.unit is VOTES else points,
        score=figure(numbers["score"]),
        threshold=figure(numbers["threshold"]),
    )


def _plain(message: str) -> Callable[[Counted, Numbers], str]:
    return lambda _counted, _numbers: _(message)


_REASONS: Mapping[str, Callable[[Counted, Numbers], str]] = {
    "fewer_points": _figures(
        N_("It had %(score)s points, and the last winner had %(line)s."),
        N_("It had %(score)s points, and those level for the last place had %(line)s."),
    ),
    "fewer_votes": _figures(
        N_("It had %(score)s votes, and the last winner had %(line)s."),
        N_("It had %(score)s votes, and those level for the last place had %(line)s."),
    ),
    "fewer_wins": _figures(
        N_("It scored %(score)s in one-to-one comparisons, and the last winner scored %(line)s."),
        N_(
            "It scored %(score)s in one-to-one comparisons, and those level for the last place "
            "scored %(line)s."
        ),
    ),
    "lower_mean": _figures(
        N_("Its average grade was %(score)s, and the last winner's was %(line)s."),
        N_("Its average grade was %(score)s, and that of those level for the last place %(line)s."),
    ),
    "tie_undecided": _plain(N_("It is level with others, and no published rule separates them.")),
    "tie_lost": _plain(
        N_("It was level with others for the last place, and the published tie rule put it behind.")
    ),
    "no_votes": _plain(N_("Nobody chose any option.")),
    "no-support": _plain(N_("Nobody chose it.")),
    "eliminated": _eliminated,
    "places_filled": _places_filled,
    "beaten": _beaten,
    "does-not-fit": _does_not_fit,
    "dearer-than-the-pot": _dearer,
    "supporters-short": _short,
    "stopped": _stopped,
    "group-taken": _group_taken,
    "below-threshold": _threshold,
}
