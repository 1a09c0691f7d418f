"""Writing votes: Pabulib that reads back as the same, CSV no spreadsheet computes, JSON."""

import dataclasses
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.formats import (
    Ballot,
    CannotWrite,
    DeclaredRule,
    Election,
    FileOption,
    read,
    write_csv,
    write_json,
    write_pabulib,
)
from tests.consult.formats.vote_files import (
    PABULIB,
    POINTS_PABULIB,
    RANKED_PABULIB,
    STRICT_ORDERS,
    Write,
)


def facts(election: Election) -> dict[str, Any]:
    """Every field, the ballots as a list."""
    values = {field.name: getattr(election, field.name) for field in dataclasses.fields(election)}
    return values | {"ballots": list(election.ballots)}


def written_and_read(election: Election, place: Path, name: str = "written.pb") -> Election:
    path = place / name
    with path.open("w", encoding="utf-8", newline="") as file:
        write_pabulib(election, file)
    return read(path)


EXCLUSIVE = PABULIB.replace(
    "rule;greedy", "rule;greedy-exclusive\ncomment;#1: Projects p1 and p2 are mutually exclusive."
)


@pytest.mark.parametrize(
    "text",
    [
        PABULIB,
        POINTS_PABULIB,
        RANKED_PABULIB,
        EXCLUSIVE,
        PABULIB.replace("budget;1000", "budget;1000.36"),
        PABULIB.replace("rule;greedy", "rule;greedy-threshold\nmin_project_score_threshold;2"),
        POINTS_PABULIB.replace("cumulative", "scoring"),
    ],
)
def test_a_file_read_and_written_reads_the_same(saved: Write, tmp_path: Path, text: str) -> None:
    election = read(saved("first.pb", text))
    titled = dataclasses.replace(election, title="")
    again = dataclasses.replace(written_and_read(election, tmp_path), title="")
    before, after = facts(titled), facts(again)
    before["meta"], after["meta"] = _without_counts(before["meta"]), _without_counts(after["meta"])
    assert after == before


def _without_counts(meta: dict[str, str]) -> dict[str, str]:
    """META without what the writer adds to a file that does not say it."""
    added = ("num_projects", "num_votes", "rule", "description")
    return {key: value for key, value in meta.items() if key not in added}


def test_personal_columns_are_not_written(saved: Write) -> None:
    file = io.StringIO()
    write_pabulib(read(saved("green.pb", PABULIB)), file)
    text = file.getvalue()
    assert "voter_id;vote;voting_method\na;p1,p2;internet\n" in text
    assert not {"33", "71", "19", "F", "M", "age", "sex"} & set(re.split("[;\n]", text))
    assert '"Benches; and a ""talking"" table"' in text


def test_an_election_of_our_own_gets_a_complete_heading(tmp_path: Path) -> None:
    election = budget_election(
        rule=DeclaredRule(None, "greedy-skip", {"threshold": "2"}),
        options=(
            FileOption("a", "A", cost=5, group="pair"),
            FileOption("b", "B", cost=4, group="pair"),
        ),
        ballots=(Ballot(["a"], 2), Ballot(["a", "b"], 1, None, "paper")),
        people=3,
    )
    again = written_and_read(election, tmp_path)
    assert again.meta["rule"] == "greedy-exclusive"
    assert again.rule == DeclaredRule("greedy-exclusive", "greedy-skip", {"threshold": "2"})
    assert [option.group for option in again.options] == ["a+b", "a+b"]
    assert [ballot.voter for ballot in again.ballots] == ["1", "2", "3"]
    assert again.warnings == ()
    assert again.groups() == election.groups()


@pytest.mark.parametrize(
    ("rule", "stated"),
    [
        (DeclaredRule(None, "greedy-stop"), "greedy-no-skip"),
        (DeclaredRule(None, "greedy-skip"), "greedy"),
        (DeclaredRule("greedy-custom", "greedy-skip"), "greedy-custom"),
        (DeclaredRule(None, "greedy-skip", {"threshold": "3"}), "greedy-threshold"),
        (DeclaredRule(None, "equal-shares"), "equalshares/add1"),
        (DeclaredRule(None, "equal-shares", {"step": "0"}), "equalshares"),
        (DeclaredRule("greedy", "phragmen"), "unknown"),
    ],
)
def test_our_rules_have_pabulib_names(tmp_path: Path, rule: DeclaredRule, stated: str) -> None:
    assert written_and_read(budget_election(rule=rule), tmp_path).meta["rule"] == stated


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"pot": None}, "needs a budget"),
        ({"options": (FileOption("a", "A"),)}, "cost for every project"),
        ({"options": (FileOption("a,b", "A", cost=1),)}, "comma"),
        ({"kind": "text"}, "kind text"),
        ({"kind": "ranking", "ballots": (Ballot([["a", "b"]]),)}, "equally"),
    ],
)
def test_what_pabulib_cannot_say_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(CannotWrite, match=reason):
        write_pabulib(budget_election(**change), io.StringIO())


