"""Read PrefLib files: strict and tied orders (.soc .soi .toc .toi) and categories (.cat)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from consult.formats.election import Answer, Ballot, DeclaredRule, Election, FileOption, picks
from consult.formats.pabulib_rules import unnamed_rule
from consult.formats.source import FileBallots, Source, shown

ORDERS = ("soc", "soi", "toc", "toi")
TYPES = (*ORDERS, "cat")
APPROVAL_CATEGORIES = 2
HEADER = re.compile(r"#\s*([^:]+?)\s*:\s*(.*)")
ALTERNATIVE = re.compile(r"ALTERNATIVE NAME ([0-9]+)")
CATEGORY = re.compile(r"CATEGORY NAME ([0-9]+)")
PART = re.compile(r"\s*(?:\{([^{}]*)\}|([^{},\s]+))\s*(,|$)")


def read_preflib(source: Source) -> Election:
    """Return the election in a PrefLib file. Raises FormatError."""
    extension = source.path.suffix.lower().lstrip(".")
    heading = Heading(extension)
    warnings: list[str] = []
    people = rows = 0
    for ballot in _ballots(source, heading):
        people += ballot.multiplicity
        rows += 1
    _require_ballots(source, heading, people)
    for key, found in (
        ("NUMBER VOTERS", people),
        ("NUMBER UNIQUE ORDERS", rows),
        ("NUMBER UNIQUE PREFERENCES", rows),
    ):
        stated = heading.meta.get(key)
        if stated is not None and stated != str(found):
            warnings.append(f"The file states {key} {stated}, but its lines give {found}.")
    if heading.kind == "rating":
        warnings.append("Categories are read as grades: the first category is the best.")
    rule = {"approval": "approval", "rating": "rating"}.get(heading.kind, "schulze")
    warnings.append(unnamed_rule(rule))
    if not source.is_ended:
        warnings.append(source.unended("its last ballots are not whole"))
    return Election(
        title=heading.meta.get("TITLE") or source.path.stem,
        description=heading.meta.get("DESCRIPTION", ""),
        kind=heading.kind,
        options=tuple(FileOption(id=key, name=name) for key, name in heading.names.items()),
        ballots=FileBallots(source, lambda again: _ballots(again, Heading(extension))),
        people=people,
        rule=DeclaredRule(None, rule),
        grade_max=heading.categories if heading.kind == "rating" else None,
        equal_ranks=heading.type in ("toc", "toi"),
        meta=heading.meta,
        warnings=tuple(warnings),
        format=f"preflib {heading.type}",
    )


@dataclass
class Heading:
    """The contents of the heading lines, which start with #."""

    type: str
    meta: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    categories: int = 0

    @property
    def kind(self) -> str:
        """Return our question kind."""
        if self.type != "cat":
            return "ranking"
        return "approval" if self.categories <= APPROVAL_CATEGORIES else "rating"

    def take(self, source: Source, line: str) -> None:
        """Parse one heading line."""
        match = HEADER.fullmatch(line)
        if match is None:
            return  # a remark
        key, value = match[1].upper(), source.words(match[2])
        if alternative := ALTERNATIVE.fullmatch(key):
            number = source.whole(alternative[1], "number of an alternative")
            self._take_name(source, str(number), value)
            return
        if CATEGORY.fullmatch(key):
            self.categories += 1
        if key == "DATA TYPE":
            self.type = value.lower()
        if key not in self.meta and len(self.meta) >= source.limits.meta_entries_max:
            raise source.refuse("The heading has too many lines.")
        self.meta[key] = value

    def _take_name(self, source: Source, option: str, name: str) -> None:
        if option in self.names:
            raise source.refuse(f"Alternative {option} is named twice.")
        if len(self.names) >= source.limits.options_max:
            raise source.refuse(f"There are more than {source.limits.options_max} alternatives.")
        self.names[option] = name or f"Alternative {option}"

    def check(self, source: Source) -> None:
        """Refuse an incomplete heading when the votes begin."""
        if self.type not in TYPES:
            raise source.refuse(f"The data type is {shown(self.type)}; we read {', '.join(TYPES)}.")
        if not self.names:
            raise source.refuse(
                'No line "# ALTERNATIVE NAME 1: ..." comes before the votes.',
                "Download the file again from PrefLib: this may be its format before 2022.",
            )
        stated = self.meta.get("NUMBER ALTERNATIVES", str(len(self.names)))
        if source.whole(stated, "NUMBER ALTERNATIVES") != len(self.names):
            raise source.refuse(
                f"NUMBER ALTERNATIVES is {stated}, but {len(self.names)} are named."
            )


