"""Method of equal shares: every ballot gets an equal share, and supporters buy together."""

from collections.abc import Sequence
from typing import Any

from consult.counting import examples, units
from consult.counting.budgets.budget import ACCEPTS, FIRST_CHOICE, THRESHOLD, Contest, decimals
from consult.counting.budgets.greedy import by_merit, by_score, walk
from consult.counting.budgets.shares_exact import ExactRun, Purchase
from consult.counting.budgets.shares_market import Market
from consult.counting.budgets.shares_steps import NOTHING_LEFT, OVERSPEND, Ending, last_step
from consult.counting.outcome import Outcome, exact
from consult.counting.profile import Profile
from consult.counting.specification import Parameter, Specification, rule
from consult.counting.ties import Ties
from consult.marking import N_

SETTINGS = (
    Parameter("utility", "cost", ("cost", "votes")),
    # Amount added to every share per step, in the profile's unit, until the pot is used.
    Parameter("step", 1),
    Parameter("stop", "overspend", ("overspend", "exhaustive")),
    Parameter("top_up", "none", ("none", "greedy")),
    # Whether ballots without any support get a share.
    Parameter("empty", "counted", ("counted", "ignored")),
    THRESHOLD,
    FIRST_CHOICE,
)


@rule(
    "equal-shares",
    "Equal shares",
    (
        "Everyone's ballot controls the same share of the money. A project is funded when its"
        " supporters' shares together pay for it."
    ),
    accepts=ACCEPTS,
    parameters=SETTINGS,
    budget=True,
    how=N_(
        "Everybody has the same share of the money. A project is funded when the people who "
        "chose it can pay for it together from their shares: first the one of whose cost each "
        "of them has to pay the smallest part."
    ),
    unit=units.POINTS,
    example=examples.Example(examples.SHARED, settings={"step": 0}, follows=("utility",)),
    work=300,
    place=18,
)
def equal_shares(profile: Profile, specification: Specification) -> Outcome:
    """Fund what supporters can pay for from equal shares, raised step by step."""
    contest = Contest.of(profile, specification)
    order = contest.ties().sequence(contest.eligible, {})
    free = _free(contest, order)
    ids = [i for i in order if contest.costs[i] and contest.rival(i, free) is None]
    if not ids:
        return _all_free(contest, free)
    market = Market.of(contest, ids)
    ending = last_step(market, str(contest.specification.parameters["stop"]))
    return _report(contest, free, market, ending)


def _free(contest: Contest, order: Sequence[str]) -> list[str]:
    """Return the options that cost nothing and have support; they are funded first."""
    funded: list[str] = []
    for item in order:
        if contest.costs[item] == 0 and contest.rival(item, funded) is None:
            funded.append(item)
    return funded


def _all_free(contest: Contest, free: list[str]) -> Outcome:
    rounds = [_free_round(contest, number, item) for number, item in enumerate(free, 1)]
    share = {"increases": 0, "ended": NOTHING_LEFT}
    reasons = _reasons(contest, free, None)
    return contest.outcome(
        free, rounds=rounds, ties=contest.ties(), reasons=reasons, tables={"share": share}
    )


def _report(contest: Contest, free: list[str], market: Market, ending: Ending) -> Outcome:
    """Return the outcome, from an exact run at the last step and one at the next."""
    run = ExactRun(market, ending.steps)
    purchases = run.purchases()
    spent = market.spent(purchase.offer.option for purchase in purchases)
    assert spent <= market.pot, "the exact run overspends where the quick one did not"
    share: dict[str, Any] = {
        "initial": exact(market.share(0)),
        "final": exact(market.share(ending.steps)),
        "increases": ending.steps,
        "ended": ending.because,
    }
    if ending.because == OVERSPEND:
        following = ExactRun(market, ending.steps + 1).purchases()
        share["next_spent"] = market.spent(purchase.offer.option for purchase in following)
        assert share["next_spent"] > market.pot, "the next step would not overspend"
    ties = contest.ties()
    rounds = [_free_round(contest, number, item) for number, item in enumerate(free, 1)]
    funded = list(free)
    for purchase in purchases:
        _note_tie(ties, market, purchase, len(funded) + 1)
        funded.append(market.ids[purchase.offer.option])
        rounds.append(_round(contest, market, purchase, funded))
    reasons = _reasons(contest, funded, run)
    if contest.specification.parameters["top_up"] == "greedy":
        _top_up(contest, funded, rounds, reasons, ties)
    return contest.outcome(
        funded, rounds=rounds, ties=ties, reasons=reasons, tables={"share": share}
    )


def _note_tie(ties: Ties, market: Market, purchase: Purchase, number: int) -> None:
    if len(purchase.tied) > 1:
        tied = [market.ids[option] for option in purchase.tied]
        at = {"round": number, "effective_support": _effective_support(market, purchase)}
        assert ties.sequence(tied, at)[0] == tied[0], "the tie order is not one order"


def _effective_support(market: Market, purchase: Purchase) -> str:
    return decimals(market.costs[purchase.offer.option] / purchase.offer.payment)


def _round(
    contest: Contest, market: Market, purchase: Purchase, funded: Sequence[str]
) -> dict[str, Any]:
    spent = sum(contest.costs[item] for item in funded)
    return {
        "round": len(funded),
        "option": funded[-1],
        "score": contest.scores[funded[-1]],
        "cost": contest.costs[funded[-1]],
        "decision": "funded",
        "payment": decimals(purchase.offer.payment),
        "paid_less": purchase.short,
        "effective_support": _effective_support(market, purchase),
        "spent": spent,
        "left": contest.pot - spent,
    }


def _free_round(contest: Contest, number: int, item: str) -> dict[str, Any]:
    return {
        "round": number,
        "option": item,
        "score": contest.scores[item],
        "cost": 0,
        "decision": "free",
        "spent": 0,
        "left": contest.pot,
    }


def _reasons(
    contest: Contest, funded: Sequence[str], run: ExactRun | None
) -> dict[str, dict[str, Any]]:
    """Return why each eligible option was not bought: excluded, or short of its cost."""
    reasons: dict[str, dict[str, Any]] = {}
    for item in contest.eligible:
        rival = contest.rival(item, funded)
        if item in funded:
            continue
        if rival is not None:
            reasons[item] = contest.why_excluded(item, rival)
            continue
        assert run is not None, "an option was passed over although nothing was bought"
        held, needed = int(run.held(run.market.ids.index(item))), contest.costs[item]
        reasons[item] = {
            "code": "supporters-short",
            "held": held,
            "needed": needed,
            "short": needed - held,
        }
    return reasons


def _top_up(
    contest: Contest,
    funded: list[str],
    rounds: list[dict[str, Any]],
    reasons: dict[str, dict[str, Any]],
    ties: Ties,
) -> None:
    """Spend what is left by descending score, skipping what does not fit."""
    rest = [item for item in contest.eligible if item not in funded]
    places = by_merit(rest, by_score(contest), ties)
    for turn in walk(contest, [item for place in places for item in place], funded=funded):
        if turn.refusal is not None:
            reasons[turn.item] = turn.refusal
            continue
        del reasons[turn.item]
        funded.append(turn.item)
        rounds.append(
            {
                "round": len(funded),
                "option": turn.item,
                "score": contest.scores[turn.item],
                "cost": contest.costs[turn.item],
                "decision": "top-up",
                "spent": turn.spent,
                "left": contest.pot - turn.spent,
            }
        )
