"""Read Pabulib files (.pb) into an election: META, PROJECTS and VOTES, checked as a whole."""

from collections.abc import Mapping
from dataclasses import replace

from consult.formats import money
from consult.formats.election import DeclaredRule, Election, FileOption
from consult.formats.pabulib_rules import declared_rule, exclusive_groups
from consult.formats.pabulib_sections import Heading, ProjectRow, read_heading
from consult.formats.pabulib_tally import Tally
from consult.formats.pabulib_votes import VoteReader, ballots_of
from consult.formats.source import FileBallots, Source

KINDS = {
    "approval": "approval",
    "choose-1": "single",
    "ordinal": "ranking",
    "cumulative": "points",
    "scoring": "points",
}
WITHDRAWN_COST = 999_999_999
SHOWN_MAX = 5


def read_pabulib(source: Source) -> Election:
    """Return the election in a Pabulib file. Raises FormatError."""
    heading, rows = read_heading(source)
    kind = _kind(source, heading)
    counted, reader = Tally(heading), VoteReader(source, kind, heading)
    for ballot in reader.ballots(rows):
        counted.add(source, ballot)
    if not counted.people:
        raise source.refuse_file("VOTES has no row.", "Check that the file is complete.")
    heading.warnings += [*reader.warnings(), *counted.end(source)]
    return _election(source, heading, kind, counted)


def _kind(source: Source, heading: Heading) -> str:
    vote_type = heading.meta["vote_type"].strip().lower()
    if vote_type not in KINDS:
        raise source.refuse_file(
            f'The vote_type "{vote_type}" is not one of {", ".join(KINDS)}.',
            "Correct META, then repeat.",
        )
    if heading.meta.get("default_score", "0").strip() not in ("", "0"):
        raise source.refuse_file(
            "META gives unlisted projects a default_score, which our ballots cannot express.",
            "Write the score of every project on every ballot.",
        )
    return KINDS[vote_type]


def _election(source: Source, heading: Heading, kind: str, counted: Tally) -> Election:
    meta = heading.meta
    amounts = [*heading.amounts.values(), *(row.cost for row in heading.projects)]
    scale = money.unit_scale(amounts)
    if max(amounts) * scale > money.UNITS_MAX:
        raise source.refuse_file(
            f"An amount of {max(amounts)} beside others with {money.decimals(scale)} decimals has "
            "more digits than can be kept exactly.",
            "Correct the amounts, then repeat.",
        )
    rule, groups, rule_warnings = _rule(heading, scale, counted)
    cost_limit = heading.amounts.get("max_sum_cost")
    return Election(
        title=_title(meta, source.path.stem),
        description=meta.get("comment", ""),
        kind=kind,
        options=tuple(_option(row, scale, groups) for row in heading.projects),
        ballots=FileBallots(source, lambda again: ballots_of(again, kind)),
        people=counted.people,
        rule=rule,
        pot=money.units(heading.budget, scale),
        unit_scale=scale,
        currency=meta.get("currency") or None,
        language=meta.get("language") or None,
        picks_min=heading.numbers.get("min_length"),
        picks_max=heading.numbers.get("max_length"),
        points_max=heading.numbers.get("max_sum_points"),
        points_each_max=heading.numbers.get("max_points"),
        cost_max=None if cost_limit is None else money.units(cost_limit, scale),
        place=meta.get("district") or meta.get("unit") or None,
        meta=meta,
        warnings=(
            *heading.warnings,
            *_amount_warnings(heading),
            *rule_warnings,
            *counted.warnings(),
        ),
        format="pabulib",
    )


def _rule(
    heading: Heading, scale: int, counted: Tally
) -> tuple[DeclaredRule, dict[str, str], list[str]]:
    """Return the declared rule, the exclusive group of options that have one, and warnings."""
    rule, warnings = declared_rule(heading.meta, scale)
    if (first := counted.first_choice()) is not None and rule.id.startswith("greedy"):
        rule = replace(rule, parameters={**rule.parameters, "first_choice": str(first)})
    if rule.stated != "greedy-exclusive":
        return rule, {}, warnings
    known = {row.id for row in heading.projects}
    groups = exclusive_groups(heading.meta.get("comment", ""), known)
    if not groups:
        warnings.append(
            "The rule is greedy-exclusive, but no sentence of the comment names "
            "the projects that exclude each other."
        )
    return rule, groups, warnings


def _title(meta: Mapping[str, str], stem: str) -> str:
    title = meta.get("description") or stem
    instance = meta.get("instance", "")
    return title if not instance or instance in title else f"{title}, {instance}"


def _option(row: ProjectRow, scale: int, groups: Mapping[str, str]) -> FileOption:
    return FileOption(
        id=row.id,
        name=row.name or row.id,
        description=row.description,
        cost=money.units(row.cost, scale),
        group=groups.get(row.id),
        details=row.details,
        selected=row.selected,
        declared_votes=row.votes,
        declared_score=row.score,
    )


def _amount_warnings(heading: Heading) -> list[str]:
    warnings = []
    withdrawn = [row.id for row in heading.projects if row.cost == WITHDRAWN_COST]
    if withdrawn:
        shown = ", ".join(withdrawn[:SHOWN_MAX])
        warnings.append(f"A cost of {WITHDRAWN_COST} marks a withdrawn project: {shown}.")
    if free := [row.id for row in heading.projects if not row.cost]:
        warnings.append(f"These projects cost nothing: {', '.join(free[:SHOWN_MAX])}.")
    return warnings
