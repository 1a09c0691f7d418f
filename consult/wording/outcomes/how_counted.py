"""The counting rule of a question in plain words: what is counted, and what happens in a tie.

Before it was counted every sentence is about what will be done; what was done is said after.
"""

from collections.abc import Callable

from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.outcomes import verdicts
from consult.wording.outcomes.counted import Counted, amount, listed
from consult.wording.outcomes.tie_words import criterion


def title(counted: Counted) -> str:
    """The name of the rule."""
    return verdicts.rule_title(counted.rule)


def sentences(counted: Counted) -> list[str]:
    """Say how the rule works, with the numbers that were fixed for this question."""
    rule = counted.rule
    if rule.startswith("points-") and rule != "points-sum":
        said = [_points_by_place(int(rule.removeprefix("points-")))]
    elif rule.startswith("borda"):
        said = [_borda(counted)]
    elif rule == "equal-shares" and _gain(counted) == "votes":
        said = [_(CHEAPEST_FIRST)]
    else:
        said = [_(_PLAIN[rule])]
    said += [say(counted) for say in _PARTS.get(rule, ())]
    return [sentence for sentence in said if sentence]


def tie_sentences(counted: Counted) -> list[str]:
    """Say what the tie rule does, criterion by criterion."""
    chain = counted.outcome["specification"]["tie_chain"]
    if not chain:
        return [_("The terms name no tie rule: options that are level share a place.")]
    said = [
        _("When options are level, this comes first: %(criterion)s.", criterion=criterion(chain[0]))
    ]
    said += [
        _("If that does not separate them: %(criterion)s.", criterion=criterion(id))
        for id in chain[1:]
    ]
    return said


def lot_order(counted: Counted) -> list[str]:
    """The titles in the order of the published lot; empty when there was none."""
    return [counted.name(id) for id in counted.outcome["specification"]["lot"]]


def _points_by_place(points: int) -> str:
    shown = listed([str(points - place) for place in range(min(points, 10))])
    return _(
        "A first place earns %(points)s points, and each place after it one less: %(shown)s. "
        "The points of everybody's answers are added up, and the most points win.",
        points=points,
        shown=shown,
    )


def _borda(counted: Counted) -> str:
    if counted.rule == "borda-modified":
        return _(
            "The last option that somebody ranked earns 1 point, and each place before it one "
            "more, so whoever ranks fewer options gives fewer points. Options left out get none. "
            "The most points win."
        )
    rest = {
        "borda": N_("Options that somebody left out share the points that remain."),
        "borda-zero": N_("Options that somebody left out get no points from that answer."),
    }
    return (
        _(
            "Each option earns a point for every one of the %(options)s options that somebody "
            "placed it above. The most points win.",
            options=len(counted.titles),
        )
        + " "
        + _(rest[counted.rule])
    )


def _seats(counted: Counted) -> str:
    seats = counted.outcome["specification"]["seats"]
    if seats == 1:
        return ""
    before, after = N_("%(seats)s places are to be filled."), N_("%(seats)s places were filled.")
    is_filled = len(counted.outcome.get("elected", ())) == seats
    if counted.is_over and not is_filled:
        after = N_("%(seats)s places were to be filled.")
    return _(after if counted.is_over else before, seats=seats)


def _strength(counted: Counted) -> str:
    if counted.outcome["specification"]["parameters"].get("strength") == "margins":
        return _("A win is as strong as the difference between the two sides.")
    return _("A win is as strong as the number of people on the winning side.")


def _threshold(counted: Counted) -> str:
    least = int(counted.outcome["specification"]["parameters"].get("threshold", 0))
    if not least:
        return ""
    return _("A project needs a score of at least %(least)s to be funded.", least=least)


def _gain(counted: Counted) -> str:
    """Return what equal shares take a supporter to gain from a project: its cost, or one vote."""
    return str(counted.outcome["specification"]["parameters"].get("utility", "cost"))


def _shares(counted: Counted) -> str:
    share = counted.outcome["tables"].get("share", {})
    if "initial" not in share:
        return ""
    said = _(
        "Everybody's share began at %(initial)s.",
        initial=counted.money(int(amount(share["initial"]))),
    )
    if counted.raised_share is not None:
        said += " " + _(
            "It was raised in equal steps to %(final)s, the last step at which "
            "the projects chosen did not cost more than the money there is.",
            final=counted.raised_share,
        )
    return said


def _top_up(counted: Counted) -> str:
    if counted.outcome["specification"]["parameters"].get("top_up") != "greedy":
        return ""
    if counted.is_over:
        return _("What was left then went to the projects with most support that still fitted.")
    return _("What is left then goes to the projects with most support that still fit.")


CHEAPEST_FIRST = N_(
    "Everybody has the same share of the money. A project is funded when the people who chose it "
    "can pay for it together from their shares, the one that costs each of them least first."
)
"""Equal shares where a supporter gains one vote from a project, whatever it costs."""

_PLAIN = {
    "plurality": N_("Everybody's first choice counts once. The most first choices win."),
    "irv": N_(
        "Everybody's first choice counts. In each round the option with the fewest votes drops "
        "out, and each of its votes moves to that person's next choice, until one has more than "
        "half of the votes still in."
    ),
    "stv": N_(
        "An option is elected when it reaches the quota. Votes it has beyond the quota move on to "
        "next choices at a reduced value. When nobody reaches the quota, the option with the "
        "fewest votes drops out and its votes move on."
    ),
    "schulze": N_(
        "Options are compared two at a time: who do more people put higher? An option wins when "
        "it beats every other directly, or through a stronger chain of wins than the other has "
        "back."
    ),
    "ranked-pairs": N_(
        "Options are compared two at a time: who do more people put higher? The strongest wins "
        "are fixed first, and a win that would contradict stronger ones is left out."
    ),
    "copeland": N_(
        "Options are compared two at a time. A win counts 1 and a draw counts a half. The most "
        "wins come first."
    ),
    "approval": N_("Every option that somebody chose gets one vote. The most votes win."),
    "points-sum": N_("The points that people gave are added up. The most points win."),
    "rating": N_("The grades of each option are averaged. The highest average wins."),
    "greedy-skip": N_(
        "The project with the most support is funded first, then the next, as long as the whole "
        "cost fits into the money left. A project that does not fit is passed over."
    ),
    "greedy-stop": N_(
        "The project with the most support is funded first, then the next. The count ends at the "
        "first project that does not fit into the money left."
    ),
    "greedy-per-cost": N_(
        "The project with the most support for each pound is funded first, then the next, as "
        "long as the whole cost fits into the money left."
    ),
    "equal-shares": N_(
        "Everybody has the same share of the money. A project is funded when the people who "
        "chose it can pay for it together from their shares: first the one of whose cost each "
        "of them has to pay the smallest part."
    ),
    "phragmen": N_(
        "The cost of each funded project is shared by the people who chose it. The next project "
        "is always the one that leaves its supporters with the least to carry."
    ),
}
_PARTS: dict[str, tuple[Callable[[Counted], str], ...]] = {
    "stv": (_seats,),
    "schulze": (_strength,),
    "ranked-pairs": (_strength,),
    "greedy-skip": (_threshold,),
    "greedy-stop": (_threshold,),
    "greedy-per-cost": (_threshold,),
    "equal-shares": (_shares, _top_up, _threshold),
    "phragmen": (_threshold,),
}
