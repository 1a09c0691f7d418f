"""Every way to tamper is found, with its place; and without its check it is not found."""

import struct
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from consult.counting import digest
from consult.counting.outcome import canonical_bytes
from consult.verifier import folkmoot_verify as verify
from events.log.append import Edge, append
from events.log.bundle import encode_bundle, parse_bundle
from events.log.entry import decode_entry, encode_entry
from tests.consult.verifier.verifier_logs import (
    BASKET,
    COUNTING,
    DAY,
    FORMED,
    LOG_KEY,
    MOMENT,
    ORDER,
    ORIGIN,
    OTHER_KEY,
    Vote,
    World,
    audited,
    faults,
    key_of,
    pseudonym,
    signed,
    story,
)

Files = dict[str, bytes]
BUNDLE, TILE = "tile/entries/000.p/{}", "tile/0/000.p/{}"


class Mutation(NamedTuple):
    """What is done, the step that finds it, what its place says, and the check to take away."""

    make: Callable[[], Files]
    step: str
    position: dict[str, Any]
    check: str


def of(world: World) -> Files:
    return world.files()


def flip(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def with_bundle(change: Callable[[list[bytes]], list[bytes]]) -> Files:
    """The bundle is changed and nothing else: what a careless forger does."""
    files = story().files()
    path = next(path for path in files if path.startswith("tile/entries/"))
    files[path] = encode_bundle(change(parse_bundle(files[path])))
    return files


def with_entry_flipped() -> Files:
    files = story().files()
    path = next(path for path in files if path.startswith("tile/entries/"))
    at = files[path].index(b'"ch":"web"') + 6
    files[path] = flip(files[path], at)
    return files


def with_tile_flipped() -> Files:
    files = story().files()
    path = next(path for path in files if path.startswith("tile/0/"))
    files[path] = flip(files[path], 32 * 5)
    return files


def with_high_tile_flipped() -> Files:
    files = story(300).files()
    files["tile/1/000.p/1"] = flip(files["tile/1/000.p/1"], 3)
    return files


def swapped(entries: list[bytes]) -> list[bytes]:
    entries[4], entries[7] = entries[7], entries[4]
    return entries


def under_old_signature() -> Files:
    """A ballot is appended after the closing, with all tiles, under the old checkpoint."""
    world = story()
    old = world.checkpoint()
    vote = world.votes[0]
    vote.ballot("late", pot=["P01"], order=["a"])
    files = world.files()
    size = len(world.entries) - 1
    files["checkpoint"] = old.replace(b"\n%d\n" % size, b"\n%d\n" % (size + 1), 1)
    return files


def after_closing() -> Files:
    world = story()
    world.votes[0].ballot("late", pot=["P01"], order=["a"])
    return of(world)


def before_opening() -> Files:
    world = World()
    vote = world.vote([BASKET, ORDER], COUNTING)
    vote.ballot("early", pot=["P01"], order=["a"])
    vote.open()
    return of(world)


def replayed() -> Files:
    def again(vote: Vote) -> None:
        vote.world.entries.append(vote.world.entries[3])

    return of(story(more=again))


def more_than_could() -> Files:
    def one_too_many(vote: Vote) -> None:
        vote.issue("first", 1)
        vote.issue("second", 1)
        vote.by_letter("ann", "bob", "ann", "eve")

    return of(story(more=one_too_many))


def issued_afterwards() -> Files:
    def afterwards(vote: Vote) -> None:
        vote.by_letter("ann")
        vote.issue("first", 100)

    return of(story(more=afterwards))


def with_lost_codes() -> Files:
    """Of two batches one is lost; more people come than the other has codes."""

    def lost(vote: Vote) -> None:
        vote.issue("lost", 5)
        vote.issue("kept", 1)
        vote.by_letter("ann")
        vote.official("codes_voided", batch="lost", reason="in the post")
        vote.by_letter("ann", "bob", "eve")

    return of(story(more=lost))


def issued_twice() -> Files:
    def twice(vote: Vote) -> None:
        vote.issue("first", 1)
        vote.issue("first", 9)

    return of(story(more=twice))


def of_another_origin() -> Files:
    world = story()
    files = world.files()
    edge, _ = world.tree()
    files["checkpoint"] = signed(edge, key_of("x", "elsewhere.example/log"))
    return files


def signed_by_another() -> Files:
    return story().files(OTHER_KEY)


def with_another_first_entry() -> Files:
    world = story()
    world.entries[0] = encode_entry({"t": "log.open", "v": 1, "origin": "elsewhere.example/log"})
    return of(world)


def opening(change: Callable[[list[bytes]], list[bytes]]) -> Files:
    world = story()
    id_ = world.votes[0].id
    world.openings[id_] = change(world.openings[id_])
    return of(world)


def false_opening(lines: list[bytes]) -> list[bytes]:
    lines[0] = lines[0].replace(b"P01", b"P03")
    return lines


def aside_and_closed() -> Files:
    """What was set aside is kept from whoever would count it."""
    world = story(more=lambda vote: vote.about("voided", "person 5", reason="not a resident"))
    vote = world.votes[0]
    world.openings[vote.id] = vote.opening_lines([*vote.standing])
    return of(world)


def with_surplus() -> Files:
    world = story()
    vote = world.votes[0]
    world.openings[vote.id] = vote.opening_lines([*vote.standing, "person 2"])
    return of(world)


def edited_result() -> Files:
    world = story()
    result = world.results[world.votes[0].id]["results"]["pot"]
    result["outcome"]["funded"] = ["P03"]
    result["result_digest"] = digest(result["outcome"])
    return of(world)


def sealed_false_result() -> Files:
    """The operator, who has the key, seals a false result and everything around it."""
    world = story()
    result = world.results[world.votes[0].id]["results"]["pot"]
    honest = result["result_digest"]
    result["outcome"]["funded"] = ["P03"]
    result["result_digest"] = digest(result["outcome"])
    for index, entry in enumerate(world.entries):
        world.entries[index] = entry.replace(honest.encode(), result["result_digest"].encode())
    return of(world)


def other_input() -> Files:
    world = story()
    result = world.results[world.votes[0].id]["results"]["order"]
    false = "sha256:" + "0" * 64
    for index, entry in enumerate(world.entries):
        honest = result["input_digest"].encode()
        world.entries[index] = entry.replace(honest, false.encode())
    result["input_digest"] = false
    return of(world)


def other_terms() -> Files:
    """Counted by another rule than was promised; the recount alone would not say which is right."""
    world = story()
    vote = world.votes[0]
    promised = vote.manifest
    vote.counting = {**COUNTING, "pot": {**COUNTING["pot"], "rule": "greedy-skip"}}
    vote.count()
    files = of(world)
    files[f"c/{vote.id}/manifest.json"] = promised
    return files


def other_manifest() -> Files:
    world = story()
    files = of(world)
    path = f"c/{world.votes[0].id}/manifest.json"
    files[path] = files[path].replace(b'"pot":900', b'"pot":901')
    return files


def strange_member() -> Files:
    world = story()
    world.entries[2] = encode_entry({**decode_entry(world.entries[2]), "name": "Ada"})
    return of(world)


def counted_too_many() -> Files:
    world = story()
    for index, entry in enumerate(world.entries):
        world.entries[index] = entry.replace(b'"ballots":11', b'"ballots":99')
    return of(world)


def closed_elsewhere() -> Files:
    """The sealed cut-off is not where the closing is: answers after it would count."""
    world = story()
    closed = world.votes[0].closed
    for index, entry in enumerate(world.entries):
        world.entries[index] = entry.replace(b'"cutoff":%d' % closed, b'"cutoff":%d' % (closed + 3))
    for result in world.results[world.votes[0].id]["results"].values():
        result["cutoff"] = closed + 3
    return of(world)


def cut_off_elsewhere() -> Files:
    world = story()
    world.results[world.votes[0].id]["results"]["pot"]["cutoff"] += 1
    return of(world)


def published_twice_differently() -> Files:
    world = story()
    world.votes[0].official("published", q="pot", result_digest="sha256:" + "1" * 64)
    return of(world)


MUTATIONS = {
    "a byte of an entry is flipped": Mutation(
        with_entry_flipped, "tree.leaves", {"entry": 2}, "Audit.check_leaves"
    ),
    "a byte of a tile is flipped": Mutation(
        with_tile_flipped,
        "tree.leaves",
        {"entry": 5, "tile": TILE.format(24)},
        "Audit.check_leaves",
    ),
    "a byte of a high tile is flipped": Mutation(
        with_high_tile_flipped,
        "tree.tiles",
        {"tile": "tile/1/000.p/1", "entry": 0},
        "Audit.check_tiles",
    ),
    "an entry is dropped": Mutation(
        lambda: with_bundle(lambda entries: entries[:6] + entries[7:]),
        "tree.entries",
        {"entry": 23, "tile": BUNDLE.format(24)},
        "Audit.check_frames",
    ),
    "two entries are swapped": Mutation(
        lambda: with_bundle(swapped), "tree.leaves", {"entry": 4}, "Audit.check_leaves"
    ),
    "an entry is added to a bundle": Mutation(
        lambda: with_bundle(lambda entries: [*entries, b"{}"]),
        "tree.entries",
        {"entry": 24, "tile": BUNDLE.format(24)},
        "Audit.check_frames",
    ),
    "an entry is added under an old signature": Mutation(
        under_old_signature, "checkpoint.signature", {"file": "checkpoint"}, "check_signature"
    ),
    "an answer is added after closing": Mutation(
        after_closing, "record.period", {"entry": 24}, "Record.check_period"
    ),
    "an answer is added before opening": Mutation(
        before_opening, "record.period", {"entry": 1}, "Record.check_period"
    ),
    "a version is replayed": Mutation(
        replayed, "record.order", {"entry": 18}, "Record.check_order"
    ),
    "more people answer than codes were issued": Mutation(
        more_than_could, "record.credentials", {"entry": 23}, "Record.check_credentials"
    ),
    "codes are issued after somebody answered with one": Mutation(
        issued_afterwards, "record.credentials", {"entry": 18}, "Record.check_credentials"
    ),
    "people answer with codes that were stopped": Mutation(
        with_lost_codes, "record.credentials", {"entry": 24}, "Record.check_credentials"
    ),
    "a batch of codes is issued again": Mutation(
        issued_twice, "record.credentials", {"entry": 19}, "Record.on_issued"
    ),
    "the checkpoint is of another log": Mutation(
        of_another_origin, "checkpoint.signature", {"file": "checkpoint"}, "check_signature"
    ),
    "the checkpoint is signed by another key": Mutation(
        signed_by_another, "checkpoint.signature", {"file": "checkpoint"}, "check_signature"
    ),
    "the log begins under another name": Mutation(
        with_another_first_entry, "record.origin", {"entry": 0}, "Record.check_origin"
    ),
    "an opening is missing": Mutation(
        lambda: opening(lambda lines: lines[:3] + lines[4:]),
        "answers",
        {"entry": 7},
        "Pack.check_missing",
    ),
    "the last opening is missing": Mutation(
        lambda: opening(lambda lines: lines[:-1]), "answers", {"entry": 14}, "Pack.check_missing"
    ),
    "a ballot that was set aside is not opened": Mutation(
        aside_and_closed, "answers", {"entry": 7}, "Pack.check_missing"
    ),
    "an opening is false": Mutation(
        lambda: opening(false_opening), "answers", {"entry": 2, "line": 1}, "Pack.check_opening"
    ),
    "an answer that was taken back is opened": Mutation(
        with_surplus, "answers", {"entry": 4, "line": 2}, "Pack.check_surplus"
    ),
    "the published result is edited": Mutation(
        edited_result, "result", {"entry": 19}, "Pack.check_sealed"
    ),
    "a false result is sealed": Mutation(
        sealed_false_result, "recount", {"entry": 19}, "Recount.compare"
    ),
    "other answers were counted": Mutation(
        other_input, "recount", {"entry": 20}, "Recount.compare"
    ),
    "another rule was applied than promised": Mutation(
        other_terms, "result", {"file": "result.json"}, "Pack.check_terms"
    ),
    "what was asked is changed": Mutation(
        other_manifest, "record.manifest", {"entry": 1}, "Pack.check_manifest"
    ),
    "an entry says more than it may": Mutation(
        strange_member, "record.form", {"entry": 2}, "Record.check_form"
    ),
    "more ballots are counted than stand": Mutation(
        counted_too_many, "record.life", {"entry": 19}, "Record.check_counted"
    ),
    "the sealed cut-off is not the closing": Mutation(
        closed_elsewhere, "record.life", {"entry": 19}, "Record.check_counted"
    ),
    "the published cut-off is edited": Mutation(
        cut_off_elsewhere, "result", {"entry": 19}, "Pack.check_sealed"
    ),
    "another result is published than counted": Mutation(
        published_twice_differently, "record.life", {"entry": 24}, "Record.on_published"
    ),
}


def nothing_is_checked(name: str) -> Callable[..., Any]:
    """A check that lets everything pass, and does what else the real one does."""
    real = eval(f"verify.{name}", {"verify": verify})  # noqa: S307  the name is from the list above
    if name == "Audit.check_frames":
        return lambda _self, data, *_: parse_bundle(data)
    if name in ("Record.check_order", "Record.check_form", "Pack.check_opening"):
        return lambda *_: True
    assert callable(real)
    return lambda *_args, **_more: None


@pytest.mark.parametrize("name", MUTATIONS)
def test_tampering_is_found_with_its_place(name):
    mutation = MUTATIONS[name]
    report = audited(mutation.make())
    assert report["exit"] == 1
    found = [position for step, position in faults(report) if step == mutation.step]
    assert any(mutation.position.items() <= position.items() for position in found), faults(report)


@pytest.mark.parametrize("name", MUTATIONS)
def test_without_its_check_the_tampering_is_not_found(name, monkeypatch):
    mutation = MUTATIONS[name]
    files = mutation.make()
    monkeypatch.setattr(
        f"consult.verifier.folkmoot_verify.{mutation.check}", nothing_is_checked(mutation.check)
    )
    found = [position for step, position in faults(audited(files)) if step == mutation.step]
    assert not any(mutation.position.items() <= position.items() for position in found)


def test_as_many_responses_as_codes_is_right_and_both_numbers_are_said():
    def everybody(vote: Vote) -> None:
        vote.issue("lost", 2)
        vote.by_letter("ann")
        vote.official("codes_voided", batch="lost", reason="in the post")
        vote.issue("again", 2)
        vote.by_letter("bob", "ann", "eve")
        vote.about("withdrawn", "eve")
        vote.by_letter("eve")

    report = audited(story(more=everybody).files())
    assert report["exit"] == 0
    reasons = {step["id"]: step["reason"] for step in report["steps"]}
    said = "3 answered by one-use codes by letter, 4 were issued"
    assert reasons["record.credentials"] == said


def test_an_untouched_log_holds_to_the_last_step():
    report = audited(story().files())
    assert report["exit"] == 0
    assert faults(report) == []


@pytest.mark.parametrize("size", [1, 255, 256, 257, 511, 512, 513])
def test_logs_of_sizes_around_a_tile_hold_and_break(size):
    world = World()
    while len(world.entries) < size:
        world.add(
            {
                "t": "partnership",
                "v": 1,
                "at": MOMENT,
                "role": "officer",
                "p": FORMED,
                "f": "f",
                "name": f"{len(world.entries)}",
            }
        )
    files = world.files()
    assert audited(files, "audit")["exit"] == 0
    for path in [path for path in files if path.startswith("tile/")]:
        broken = {**files, path: flip(files[path], len(files[path]) - 1)}
        report = audited(broken, "audit")
        assert report["exit"] == 1, path
        assert all(position for _, position in faults(report))


@pytest.mark.slow
def test_a_log_of_65_536_entries_has_full_tiles_on_two_levels():
    world = World()
    name = {"t": "partnership", "v": 1, "at": MOMENT, "role": "officer", "p": FORMED, "f": "f"}
    world.entries += [encode_entry({**name, "name": f"{n}"}) for n in range(65_535)]
    files = world.files()
    assert {"tile/1/000", "tile/2/000.p/1"} <= set(files)
    assert audited(files, "audit")["exit"] == 0
    broken = {**files, "tile/1/000": flip(files["tile/1/000"], 32 * 200)}
    [(step, position)] = [fault for fault in faults(audited(broken, "audit")) if fault[1]]
    assert (step, position) == ("tree.tiles", {"tile": "tile/1/000", "entry": 200 * 256})


def test_an_entry_of_the_largest_size_is_read_and_a_longer_one_cannot_be():
    world = World()
    world.entries.append(b"x" * 65_535)
    report = audited(world.files(), "audit")
    assert [step for step, _ in faults(report)] == ["record.form"]
    files = world.files()
    assert files["tile/entries/000.p/2"].endswith(struct.pack(">H", 65_535) + b"x" * 65_535)
    files["tile/entries/000.p/2"] += b"x"
    steps = [step for step, _ in faults(audited(files, "audit"))]
    assert steps == ["tree.entries", "record.form"]


def test_an_erased_answer_need_not_be_opened_and_then_the_recount_says_so():
    """The operator opened it before; after the erasure only the totals are left."""
    world = story()
    vote = world.votes[0]
    people = [person for person in vote.standing if person != "person 0"]
    world.openings[vote.id] = vote.opening_lines(people)
    report = audited(world.files())
    assert report["exit"] == 3
    reasons = {step["id"].split(".")[0]: step["reason"] for step in report["steps"]}
    assert "1 erased" in reasons["answers"]
    assert audited(world.files(), "audit")["exit"] == 0


def test_answers_only_for_the_auditor_are_restricted_and_not_called_checked():
    world = World()
    vote = world.vote([BASKET, ORDER], COUNTING, "auditor").open()
    vote.ballot("somebody", pot=["P01"], order=["a"])
    vote.close()
    vote.count()
    files = world.files()
    del files[f"c/{vote.id}/openings.ndjson"]
    report = audited(files, "audit")
    assert report["exit"] == 0
    assert [one["state"] for one in report["summary"]] == [
        "holds",
        "restricted",
        "holds",
        "not run",
    ]
    assert audited(files)["exit"] == 3


def test_missing_files_are_never_called_right():
    files = story().files()
    for path in files:
        report = audited({name: files[name] for name in files if name != path})
        assert report["exit"] in (1, 3), path


def variants_of(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["question"]: one["variants"] for one in report["recounts"]}


def test_a_ballot_set_aside_before_closing_is_counted_both_ways():
    world = story(more=lambda vote: vote.about("voided", "person 5", reason="not a resident"))
    report = audited(world.files())
    assert report["exit"] == 0
    both = variants_of(report)["order"]["with ballots voided before closing"]["outcome"]
    assert both["ballots"] == 11
    assert {one["outcome"]["ballots"] for one in report["recounts"]} == {10}


def test_a_ballot_set_aside_after_closing_is_counted_both_ways():
    world = story()
    world.votes[0].about("voided", "person 5", reason="not a resident")
    report = audited(world.files())
    assert report["exit"] == 0
    without = variants_of(report)["order"]["without ballots voided after closing"]["outcome"]
    assert without["ballots"] == 10
    assert {one["outcome"]["ballots"] for one in report["recounts"]} == {11}


def test_a_campaign_is_counted_with_and_without_even_when_it_is_found_after_closing():
    world = story()
    world.votes[0].about("campaign", "person 4", g="the same words")
    without = variants_of(audited(world.files()))["order"]["without campaigns"]["outcome"]
    assert without["ballots"] == 9


def test_grouping_a_ballot_with_a_campaign_does_not_bring_back_what_was_taken_back():
    world = story(
        more=lambda vote: vote.fact(
            "campaign", b=pseudonym("person 2"), s=vote.next_version("person 2"), d=DAY, g="alike"
        )
    )
    report = audited(world.files())
    assert report["exit"] == 0
    assert {one["outcome"]["ballots"] for one in report["recounts"]} == {11}


def test_a_set_aside_ballot_that_was_erased_is_missing_from_one_count_only_and_that_is_said():
    def more(vote: Vote) -> None:
        vote.about("voided", "person 5", reason="not a resident")
        vote.about("erased", "person 5")

    world = story(more=more)
    vote = world.votes[0]
    world.openings[vote.id] = vote.opening_lines([*vote.standing])
    report = audited(world.files())
    assert report["exit"] == 0
    said = [step["reason"] for step in report["steps"] if step["id"].startswith("variants")]
    assert all("1 voided ballots were erased" in reason for reason in said)


def test_a_newer_kind_of_entry_makes_the_audit_incomplete_not_wrong():
    world = story()
    world.add({"t": "something.new", "v": 1, "c": world.votes[0].id})
    assert audited(world.files())["exit"] == 3


def test_a_superseded_count_is_not_held_against_the_later_one():
    world = story()
    vote = world.votes[0]
    for question, result in world.results[vote.id]["results"].items():
        vote.official(
            "superseded", q=question, reason="a desk", result_digest=result["result_digest"]
        )
    vote.count()
    assert audited(world.files())["exit"] == 0


def test_the_helper_signs_as_the_log_does():
    edge = append(Edge(), [b"x"]).edge
    assert signed(edge, LOG_KEY).startswith(f"{ORIGIN}\n1\n".encode())
    assert pseudonym("a") != pseudonym("b")
    assert canonical_bytes({"b": 1, "a": 2}) == b'{"a":2,"b":1}'
