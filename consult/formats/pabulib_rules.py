"""Map the counting rule declared by a Pabulib file to our rules and exclusive groups."""

import re
from collections.abc import Collection, Iterator, Mapping

from consult.formats.election import DeclaredRule

GREEDY = {
    "greedy": "greedy-skip",
    "greedy-no-skip": "greedy-stop",
    "greedy-threshold": "greedy-skip",
    "greedy-exclusive": "greedy-skip",
    "greedy-custom": "greedy-skip",
}
EQUAL_SHARES = (
    "equalshares",
    "equalshares-comparison",
    "equalshares/add1",
    "equalshares/add1-comparison",
)
BUDGET_DEFAULT = "greedy-skip"

REMARK_NUMBER = re.compile(r"#\d+:\s*")
STATES_EXCLUSION = re.compile(
    r"mutually exclusive|could not (?:both )?be implemented|cannot both be|exclude each other",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*")
LISTED = re.compile(
    rf"(mutually exclusive\s+)?\bprojects:?\s+([^\s,&]+(?:(?:{BETWEEN.pattern})[^\s,&]+)+)",
    re.IGNORECASE,
)
STATED_WITHIN_CHARACTERS = 200


def declared_rule(meta: Mapping[str, str], unit_scale: int) -> tuple[DeclaredRule, list[str]]:
    """Return our rule for a file's META, with warnings where it does less than the declared one."""
    stated = meta.get("rule", "").strip().lower()
    stated = "" if stated == "unknown" else stated
    # "5.0" is read as the whole number it is.
    threshold, _point, _zeros = meta.get("min_project_score_threshold", "").strip().partition(".")
    parameters: dict[str, str] = {}
    warnings: list[str] = []
    if stated in EQUAL_SHARES:
        if "add1" not in stated:
            parameters["step"] = "0"
        elif unit_scale != 1:
            parameters["step"] = str(unit_scale)
        if stated.endswith("-comparison"):
            warnings.append(
                f'The declared rule "{stated}" ends by comparing its result with greedy; '
                "our equal-shares does not do that last comparison."
            )
        return DeclaredRule(stated, "equal-shares", parameters), warnings
    if threshold:
        parameters["threshold"] = threshold
    if stated in GREEDY:
        if stated == "greedy-custom":
            warnings.append(
                'The declared rule "greedy-custom" has local exceptions that only the comment '
                "describes; it is counted as greedy-skip."
            )
        return DeclaredRule(stated, GREEDY[stated], parameters), warnings
    if stated:
        warnings.append(f'The rule "{stated}" is not one of ours; {BUDGET_DEFAULT} is used.')
    else:
        warnings.append(unnamed_rule(BUDGET_DEFAULT))
    return DeclaredRule(stated or None, BUDGET_DEFAULT, parameters), warnings


def unnamed_rule(rule: str) -> str:
    """Return the note that the rule is our choice."""
    return f"The file names no rule. {rule} is used, which is our choice and not the file's."


def whose_rule(rule: DeclaredRule) -> str:
    """Say whether the file or we chose by which rule it is counted."""
    if rule.stated is None:
        return unnamed_rule(rule.id)
    if rule.stated in GREEDY or rule.stated in EQUAL_SHARES:
        return f"The rule that the file names, {rule.stated}, is counted as {rule.id}."
    return f"The file names the rule {rule.stated}, which we do not have. {rule.id} is our choice."


def stated_rule(rule: DeclaredRule, *, exclusive: bool) -> str:
    """Return Pabulib's name of our rule, or "unknown"."""
    if rule.stated and (GREEDY.get(rule.stated) == rule.id or rule.stated in EQUAL_SHARES):
        return rule.stated
    if rule.id == "greedy-skip":
        plain = "greedy-threshold" if "threshold" in rule.parameters else "greedy"
        return "greedy-exclusive" if exclusive else plain
    if rule.id == "equal-shares":
        return "equalshares" if rule.parameters.get("step") == "0" else "equalshares/add1"
    return "greedy-no-skip" if rule.id == "greedy-stop" else "unknown"


def exclusive_groups(comment: str, options: Collection[str]) -> dict[str, str]:
    """Return option id -> name of its exclusive group, from the comment of a file.

    Pabulib has no field for this: the sentence "Projects A and B ... could not be implemented
    simultaneously" (or "mutually exclusive") is the only statement. Pairs that share a member
    become one group, named after its members.
    """
    groups: list[set[str]] = []
    for members in _excluding(comment, set(options)):
        joined = [group for group in groups if group & members]
        groups = [group for group in groups if not group & members]
        groups.append(members.union(*joined))
    return {member: "+".join(sorted(group)) for group in groups for member in group}


def _excluding(comment: str, options: set[str]) -> Iterator[set[str]]:
    """Yield projects listed together, if nearby words state that they are mutually exclusive.

    Only words up to the next list count: a wrong group would change a result.
    """
    for remark in REMARK_NUMBER.split(comment):
        lists = list(LISTED.finditer(remark))
        for place, match in enumerate(lists):
            end = lists[place + 1].start() if place + 1 < len(lists) else len(remark)
            after = remark[match.end() : min(end, match.end() + STATED_WITHIN_CHARACTERS)]
            if not match[1] and not STATES_EXCLUSION.search(after):
                continue
            named = {item.strip(".;:()\"'") for item in BETWEEN.split(match[2])}
            if len(named & options) > 1:
                yield named & options


def exclusion_sentence(members: Collection[str]) -> str:
    """Return the sentence that `exclusive_groups` recognises, for a file we write."""
    first, *others = sorted(members)
    return f"Projects {first} and {' and '.join(others)} are mutually exclusive."
