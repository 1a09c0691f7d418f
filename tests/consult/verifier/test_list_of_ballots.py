"""What anybody, the holder and an auditor can tell of the list of ballots."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from consult.verifier import folkmoot_verify as verify
from events.log.commitment import tracker_of
from tests.consult.verifier.verifier_logs import (
    BASKETS,
    LOG_KEY,
    ORDERS,
    Vote,
    World,
    audited,
    private_half,
    salt_of,
    states,
    story,
    write,
)

Lines = list[bytes]


def told(people: int = 12, more: Callable[[Vote], None] | None = None) -> World:
    return story(people, more=more, openings="trackers")


def openings(world: World, folder: Path) -> Path:
    """The auditor's copy, which is not served."""
    file = folder / "openings.ndjson"
    file.write_bytes(b"".join(world.votes[0].opening_lines()))
    return file


def recounted(world: World, openings: Path | None = None) -> dict:
    more = () if openings is None else ("--openings", str(openings))
    return audited(world.files(), "recount", None, *more)


def found(report: dict, step: str) -> list[str]:
    steps = [one for one in report["steps"] if one["id"].startswith(step)]
    return [finding["says"] for one in steps for finding in one["findings"]]


def crowd_set_aside(vote: Vote) -> None:
    for number in range(5):
        name = f"aside {number}"
        vote.ballot(name, pot=BASKETS[number], order=ORDERS[number])
        vote.about("voided", name, reason="lives elsewhere")


def crowd_of_a_campaign(vote: Vote) -> None:
    for number in range(5):
        name = f"campaign {number}"
        vote.ballot(name, pot=BASKETS[number], order=ORDERS[number])
        vote.about("campaign", name, g="the same words")


def alike(vote: Vote) -> None:
    vote.ballot("person 3", pot=["P02"], order=["c"])
    for number in range(9):
        name = f"campaign {number}"
        vote.ballot(name, pot=["P02"], order=ORDERS[number % 5])
        vote.about("campaign", name, g="the same words")


def test_everybody_recounts_from_the_list_and_is_told_what_that_does_not_prove() -> None:
    report = recounted(told())
    assert report["exit"] == 0, report["steps"]
    short = told().votes[0].id[:8]
    assert states(report)[f"answers.listed.{short}"] == "holds"
    assert states(report)[f"joined.{short}"] == "restricted"
    assert "only its holder and auditors can check" in report["summary"][1]["says"]
    assert "was sealed" not in report["summary"][1]["says"].partition(";")[0]


def test_an_auditor_with_the_openings_checks_every_line_both_ways(tmp_path: Path) -> None:
    world = told()
    report = recounted(world, openings(world, tmp_path))
    assert report["exit"] == 0, report["steps"]
    assert states(report)[f"joined.{world.votes[0].id[:8]}"] == "holds"
    assert "is the one that was sealed" in report["summary"][1]["says"]


def test_a_line_has_nothing_but_a_tracker_and_answers_in_an_order_that_tells_nothing() -> None:
    vote = told().votes[0]
    lines = [json.loads(line) for line in vote.listed()]
    assert {*map(frozenset, lines)} == {frozenset({"t", "x"})}
    trackers = [line["t"] for line in lines]
    assert trackers == sorted(trackers)
    mine = tracker_of(salt_of("person 5", 1))
    assert [line["x"] for line in lines if line["t"] == mine] == [
        '{"order":["a","b"],"pot":["P04"]}'
    ]


def changed(lines: Lines, at: int, **members: object) -> Lines:
    line = json.loads(lines[at]) | members
    made = json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    return sorted([*lines[:at], made, *lines[at + 1 :]], key=lambda one: json.loads(one)["t"])


LIES: dict[str, tuple[Callable[[Lines], Lines], str]] = {
    "a line is missing": (lambda lines: lines[:-2], "answers are listed, and 11 count"),
    "a line too many": (
        lambda lines: changed([*lines, lines[0]], 0, t="A" * 22),
        "answers are listed, and 11 count",
    ),
    "a tracker twice": (lambda lines: [lines[0], *lines], "a tracker is there twice"),
    "in the order of the entries": (lambda lines: lines[::-1], "not in its order"),
    "no tracker": (lambda lines: changed(lines, 0, t="A" * 21 + "B"), "the tracker is not one"),
    "a place": (lambda lines: changed(lines, 0, i=3), "the line is not one of ballots"),
    "an option that is none": (
        lambda lines: changed(lines, 0, x='{"pot":["P09"]}'),
        "what is chosen is not on the list",
    ),
    "few are marked": (lambda lines: changed(lines, 0, m="campaign"), "too few share that"),
    "nobody was set aside": (
        lambda lines: changed(lines, 0, m="voided"),
        "are marked as voided, and 0 are so in the log",
    ),
    "a mark of its own": (lambda lines: changed(lines, 0, m="desk"), "the mark is none"),
    "no end": (lambda lines: [*lines[:-1], lines[-1][:-1]], "the line does not end"),
}


