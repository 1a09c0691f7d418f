"""Whatever happens to a file, reading it ends in an election that adds up or in a refusal."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.formats import FormatError, read
from tests.consult.formats.vote_files import (
    CATEGORIES,
    PABULIB,
    POINTS_PABULIB,
    STRICT_ORDERS,
    WARD,
)

FILES = {
    "a.pb": PABULIB,
    "b.pb": POINTS_PABULIB,
    "c.soi": STRICT_ORDERS,
    "d.cat": CATEGORIES,
    "e.csv": WARD,
}
PIECES = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(list('";,\n\r{}:#\u0661\u2028')).map(str.encode),
    st.sampled_from([b"-1", b"1e9", b"NaN", b"0.5"]),
    st.sampled_from([b"VOTES\n", b"META\n", b"PROJECTS", b"9" * 40]),
)


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from(sorted(FILES)),
    damage=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 8), PIECES),
        min_size=1,
        max_size=3,
    ),
)
def test_a_damaged_file_is_refused_or_still_adds_up(
    tmp_path: Path, name: str, damage: list[tuple[float, int, bytes]]
) -> None:
    content = FILES[name].encode()
    for place, removed, inserted in damage:
        at = int(place * len(content))
        content = content[:at] + inserted + content[at + removed :]
    path = tmp_path / name
    path.write_bytes(content)
    try:
        election = read(path)
    except FormatError:
        return
    known = {option.id for option in election.options}
    assert sum(ballot.multiplicity for ballot in election.ballots) == election.people > 0
    assert all(option.cost is None or option.cost >= 0 for option in election.options)
    for answer, people in election.groups():
        assert people > 0
        named = [answer] if isinstance(answer, str) else list(answer)
        flat = [key for item in named for key in (item if isinstance(item, list) else [item])]
        assert set(flat) <= known
        assert len(set(flat)) == len(flat)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_cut_short_anywhere_is_refused_or_still_adds_up(tmp_path: Path, name: str) -> None:
    content = FILES[name].encode()
    path = tmp_path / name
    for length in range(len(content)):
        path.write_bytes(content[:length])
        try:
            election = read(path)
        except FormatError:
            continue
        assert sum(ballot.multiplicity for ballot in election.ballots) == election.people
