"""How ties were broken, in sentences."""

from collections.abc import Mapping
from typing import Any

from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import Counted, figure, listed

Numbers = Mapping[str, Any]
PAIR = 2


def ties(counted: Counted) -> list[str]:
    """Return a sentence for each tie of the count and how it was broken, the same one once."""
    return list(dict.fromkeys(tie(counted, met) for met in counted.outcome["ties"]))


def tie(counted: Counted, met: Numbers) -> str:
    """Return who was level, what the published rule did, and whether it made a difference."""
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
    """Return what a criterion of the tie rule prefers."""
    return _(CRITERIA[id])


def _steps(counted: Counted, met: Numbers) -> list[str]:
    """Return the finding of each criterion, with its figures."""
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
    lot = counted.asked.page.lot
    if lot is None:  # terms that predate public draws
        return _("The lot decided: it was drawn and published before opening.")
    if lot.is_replacement:
        return _(
            "The lot decided, by a draw that was entered in place of another: “How we counted” "
            "says why."
        )
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
