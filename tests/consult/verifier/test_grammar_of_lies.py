"""Thousands of lies by somebody with the log's key, its database and its server: none holds.

Each is drawn from the grammar in `lies`, told about a small truthful log, and sealed anew with all
that follows from it; both verifiers judge it. `make lies` tells all of them, a run of the tests a
part, another one each day.
"""

import random
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.consult.verifier.lies import about_answers, about_entries, about_results
from tests.consult.verifier.lies.grammar import (
    AUDIT,
    AUDITOR,
    CHECKPOINT,
    HOLDER,
    LIES,
    PROMISE,
    RECEIPT,
    RECOUNT,
    Lie,
    Unfit,
)
from tests.consult.verifier.lies.judging import Kept, report_of, second_verifier
from tests.consult.verifier.lies.telling import Fact, Told, sealed
from tests.consult.verifier.lies.truths import truth

GRAMMAR = (about_answers, about_entries, about_results)  # importing them registers their lies
SETS, EACH, EACH_IN_TURN, TRUTHS = 40, 500, 100, 120
DAMAGED_SETS = 6
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


@pytest.fixture
def each(pytestconfig):
    """How many of a set are told: all of them only where all tests are run."""
    return EACH if pytestconfig.option.every else EACH_IN_TURN


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


@pytest.mark.in_turn
@pytest.mark.parametrize("seed", range(TRUTHS))
def test_a_truthful_log_holds_with_everything_that_people_kept(seed, kept, second):
    told = told_truly(seed)
    files, mine = sealed(told), kept(seed)
    by_auditor = mine.words(AUDITOR, None, told)
    for words in (["audit", "LOG"], ["recount", "LOG"], mine.words(CHECKPOINT, None), by_auditor):
        assert report_of(words, files).exit_code == 0, words
    judged = second(files)
    assert judged["wrong"] == []
    assert all("NOT RUN" in line for line in judged["incomplete"])
    for ballot in told.standing(told.of("closed")[0].document["c"]):
        assert report_of(mine.words(HOLDER, ballot), files).exit_code == 0
        said = report_of(mine.words(PROMISE, ballot), files).exit_code
        assert said == (0 if told.of("promise_key") else 3), "a key that the log names signed it"
        assert second(files, mine.promise(ballot).read_bytes())["promise"] == "kept"


@pytest.mark.in_turn
@pytest.mark.parametrize("number", range(SETS))
def test_no_lie_ends_in_holds_and_both_verifiers_agree(number, each, kept, second):
    chance = random.Random(f"lies {number}")
    names = sorted(LIES)
    for at in range(each):
        told_each = at < each // len(names) * len(names)  # of each kind the same number first
        lie = LIES[names[at % len(names)] if told_each else chance.choice(names)]
        seed, told, about = told_of_some(chance, lie)
        where = f"{lie.name} (set {number}, lie {at}, log {seed})"
        files = sealed(told)
        found = report_of(kept(seed).words(lie.found_by, about, told), files).exit_code
        assert found != 0, where
        if lie.found_by == PROMISE:
            assert about is not None
            said = second(files, kept(seed).promise(about).read_bytes())["promise"]
            assert {"broken": 1, "not certain": 3, "kept": 0}[said] == found, where
        public = report_of(["recount", "LOG"], files).exit_code
        assert is_judged_alike(public, second(files)), where


@pytest.mark.in_turn
@pytest.mark.parametrize("number", range(DAMAGED_SETS))
def test_damage_to_any_served_file_is_found_by_both_verifiers(number, each, kept, second):
    chance = random.Random(f"damages {number}")
    for at in range(each):
        seed = chance.randrange(TRUTHS)
        told = told_truly(seed)
        files = sealed(told)
        path = chance.choice(sorted(files))
        files[path] = damaged(chance, files[path])
        where = f"{path} (set {number}, damage {at}, log {seed})"
        is_list = path.endswith("ballots.ndjson")  # of a tracker only an auditor knows whose it is
        words = kept(seed).words(AUDITOR, None, told) if is_list else ["audit", "LOG"]
        assert report_of(words, files).exit_code == 1, where
        assert is_list or second(files)["wrong"], where


def damaged(chance: random.Random, content: bytes) -> bytes:
    """One change of the bytes as they lie there."""
    at = chance.randrange(len(content) + 1)
    how = chance.choice(("flip", "flip", "cut", "insert", "append", "swap"))
    if how == "flip" and at < len(content):
        return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]
    if how == "cut" and at < len(content):
        return content[:at]
    if how == "swap" and at > 1 and content[at - 2] != content[at - 1]:
        return content[: at - 2] + content[at - 2 : at][::-1] + content[at:]
    return content[:at] + chance.randbytes(chance.randint(1, 40)) + content[at:]