def _ballots(source: Source, heading: Heading) -> Iterator[Ballot]:
    people = 0
    checked = False
    for line in source.lines():
        if line.startswith("#"):
            if checked:
                raise source.refuse("A heading line stands between the votes.")
            heading.take(source, line)
            continue
        if not line.strip():
            continue
        if not checked:
            heading.check(source)
            checked = True
        count, colon, order = line.partition(":")
        if not colon:
            raise source.refuse(f"{shown(line)} is not of the form COUNT: a,b,c.")
        multiplicity = source.whole(count.strip(), "number of ballots")
        people += multiplicity
        if not 1 <= multiplicity <= source.limits.ballots_max:
            raise source.refuse(f"Each line stands for 1 to {source.limits.ballots_max} ballots.")
        if people > source.limits.ballots_max:
            raise source.refuse(f"There are more than {source.limits.ballots_max} ballots.")
        yield Ballot(_answer(source, heading, order), multiplicity)


def _answer(source: Source, heading: Heading, text: str) -> Answer:
    parts = _parts(source, heading, text)
    if heading.type == "cat":
        return _categories(source, heading, parts)
    answer = [part[0] if len(part) == 1 else part for part in parts if part]
    if heading.type in ("soc", "soi") and any(isinstance(item, list) for item in answer):
        raise source.refuse(f"Options share a rank, which a .{heading.type} file cannot have.")
    named = len(list(picks(answer)))
    if heading.type in ("soc", "toc") and named != len(heading.names):
        raise source.refuse(
            f"Options ranked: {named} of {len(heading.names)}; a .{heading.type} file ranks all."
        )
    return answer


def _parts(source: Source, heading: Heading, text: str) -> list[list[str]]:
    """Parse `a,{b,c}` into [["a"], ["b", "c"]]: ids checked, shared ranks sorted by id."""
    parts: list[list[str]] = []
    seen: set[str] = set()
    position = 0
    expected = bool(text.strip())
    while expected:
        match = PART.match(text, position)
        if match is None:
            raise source.refuse(f"{shown(text[position:])} is not an option or a {{group}}.")
        items = match[1].split(",") if match[1] and match[1].strip() else []
        part = [item.strip() for item in items] if match[2] is None else [match[2]]
        for item in part:
            if item not in heading.names:
                raise source.refuse(f"{shown(item)} is not an alternative of this file.")
            if item in seen:
                raise source.refuse(f"Alternative {item} stands twice on one ballot.")
            seen.add(item)
        parts.append(sorted(part))
        position = match.end()
        expected = match[3] == ","
    return parts


def _categories(source: Source, heading: Heading, parts: list[list[str]]) -> Answer:
    if len(parts) > max(heading.categories, 1):
        raise source.refuse(
            f"Categories on this ballot: {len(parts)}; in the heading: {heading.categories}."
        )
    if heading.kind == "approval":
        return parts[0] if parts else []
    best = heading.categories
    graded = {item: best - place for place, part in enumerate(parts) for item in part}
    return dict(sorted(graded.items()))


def _require_ballots(source: Source, heading: Heading, people: int) -> None:
    heading.check(source)
    if not people:
        raise source.refuse_file(
            "There are no votes after the heading.", "Check the file is complete."
        )
