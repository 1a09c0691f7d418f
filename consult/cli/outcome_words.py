"""An outcome as lines for a person at a terminal."""

from consult.commands.counting import Tally
from consult.formats.responses import Money


def in_words(tally: Tally, money: Money) -> str:
    """Return an outcome as lines for a person. `money`: in which the consultation counts."""
    outcome = tally.outcome
    titles = {o.id: next(iter(o.title.values()), o.id) for o in tally.question.options}
    lines = [f"{outcome.rule}: {outcome.ballots:,} ballots, cut-off position {tally.cutoff}"]
    if outcome.spent is not None:
        lines += [f"  funded  {id}  {titles[id]}" for id in outcome.funded]
        spent, left = (f"{money.amount(each):,f}" for each in (outcome.spent, outcome.left or 0))
        lines.append(f"  spent {spent} {money.currency}, left {left} {money.currency}")
    else:
        for place, ids in enumerate(outcome.order, start=1):
            names = "; ".join(f"{id}  {titles[id]}" for id in ids)
            lines.append(f"  {place:>3}. {names}")
    if outcome.ties:
        lines.append(f"  ties met: {len(outcome.ties)} (see --json)")
    return "\n".join(lines)