def test_of_each_kind_some_are_told_and_each_way_to_find_one_is_needed():
    assert len(LIES) >= 80
    ways = Counter(lie.found_by for lie in LIES.values())
    assert set(ways) == {AUDIT, RECOUNT, RECEIPT, CHECKPOINT, AUDITOR, HOLDER, PROMISE}


KEPT = (AUDITOR, HOLDER, PROMISE, RECEIPT, CHECKPOINT)
NOT_PROVEN = {
    "list": ("a line of the list", "an auditor with the openings"),
    "history": ("the end of the log is cut off", "the terms, the questions or what came of it"),
    "people": ("people who do not exist", "who belongs to a campaign"),
    "promises": ("are left out, are others", "or the promise"),
    "receipts": ("are left out, are others", "by proving identity again"),
}
"""By family the words of the document for lies that only kept evidence shows."""


@pytest.mark.parametrize("name", [name for name, lie in LIES.items() if lie.found_by in KEPT])
def test_what_only_kept_evidence_shows_is_named_as_not_proven(name):
    """Without it nothing is proven wrong, and the document does not promise that."""
    _, told, _ = told_of_some(random.Random(name), LIES[name])
    assert report_of(["recount", "LOG"], sealed(told)).exit_code != 1
    document = (Path(__file__).parents[3] / "docs" / "log.md").read_text()
    listed = document.partition("### What nobody can prove from the log")[2].partition("\n## ")[0]
    assert all(words in listed for words in NOT_PROVEN[LIES[name].family])


def no_word(*_: object) -> None:
    return None


def yes(*_: object) -> bool:
    return True


CHECKS: dict[str, tuple[str, Callable[..., object]]] = {
    "an id in an entry that looks like another": ("_is_clear", yes),
    "an option that looks like another": ("Pack.check_ids", no_word),
    "closed early": ("Pack.check_closing", no_word),
    "more time after the time was up": ("Pack.check_extensions", lambda _, _step, ends: ends),
    "more time without a reason": ("Record.check_reason", no_word),
    "dated long before what stands before it": ("Record.check_time", no_word),
    "answered or taken back in a pause": ("Record.check_period", no_word),
    "something happens after it was stopped": ("Record.check_period", no_word),
    "a change with a secret that is not its holders": ("is_of_holder", yes),
    "a change for which nobody or two vouch": ("Record.check_vouched", no_word),
    "answers that nobody holds or a desk does": ("Record.check_has_holder", no_word),
    "a commitment is copied to somebody made up": ("Record.check_commitments", no_word),
    "words are copied": ("Record.note_words", no_word),
    "words for a question that takes none": ("Pack.check_written", no_word),
    "an entry in the middle is left out": ("Record.check_order", yes),
    "taken back or set aside twice": ("Record.check_stands", no_word),
    "a level that the terms do not name": ("Pack.check_level", no_word),
    "a campaign is marked after the count": ("Record.check_uncounted", no_word),
    "more letters answered than were issued": ("Record.check_credentials", no_word),
    "an opening is left out": ("Pack.check_missing", no_word),
    "an answer that nobody could give": ("check_answers", no_word),
    "a list with another line": ("Pack.check_list", no_word),
    "a result that is not the one sealed": ("Pack.check_sealed", no_word),
    "a result of a question that no rule counts": ("Pack.check_rule", no_word),
    "a false result is sealed": ("Recount.compare", no_word),
    "a lot that does not fit": ("Pack.check_unasked", no_word),
    "tallies that do not follow": ("Recount.compare_tallies", no_word),
    "a manifest that is not the one fixed": ("Pack.check_manifest", no_word),
    "ones own line is not there": ("After._listed", no_word),
    "the end of the log is cut off": ("check_kept", lambda *_: (None, [])),
}
"""By a kind of lie the check without which some of them are not found, and what replaces it."""
TOLD_TO_SEE = 60


@pytest.mark.parametrize("name", CHECKS)
def test_without_its_check_some_of_these_lies_come_through(name, kept, monkeypatch):
    lie, (check, instead) = LIES[name], CHECKS[name]
    chance = random.Random(f"without {name}")
    for _ in range(TOLD_TO_SEE):
        seed, told, about = told_of_some(chance, lie)
        files, words = sealed(told), kept(seed).words(lie.found_by, about, told)
        assert report_of(words, files).exit_code != 0
        with monkeypatch.context() as without:
            without.setattr(f"consult.verifier.folkmoot_verify.{check}", instead)
            if report_of(words, files).exit_code == 0:
                return
    raise AssertionError(f"found all the same without {check}: {name}")
