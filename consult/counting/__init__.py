"""Counting rules behind one function: a profile and a specification in, an outcome out."""

import pkgutil
from importlib import import_module

from consult.counting import budgets, rules
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

for _folder in (rules, budgets):  # importing a module of rules registers them
    for _module in pkgutil.iter_modules(_folder.__path__):
        import_module(f"{_folder.__name__}.{_module.name}")

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
