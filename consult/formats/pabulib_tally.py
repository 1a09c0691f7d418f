"""Total the ballots of a Pabulib file, and compare them with what the file declares."""

from collections import Counter

from consult.formats.election import Answer, Ballot, picks
from consult.formats.pabulib_sections import Heading
from consult.formats.source import Source, shown

SHOWN_MAX = 5


class Tally:
    """Totals of the ballots; refuses a second ballot of a voter, and notes what breaks a limit.

    `votes`: how many people name a project. `score`: points, or for a ranking the number of
    projects ranked on that ballot minus the position (from 0).
    """

    def __init__(self, heading: Heading) -> None:
        self.heading = heading
        self.people = 0
        self.votes: Counter[str] = Counter()
        self.score: Counter[str] = Counter()
        self.positions: Counter[str] = Counter()
        self.picks_longest = 0
        self.odd: Counter[str] = Counter()
        self._voters: set[int] = set()
        self._last: Answer = []
        self._costs = {project.id: project.cost for project in heading.projects}
        numbers = heading.numbers
        self._picks_min = numbers.get("min_length", 0)
        self._picks_max = numbers.get("max_length", len(self._costs))
        self._cost_max = heading.amounts.get("max_sum_cost")

    def add(self, source: Source, ballot: Ballot) -> None:
        """Add one ballot to the totals. Raises FormatError for a second ballot of a voter."""
        # Hashes, because the ids of millions of voters would take too much memory.
        voter = hash(ballot.voter)
        if voter in self._voters:
            source.at(self.heading.columns.index("voter_id") + 1, "voter_id")
            raise source.refuse(
                f"A second vote of the voter {shown(ballot.voter or '')} stands here."
            )
        self._voters.add(voter)
        self.people += 1
        answer = self._last = ballot.answer
        if isinstance(answer, str):
            self.votes[answer] += 1
            self._check_picks(1)
            return
        self._check_picks(len(answer))
        if self._cost_max is not None and sum(self._costs[key] for key in answer) > self._cost_max:
            self.odd["over max_sum_cost"] += 1
        if isinstance(answer, dict):
            self._add_points(answer)
            return
        votes = self.votes
        for option in answer:
            votes[option] += 1
        if self.heading.meta["vote_type"].lower() == "ordinal":
            length = len(answer)
            for position, option in enumerate(answer):
                self.score[option] += length - position
                self.positions[option] += position

    def _check_picks(self, picks: int) -> None:
        self.picks_longest = max(self.picks_longest, picks)
        if picks > self._picks_max:
            self.odd["over max_length"] += 1
        elif picks < self._picks_min:
            self.odd["under min_length"] += 1

    def _add_points(self, answer: dict[str, int]) -> None:
        total = 0
        for option, points in answer.items():
            self.votes[option] += 1
            self.score[option] += points
            total += points
        numbers = self.heading.numbers
        if total > numbers.get("max_sum_points", total):
            self.odd["over max_sum_points"] += 1
        if total < numbers.get("min_sum_points", total):
            self.odd["under min_sum_points"] += 1

    def warnings(self) -> list[str]:
        """Return a sentence for each difference between the votes and the rest of the file."""
        numbers, projects = self.heading.numbers, self.heading.projects
        warnings = []
        for key, found in (("num_votes", self.people), ("num_projects", len(projects))):
            if key in numbers and numbers[key] != found:
                warnings.append(f"META states {key} {numbers[key]}, but the file lists {found}.")
        for what, count in self.odd.items():
            warnings.append(f"Votes {what} as META states it: {count:,}.")
        votes = [
            f"{project.id} (states {project.votes}, counted {self.votes[project.id]})"
            for project in projects
            if project.votes is not None and project.votes != self.votes[project.id]
        ]
        scores = self._different_scores()
        for column, different in (("votes", votes), ("score", scores)):
            if different:
                shown = ", ".join(different[:SHOWN_MAX])
                more = f" and {len(different) - SHOWN_MAX} more" if different[SHOWN_MAX:] else ""
                warnings.append(f'The column "{column}" differs from the votes: {shown}{more}.')
        return warnings

    def end(self, source: Source) -> list[str]:
        """Return the warning about a last line without an end; refuse a file cut off there."""
        if source.is_ended:
            return []
        stated = self.heading.numbers.get("num_votes", self.people)
        declared = {p.id: p.votes for p in self.heading.projects if p.votes is not None}
        missing = {id: votes - self.votes[id] for id, votes in declared.items()}
        missing = {id: number for id, number in missing.items() if number}
        of_one_vote = missing and set(missing.values()) == {1}
        if stated > self.people or (of_one_vote and not missing.keys() & set(picks(self._last))):
            raise source.refuse(
                "The file ends inside this line and lacks votes that it states, "
                "so it was cut off here.",
                "Fetch the whole file, then repeat.",
            )
        if declared and not missing:
            return []
        return [source.unended("its last vote is not whole")]

    def first_choice(self) -> int | None:
        """Return the points of a first place if only a fixed number explains the declared scores.

        None: a first place is worth as many points as the ballot ranks projects.
        """
        by_ballot = self._differences(self.score)
        longest = self._longest()
        fixed = len(self._differences(self._fixed_points(longest)))
        return longest if self.positions and fixed < len(by_ballot) else None

    def _longest(self) -> int:
        return self.heading.numbers.get("max_length", self.picks_longest)

    def _fixed_points(self, first: int) -> Counter[str]:
        points = {key: votes * first - self.positions[key] for key, votes in self.votes.items()}
        return Counter(points)

    def _different_scores(self) -> list[str]:
        """Return the projects whose declared score matches neither way of scoring ranks."""
        different = self._differences(self.score or self.votes)
        if self.positions:
            fixed = self._differences(self._fixed_points(self._longest()))
            return min(different, fixed, key=len)
        return different

    def _differences(self, counted: Counter[str]) -> list[str]:
        return [
            f"{project.id} (states {project.score}, counted {counted[project.id]})"
            for project in self.heading.projects
            if project.score is not None
            and project.score.removesuffix(".0") != str(counted[project.id])
        ]
