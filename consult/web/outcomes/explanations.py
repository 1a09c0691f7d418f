"""Why the result is as it is: the reason of every loser and every tie, in sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from consult.web.language import N_
from consult.web.language import gettext as _
from consult.web.outcomes.counted import Counted, figure, listed

Numbers = Mapping[str, Any]
PAIR = 2


def losers(counted: Counted) -> list[tuple[str, str]]:
    """Return the title of every option that did not win, with the reason, best loser first."""
    reasons = counted.outcome["reasons"]
    return [
        (counted.name(id), reason(counted, reasons[id])) for id in counted.ranked if id in reasons
    ]


def reason(counted: Counted, numbers: Numbers) -> str:
    """Put one reason into a sentence with its number."""
    return _REASONS[numbers["code"]](counted, numbers)


def ties(counted: Counted) -> list[str]:
    """Put every tie that the count met, and how it was broken, into sentences."""
    return [tie(counted, met) for met in counted.outcome["ties"]]


def tie(counted: Counted, met: Numbers) -> str:
    """Say who was level, what the published rule did, and whether it mattered."""
    level = _("%(names)s were level.", names=counted.names(met["items"]))
    sentences = [level, *_steps(counted, met), _order(counted, met)]
    if met.get("changes_result"):
        sentences.append(_("The other way round, different projects would have been funded."))
    elif "changes_result" in met:
        sentences.append(_("The other way round, the same projects would have been funded."))
    return " ".join(sentence for sentence in sentences if sentence)


CRITERIA = {
    "first-choices": N_("the one that more people put first"),
    "votes": N_("the one that more people chose"),
    "cost": N_("the one that costs less"),
    "lot": N_("the one that the lot puts first"),
    "earlier-rounds": N_("the one with more votes in the latest earlier round where they differ"),
    "score": N_("the one with the higher score"),
}


def criterion(id: str) -> str:
    """Say what a criterion of the tie rule prefers."""
    return _(CRITERIA[id])


def _steps(counted: Counted, met: Numbers) -> list[str]:
    """Say what each criterion found, with its figures."""
    said = []
    for step in met["steps"]:
        by, values = step["by"], step["values"]
        if by == "lot":
            said.append(_lot_decided(counted))
        elif len(set(values.values())) == 1:
            said.append(_("%(criterion)s: no difference.", criterion=_upper(criterion(by))))
        else:
            shown = [
                f"{counted.name(id)} {_value(counted, by, value)}" for id, value in values.items()
            ]
            said.append(
                _(
                    "The published rule prefers %(criterion)s: %(values)s.",
                    criterion=criterion(by),
                    values=listed(shown),
                )
            )
    return said


def _lot_decided(counted: Counted) -> str:
    if counted.asked.page.lot is None:  # terms from before a public draw was asked for
        return _("The lot decided: it was drawn and published before opening.")
    return _("The lot decided: it comes from a public draw after the options were fixed.")


def _value(counted: Counted, by: str, value: str) -> str:
    if by == "cost":
        return counted.money(int(value))
    return ", ".join(figure(part) for part in value.split()) or "0"


def _order(counted: Counted, met: Numbers) -> str:
    order = ", ".join(counted.name(id) for id in met["order"])
    if met["decided_by"] == "nothing":
        return _("No published rule separates them, so they share a place.")
    if met["decided_by"] == "last-resort":
        return _(
            "No published rule separates them, so a fixed calculation on their reference codes, "
            "the same for everyone who counts, put them in this order: %(order)s.",
            order=order,
        )
    if met["at"].get("choice") == "elimination":
        return _(
            "So %(name)s dropped out.",
            name=counted.name(met["order"][-1]),
        )
    if len(met["order"]) == PAIR:
        first, second = (counted.name(id) for id in met["order"])
        return _("So %(first)s came before %(second)s.", first=first, second=second)
    return _("So the order is: %(order)s.", order=order)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _fewer(
    message: str, unit: Callable[[Counted], dict[str, Any]] | None = None
) -> Callable[[Counted, Numbers], str]:
    def say(counted: Counted, numbers: Numbers) -> str:
        extra = unit(counted) if unit else {}
        return _(
            message,
            score=figure(numbers["score"]),
            line=figure(numbers["line"]),
            needed=figure(numbers.get("needed", 0)),
            **extra,
        )

    return say


def _eliminated(counted: Counted, numbers: Numbers) -> str:
    del counted
    return _(
        "It had %(votes)s votes in round %(round)s, the fewest, and dropped out. "
        "%(needed)s more votes would have kept it in.",
        votes=figure(numbers["votes"]),
        round=numbers["round"],
        needed=figure(numbers["needed"]),
    )


def _places_filled(counted: Counted, numbers: Numbers) -> str:
    del counted
    return _(
        "All places were filled when it had %(votes)s votes. "
        "%(needed)s more votes would have reached the quota.",
        votes=figure(numbers["votes"]),
        needed=figure(numbers["needed"]),
    )


def _beaten(counted: Counted, numbers: Numbers) -> str:
    said = _(
        "%(many)s people put %(winner)s above it, and %(few)s put it above %(winner)s.",
        winner=counted.name(numbers["by"]),
        many=figure(numbers["for"]),
        few=figure(numbers["against"]),
    )
    if numbers["for"] > numbers["against"]:
        return said
    return said + " " + _("It lost through its comparisons with the other options.")


def _does_not_fit(counted: Counted, numbers: Numbers) -> str:
    return _(
        "It costs %(cost)s, and %(left)s was left when its turn came. "
        "It would have been funded if it had cost %(over)s less.",
        cost=counted.money(numbers["cost"]),
        left=counted.money(numbers["left"]),
        over=counted.money(numbers["over"]),
    )


def _dearer(counted: Counted, numbers: Numbers) -> str:
    return _(
        "It costs %(cost)s, which is %(over)s more than all the money there was.",
        cost=counted.money(numbers["cost"]),
        over=counted.money(numbers["over"]),
    )


def _short(counted: Counted, numbers: Numbers) -> str:
    return _(
        "It costs %(needed)s. Its supporters had %(held)s left of their shares, "
        "%(short)s too little.",
        needed=counted.money(numbers["needed"]),
        held=counted.money(numbers["held"]),
        short=counted.money(numbers["short"]),
    )


def _stopped(counted: Counted, numbers: Numbers) -> str:
    return _(
        "Its turn never came: the count ended when %(name)s did not fit into the money left.",
        name=counted.name(numbers["at"]),
    )


def _group_taken(counted: Counted, numbers: Numbers) -> str:
    return _(
        "Only one of these alternatives can be funded, and %(name)s had more support.",
        name=counted.name(numbers["by"]),
    )


def _threshold(counted: Counted, numbers: Numbers) -> str:
    del counted
    return _(
        "It had %(score)s votes and needed at least %(threshold)s. It was %(short)s short.",
        score=figure(numbers["score"]),
        threshold=figure(numbers["threshold"]),
        short=figure(numbers["short"]),
    )


def _plain(message: str) -> Callable[[Counted, Numbers], str]:
    return lambda _counted, _numbers: _(message)


_REASONS: Mapping[str, Callable[[Counted, Numbers], str]] = {
    "fewer_points": _fewer(
        N_("It had %(score)s points. %(needed)s more would have put it ahead of %(line)s.")
    ),
    "fewer_votes": _fewer(
        N_("It had %(score)s votes. %(needed)s more would have put it ahead of %(line)s.")
    ),
    "fewer_wins": _fewer(
        N_("It scored %(score)s in one-to-one comparisons, and the last winner scored %(line)s.")
    ),
    "lower_mean": _fewer(
        N_("Its average grade was %(score)s, and the last winner's was %(line)s.")
    ),
    "tie_undecided": _plain(N_("It is level with others, and no published rule separates them.")),
    "tie_lost": _plain(N_("It was level with a winner, and lost by the published tie rule.")),
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
