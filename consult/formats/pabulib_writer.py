"""Write an election as a Pabulib file, so that another tool can recount it."""

import csv
from collections.abc import Iterator
from typing import TextIO

from consult.formats import money
from consult.formats.election import Ballot, Election, FileOption
from consult.formats.pabulib_rules import exclusion_sentence, exclusive_groups, stated_rule
from events.channels import ONLINE, PAPER
from events.errors import Refused

VOTE_TYPES = {
    "approval": "approval",
    "basket": "approval",
    "several": "approval",
    "single": "choose-1",
    "ranking": "ordinal",
    "points": "cumulative",
    "rating": "scoring",
}
# The order in Pabulib's own files; other keys follow.
META_ORDER = (
    "description",
    "country",
    "unit",
    "district",
    "subunit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
    "min_length",
    "max_length",
    "min_sum_cost",
    "max_sum_cost",
    "min_points",
    "max_points",
    "min_sum_points",
    "max_sum_points",
    "default_score",
    "min_project_cost",
    "max_project_cost",
    "min_project_score_threshold",
    "neighborhoods",
    "subdistricts",
    "categories",
    "edition",
    "language",
    "currency",
    "fully_funded",
    "experimental",
    "comment",
    "acknowledgments",
)
PROJECT_ORDER = (
    "project_id",
    "cost",
    "votes",
    "score",
    "name",
    "category",
    "beneficiaries",
    "target",
    "selected",
    "neighborhood",
    "subunit",
    "district",
    "description",
    "public_id",
    "latitude",
    "longitude",
)
METHODS = {ONLINE: "internet", PAPER: "paper"}


class CannotWrite(Refused):
    """The format cannot express this election."""

    says = "This cannot be written as a Pabulib file: {reason} Export it as csv or json instead."


def write_pabulib(election: Election, file: TextIO) -> None:
    """Write META, PROJECTS and VOTES to a text stream opened with `newline=""`.

    Pabulib requires `country`, `unit`, `instance`, `date_begin` and `date_end` in META; they are
    written if `election.meta` has them. A ballot without a voter gets its row number. Raises
    CannotWrite before the first byte, unless a later ballot has a shared rank.
    """
    _check(election)
    writer = csv.writer(file, delimiter=";", lineterminator="\n")
    writer.writerows([["META"], ["key", "value"], *_meta(election).items()])
    writer.writerow(["PROJECTS"])
    writer.writerows(_projects(election))
    writer.writerow(["VOTES"])
    writer.writerows(_votes(election))


def _check(election: Election) -> None:
    if election.kind not in VOTE_TYPES:
        raise CannotWrite(reason=f"it has no votes of the kind {election.kind}.")
    if election.pot is None or any(option.cost is None for option in election.options):
        raise CannotWrite(reason="it needs a budget and a cost for every project.")
    if odd := [option.id for option in election.options if "," in option.id]:
        raise CannotWrite(reason=f"the project {odd[0]} has a comma in its id.")


def _meta(election: Election) -> dict[str, str]:
    scale, pot = election.unit_scale, election.pot
    assert pot is not None, "checked before"
    limits = {
        "description": election.title,
        "min_length": election.picks_min,
        "max_length": election.picks_max,
        "max_sum_points": election.points_max,
        "max_points": election.points_each_max,
        "max_sum_cost": None
        if election.cost_max is None
        else money.written(election.cost_max, scale),
        "currency": election.currency,
        "language": election.language,
    }
    always = {
        "num_projects": len(election.options),
        "num_votes": election.people,
        "budget": money.written(pot, scale),
        "vote_type": _vote_type(election),
        "rule": _rule(election),
    }
    meta = {key: str(value) for key, value in limits.items() if value is not None}
    meta |= election.meta
    meta |= {key: str(value) for key, value in always.items()}
    if threshold := election.rule.parameters.get("threshold"):
        meta["min_project_score_threshold"] = threshold
    if comment := _comment(election):
        meta["comment"] = comment
    known = {key: meta.pop(key) for key in META_ORDER if key in meta}
    return known | meta


def _rule(election: Election) -> str:
    if election.format == "pabulib" and election.rule.stated is None:
        return "unknown"  # as the file said; our default is not its rule
    exclusive = any(option.group for option in election.options)
    return stated_rule(election.rule, exclusive=exclusive)


def _vote_type(election: Election) -> str:
    stated = election.meta.get("vote_type", "").lower()
    return stated if stated in VOTE_TYPES.values() else VOTE_TYPES[election.kind]


def _comment(election: Election) -> str:
    """Return the comment, extended by exclusive groups: Pabulib has no other field for them."""
    remark = f"#1: {election.description}" if election.description else ""
    comment = election.meta.get("comment") or remark
    known = exclusive_groups(comment, {option.id for option in election.options})
    groups: dict[str, list[str]] = {}
    for option in election.options:
        if option.group and option.id not in known:
            groups.setdefault(option.group, []).append(option.id)
    sentences = [exclusion_sentence(group) for group in groups.values() if len(group) > 1]
    if not sentences:
        return comment
    number = comment.count("#") + 1
    return f"{comment} #{number}: {' '.join(sentences)}".strip()


def _projects(election: Election) -> Iterator[list[str]]:
    """Yield the heading row, then each project, with only the columns that have a value."""
    rows = [_project(option, election.unit_scale) for option in election.options]
    columns = [name for name in PROJECT_ORDER if any(row.get(name) for row in rows)]
    yield columns
    for row in rows:
        yield [row.get(name, "") for name in columns]


def _project(option: FileOption, scale: int) -> dict[str, str]:
    assert option.cost is not None, "checked before"
    row = {
        "project_id": option.id,
        "cost": money.written(option.cost, scale),
        "name": "" if option.name == option.id else option.name,
        "score": option.declared_score or "",
        "description": option.description,
    }
    if option.declared_votes is not None:
        row["votes"] = str(option.declared_votes)
    if option.selected is not None:
        row["selected"] = str(option.selected)
    return row | dict(option.details)


def _votes(election: Election) -> Iterator[list[str]]:
    points = election.kind in ("points", "rating")
    methods = any(ballot.channel for ballot in election.ballots)
    yield ["voter_id", "vote", *["points"] * points, *["voting_method"] * methods]
    number = 0
    for ballot in election.ballots:
        vote = _vote(ballot)
        method = [METHODS.get(ballot.channel or "", "")] if methods else []
        for _ in range(ballot.multiplicity):
            number += 1
            named = ballot.voter is not None and ballot.multiplicity == 1
            yield [str(ballot.voter) if named else str(number), *vote, *method]


def _vote(ballot: Ballot) -> list[str]:
    answer = ballot.answer
    if isinstance(answer, str):
        return [answer]
    if isinstance(answer, dict):
        ordered = sorted(answer, key=lambda option: -answer[option])
        return [",".join(ordered), ",".join(str(answer[option]) for option in ordered)]
    if any(isinstance(item, list) for item in answer):
        raise CannotWrite(reason="a ballot ranks two options equally.")
    return [",".join(answer)]
