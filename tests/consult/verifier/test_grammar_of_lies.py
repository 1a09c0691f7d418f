"""Thousands of lies by somebody with the log's key, its database and its server: none holds.

Each is drawn from the grammar in `lies`, told about a small truthful log, and sealed anew with all
that follows from it; both verifiers judge it. `make lies` tells all of them, a run of the tests a
part, another one each day.
"""

import random
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.consult.verifier.lies import about_answers, about_entries, about_results
from tests.consult.verifier.lies.grammar import (
    AUDIT,
    CHECKPOINT,
    LIES,
    RECEIPT,
    RECOUNT,
    Lie,
    Unfit,
)
from tests.consult.verifier.lies.judging import Kept, report_of, second_verifier
from tests.consult.verifier.lies.telling import Fact, Told, sealed
from tests.consult.verifier.lies.truths import truth

GRAMMAR = (about_answers, about_entries, about_results)  # importing them registers their lies
SETS, EACH, TRUTHS = 40, 500, 120
"""So many sets, of so many lies each, about so many logs."""
TRIES_MAX = 400


@cache
def told_truly(seed: int) -> Told:
    return truth(seed)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """What people kept of each truthful log."""
    folder = tmp_path_factory.mktemp("kept")

    @cache
    def of(seed: int) -> Kept:
        return Kept(told_truly(seed), folder / str(seed))

    return of


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    with second_verifier(tmp_path_factory.mktemp("second")) as judge:
        yield judge


def told_of_some(chance: random.Random, lie: Lie) -> tuple[int, Told, Fact | None]:
    """The lie about one of the logs that have what it is about."""
    for _ in range(TRIES_MAX):
        seed = chance.randrange(TRUTHS)
        told = told_truly(seed).copy()
        try:
            return seed, told, lie.tell(chance, told)
        except Unfit:
            continue
    raise AssertionError(f"no log has what is needed for: {lie.name}")


def is_judged_alike(first: int, other: dict[str, list[str]]) -> bool:
    """Both say it is wrong, or the second says that it did not run what would have found it."""
    has_unknown = any("NOT RUN" in line for line in other["incomplete"])
    return bool(other["wrong"]) == (first == 1) or (has_unknown and first == 1)


@pytest.mark.parametrize("seed", range(TRUTHS))
def test_a_truthful_log_holds_with_everything_that_people_kept(seed, kept, second):
    told = told_truly(seed)
    files, mine = sealed(told), kept(seed)
    for words in (["audit", "LOG"], ["recount", "LOG"], mine.words(CHECKPOINT, None)):
        assert report_of(words, files).exit_code == 0, words
    judged = second(files)
    assert judged["wrong"] == []
    assert all("NOT RUN" in line for line in judged["incomplete"])
    for ballot in told.standing(told.of("closed")[0].document["c"]):
        assert report_of(mine.words(RECEIPT, ballot), files).exit_code == 0


@pytest.mark.in_turn
@pytest.mark.parametrize("number", range(SETS))
def test_no_lie_ends_in_holds_and_both_verifiers_agree(number, kept, second):
    chance = random.Random(f"lies {number}")
    names = sorted(LIES)
    for at in range(EACH):
        lie = LIES[names[at % len(names)] if at < 2 * len(names) else chance.choice(names)]
        seed, told, about = told_of_some(chance, lie)
        where = f"{lie.name} (set {number}, lie {at}, log {seed})"
        files = sealed(told)
        found = report_of(kept(seed).words(lie.found_by, about), files).exit_code
        assert found != 0, where
        public = report_of(["recount", "LOG"], files).exit_code
        assert is_judged_alike(public, second(files)), where


def test_of_each_kind_some_are_told_and_each_way_to_find_one_is_needed():
    assert len(LIES) >= 80
    ways = Counter(lie.found_by for lie in LIES.values())
    assert set(ways) == {AUDIT, RECOUNT, RECEIPT, CHECKPOINT}


NOT_PROVEN = {
    "history": ("the end of the log is cut off", "the terms, the questions or what came of it"),
    "people": ("people who do not exist", "who belongs to a campaign"),
    "receipts": ("are left out, are others", "by proving identity again"),
}
"""By family the words of the document for lies that only kept evidence shows."""


@pytest.mark.parametrize(
    "name", [name for name, lie in LIES.items() if lie.found_by in (RECEIPT, CHECKPOINT)]
)
def test_what_only_kept_evidence_shows_is_named_as_not_proven(name):
    """Without it nothing is proven wrong, and the document does not promise that."""
    _, told, _ = told_of_some(random.Random(name), LIES[name])
    assert report_of(["recount", "LOG"], sealed(told)).exit_code != 1
    document = (Path(__file__).parents[3] / "docs" / "log.md").read_text()
    listed = document.partition("### What nobody can prove from the log")[2].partition("\n## ")[0]
    assert all(words in listed for words in NOT_PROVEN[LIES[name].family])