@pytest.mark.parametrize("lie", LIES)
def test_everybody_finds_a_list_that_is_not_in_order(lie: str) -> None:
    world = told()
    tell, says = LIES[lie]
    id = world.votes[0].id
    world.openings[id] = tell(world.openings[id])
    report = recounted(world)
    assert report["exit"] == 1
    assert any(says in one for one in found(report, "answers.listed")), found(report, "answers")


def test_a_line_that_was_changed_is_found_by_the_result_and_by_the_auditor(tmp_path: Path) -> None:
    world = told()
    id = world.votes[0].id
    before = json.loads(world.openings[id][0])["x"]
    after = '{"order":["c"],"pot":["P01"]}'
    assert before != after
    world.openings[id] = changed(world.openings[id], 0, x=after)
    assert found(recounted(world), "recount")
    report = recounted(world, openings(world, tmp_path))
    assert found(report, "joined") == ["a line says something else than its answer"]


def test_answers_that_changed_places_are_found_by_the_auditor_alone(tmp_path: Path) -> None:
    world = told()
    id = world.votes[0].id
    lines = world.openings[id]
    first = json.loads(lines[0])["x"]
    at = next(n for n, line in enumerate(lines) if json.loads(line)["x"] != first)
    other = json.loads(lines[at])["x"]
    world.openings[id] = changed(changed(lines, 0, x=other), at, x=first)
    assert recounted(world)["exit"] == 0
    report = recounted(world, openings(world, tmp_path))
    assert found(report, "joined") == ["a line says something else than its answer"] * 2


def test_a_line_of_nobody_in_the_place_of_somebodys_is_found_by_the_auditor(tmp_path: Path) -> None:
    world = told()
    id = world.votes[0].id
    world.openings[id] = changed(world.openings[id], 3, t="A" * 22)
    assert recounted(world)["exit"] == 0
    report = recounted(world, openings(world, tmp_path))
    assert sorted(found(report, "joined")) == [
        "a line is of no answer that counts",
        "an answer that was sealed has no line in the list",
    ]


@pytest.mark.parametrize(
    ("more", "mark", "words"),
    [
        (crowd_set_aside, "voided", "with ballots voided before closing"),
        (crowd_of_a_campaign, "campaign", "without campaigns"),
    ],
)
def test_five_who_share_a_mark_carry_it_and_everybody_counts_with_and_without(
    more: Callable[[Vote], None], mark: str, words: str, tmp_path: Path
) -> None:
    world = told(more=more)
    lines = [json.loads(line) for line in world.openings[world.votes[0].id]]
    assert sum(line.get("m") == mark for line in lines) >= 5
    report = recounted(world)
    assert report["exit"] == 0, report["steps"]
    assert all(words in one["variants"] for one in report["recounts"])
    assert recounted(world, openings(world, tmp_path))["exit"] == 0


@pytest.mark.parametrize("more", [None, alike], ids=["few", "all alike"])
def test_a_mark_that_would_tell_of_few_or_that_all_answer_alike_is_left_out_and_said(
    more: Callable[[Vote], None] | None, tmp_path: Path
) -> None:
    world = told(more=more)
    assert not any(b'"m"' in line for line in world.openings[world.votes[0].id])
    report = recounted(world)
    assert report["exit"] == 0
    [step] = [one for one in report["steps"] if one["id"].startswith("hidden")]
    assert (step["state"], "without campaigns" in step["reason"]) == ("not due", True)
    variants = [one for one in report["steps"] if one["id"].startswith("variants")]
    assert {one["reason"] for one in variants} == {"the list marks nothing"}
    report = recounted(world, openings(world, tmp_path))
    assert report["exit"] == 0, report["steps"]
    assert all("without campaigns" in one["variants"] for one in report["recounts"])


def test_few_who_were_set_aside_are_not_listed_and_an_auditor_counts_them(tmp_path: Path) -> None:
    world = told(more=lambda vote: vote.about("voided", "person 4", reason="lives elsewhere"))
    assert len(world.openings[world.votes[0].id]) == 10
    report = recounted(world)
    assert report["exit"] == 0, report["steps"]
    [step] = [one for one in report["steps"] if one["id"].startswith("hidden")]
    assert "with what was set aside before closing: 1 response" in step["reason"]
    report = recounted(world, openings(world, tmp_path))
    assert report["exit"] == 0
    assert all(
        "with ballots voided before closing" in one["variants"] for one in report["recounts"]
    )


