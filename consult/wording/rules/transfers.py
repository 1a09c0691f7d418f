"""Rules whose votes move on in rounds, in words."""

from fractions import Fraction

from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import Counted, figure
from consult.wording.outcomes.worked_example import Worked, name
from consult.wording.rules.words import WORDS, RuleWords


def _seats(counted: Counted) -> str:
    seats = counted.outcome["specification"]["seats"]
    if seats == 1:
        return ""
    before, after = N_("%(seats)s places are to be filled."), N_("%(seats)s places were filled.")
    is_filled = len(counted.outcome.get("elected", ())) == seats
    if counted.is_over and not is_filled:
        after = N_("%(seats)s places were to be filled.")
    return _(after if counted.is_over else before, seats=seats)


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


def _example_of_run_off(worked: Worked) -> str:
    before, after = worked.outcome["rounds"]
    return _(
        "First choices: %(before)s. Nobody has more than half of the %(people)s votes, so "
        "%(out)s, with the fewest, drops out, and each of its votes moves to the next choice. "
        "Now: %(after)s. %(winner)s wins.",
        before=worked.votes(before),
        people=worked.outcome["ballots"],
        out=name(before["eliminated"][0]),
        after=worked.votes(after),
        winner=worked.winner,
    )


def _transfer(worked: Worked) -> str:
    before, after = worked.outcome["rounds"][:2]
    first, second = worked.outcome["elected"]
    quota = Fraction(before["quota"])
    return _(
        "With %(seats)s places the quota is %(quota)s votes. First choices: %(before)s. %(first)s "
        "is elected. Its %(surplus)s votes beyond the quota move on to next choices: %(second)s "
        "has %(moved)s now, and is elected too.",
        seats=worked.outcome["specification"]["seats"],
        quota=figure(quota),
        before=worked.votes(before),
        first=name(first),
        surplus=figure(Fraction(before["votes"][first]) - quota),
        second=name(second),
        moved=figure(after["votes"][second]),
    )


WORDS["irv"] = RuleWords(_example_of_run_off, _run_off)
WORDS["stv"] = RuleWords(_transfer, _elected, parts=(_seats,))
