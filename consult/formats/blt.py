"""Read and write `.blt`, the exchange format of programs for the single transferable vote.

The first line has the numbers of candidates and seats, then follow a line for each distinct ballot
(multiplicity, candidates best first, 0), a line with only 0, the names in quotation marks, and the
title.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from consult.formats.election import Answer, Ballot, DeclaredRule, Election, FileOption
from consult.formats.plural import counted
from consult.formats.source import FileBallots, Source, shown
from events.errors import Refused

FIRST_LINE = re.compile(r"([0-9]+)\s+([0-9]+)")
WITHDRAWN = re.compile(r"-[0-9]+(?:\s+-[0-9]+)*")
REMARK = re.compile(r"\s+#.*|^#.*")
IDENTIFIED = re.compile(r"^\([^()]*\)\s+")
END = "0"
SHARED = "="
SKIPPED = "-"


class CannotWriteBlt(Refused):
    """The format cannot express this election."""

    says = "This cannot be written as a .blt file: {reason} Export it as csv or json instead."


def read_blt(source: Source) -> Election:
    """Return the election in a file. Raises FormatError."""
    file = _File()
    people = sum(ballot.multiplicity for ballot in file.ballots(source))
    if not people:
        raise source.refuse_file("There are no ballots.", "Check that the file is complete.")
    warnings = []
    if file.withdrawn:
        names = ", ".join(sorted(file.withdrawn, key=int))
        warnings.append(f"These candidates had withdrawn and are left out: {names}.")
    return Election(
        title=file.title or source.path.stem,
        kind="ranking",
        options=tuple(option for option in file.options if option.id not in file.withdrawn),
        ballots=FileBallots(source, lambda again: _File().ballots(again)),
        people=people,
        rule=DeclaredRule(None, "stv"),
        seats=file.seats,
        equal_ranks=file.shares_ranks,
        warnings=tuple(warnings),
        format="blt",
    )


@dataclass
class _File:
    """What one pass over a file finds besides its ballots."""

    candidates: int = 0
    seats: int = 0
    title: str = ""
    shares_ranks: bool = False
    withdrawn: set[str] = field(default_factory=set)
    options: list[FileOption] = field(default_factory=list)

    def ballots(self, source: Source) -> Iterator[Ballot]:
        """Yield the ballot of each line; names and title are known afterwards."""
        lines = _lines(source)
        self._take_first(source, next(lines, ""))
        known = {str(number) for number in range(1, self.candidates + 1)}
        people = 0
        for line in lines:
            if line == END:
                break
            if WITHDRAWN.fullmatch(line):
                self._take_withdrawn(source, line, known)
                continue
            ballot = self._ballot(source, line, known)
            people += ballot.multiplicity
            if people > source.limits.ballots_max:
                raise source.refuse(f"There are more than {source.limits.ballots_max} ballots.")
            yield ballot
        else:
            raise source.refuse("The line 0, which ends the ballots, is missing: the file was cut.")
        self._take_names(source, lines)

    def _take_first(self, source: Source, line: str) -> None:
        match = FIRST_LINE.fullmatch(line)
        if match is None:
            raise source.refuse("The first line must give the number of candidates and of seats.")
        self.candidates = source.whole(match[1], "number of candidates")
        self.seats = source.whole(match[2], "number of seats")
        if not 1 <= self.candidates <= source.limits.options_max:
            raise source.refuse(f"There must be 1 to {source.limits.options_max} candidates.")
        if not 1 <= self.seats <= self.candidates:
            by = counted(self.candidates, "candidate")
            raise source.refuse(f"{counted(self.seats, 'seat')} cannot be filled by {by}.")

    def _take_withdrawn(self, source: Source, line: str, known: set[str]) -> None:
        for number in line.replace("-", "").split():
            if number not in known:
                raise source.refuse(f"{number} has withdrawn, but is not a candidate.")
            self.withdrawn.add(number)

    def _ballot(self, source: Source, line: str, known: set[str]) -> Ballot:
        count, *ranks = IDENTIFIED.sub("", line).split()
        multiplicity = source.whole(count, "number of ballots")
        if multiplicity == 0:
            raise source.refuse("A line must stand for at least one ballot.")
        if not ranks or ranks.pop() != END:
            raise source.refuse("A line of ballots must end with 0.")
        answer: list[Answer] = []
        seen: set[str] = set()
        for place, rank in enumerate(ranks, 1):
            if rank == SKIPPED:
                raise source.refuse(f"Rank {place} is blank on this ballot.")
            members = rank.split(SHARED)
            for item in members:
                if item not in known:
                    raise source.refuse(
                        f"{shown(item)} is not a candidate; line 1 promises {self.candidates}."
                    )
                if item in seen:
                    raise source.refuse(f"Candidate {item} stands twice on one ballot.")
                seen.add(item)
            kept = sorted(item for item in members if item not in self.withdrawn)
            self.shares_ranks = self.shares_ranks or len(kept) > 1
            answer += kept if len(kept) < 2 else [kept]  # noqa: PLR2004  two share a place
        return Ballot(answer, multiplicity)

    def _take_names(self, source: Source, lines: Iterator[str]) -> None:
        for number in range(1, self.candidates + 1):
            name = next(lines, None)
            if name is None:
                promised = counted(self.candidates, "candidate")
                raise source.refuse(f"Line 1 promises {promised}, but named are {number - 1}.")
            words = _unquoted(source, name) or f"Candidate {number}"
            self.options.append(FileOption(str(number), words))
        self.title = _unquoted(source, next(lines, ""))
        following = next(lines, None)
        if following is not None:
            raise source.refuse(f"{shown(following)} stands after the title.")


def _lines(source: Source) -> Iterator[str]:
    """Yield lines without remarks and surrounding space; empty ones are skipped."""
    for line in source.lines():
        text = line.strip()
        if '"' not in text:
            text = REMARK.sub("", text).strip()
        if text:
            yield text


def _unquoted(source: Source, text: str) -> str:
    whole = text.removeprefix('"').removesuffix('"')
    if text.startswith('"') and not (text.endswith('"') and len(text) > 1):
        raise source.refuse("A quotation mark opened on this line is not closed.")
    return source.words(whole)


def write_blt(election: Election, file: TextIO) -> None:
    """Write the ballots with options numbered in the order of the election.

    Raises CannotWriteBlt before the first byte.
    """
    if election.kind not in ("ranking", "single"):
        raise CannotWriteBlt(reason=f"it ranks options, and these votes are {election.kind}.")
    numbers = {option.id: str(n) for n, option in enumerate(election.options, 1)}
    file.write(f"{len(numbers)} {election.seats}\n")
    for answer, people in election.groups():
        ranks = [answer] if isinstance(answer, str) else answer
        places = [
            numbers[rank] if isinstance(rank, str) else SHARED.join(numbers[id] for id in rank)
            for rank in ranks
        ]
        file.write(" ".join([str(people), *places, END]) + "\n")
    file.write(f"{END}\n")
    names = [*(option.name or option.id for option in election.options), election.title]
    # The format has no escape for a quotation mark or a line end inside a name.
    plain = (" ".join(name.replace('"', "'").split()) for name in names)
    file.writelines(f'"{name}"\n' for name in plain)
