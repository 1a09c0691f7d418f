"""Read Scottish council ward files (.csv): ranked ballots for one ward and its seats."""

import csv
from collections.abc import Iterator

from consult.formats.election import Ballot, DeclaredRule, Election, FileOption
from consult.formats.plural import counted
from consult.formats.source import FileBallots, Source, shown


def read_scottish(source: Source) -> Election:
    """Return the election in a ward file: "candidates,seats", ballots, names, ward."""
    ward = Ward()
    people = sum(ballot.multiplicity for ballot in ward.ballots(source))
    return Election(
        title=ward.title or source.path.stem,
        kind="ranking",
        options=tuple(ward.options),
        ballots=FileBallots(source, lambda again: Ward().ballots(again)),
        people=people,
        rule=DeclaredRule(None, "stv"),
        seats=ward.seats,
        place=ward.title or None,
        format="scottish csv",
    )


class Ward:
    """What one pass over a ward file finds besides its ballots."""

    def __init__(self) -> None:
        self.seats = 0
        self.title = ""
        self.options: list[FileOption] = []

    def ballots(self, source: Source) -> Iterator[Ballot]:
        """Yield the ballot of each line; names and ward are known afterwards."""
        rows = _rows(source)
        candidates, self.seats = _first_row(source, next(rows, []))
        known = {str(number) for number in range(1, candidates + 1)}
        people = 0
        for row in rows:
            if not row[0].isdecimal():
                self._take_name(source, row, candidates)
                continue
            if self.options:
                raise source.refuse("A ballot stands after the names of the candidates.")
            ballot = _ballot(source, row, known)
            people += ballot.multiplicity
            if people > source.limits.ballots_max:
                raise source.refuse(f"There are more than {source.limits.ballots_max} ballots.")
            yield ballot
        if not people:
            raise source.refuse_file("There are no ballots.", "Check that the file is complete.")
        if len(self.options) < candidates:
            promised = counted(candidates, "candidate")
            raise source.refuse(f"Line 1 promises {promised}, but named are {len(self.options)}.")

    def _take_name(self, source: Source, row: list[str], candidates: int) -> None:
        if len(self.options) == candidates:
            if self.title or len(row) != 1:
                raise source.refuse(f"{shown(','.join(row))} stands after the last candidate.")
            self.title = source.words(row[0])
            return
        if row[0] != f"Candidate {len(self.options) + 1}" or len(row) < 2:  # noqa: PLR2004  name and votes
            raise source.refuse(
                f"{shown(','.join(row))} stands where a ballot or the name of candidate "
                f"{len(self.options) + 1} was expected."
            )
        party = source.words(", ".join(row[2:]))
        details = {"party": party} if party else {}
        number = str(len(self.options) + 1)
        self.options.append(FileOption(number, source.words(row[1]), party, details=details))


def _rows(source: Source) -> Iterator[list[str]]:
    """Yield rows without trailing empty cells; empty rows are skipped."""
    for line in source.lines():
        try:
            row = [cell.strip() for cell in next(csv.reader([line], strict=True), [])]
        except csv.Error as error:
            raise source.refuse(f"The quotation marks do not match ({error}).") from error
        while row and not row[-1]:
            row.pop()
        if row:
            yield row


def _first_row(source: Source, row: list[str]) -> tuple[int, int]:
    if len(row) != 2:  # noqa: PLR2004  name and votes
        raise source.refuse("The first line must give the number of candidates and of seats.")
    candidates = source.whole(row[0], "number of candidates")
    seats = source.whole(row[1], "number of seats")
    if not 1 <= candidates <= source.limits.options_max:
        raise source.refuse(f"There must be 1 to {source.limits.options_max} candidates.")
    if not 1 <= seats <= candidates:
        raise source.refuse(
            f"{counted(seats, 'seat')} cannot be filled by {counted(candidates, 'candidate')}."
        )
    return candidates, seats


def _ballot(source: Source, row: list[str], known: set[str]) -> Ballot:
    multiplicity = source.whole(row[0], "number of ballots")
    if multiplicity == 0:
        raise source.refuse("A line must stand for at least one ballot.")
    answer = row[1:]
    for place, item in enumerate(answer, 1):
        source.at(place + 1)
        if not item:
            raise source.refuse(
                f"Rank {place} is blank on this ballot, and a later rank is not.",
                "Say which candidate has this rank, or leave the ranks after it out.",
            )
        if item not in known:
            raise source.refuse(f"{shown(item)} is not a candidate; line 1 promises {len(known)}.")
    source.cell = ""
    if len(set(answer)) != len(answer):
        raise source.refuse("A candidate stands twice on one ballot.")
    return Ballot(answer, multiplicity)