def budget_election(**changes: Any) -> Election:
    """Two projects and one ballot."""
    plain = Election(
        title="A pot",
        kind="approval",
        options=(FileOption("a", "A", cost=5), FileOption("b", "B", cost=4)),
        ballots=(Ballot(["a"]),),
        people=1,
        rule=DeclaredRule(None, "greedy-skip"),
        pot=9,
    )
    return dataclasses.replace(plain, **changes)


words = st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=' ;,"'), max_size=20
).map(str.strip)
ids = st.text(
    st.characters(categories=("L", "N"), include_characters="./-_"), min_size=1, max_size=8
)


@st.composite
def elections(draw: st.DrawFn) -> Election:
    """Budgets with any names and ballots of every kind Pabulib has."""
    kind = draw(st.sampled_from(["approval", "single", "ranking", "points"]))
    scale = draw(st.sampled_from([1, 100]))
    keys = draw(st.lists(ids, min_size=1, max_size=6, unique_by=str.lower))
    keys = [key for key in keys if key.lower() not in ("meta", "projects", "votes", "voter_id")]
    options = tuple(
        FileOption(key, draw(words) or key, draw(words), cost=draw(st.integers(0, 10**9)))
        for key in keys or ["x"]
    )
    names = st.sampled_from([option.id for option in options])
    answers = {
        "single": names,
        "approval": st.lists(names, unique=True).map(sorted),
        "ranking": st.lists(names, unique=True),
        "points": st.dictionaries(names, st.integers(1, 99)),
    }[kind]
    channel = st.sampled_from([None, "online", "paper"])
    rows = draw(st.lists(st.tuples(answers, channel), min_size=1, max_size=12))
    ballots = tuple(Ballot(row[0], 1, f"v{at}", row[1]) for at, row in enumerate(rows))
    pot = draw(st.integers(0, 10**9)) * scale + scale // 100  # hundredths show in the pot
    return budget_election(
        kind=kind, options=options, ballots=ballots, people=len(ballots), pot=pot, unit_scale=scale
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(election=elections())
def test_any_budget_survives_writing_and_reading(tmp_path: Path, election: Election) -> None:
    again = written_and_read(election, tmp_path)
    for name in ("kind", "options", "people", "pot", "unit_scale"):
        assert getattr(again, name) == getattr(election, name), name
    assert list(again.ballots) == list(election.ballots)
    assert facts(written_and_read(again, tmp_path, "again.pb")) == facts(again)


def test_csv_has_a_row_for_each_ballot_and_a_column_for_each_option(saved: Write) -> None:
    file = io.StringIO(newline="")
    write_csv(read(saved("bridges.soi", STRICT_ORDERS)), file)
    rows = file.getvalue().removeprefix("\ufeff").split("\r\n")
    assert rows[0] == "ballot,channel,1: Mill bridge,2: Lock bridge,3: Long bridge"
    assert rows[1:4] == ["1,,2,1,", "2,,2,1,", "3,,2,1,"]
    assert rows[6] == "6,,1,3,2"


def test_csv_gives_shared_ranks_the_same_place() -> None:
    options = tuple(FileOption(key, key) for key in "abc")
    ballots = (Ballot([["a", "b"], "c"]),)
    file = io.StringIO()
    write_csv(budget_election(kind="ranking", options=options, ballots=ballots), file)
    assert file.getvalue().splitlines()[1] == "1,,1,1,3"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_cells_are_never_formulas(start: str) -> None:
    options = (FileOption(f"{start}cmd", "A", cost=1),)
    ballots = (Ballot([f"{start}cmd"], 1, f"{start}SUM(A1)"),)
    file = io.StringIO(newline="")
    write_csv(budget_election(options=options, ballots=ballots), file)
    assert f"'{start}cmd: A" in file.getvalue()
    assert f"'{start}SUM(A1)" in file.getvalue()


def test_json_is_the_same_for_the_same_votes_in_another_order(saved: Write) -> None:
    lines = PABULIB.splitlines(keepends=True)
    other = "".join([*lines[:-4], *reversed(lines[-4:])])
    texts = []
    for text in (PABULIB, other):
        file = io.StringIO()
        write_json(read(saved("green.pb", text)), file)
        texts.append(file.getvalue())
    assert texts[0] == texts[1]
    document = json.loads(texts[0])
    assert document["groups"] == [[["p1", "p2"], 1], [["p1", "p3"], 1], [["p1"], 1], [["p2"], 1]]
    assert (document["pot"], document["kind"]) == (1000, "approval")
