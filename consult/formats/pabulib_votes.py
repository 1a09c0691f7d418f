"""The VOTES section of a Pabulib file: each row to a ballot."""

from collections.abc import Iterator

from consult.formats.election import Answer, Ballot
from consult.formats.pabulib_sections import Heading, Row, cells_of, read_heading, section_name
from consult.formats.source import Source, shown

CHANNEL = {"internet": "online", "online": "online", "paper": "paper"}
REMEMBERED_MAX = 200_000


class VoteReader:
    """Turns rows of VOTES into ballots; equal answers are checked and made once."""

    def __init__(self, source: Source, kind: str, heading: Heading) -> None:
        self.source = source
        self.kind = kind
        self.columns = heading.columns
        self.options = {project.id for project in heading.projects}
        self.remembered: dict[tuple[str, str], Answer] = {}

    def ballots(self, rows: Iterator[Row]) -> Iterator[Ballot]:
        """A ballot for each row; personal columns are not even looked at."""
        width = len(self.columns)
        voter_at, vote_at = self.columns.index("voter_id"), self.columns.index("vote")
        points_at = self._points_column()
        method_at = self.columns.index("voting_method") if "voting_method" in self.columns else -1
        remembered, limits = self.remembered, self.source.limits
        for number, row in enumerate(rows, 1):
            if len(row) != width:
                self._refuse_section(row)
                row = cells_of(self.source, row, self.columns, "VOTES")  # noqa: PLW2901
            if number > limits.ballots_max:
                raise self.source.refuse(f"There are more than {limits.ballots_max} votes.")
            key = (row[vote_at], row[points_at] if points_at >= 0 else "")
            answer = remembered.get(key)
            if answer is None:
                answer = self.answer(*key)
                if len(remembered) < REMEMBERED_MAX:
                    remembered[key] = answer
            voter = row[voter_at]
            if not voter or len(voter) > limits.id_characters_max:
                self.source.identifier(voter, "voter_id")
            channel = CHANNEL.get(row[method_at].lower()) if method_at >= 0 else None
            yield Ballot(answer, 1, voter, channel)

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
        """The answer value of one vote, in our shapes."""
        ids = [item.strip() for item in vote.split(",")] if vote else []
        for option in ids:
            if option not in self.options:
                raise self.source.refuse(f"{shown(option)} is not a project of this file.")
        if len(set(ids)) != len(ids):
            raise self.source.refuse("A project stands twice in one vote.")
        if self.kind == "ranking":
            return ids
        if self.kind == "approval":
            return sorted(ids)
        if self.kind == "single":
            if len(ids) != 1:
                raise self.source.refuse(f"The vote names {len(ids)} projects; choose-1 needs one.")
            return ids[0]
        return self._points(ids, points)

    def _points(self, ids: list[str], points: str) -> dict[str, int]:
        cells = [item.strip() for item in points.split(",")] if points else []
        if len(cells) != len(ids):
            raise self.source.refuse(f"The vote names {len(ids)} projects but {len(cells)} points.")
        given = {}
        for option, cell in sorted(zip(ids, cells, strict=True)):
            value = self.source.whole(cell.removesuffix(".0"), f"points for {shown(option)}")
            if value:
                given[option] = value
        return given


def ballots_of(source: Source, kind: str) -> Iterator[Ballot]:
    """Every ballot of a file, from its first line on."""
    heading, rows = read_heading(source)
    return VoteReader(source, kind, heading).ballots(rows)
