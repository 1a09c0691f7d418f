"""The outcome in one sentence: the first line of a page, a feed entry or a shared link."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from consult.clocks.local_time import day_of
from consult.counting.specification import find_rule
from consult.wording import figures, language
from consult.wording.hidden_numbers import shown_cell
from consult.wording.language import gettext as _
from consult.wording.outcomes import imported
from consult.wording.outcomes.counted import Counted
from consult.wording.registries.respondent_words import RESPONDENTS
from consult.wording.rules import words_of
from consult.wording.shown_consultation import ShownConsultation
from events.submission import FOR_OTHERS, INDIVIDUAL


def outcome(counted: Counted) -> str:
    """Return the outcome of the count in one sentence."""
    if counted.is_budget:
        return _budget(counted)
    if not counted.chosen:
        return _nobody(counted)
    if len(counted.chosen) > 1:
        return _("%(names)s came first, in this order.", names=counted.names(counted.chosen))
    return words_of(counted.rule).verdict(counted, counted.name(counted.chosen[0]))


def without_rule(questions: int) -> str:
    """Return what is shown where no rule counts any question."""
    if questions == 1:
        return _("No rule decides here: this is how many gave each answer.")
    return _("No rule decides here: this is how many gave each answer to each question.")


def who_took_part(asked: ShownConsultation, tallies: Mapping[str, Any]) -> str:
    """Return how many responses came between which days, and from what kind of respondents.

    `tallies`: as in docs/tallies.md.
    """
    responses, kinds = tallies["responses"], tallies["respondents"]
    if asked.page.is_import:
        return imported.origin(asked, responses)
    is_people_only = kinds is not None and kinds[INDIVIDUAL] == responses
    return " ".join([_between(asked, responses, is_people_only=is_people_only), *_kinds(tallies)])


def _between(asked: ShownConsultation, responses: int, *, is_people_only: bool) -> str:
    start, end, number = asked.page.opened_at, asked.page.ended_at, figures.number(responses)
    if start is None or end is None:
        return _("%(people)s answers were counted.", people=number)
    first, last = _days(start, end)
    if day_of(start) == day_of(end):
        return _("Answers on %(day)s: %(people)s.", day=last, people=number)
    if not is_people_only:
        return _(
            "Responses between %(first)s and %(last)s: %(number)s.",
            first=first,
            last=last,
            number=number,
        )
    if responses == 0:
        return _("Nobody took part between %(first)s and %(last)s.", first=first, last=last)
    if responses == 1:
        return _("1 person took part between %(first)s and %(last)s.", first=first, last=last)
    return _(
        "%(people)s people took part between %(first)s and %(last)s.",
        people=number,
        first=first,
        last=last,
    )


def _kinds(tallies: Mapping[str, Any]) -> list[str]:
    """Return counts of people, organisations and meetings, with how many the latter represent."""
    kinds, members, least = tallies["respondents"], tallies.get("members"), tallies["hidden_under"]
    if kinds is None or not any(kinds[kind] for kind in FOR_OTHERS):
        return []
    said = []
    for kind, words in RESPONDENTS.items():
        number, speaks = shown_cell(kinds[kind], least), (members or {}).get(kind)
        if isinstance(speaks, int) and speaks:
            said.append(_(words.with_members, number=number, members=figures.number(speaks)))
        elif kinds[kind] or kind == INDIVIDUAL:
            said.append(_(words.counted, number=number))
    return said


def rule_title(rule: str) -> str:
    """Return the name of a counting rule, as a heading."""
    return _(find_rule(rule).title)


def _days(start: datetime, end: datetime) -> tuple[str, str]:
    code = language.current()
    first, last = figures.day(start, code), figures.day(end, code)
    year = last.rpartition(" ")[2]
    return first.removesuffix(f" {year}"), last


def _budget(counted: Counted) -> str:
    funded, options = len(counted.chosen), len(counted.titles)
    spent, pot = counted.money(counted.outcome["spent"]), counted.money(counted.pot)
    if not funded:
        return _("No project was funded.")
    if funded == 1:
        return _(
            "1 of %(options)s projects is funded. It costs %(spent)s of the %(pot)s.",
            options=options,
            spent=spent,
            pot=pot,
        )
    return _(
        "%(funded)s of %(options)s projects are funded. They cost %(spent)s of the %(pot)s.",
        funded=funded,
        options=options,
        spent=spent,
        pot=pot,
    )


def _nobody(counted: Counted) -> str:
    if not counted.outcome["scores"]:
        return _("Nobody chose any of the options, so there is no result.")
    level = next(iter(counted.outcome["order"]))
    return _(
        "%(names)s are level for first place, and no published rule separates them.",
        names=counted.names(level),
    )
