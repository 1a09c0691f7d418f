"""One counted question for pages: its outcome, with names and amounts in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from consult.counting import find_rule
from consult.counting.enough import reasons_with
from consult.counting.units import Unit
from consult.wording import figures
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question

Outcome = Mapping[str, Any]
DECIMALS_SHOWN = 2


@dataclass(frozen=True)
class Counted:
    """A question and the outcome of its count.

    `outcome`: as in docs/counting-specification.md. `comparison`: recorded beside it: the same
    ballots under another rule, without campaigns, and what would have been enough.
    """

    asked: ShownConsultation
    question: Question
    outcome: Outcome
    comparison: Outcome = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """Return the id of the counting rule, such as "points-5"."""
        return str(self.outcome["rule"])

    @property
    def is_over(self) -> bool:
        """Return whether it was counted; before, `outcome` has only what the terms fix."""
        return "ballots" in self.outcome

    @property
    def unit(self) -> Unit:
        """What its scores are numbers of."""
        return find_rule(self.rule).unit_for(self.question.kind)

    @property
    def is_budget(self) -> bool:
        """Return whether the rule spends a budget."""
        return self.outcome["spent"] is not None

    @property
    def pot(self) -> int:
        """Return the money to spend, in minor units."""
        return int(self.outcome["spent"]) + int(self.outcome["left"])

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Return each option's title in the language of the page, in the order asked."""
        return {option.id: said(option.title) or option.id for option in self.question.options}

    @cached_property
    def ranked(self) -> Sequence[str]:
        """Return every option, best first; for budgets by descending support."""
        if self.is_budget:
            scores = {id: amount(self.outcome["scores"].get(id, "0")) for id in self.titles}
            met = [round["option"] for round in self.outcome["rounds"]]
            turn = {id: place for place, id in enumerate(met)}
            return sorted(scores, key=lambda one: (-scores[one], turn.get(one, len(met)), one))
        return [id for place in self.outcome["order"] for id in place]

    @cached_property
    def reasons(self) -> Mapping[str, Mapping[str, Any]]:
        """Return why each option lost, with what would have been enough where it is known."""
        return reasons_with(self.outcome["reasons"], self.comparison.get("enough", {}))

    @property
    def chosen(self) -> Sequence[str]:
        """Return the winning options: elected or funded."""
        return list(self.outcome["funded"] if self.is_budget else self.outcome["elected"])

    @cached_property
    def raised_share(self) -> str | None:
        """Return the final share of equal shares, formatted; None if shares were not raised."""
        share = self.outcome["tables"].get("share", {})
        return self.money(int(amount(share["final"]))) if share.get("increases") else None

    def name(self, id: str) -> str:
        """Return the title of an option."""
        return self.titles.get(id, id)

    def names(self, ids: Sequence[str]) -> str:
        """Return several titles as a list within a sentence."""
        return listed([self.name(id) for id in ids])

    def money(self, pence: int) -> str:
        """Format minor units in the currency of the consultation."""
        return figures.money(pence, self.asked.unit, self.asked.decimals)


def amount(text: str | int) -> Fraction:
    """Parse an exact number of an outcome: "17", "5/2" or "191.00000"."""
    return Fraction(text)


def figure(text: str | int | Fraction) -> str:
    """Format an exact number: "5,680", "2.5"; at most two decimals, rounded half up."""
    number = Fraction(text)
    scale = 10**DECIMALS_SHOWN
    hundredths = (2 * abs(number.numerator) * scale + number.denominator) // (
        2 * number.denominator
    )
    whole, part = divmod(hundredths, scale)
    shown = figures.number(whole)
    if part:
        shown += f".{part:0{DECIMALS_SHOWN}}".rstrip("0")
    return f"-{shown}" if number < 0 and hundredths else shown


def length(text: str | int | Fraction) -> int:
    """Return an exact number as the length of a bar, in thousandths."""
    return int(Fraction(text) * 1_000)


def listed(words: Sequence[str]) -> str:
    """Join words as a list within a sentence: "A, B and C"."""
    if len(words) <= 1:
        return "".join(words)
    return _("%(first)s and %(last)s", first=", ".join(words[:-1]), last=words[-1])
