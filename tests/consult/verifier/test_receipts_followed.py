"""A receipt beside the log of today: what became of its answers, entry by entry."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from consult.verifier import folkmoot_verify as verify
from events.log.entry import decode_entry, encode_entry
from tests.consult.verifier.verifier_logs import (
    FORMED,
    LOG_KEY,
    Memory,
    Vote,
    World,
    private_half,
    revealed,
    story,
)

PERSON = "person 5"
"""Answers once in the story, at entry 7, and nothing happens to it there."""
PLACE = 7


@pytest.fixture
def follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Check a receipt of an early log against a later one; give the report."""

    def checked(
        world: World, *, receipt: bytes = b"", files: dict[str, bytes] | None = None, **more: bytes
    ) -> dict[str, Any]:
        served = world.files() if files is None else files
        monkeypatch.setattr(verify, "source_of", lambda _place: Memory(served))
        words = ["receipt", "r", "--log", "memory"]
        (tmp_path / "r").write_bytes(receipt or world.receipt(PLACE))
        for name, content in more.items():
            (tmp_path / name).write_bytes(content)
            words += [f"--{name}", str(tmp_path / name)]
        args = verify.parser().parse_args([*words[:1], str(tmp_path / "r"), *words[2:]])
        args.progress = False
        report = verify.Report("receipt", words)
        trust = verify.Trust()
        trust._add_log(verify.Key(LOG_KEY.verifier.vkey))
        verify.run_receipt(args, trust, report)
        return report.as_json()

    return checked


def step(report: dict[str, Any], id: str) -> dict[str, Any]:
    return next(one for one in report["steps"] if one["id"] == id)


def about(*kinds: str, closes: bool = True, vouches: str = "") -> World:
    """Something happens to the answers before the closing."""

    def more(vote: Vote) -> None:
        vote.vouches = vouches
        for kind in kinds:
            if kind == "ballot":
                vote.ballot(PERSON, order=["c"])
            else:
                vote.about(kind, PERSON, **MEMBERS.get(kind, {}))

    if closes:
        return story(more=more)
    world = story()
    world.entries = world.entries[: PLACE + 1]
    more(world.votes[0])
    return world


MEMBERS: dict[str, dict[str, str]] = {"voided": {"reason": "twice"}, "campaign": {"g": "alike"}}


def test_answers_that_nothing_happened_to_stand_and_count(follow):
    report = follow(story())
    assert report["exit"] == 0
    assert (
        "entry 7 stands, until the closing at entry 18, so they count"
        in step(report, "receipt.stands")["reason"]
    )
    assert report["summary"][1]["says"].startswith("2. The answers: they stand and count")


@pytest.mark.parametrize(
    ("kind", "words"),
    [("ballot", "replaced"), ("withdrawn", "taken back"), ("voided", "set aside")],
)
def test_what_was_done_to_them_before_the_closing_is_said_with_its_place(follow, kind, words):
    report = follow(about(kind))
    assert report["exit"] == verify.UNMET
    reason = step(report, "receipt.stands")["reason"]
    vouched = "" if kind == "voided" else " by whoever has their changing code"
    assert reason == f"{words} at entry 18{vouched}: this receipt is not the latest for them"
    says = report["summary"][1]["says"]
    told = f"{words} at entry 18{vouched}".upper()
    assert says.startswith(f"2. The answers: {told}. If that was not you")


def test_a_campaign_and_an_erasure_are_said_and_change_nothing(follow):
    report = follow(about("campaign", "erased"))
    assert report["exit"] == 0
    reason = step(report, "receipt.stands")["reason"]
    assert reason.endswith(
        "marked as part of a campaign, at entry 18; "
        "their words erased, at entry 19 by whoever has their changing code"
    )


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("identity", "proving identity again"),
        ("desk", "a desk"),
        ("operator", "the operator"),
    ],
)
@pytest.mark.parametrize("kind", ["ballot", "withdrawn"])
def test_a_change_that_no_holder_shows_says_that_only_the_operator_vouches(follow, kind, by, words):
    report = follow(about(kind, vouches=by))
    assert report["exit"] == verify.UNMET
    reason = step(report, "receipt.stands")["reason"]
    assert f"at entry 18 by {words}; only the operator vouches for it" in reason


@pytest.mark.parametrize("kind", ["ballot", "withdrawn", "erased"])
def test_a_change_that_is_said_to_be_its_holders_and_is_not_is_wrong(follow, kind):
    named = "replaced" if kind == "ballot" else kind
    world = about(kind)
    entry = decode_entry(world.entries[PLACE + 11])
    assert entry["t"] == kind
    for other in (revealed("somebody else", 1, named), revealed(PERSON, 2, named)):
        world.entries[PLACE + 11] = encode_entry(entry | {"hs": other})
        report = follow(world)
        assert report["exit"] == 1
        [finding] = step(report, "receipt.stands")["findings"]
        assert "does not show their secret" in finding["says"]


