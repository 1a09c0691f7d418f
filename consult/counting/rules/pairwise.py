"""The pairwise comparison matrix: how many ballots rank each option above each other one."""

from collections.abc import Mapping

from consult.counting.profile import Profile

# Pairs[a][b]: number of ballots that rank a above b.
Pairs = Mapping[str, Mapping[str, int]]


def head_to_head(profile: Profile) -> dict[str, dict[str, int]]:
    """Return the matrix for every ordered pair; ranked options are above unranked ones.

    Options on a shared rank, and two unranked ones, are not above each other.
    """
    ids = profile.ids
    place = {item: index for index, item in enumerate(ids)}
    ranked = [0] * len(ids)
    # not_above[a][b]: ballots that rank both, with b level with a or better. Filling it takes time
    # quadratic in the length of the ballot, instead of length times the number of options.
    not_above = [[0] * len(ids) for _ in ids]
    for ranking, number in profile.rankings.items():
        better: list[int] = []
        for rank in ranking:
            level = [place[item] for item in rank]
            better += level
            for index in level:
                ranked[index] += number
                row = not_above[index]
                for other in better:
                    row[other] += number
    return {
        a: {b: ranked[i] - not_above[i][j] for j, b in enumerate(ids) if i != j}
        for i, a in enumerate(ids)
    }


def strengths(pairs: Pairs, *, margins: bool) -> dict[str, dict[str, int]]:
    """Return how strongly each option beats each other: votes or margin, 0 if it does not."""
    return {
        a: {
            b: (votes - pairs[b][a] if margins else votes) if votes > pairs[b][a] else 0
            for b, votes in row.items()
        }
        for a, row in pairs.items()
    }


def exact_ties(pairs: Pairs) -> list[list[str]]:
    """Return the pairs that are exactly level, each sorted, in code point order."""
    return [[a, b] for a in pairs for b in pairs[a] if a < b and pairs[a][b] == pairs[b][a]]
