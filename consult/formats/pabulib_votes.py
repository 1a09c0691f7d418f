"""The VOTES section of a Pabulib file: read each row into a ballot."""

import re
from collections.abc import Iterator

from consult.formats.election import Answer, Ballot
from consult.formats.pabulib_sections import Heading, Row, cells_of, read_heading, section_name
from consult.formats.plural import counted
from consult.formats.source import Source, shown
from events.channels import ONLINE, PAPER

# Columns that raise no warning; personal ones are dropped on purpose.
EXPECTED = re.compile(
    r"voter_id|vote|points|voting_method|age|sex|gender|neighborhood|district|subdistrict|education"
)
WEIGHT = re.compile(r"weights?|vote_weight|voter_weight|multiplicity")
CHANNEL = {"internet": ONLINE, "online": ONLINE, "paper": PAPER}
REMEMBERED_MAX = 200_000


class VoteReader:
    """Turns rows of VOTES into ballots; equal answers are parsed once and shared."""

    def __init__(self, source: Source, kind: str, heading: Heading) -> None:
        self.source = source
        self.kind = kind
        self.columns = heading.columns
        self.options = {project.id for project in heading.projects}
        self.remembered: dict[tuple[str, str], Answer] = {}
        self.repeating: set[str] = set()
        self.repeated = 0

    def ballots(self, rows: Iterator[Row]) -> Iterator[Ballot]:
        """Yield a ballot for each row; cells with personal data are not read."""
        width = len(self.columns)
        voter_at, vote_at = self.columns.index("voter_id"), self.columns.index("vote")
        points_at = self._points_column()
        method_at = self.columns.index("voting_method") if "voting_method" in self.columns else -1
        remembered, limits = self.remembered, self.source.limits
        for number, row in enumerate(rows, 1):
            if len(row) != width:
                self._refuse_section(row)
                row = cells_of(self.source, row, self.columns, "VOTES")  # noqa: PLW2901  the row, once its cells are known
            if number > limits.ballots_max:
                raise self.source.refuse(f"There are more than {limits.ballots_max} votes.")
            key = (row[vote_at], row[points_at] if points_at >= 0 else "")
            answer = remembered.get(key)
            if answer is None:
                answer = self.answer(*key)
                self.source.cell = ""
                if len(remembered) < REMEMBERED_MAX:
                    remembered[key] = answer
            if self.repeating and key[0] in self.repeating:
                self.repeated += 1
            voter = row[voter_at]
            if not voter or len(voter) > limits.id_characters_max:
                self.at("voter_id")
                self.source.identifier(voter, "voter_id")
            channel = CHANNEL.get(row[method_at].lower()) if method_at >= 0 else None
            yield Ballot(answer, 1, voter, channel)

    def warnings(self) -> list[str]:
        """Return a sentence for each property of the votes that is not counted as stated."""
        found = []
        if self.repeated:
            found.append(
                "A project that a vote names more than once counts once on it. Votes that name one "
                f"so: {self.repeated:,}."
            )
        weights = [name for name in self.columns if WEIGHT.fullmatch(name)]
        if weights:
            found.append(
                f'The column "{weights[0]}" of VOTES is not applied: every vote counts once.'
            )
        others = [
            name
            for name in self.columns
            if not EXPECTED.fullmatch(name) and name not in weights and name
        ]
        if others:
            found.append(f"These columns of VOTES are not kept: {', '.join(others)}.")
        return found

    def _points_column(self) -> int:
        if self.kind != "points":
            return -1
        if "points" not in self.columns:
            raise self.source.refuse('VOTES has no column "points", which this vote_type needs.')
        return self.columns.index("points")

    def _refuse_section(self, row: Row) -> None:
        name = section_name(row)
        if name is not None:
            raise self.source.refuse(f"The section {name} stands here, but VOTES must be the last.")

    def answer(self, vote: str, points: str) -> Answer:
        """Return the answer of one vote, in the shape of its kind (`consult.formats.election`)."""
        self.at("vote")
        ids = [item.strip() for item in vote.split(",")] if vote else []
        for option in ids:
            if option not in self.options:
                raise self.source.refuse(f"{shown(option)} is not a project of this file.")
        if len(set(ids)) != len(ids):
            ids = self._named_once(ids)
            self.repeating.add(vote)
        if self.kind == "ranking":
            return ids
        if self.kind == "approval":
            return sorted(ids)
        if self.kind == "single":
            if len(ids) != 1:
                raise self.source.refuse(
                    f"The vote names {counted(len(ids), 'project')}; choose-1 needs one."
                )
            return ids[0]
        return self._points(ids, points)

    def _named_once(self, ids: list[str]) -> list[str]:
        """Return the ids without repetitions, each at its first place."""
        if self.kind == "points":
            raise self.source.refuse(
                "A project stands twice in one vote, so it is not clear which points it gets."
            )
        return list(dict.fromkeys(ids))

    def at(self, column: str) -> None:
        """Set the current cell, for error messages."""
        self.source.at(self.columns.index(column) + 1, column)

    def _points(self, ids: list[str], points: str) -> dict[str, int]:
        self.at("points")
        cells = [item.strip() for item in points.split(",")] if points else []
        if len(cells) != len(ids):
            raise self.source.refuse(
                f"The vote names {counted(len(ids), 'project')} but {counted(len(cells), 'point')}."
            )
        given = {}
        for option, cell in sorted(zip(ids, cells, strict=True)):
            value = self.source.whole(cell, f"points for {shown(option)}")
            if value:
                given[option] = value
        return given


def ballots_of(source: Source, kind: str) -> Iterator[Ballot]:
    """Yield every ballot of a file, starting at its first line."""
    heading, rows = read_heading(source)
    return VoteReader(source, kind, heading).ballots(rows)
