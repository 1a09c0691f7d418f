"""Charts of an outcome as plain rows: name, length and label of each bar."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from consult.counting.units import GRADES
from consult.wording import figures
from consult.wording.language import gettext as _
from consult.wording.option_words import grade_words
from consult.wording.outcomes.counted import Counted, amount, figure, length

Row = dict[str, Any]
Numbers = tuple[list[str], list[list[str]], tuple[int, ...]]
NOTHING = "\u2013"  # an en dash


def scores(counted: Counted) -> dict[str, Any]:
    """Return one bar per option, best first, and the same as a table."""
    rows, table = [], []
    for place, ids in enumerate(counted.outcome["order"], start=1):
        for id in ids:
            score = counted.outcome["scores"].get(id, "0")
            shown = _shown(counted, score)
            rows.append(_bar(counted, id, score, shown) | _read("score", id, score))
            table.append([counted.name(id), shown, str(place)])
    head = [_("Option"), _(counted.unit.title), _("Place")]
    return {
        "title": _finding(counted),
        "measure": _(counted.unit.measure, ballots=figures.number(counted.outcome["ballots"])),
        "rows": rows,
        "longest": _longest(counted, rows),
        "numbers": (head, table, (1, 2)),
    }


def rounds(counted: Counted) -> dict[str, Any]:
    """Return every round of a run-off as a chart, with its sentence and the votes needed."""
    shown, quota = counted.outcome["rounds"], None
    if counted.rule == "stv":
        quota = amount(shown[0]["quota"]) if shown else None
    deciding = len(shown)
    if counted.rule == "irv" and len(counted.chosen) == 1:
        # A majority cannot be overtaken; later rounds only settle the other places.
        deciding = next((n for n, each in enumerate(shown, 1) if each["majority"]), deciding)
    charts = [_round(counted, each, quota) for each in shown]
    longest = max((row["value"] for chart in charts for row in chart["rows"]), default=0)
    ticks = [chart["tick"] for chart in charts if chart["tick"] is not None]
    return {
        "deciding": charts[:deciding],
        "further": charts[deciding:],
        "longest": _with_room(max([longest, *ticks])),
        "numbers": _rounds_table(counted),
        "quota": figure(quota) if quota is not None else None,
    }


def comparisons(counted: Counted) -> dict[str, Any]:
    """Return the first option's comparison with each other one, and all pairs as a table."""
    pairs: Mapping[str, Mapping[str, int]] = counted.outcome["tables"].get("pairwise", {})
    if not pairs:
        return {}
    first = counted.ranked[0]
    rows = []
    for other in counted.ranked[1:]:
        ours, theirs = pairs[first][other], pairs[other][first]
        rows.append(
            {
                **_read("pair", other, f"{ours} {theirs}", of=first),
                "name": _("Against %(name)s", name=counted.name(other)),
                "value": ours * 1_000 // max(1, ours + theirs),
                "shown": _(
                    "%(ours)s to %(theirs)s",
                    ours=figures.number(ours),
                    theirs=figures.number(theirs),
                ),
                "answer": ours > theirs,
                "tick": 500,
                "note": None if ours > theirs else _against(ours, theirs),
            }
        )
    head = [_("More people prefer"), *[counted.name(id) for id in counted.ranked]]
    table = [
        [
            counted.name(a),
            *[NOTHING if a == b else figures.number(pairs[a][b]) for b in counted.ranked],
        ]
        for a in counted.ranked
    ]
    numbers = (head, table, tuple(range(1, len(head))))
    return {"first": counted.name(first), "rows": rows, "longest": 1_000, "numbers": numbers}


def grades(counted: Counted) -> Numbers | None:
    """Return how many people gave each option each grade."""
    given = counted.outcome["tables"].get("distribution")
    if not given:
        return None
    words = grade_words(counted.question)
    table = [
        [
            counted.name(id),
            *[figures.number(given.get(id, {}).get(str(grade), 0)) for grade, _word in words],
        ]
        for id in counted.ranked
    ]
    head = [_("Option"), *[word for _grade, word in words]]
    return head, table, tuple(range(1, len(head)))


def projects(counted: Counted) -> list[Row]:
    """Return every project, by descending support, funded or not.

    `votes`: its score, in the unit of the rule.
    """
    lines, funded = counted.outcome["tables"]["options"], set(counted.chosen)
    return [
        {
            "id": id,
            "name": counted.name(id),
            "votes": lines[id]["score"],
            "cost": lines[id]["cost"],
            "funded": id in funded,
        }
        for id in counted.ranked
    ]


