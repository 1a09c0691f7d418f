"""Explain the counting rule of a question in plain words: what is counted, and how ties break.

Before the count the sentences use the future tense, afterwards the past.
"""

from consult.counting import find_rule
from consult.wording.language import gettext as _
from consult.wording.outcomes import verdicts
from consult.wording.outcomes.counted import Counted
from consult.wording.outcomes.tie_words import criterion
from consult.wording.rules import words_of


def title(counted: Counted) -> str:
    """Return the name of the rule."""
    return verdicts.rule_title(counted.rule)


def sentences(counted: Counted) -> list[str]:
    """Say how the rule works, with the numbers that were fixed for this question."""
    words = words_of(counted.rule)
    said = [words.how(counted) if words.how else _(find_rule(counted.rule).how)]
    said += [say(counted) for say in words.parts]
    return [sentence for sentence in said if sentence]


def tie_sentences(counted: Counted) -> list[str]:
    """Return how ties are broken, criterion by criterion."""
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
    """Return the titles in the order of the published lot; empty without one."""
    return [counted.name(id) for id in counted.outcome["specification"]["lot"]]