def test_marks_that_were_left_out_against_the_rule_are_found_by_the_auditor(tmp_path: Path) -> None:
    world = told(more=crowd_of_a_campaign)
    id = world.votes[0].id
    world.openings[id] = [line.replace(b'"m":"campaign",', b"") for line in world.openings[id]]
    assert found(recounted(world, openings(world, tmp_path)), "joined")


def test_who_was_erased_may_be_missing_and_the_recount_says_so() -> None:
    world = told()
    id = world.votes[0].id
    mine = tracker_of(salt_of("person 0", 1)).encode()
    world.openings[id] = [line for line in world.openings[id] if mine not in line]
    report = recounted(world)
    assert report["exit"] == 3
    assert "1 erased and not in it" in str(report["steps"])


def test_openings_beside_their_entries_are_never_served_where_ballots_are_listed() -> None:
    world = told()
    vote = world.votes[0]
    files = world.files() | {f"c/{vote.id}/openings.ndjson": b"".join(vote.opening_lines())}
    report = audited(files)
    assert found(report, "result.served") == [
        "answers are opened beside their entries, against the terms"
    ]


# -- the holder's own line --


def receipt(world: World, folder: Path, person: str) -> dict:
    vote = world.votes[0]
    place = write(folder / "log", world.files())
    (folder / "key").write_text(LOG_KEY.verifier.vkey)
    (folder / "r.tlog-proof").write_bytes(world.receipt(vote.given[person][0]))
    (folder / "r.private.json").write_bytes(private_half(vote, person))
    report = verify.Report("receipt", ["receipt"])
    words = ["receipt", str(folder / "r.tlog-proof"), "--key", str(folder / "key")]
    words += ["--private", str(folder / "r.private.json"), "--log", str(place)]
    args = verify.parser().parse_args(words)
    args.progress = False
    verify.COMMANDS["receipt"](args, verify.Trust.read(args.key, None), report)
    return report.as_json()


def test_the_holder_finds_their_line_and_that_it_says_what_was_sealed(tmp_path: Path) -> None:
    report = receipt(told(), tmp_path, "person 5")
    assert report["exit"] == 0, report["steps"]
    assert states(report)["receipt.listed"] == "holds"
    assert "are in the list of ballots" in report["summary"][1]["says"]


def test_a_line_that_says_something_else_than_its_holder_sealed_is_proven_wrong(
    tmp_path: Path,
) -> None:
    world = told()
    id = world.votes[0].id
    mine = tracker_of(salt_of("person 5", 1)).encode()
    [at] = [n for n, line in enumerate(world.openings[id]) if mine in line]
    world.openings[id] = changed(world.openings[id], at, x='{"pot":["P01"]}')
    report = receipt(world, tmp_path, "person 5")
    assert report["exit"] == 1
    assert "DOES NOT HAVE THESE ANSWERS" in report["summary"][1]["says"]


def test_answers_that_count_and_have_no_line_are_proven_wrong_unless_they_were_erased(
    tmp_path: Path,
) -> None:
    world = told()
    world.openings[world.votes[0].id] = []
    assert receipt(world, tmp_path / "a", "person 5")["exit"] == 1
    erased = receipt(world, tmp_path / "b", "person 0")
    assert states(erased)["receipt.listed"] == "not run"


@pytest.mark.parametrize(("terms", "code"), [("trackers", 3), ("auditor", 0)])
def test_a_list_that_is_not_there_is_missed_where_the_terms_promise_it(
    terms: str, code: int, tmp_path: Path
) -> None:
    world = story(openings=terms)
    world.openings.clear()
    report = receipt(world, tmp_path, "person 5")
    assert report["exit"] == code
    assert states(report)["receipt.listed"] == ("not run" if code else "restricted")


def test_before_the_closing_the_holder_is_told_under_what_to_look(tmp_path: Path) -> None:
    world = World()
    questions = told().votes[0]
    vote = world.vote(questions.questions, questions.counting, "trackers").open()
    vote.ballot("Ada", pot=["P01"], order=["a"])
    report = receipt(world, tmp_path, "Ada")
    assert report["exit"] == 0, report["steps"]
    assert "receipt.listed" not in states(report)
    [private] = [one for one in report["steps"] if one["id"] == "receipt.private"]
    assert tracker_of(salt_of("Ada", 1)) in private["reason"]