def awards(counted: Counted) -> Numbers:
    """Return what happened to the money, turn by turn."""
    decisions = {"funded": _("Funded"), "free": _("Funded"), "top-up": _("Funded from the rest")}
    table = [
        [
            counted.name(each["option"]),
            figures.number(each["score"]),
            counted.money(each["cost"]),
            decisions.get(each["decision"], _("Not funded")),
            counted.money(each["left"]),
        ]
        for each in counted.outcome["rounds"]
    ]
    head = [_("Project"), _(counted.unit.title), _("Cost"), _("Outcome"), _("Left in the pot")]
    return head, table, (1, 2, 4)


def _read(figure: str, id: str, exact: str, of: str = "") -> Row:
    """Return what programs read of a bar: which number of the outcome it is, exactly."""
    return {"figure": figure, "id": id, "of": of, "exact": exact}


def _with_room(longest: int) -> int:
    """Return 5% more than the longest bar, so that a line at its end stays visible."""
    return longest * 21 // 20


def _finding(counted: Counted) -> str:
    """Return the finding of the chart, as its title."""
    top = counted.outcome["order"][0]
    if len(top) > 1:
        return _("Level at the top: %(names)s", names=counted.names(top))
    return _(counted.unit.finding, name=counted.name(top[0]))


def _shown(counted: Counted, score: str) -> str:
    if counted.unit.is_of_ballots:
        votes, ballots = int(amount(score)), counted.outcome["ballots"]
        return f"{figures.number(votes)} ({figures.percent(votes, ballots)})"
    if counted.unit is GRADES:
        return _("%(mean)s of %(top)s", mean=figure(score), top=counted.question.scale)
    return figure(score)


def _bar(counted: Counted, id: str, score: str, shown: str) -> Row:
    return {
        "name": counted.name(id),
        "value": max(0, length(score)),
        "shown": shown,
        "answer": id in counted.chosen,
    }


def _longest(counted: Counted, rows: list[Row]) -> int:
    if counted.unit is GRADES:
        return length(counted.question.scale)
    return max((row["value"] for row in rows), default=0)


def _against(ours: int, theirs: int) -> str:
    if ours == theirs:
        return _("A draw")
    return _("More people preferred the other option here")


def _round(counted: Counted, each: Mapping[str, Any], quota: Any) -> dict[str, Any]:
    votes = {id: amount(value) for id, value in each["votes"].items()}
    tick = quota if quota is not None else Fraction(sum(votes.values())) / 2
    winners = {*each["elected"], *each.get("filled", ()), *each.get("majority", ())}
    rows = [
        {
            **_read("round", id, each["votes"][id], of=str(each["round"])),
            "name": counted.name(id),
            "value": length(number),
            "shown": figure(number),
            "answer": id in winners,
            "tick": length(tick),
        }
        for id, number in sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    ]
    return {"rows": rows, "says": _says(counted, each), "tick": length(tick)}


def _says(counted: Counted, each: Mapping[str, Any]) -> str:
    said = []
    if each.get("action") == "surplus":
        said.append(
            _("The votes %(name)s had beyond the quota moved on.", name=counted.name(each["of"]))
        )
    elif each.get("action") == "exclusion":
        said.append(_("The votes of %(name)s moved on.", name=counted.name(each["of"])))
    if each.get("majority"):
        name = counted.name(each["majority"][0])
        said.append(_("%(name)s has more than half of the votes still in.", name=name))
    elected = [*each["elected"], *each.get("filled", ())]
    if elected and counted.rule == "stv":
        said.append(_("Elected: %(names)s.", names=counted.names(elected)))
    if each["eliminated"]:
        names = counted.names(each["eliminated"])
        said.append(_("%(name)s has the fewest votes and drops out.", name=names))
    return " ".join(said)


def _rounds_table(counted: Counted) -> Numbers:
    shown = counted.outcome["rounds"]
    out = "non_transferable" if counted.rule == "stv" else "exhausted"
    head = [_("Option"), *[_("Round %(number)s", number=each["round"]) for each in shown]]
    table = [
        [counted.name(id), *[_cell(each["votes"].get(id)) for each in shown]]
        for id in counted.ranked
    ]
    table.append([_("No further choice"), *[_cell(each[out]) for each in shown]])
    return head, table, tuple(range(1, len(head)))


def _cell(votes: str | None) -> str:
    return NOTHING if votes is None else figure(votes)
