"""Estimate how long a count takes, before it begins.

The unit is a look: a rule looks at one option of one group of equal ballots. A million looks take
0.05 to 0.25 seconds on one core, whatever the rule (`python -m tests.benchmarks.effort`).
"""

from consult.counting.enough import BY_SCORE, WORK_MAX
from consult.counting.specification import find_rule

READING = 100
"""Looks that reading one recorded fact takes as long as."""


def looks(rule_id: str, *, options: int, ballots: int, has_scale: bool = False) -> int:
    """Return the most looks that a count takes with what would have been enough for each loser.

    `ballots`: at most so many different ones. `has_scale`: they are grades.
    """
    work = find_rule(rule_id).work
    once = options * ballots * work
    recounts = 2 * options * ballots.bit_length()
    if rule_id in BY_SCORE and not has_scale:  # recounted from the total of each option
        return once + min(WORK_MAX, recounts * 2 * options * work)
    return once + options * min(WORK_MAX, recounts * (ballots + options) * work)
