"""Counting rules behind one function: a profile and a specification in, an outcome out."""

from consult.counting.ordering import nobody
from consult.counting.outcome import Outcome, digest
from consult.counting.profile import Option, Profile, input_digest
from consult.counting.specification import (
    RULES,
    Parameter,
    Rule,
    Specification,
    WrongSpecification,
    find_rule,
    lot_order,
    settled,
)

# isort: split
# Importing a module of rules registers them.
from consult.counting.budgets import equal_shares, greedy, phragmen  # noqa: F401  registers its rules
from consult.counting.rules import (  # noqa: F401  registers its rules
    approval,
    condorcet,
    positional,
    runoff,
    transferable,
)

__all__ = [
    "RULES",
    "Option",
    "Outcome",
    "Parameter",
    "Profile",
    "Rule",
    "Specification",
    "WrongSpecification",
    "count",
    "digest",
    "find_rule",
    "input_digest",
    "lot_order",
]


def count(profile: Profile, specification: Specification) -> Outcome:
    """Count the ballots under the specification. Raises WrongSpecification.

    Pure and exact: the outcome does not depend on the order of ballots, options or parameters.
    """
    rule, complete = settled(profile, specification)
    if profile.silent and not rule.budget:
        return nobody(profile, complete, rule.version)
    return rule.run(profile, complete)
