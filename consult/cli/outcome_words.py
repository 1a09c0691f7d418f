"""Format an outcome for a terminal."""

from consult.commands.results.working_out import Tally
from consult.formats.plural import counted
from consult.formats.responses import Money


def in_words(tally: Tally, money: Money) -> str:
    """Return an outcome as lines of text. `money`: the currency of the consultation."""
    outcome = tally.outcome
    titles = {o.id: next(iter(o.title.values()), o.id) for o in tally.question.options}
    lines = [
        f"{outcome.rule}: {counted(outcome.ballots, 'ballot')}, cut-off position {tally.cutoff}"
    ]
    if outcome.spent is not None:
        lines += [f"  funded  {id}  {titles[id]}" for id in outcome.funded]
        unit = f" {money.currency}" if money.currency else ""
        amounts = (outcome.spent, outcome.left or 0)
        spent, left = (f"{money.amount(each):,f}{unit}" for each in amounts)
        lines.append(f"  spent {spent}, left {left}")
    else:
        for place, ids in enumerate(outcome.order, start=1):
            names = "; ".join(f"{id}  {titles[id]}" for id in ids)
            lines.append(f"  {place:>3}. {names}")
        chosen = "; ".join(f"{id}  {titles[id]}" for id in outcome.elected)
        lines.append(f"  elected: {chosen or 'nobody'}")
    if outcome.ties:
        lines.append(f"  ties met: {len(outcome.ties)} (see --json)")
    return "\n".join(lines)
