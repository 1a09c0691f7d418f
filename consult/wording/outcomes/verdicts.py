"""What came out, in one sentence: the first line of a page, a feed or a shared link."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from consult.counting.specification import find_rule
from consult.wording import figures, language
from consult.wording.hidden_numbers import shown_cell
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import Counted, amount, figure
from consult.wording.outcomes.units import FIRST_CHOICES
from consult.wording.shown_consultation import ShownConsultation


def outcome(counted: Counted) -> str:
    """Say what the count came to."""
    if counted.is_budget:
        return _budget(counted)
    if not counted.chosen:
        return _nobody(counted)
    if len(counted.chosen) > 1:
        return _("%(names)s came first, in this order.", names=counted.names(counted.chosen))
    say = _SINGLE.get(counted.rule, _most_points)
    return say(counted, counted.name(counted.chosen[0]))


def without_rule(questions: int) -> str:
    """Say what there is to see where no rule decides."""
    if questions == 1:
        return _("No rule decides here: this is how many gave each answer.")
    return _("No rule decides here: this is how many gave each answer to each question.")


def who_took_part(asked: ShownConsultation, tallies: Mapping[str, Any]) -> str:
    """Say how many responses came in between which days, and from whom: people are people.

    `tallies`: as docs/tallies.md says.
    """
    responses, kinds = tallies["responses"], tallies["respondents"]
    is_people_only = kinds is not None and kinds["individual"] == responses
    return " ".join([_between(asked, responses, is_people_only=is_people_only), *_kinds(tallies)])


def _between(asked: ShownConsultation, responses: int, *, is_people_only: bool) -> str:
    start, end, number = asked.page.opened_at, asked.page.closed_at, figures.number(responses)
    if start is None or end is None:
        return _("%(people)s answers were counted.", people=number)
    first, last = _days(start, end)
    if start.date() == end.date():
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
    """Name people, organisations and meetings apart, and for how many these speak."""
    kinds, members, least = tallies["respondents"], tallies.get("members"), tallies["hidden_under"]
    if kinds is None or kinds["organisation"] == kinds["group"] == 0:
        return []
    said = [_("People: %(number)s.", number=shown_cell(kinds["individual"], least))]
    for kind, plain, with_members in (
        (
            "organisation",
            N_("Organisations: %(number)s."),
            N_("Organisations: %(number)s, with %(members)s members."),
        ),
        (
            "group",
            N_("Meetings: %(number)s."),
            N_("Meetings: %(number)s, of %(members)s people."),
        ),
    ):
        if kinds[kind] == 0:
            continue
        number, speaks = shown_cell(kinds[kind], least), members[kind] if members else 0
        if isinstance(speaks, int) and speaks:
            said.append(_(with_members, number=number, members=figures.number(speaks)))
        else:
            said.append(_(plain, number=number))
    return said


def rule_title(rule: str) -> str:
    """The name of a counting rule, as a heading."""
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


def _votes(counted: Counted, winner: str) -> str:
    votes = int(amount(counted.outcome["scores"][counted.chosen[0]]))
    ballots = counted.outcome["ballots"]
    is_ranked = counted.unit is FIRST_CHOICES
    if ballots == 1:
        only = N_("%(winner)s came first, chosen in the only response.")
        first = N_("%(winner)s came first: the only response put it first.")
        return _(first if is_ranked else only, winner=winner)
    chosen = N_("%(winner)s came first, chosen in %(votes)s of %(ballots)s responses (%(share)s).")
    put = N_("%(winner)s came first: %(votes)s of %(ballots)s responses (%(share)s) put it first.")
    return _(
        put if is_ranked else chosen,
        winner=winner,
        votes=figures.number(votes),
        ballots=figures.number(ballots),
        share=figures.percent(votes, ballots),
    )


def _most_points(counted: Counted, winner: str) -> str:
    points = figure(counted.outcome["scores"][counted.chosen[0]])
    return _("%(winner)s came first, with %(points)s points.", winner=winner, points=points)


def _run_off(counted: Counted, winner: str) -> str:
    rounds = counted.outcome["rounds"]
    if counted.chosen[0] in rounds[0]["majority"]:
        votes = figure(rounds[0]["votes"][counted.chosen[0]])
        return _(
            "%(winner)s won: %(votes)s responses put it first, more than half.",
            winner=winner,
            votes=votes,
        )
    last = next(round for round in rounds if round["majority"])
    return _(
        "%(winner)s won in round %(round)s, with %(votes)s votes.",
        winner=winner,
        round=last["round"],
        votes=figure(last["votes"][counted.chosen[0]]),
    )


def _elected(counted: Counted, winner: str) -> str:
    del counted
    return _("%(winner)s is elected.", winner=winner)


def _head_to_head(counted: Counted, winner: str) -> str:
    pairs = counted.outcome["tables"]["pairwise"]
    first = counted.chosen[0]
    beaten = sum(votes > pairs[other][first] for other, votes in pairs[first].items())
    if beaten == len(pairs) - 1:
        return _(
            "%(winner)s won: more people preferred it to each of the others, one to one.",
            winner=winner,
        )
    return _(
        "%(winner)s won: it came out best when options were compared two at a time.",
        winner=winner,
    )


def _mean(counted: Counted, winner: str) -> str:
    return _(
        "%(winner)s came first, with an average grade of %(mean)s out of %(top)s.",
        winner=winner,
        mean=figure(counted.outcome["scores"][counted.chosen[0]]),
        top=counted.question.scale,
    )


_SINGLE = {
    "plurality": _votes,
    "approval": _votes,
    "irv": _run_off,
    "stv": _elected,
    "schulze": _head_to_head,
    "ranked-pairs": _head_to_head,
    "copeland": _head_to_head,
    "rating": _mean,
}
