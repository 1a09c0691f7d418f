"""Rules that give out money, in words."""

from fractions import Fraction

from consult.counting import find_rule
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import Counted, amount, listed
from consult.wording.outcomes.worked_example import Worked, name
from consult.wording.rules.words import WORDS, RuleWords


def _turns(worked: Worked) -> str:
    """Return what happens to each project at its turn."""
    said = {
        "funded": N_("%(name)s (%(votes)s votes) is funded, which leaves %(left)s."),
        "does-not-fit": N_("%(name)s (%(votes)s votes) costs more than that."),
        "stopped": N_("There the count ends: %(name)s (%(votes)s votes) is not tried."),
    }
    return " ".join(
        _(
            said[round["decision"]],
            name=name(round["option"]),
            votes=worked.people(round["option"]),
            left=worked.money(round["left"]),
        )
        for round in worked.outcome["rounds"]
    )


def _funded(worked: Worked) -> str:
    funded = listed([name(id) for id in worked.outcome["funded"]])
    return _("Funded: %(funded)s.", funded=funded)


def greedy(worked: Worked) -> str:
    """Return what happens to the projects one after the other."""
    return f"{_turns(worked)} {_funded(worked)}"


def per_cost(worked: Worked) -> str:
    """Return the cost per vote, then what happens to the projects one after the other."""
    options = worked.outcome["tables"]["options"]
    price = {id: Fraction(each["cost_per_vote"]) for id, each in options.items()}
    prices = [
        f"{name(id)} {worked.money(price[id])}" for id in sorted(price, key=price.__getitem__)
    ]
    said = _("Cost for each vote, the least first: %(prices)s.", prices=listed(prices))
    return f"{said} {greedy(worked)}"


def shares(worked: Worked) -> str:
    """Return who pays what, and whose shares do not suffice."""
    first, second = worked.outcome["rounds"]
    ((loser, reason),) = worked.outcome["reasons"].items()
    return (
        _(
            "Everybody’s share is %(share)s. The %(firsts)s people who chose %(first)s pay "
            "%(pays)s each. The %(seconds)s who chose %(second)s pay %(pay)s each. The %(others)s "
            "who chose %(loser)s have %(held)s left together, too little for %(cost)s.",
            share=worked.money(worked.outcome["tables"]["share"]["initial"]),
            firsts=worked.people(first["option"]),
            first=name(first["option"]),
            pays=worked.money(first["payment"]),
            seconds=worked.people(second["option"]),
            second=name(second["option"]),
            pay=worked.money(second["payment"]),
            others=worked.people(loser),
            loser=name(loser),
            held=worked.money(reason["held"]),
            cost=worked.cost(loser),
        )
        + " "
        + _funded(worked)
    )


def loads(worked: Worked) -> str:
    """Return the load that each project would give its supporters."""
    first, second = (round for round in worked.outcome["rounds"] if round["decision"] == "funded")
    (loser,) = worked.outcome["reasons"]
    votes = worked.people(loser)
    # All supporters of the loser also carry the first project.
    would = Fraction(first["load"]) + Fraction(worked.example.profile.by_id[loser].cost or 0, votes)
    return (
        _(
            "%(first)s leaves each of its %(firsts)s supporters with %(load)s to carry. Then "
            "%(second)s would leave its %(seconds)s with %(next)s, and %(loser)s its %(others)s "
            "with %(would)s: %(second)s is next. %(loser)s costs more than the %(left)s left.",
            first=name(first["option"]),
            firsts=worked.people(first["option"]),
            load=worked.money(first["load"]),
            second=name(second["option"]),
            seconds=worked.people(second["option"]),
            next=worked.money(second["load"]),
            loser=name(loser),
            others=votes,
            would=worked.money(would),
            left=worked.money(worked.outcome["left"]),
        )
        + " "
        + _funded(worked)
    )


def _threshold(counted: Counted) -> str:
    least = int(counted.outcome["specification"]["parameters"].get("threshold", 0))
    if not least:
        return ""
    return _("A project needs a score of at least %(least)s to be funded.", least=least)


def _gain(counted: Counted) -> str:
    """Return what equal shares take a supporter to gain from a project: its cost, or one vote."""
    return str(counted.outcome["specification"]["parameters"].get("utility", "cost"))


CHEAPEST_FIRST = N_(
    "Everybody has the same share of the money. A project is funded when the people who chose it "
    "can pay for it together from their shares, the one that costs each of them least first."
)
"""Equal shares where a supporter gains one vote from a project, whatever it costs."""


def _equal_shares(counted: Counted) -> str:
    if _gain(counted) == "votes":
        return _(CHEAPEST_FIRST)
    return _(find_rule(counted.rule).how)


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


for _rule in ("greedy-skip", "greedy-stop"):
    WORDS[_rule] = RuleWords(greedy, parts=(_threshold,))
WORDS["greedy-per-cost"] = RuleWords(per_cost, parts=(_threshold,))
WORDS["equal-shares"] = RuleWords(shares, how=_equal_shares, parts=(_shares, _top_up, _threshold))
WORDS["phragmen"] = RuleWords(loads, parts=(_threshold,))