def test_one_secret_of_a_holder_does_not_do_for_another_wish(follow):
    """Who was asked to erase words has not been asked to take the answers back."""
    world = about("erased", "withdrawn")
    shown = decode_entry(world.entries[PLACE + 11])["hs"]
    taken = decode_entry(world.entries[PLACE + 12]) | {"hs": shown}
    world.entries[PLACE + 12] = encode_entry(taken)
    assert follow(world)["exit"] == 1


def test_what_happens_after_the_closing_does_not_take_them_out_of_the_count(follow):
    world = story()
    world.votes[0].about("voided", PERSON, reason="not a resident")
    report = follow(world)
    assert report["exit"] == 0
    assert "set aside after the closing" in step(report, "receipt.stands")["reason"]


def answered_late(world: World, others: int) -> int:
    """Somebody's answers stand in the end, some entries later; gives their place."""
    late = decode_entry(world.entries[PLACE]) | {"b": "A" * 22}
    for number in range(others):
        world.entries.append(encode_entry(late | {"c": FORMED, "s": number + 1}))
    world.entries.append(encode_entry(late))
    return len(world.entries) - 1


@pytest.mark.parametrize("others", [0, 300, 700])
def test_answers_after_the_closing_do_not_count_and_their_receipt_is_wrong(follow, others):
    world = story()
    place = answered_late(world, others)
    report = follow(world, receipt=world.receipt(place))
    assert report["exit"] == 1
    [finding] = step(report, "receipt.stands")["findings"]
    assert "stands after the closing at entry 18, so these answers do not count" in finding["says"]
    assert "THESE ANSWERS DO NOT COUNT" in report["summary"][1]["says"]


def test_answers_long_after_the_opening_of_what_is_open_still_stand(follow):
    world = about(closes=False)
    place = answered_late(world, 700)
    report = follow(world, receipt=world.receipt(place))
    assert (report["exit"], step(report, "receipt.stands")["state"]) == (0, "holds")


def test_answers_of_what_was_withdrawn_are_not_said_to_stand(follow):
    world = about(closes=False)
    receipt = world.receipt(PLACE)
    world.votes[0].official("stopped", reason={"en": "A mistake"})
    report = follow(world, receipt=receipt)
    assert report["exit"] == 4
    line = report["summary"][1]["says"]
    assert line == "2. The answers: the consultation was withdrawn at entry 8: these do not count."


def test_the_receipt_of_answers_that_replaced_others_is_that_of_what_stands(follow):
    world = about("ballot")
    report = follow(world, receipt=world.receipt(18))
    assert report["exit"] == 0
    assert step(report, "receipt.stands")["reason"].startswith("entry 18 stands")


def test_what_happens_to_others_is_nobodys_business_here(follow):
    world = story(more=lambda vote: vote.about("withdrawn", "person 4"))
    assert follow(world)["exit"] == 0


def test_before_the_closing_they_stand_as_of_what_was_signed(follow):
    report = follow(about(closes=False))
    assert step(report, "receipt.stands")["reason"] == "entry 7 stands, as of 8 entries"
    assert report["summary"][1]["says"].startswith("2. The answers: they stand;")


def test_with_the_private_half_it_says_that_these_are_they(follow):
    world = story()
    report = follow(world, private=private_half(world.votes[0], PERSON))
    assert report["exit"] == 0
    says = report["summary"][1]["says"]
    assert says.endswith(
        "stand and count; those in the private file are the ones that were sealed."
    )


def test_entries_that_do_not_lead_to_the_signed_root_say_nothing(follow):
    """The entry that takes the answers back is hidden from who asks."""
    world = about("withdrawn")
    files = world.files()
    [path] = [path for path in files if path.startswith("tile/entries/")]
    files[path] = files[path].replace(b'"t":"withdrawn"', b'"t":"with-drew"')
    report = follow(world, receipt=world.receipt(PLACE), files=files)
    assert report["exit"] == 1
    [finding] = step(report, "receipt.stands")["findings"]
    assert finding["says"] == "the entries from there on do not lead to the signed root"


@pytest.mark.parametrize("more", [231, 232, 233, 488, 489, 600])
def test_receipts_in_logs_around_whole_tiles_are_followed_to_the_root(follow, more):
    world = story()
    early = world.receipt(PLACE)
    for number in range(more):
        world.add(
            {
                "t": "partnership",
                "v": 1,
                "at": world.latest,
                "role": "officer",
                "p": FORMED,
                "f": "f",
                "name": str(number),
            }
        )
    vote = world.vote([], {}).open()
    late = vote.ballot("late", order=["a"])
    for receipt in (early, world.receipt(late)):
        report = follow(world, receipt=receipt)
        assert step(report, "receipt.stands")["state"] == "holds", report
    vote.about("withdrawn", "late")
    assert follow(world, receipt=world.receipt(late))["exit"] == verify.UNMET


def test_the_receipt_of_something_else_than_answers_is_not_followed(follow):
    world = story()
    report = follow(world, receipt=world.receipt(1))
    assert step(report, "receipt.stands")["state"] == "not run"
    assert report["exit"] == 3
