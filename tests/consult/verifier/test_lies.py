"""Lies of somebody with the log's key, its database and its server: each is found, with its place.

Each is sealed anew with valid tiles and a valid signature, and without its check it ends in
"holds", so that the check is what finds it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import pytest

from events.log.encoding import to_base64url
from events.log.entry import decode_entry, encode_entry
from tests.consult.verifier.verifier_logs import (
    BASKET,
    CLOSES,
    COUNTING,
    MOMENT,
    ORDER,
    Vote,
    World,
    audited,
    faults,
    option,
    revealed,
    story,
    terms,
)

Files = dict[str, bytes]
BEFORE, AFTER = "2026-11-15", "2026-11-17"


class Lie(NamedTuple):
    """What is sealed, the step that finds it, and the check without which it is not found."""

    make: Callable[[], Files]
    step: str
    check: str


def told(more: Callable[[Vote], None]) -> Files:
    """A whole consultation in which something more happened before the closing."""
    return story(more=more).files()


def afterwards(more: Callable[[Vote], object]) -> Files:
    """A whole consultation after which something more happened."""
    world = story()
    more(world.votes[0])
    return world.files()


def with_entry(kind: str, **members: Any) -> Files:
    """The first entry of a kind says something else."""
    world = story()
    at = next(n for n, one in enumerate(world.entries) if decode_entry(one)["t"] == kind)
    world.entries[at] = encode_entry(decode_entry(world.entries[at]) | members)
    return world.files()


def without_entries(*kinds: str) -> Files:
    """Entries are left out, and what they said is served all the same."""
    world = story()
    world.entries = [one for one in world.entries if decode_entry(one)["t"] not in kinds]
    return world.files()


def answered(question: dict[str, Any], answer: Any, **terms: Any) -> Files:
    """One person answers a question, and the consultation closes."""
    world = World()
    vote = world.vote([question], {})
    vote.more_terms = terms
    vote.open().ballot("ann", **{question["id"]: answer})
    vote.close()
    return world.files()


def asked(kind: str, **members: Any) -> dict[str, Any]:
    options = [option("a", 10), option("b", 20), option("c", 30)]
    return {
        "id": "q",
        "kind": kind,
        "title": {"en": "Q"},
        "pot": None,
        "options": options,
    } | members


def extended(**members: Any) -> Files:
    later = {"closes_at": "2026-11-16T09:01:01Z", "reason": {"en": "Snow"}}
    return told(lambda vote: vote.official("extended", **(later | members)))


def on(day: str, kind: str = "ballot") -> Files:
    """Somebody answers, or takes the answers back, on another day than the others."""

    def more(vote: Vote) -> None:
        if kind == "ballot":
            vote.ballot("late", order=["a"])
        else:
            vote.about(kind, "person 5")
        vote.world.entries[-1] = encode_entry(decode_entry(vote.world.entries[-1]) | {"d": day})

    return told(more)


def copied() -> Files:
    """The sealed answers of one person are put in again under a name that was made up."""

    def more(vote: Vote) -> None:
        vote.ballot("made up", order=["a"])
        mine = decode_entry(vote.world.entries[2])
        theirs = decode_entry(vote.world.entries[-1]) | {"cm": mine["cm"]}
        vote.world.entries[-1] = encode_entry(theirs)

    return told(more)


def at_another_level() -> Files:
    def more(vote: Vote) -> None:
        vote.assurance = "open"
        vote.ballot("anybody", order=["a"])

    return told(more)


def counted_twice() -> Files:
    world = story()
    vote = world.votes[0]
    again = [one for one in world.entries if decode_entry(one)["t"] == "counted"]
    world.entries += again
    assert vote.closed
    return world.files()


def superseded(reason: str) -> Files:
    world = story()
    vote = world.votes[0]
    for question, result in world.results[vote.id]["results"].items():
        digest = result["result_digest"]
        vote.official("superseded", q=question, reason=reason, result_digest=digest)
    vote.count()
    return world.files()


def stopped_late() -> Files:
    world = World()
    vote = world.vote([BASKET, ORDER], COUNTING).open()
    vote.ballot("ann", pot=["P01"], order=["a"])
    vote.close()
    vote.official("stopped", reason={"en": "It did not come out as it should"})
    return world.files()


def with_tallies() -> Files:
    files = story().files()
    path = next(name for name in files if name.endswith("manifest.json"))
    return {**files, path.replace("manifest", "tallies"): b"{}"}


def changed(kind: str, **members: Any) -> Files:
    """An operator changes somebody's answers, and says who vouches for it. None: leaves it out."""

    def more(vote: Vote) -> None:
        if kind == "ballot":
            vote.ballot("person 5", order=["a"])
        else:
            vote.about(kind, "person 5")
        mine = {**decode_entry(vote.world.entries[-1]), **members}
        kept = {name: value for name, value in mine.items() if value is not None}
        vote.world.entries[-1] = encode_entry(kept)

    return told(more)


def secret_again(first: str, kind: str) -> Files:
    """What a holder revealed for one wish is used by somebody else for another."""

    def more(vote: Vote) -> None:
        vote.about(first, "person 5")
        shown = decode_entry(vote.world.entries[-1])["hs"]
        if kind == "ballot":
            vote.ballot("person 5", order=["a"])
        else:
            vote.about(kind, "person 5")
        mine = decode_entry(vote.world.entries[-1]) | {"hs": shown}
        vote.world.entries[-1] = encode_entry(mine)

    return told(more)


def without_holder() -> Files:
    """Answers whose sender has nothing to show that somebody else changed them."""

    def more(vote: Vote) -> None:
        vote.ballot("late", order=["a"])
        mine = decode_entry(vote.world.entries[-1])
        del mine["h"]
        vote.world.entries[-1] = encode_entry(mine)

    return told(more)


def first_vouched() -> Files:
    def more(vote: Vote) -> None:
        vote.ballot("late", order=["a"])
        mine = decode_entry(vote.world.entries[-1]) | {"by": "identity"}
        vote.world.entries[-1] = encode_entry(mine)

    return told(more)


def _vouching() -> dict[str, "Lie"]:
    """Changes that an operator makes who has not the secret of whoever holds the answers."""
    found = {}
    for kind, named in (("ballot", "replaced"), ("withdrawn", "withdrawn"), ("erased", "erased")):
        others = {
            "of somebody else": revealed("person 6", 1, named),
            "of a later version": revealed("person 5", 2, named),
            "that was made up": to_base64url(bytes(96)),
        }
        for what, shown in others.items():
            found[f"{named} with a holder's secret {what}"] = Lie(
                partial(changed, kind, hs=shown), "record.holders", "is_of_holder"
            )
        found[f"{named}, and nothing says who vouches"] = Lie(
            partial(changed, kind, hs=None), "record.holders", "Record.check_vouched"
        )
        found[f"{named}, and two are said to vouch"] = Lie(
            partial(changed, kind, by="operator" if kind == "erased" else "identity"),
            "record.holders",
            "Record.check_vouched",
        )
    return found


LIES = {
    **_vouching(),
    "the secret of an erasure takes the answers back": Lie(
        lambda: secret_again("erased", "withdrawn"), "record.holders", "is_of_holder"
    ),
    "the secret of taking back sends other answers": Lie(
        lambda: secret_again("withdrawn", "ballot"), "record.holders", "is_of_holder"
    ),
    "a change at a desk that no desk made": Lie(
        lambda: changed("ballot", hs=None, by="desk"), "record.holders", "Record.check_vouched"
    ),
    "answers that nobody holds": Lie(without_holder, "record.holders", "Record.check_has_holder"),
    "first answers that are said to replace some": Lie(
        first_vouched, "record.holders", "Record.check_vouched"
    ),
    "a moment that no calendar has": Lie(
        lambda: with_entry("closed", at="2026-11-31T09:02:00Z"), "record.form", "_is_moment"
    ),
    "a day that no calendar has": Lie(lambda: on("2026-11-31"), "record.form", "_is_day"),
    "a pseudonym that is a name": Lie(
        lambda: with_entry("ballot", b="Ann of the High Street"[:22]), "record.form", "_is"
    ),
    "an entry dated long before what stands before it": Lie(
        lambda: afterwards(lambda vote: vote.fact("key_destroyed", at="2026-11-16T05:00:00Z")),
        "record.times",
        "Record.check_time",
    ),
    "answered before it opened": Lie(lambda: on(BEFORE), "record.promised", "Pack.check_days"),
    "answered after it closed": Lie(lambda: on(AFTER), "record.promised", "Pack.check_days"),
    "taken back after it closed": Lie(
        lambda: on(AFTER, "withdrawn"), "record.promised", "Pack.check_days"
    ),
    "the key is destroyed before the closing": Lie(
        lambda: told(lambda vote: vote.fact("key_destroyed", at=MOMENT)),
        "record.life",
        "Record.check_unlinked",
    ),
    "closed early": Lie(
        lambda: with_entry("closed", at="2026-11-16T09:00:59Z"),
        "record.promised",
        "Pack.check_closing",
    ),
    "the closing time is moved, and not later": Lie(
        lambda: extended(closes_at=CLOSES), "record.promised", "Pack.check_extensions"
    ),
    "more time is given after the time was up": Lie(
        lambda: extended(at=CLOSES), "record.promised", "Pack.check_extensions"
    ),
    "more time without a reason": Lie(
        lambda: extended(reason={"en": " "}), "record.life", "Record.check_reason"
    ),
    "stopped after its result": Lie(
        lambda: afterwards(lambda vote: vote.official("stopped", reason={"en": "No"})),
        "record.life",
        "Record.on_stopped",
    ),
    "stopped after it closed, so that there is no result": Lie(
        stopped_late, "record.promised", "Pack.check_stop"
    ),
    "counted again without saying why": Lie(counted_twice, "record.life", "Record.check_first"),
    "superseded without a reason": Lie(
        lambda: superseded(" "), "record.life", "Record.check_reason"
    ),
    "a result is served and not its publication": Lie(
        lambda: without_entries("published"), "result", "Pack._served"
    ),
    "a result is served and neither count nor closing": Lie(
        lambda: without_entries("closed", "counted", "published"), "result", "Pack._served"
    ),
    "tallies are served and not their publication": Lie(with_tallies, "result", "Pack._served"),
    "the sealed answers of somebody are copied": Lie(
        copied, "record.order", "Record.check_commitments"
    ),
    "somebody answers in a way that the terms do not name": Lie(
        at_another_level, "record.levels", "Pack.check_level"
    ),
    "an answer to a question that nobody asked": Lie(
        lambda: told(lambda vote: vote.ballot("x", order=["a"], more=["a"])),
        "answers",
        "check_answers",
    ),
    "an option that is not on the list": Lie(
        lambda: answered(asked("several"), ["a", "\u0430"]), "answers", "check_answers"
    ),
    "the same option twice": Lie(
        lambda: answered(asked("approval"), ["a", "a"]), "answers", "check_answers"
    ),
    "more options than may be chosen": Lie(
        lambda: answered(asked("approval", picks_max=1), ["a", "b"]), "answers", "check_answers"
    ),
    "a basket over the pot": Lie(
        lambda: answered(asked("basket", pot=40), ["b", "c"]), "answers", "check_answers"
    ),
    "an option ranked twice": Lie(
        lambda: answered(asked("ranking"), ["a", ["b", "a"]]), "answers", "check_answers"
    ),
    "more ranks than there are": Lie(
        lambda: answered(asked("ranking", ranks_max=1), ["a", "b"]), "answers", "check_answers"
    ),
    "more points than there are": Lie(
        lambda: answered(asked("points", points=5), {"a": 3, "b": 3}), "answers", "check_answers"
    ),
    "points for more options than may have some": Lie(
        lambda: answered(asked("points", picks_max=1), {"a": 1, "b": 1}),
        "answers",
        "check_answers",
    ),
    "a grade above the scale": Lie(
        lambda: answered(asked("rating", scale=4), {"a": 5}), "answers", "check_answers"
    ),
    "a choice that is not offered": Lie(
        lambda: answered(asked("single"), "other"), "answers", "check_answers"
    ),
    "a place outside where nobody outside takes part": Lie(
        lambda: answered(asked("area"), "other", elsewhere="nobody"), "answers", "check_answers"
    ),
    "a row that a grid does not have": Lie(
        lambda: answered(asked("matrix", statements=[option("r1")]), {"r2": "a"}),
        "answers",
        "check_answers",
    ),
    "a number above its limit": Lie(
        lambda: answered(asked("number", most="10"), "11"), "answers", "check_answers"
    ),
    "a number with other decimals": Lie(
        lambda: answered(asked("number", decimals=2), "1.5"), "answers", "check_answers"
    ),
    "a date before its limit": Lie(
        lambda: answered(asked("date", least="2026-01-01"), "2025-12-31"),
        "answers",
        "check_answers",
    ),
}


def without(name: str) -> Callable[..., Any]:
    """What stands in the place of a check that is taken away."""
    if name in ("_is_moment", "_is_day", "_is", "is_of_holder"):
        return lambda *_: True
    if name == "Pack.check_extensions":
        return lambda _self, _step, closes_at: closes_at
    return lambda *_: None


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_found_with_its_place(name):
    lie = LIES[name]
    report = audited(lie.make())
    assert report["exit"] == 1
    assert any(step == lie.step and position for step, position in faults(report)), faults(report)


@pytest.mark.parametrize("name", [name for name, lie in LIES.items() if lie.step != "record.form"])
def test_without_its_check_the_lie_is_not_found(name, monkeypatch):
    lie = LIES[name]
    files = lie.make()
    monkeypatch.setattr(f"consult.verifier.folkmoot_verify.{lie.check}", without(lie.check))
    assert lie.step not in [step for step, _ in faults(audited(files))]


def test_every_kind_of_answer_that_can_be_given_holds():
    given = (
        (asked("single", other=True), "other", {}),
        (asked("area"), "other", {}),
        (asked("area"), "a", {"elsewhere": "nobody"}),
        (asked("several", picks_max=2, other=True), ["a", "other"], {}),
        (asked("approval"), [], {}),
        (asked("basket", pot=50), ["b", "c"], {}),
        (asked("ranking", ranks_max=2), [["a", "b"], "c"], {}),
        (asked("points", points=5, picks_max=2), {"a": 3, "b": 2}, {}),
        (asked("rating", scale=5), {"a": 5, "b": 1}, {}),
        (asked("matrix", statements=[option("r1"), option("r2")]), {"r1": "a", "r2": "c"}, {}),
        (asked("number", decimals=2, least="-1.00", most="10"), "-0.50", {}),
        (asked("number"), "7", {}),
        (asked("date", least="2026-01-01", most="2026-12-31"), "2026-12-31", {}),
    )
    for question, answer, where in given:
        report = audited(answered(question, answer, **where))
        assert faults(report) == [], (question["kind"], answer)


def test_a_question_is_answered_only_where_it_was_asked():
    first, then = asked("single", id="first"), asked("single", id="then")
    then["asked_when"] = {"question": "first", "options": ["b"]}

    def about(choice: str) -> dict[str, Any]:
        world = World()
        vote = world.vote([first, then], {}).open()
        vote.ballot("ann", first=choice, then="a")
        vote.close()
        return audited(world.files())

    assert faults(about("b")) == []
    assert [step for step, _ in faults(about("a"))] == ["answers"]


def test_more_time_in_time_with_its_reason_holds():
    assert faults(audited(extended())) == []


def test_what_was_counted_again_with_its_reason_holds():
    assert audited(superseded("A desk was left out."))["exit"] == 0


def test_answers_may_wait_past_midnight_for_others_and_not_for_days():
    def voted(*days: str) -> dict[str, Any]:
        world = World()
        vote = world.vote([ORDER], {})
        vote.closes_at = "2026-12-16T09:00:00Z"
        world.latest = MOMENT
        vote.open()
        for number, day in enumerate(days):
            vote.ballot(f"person {number}", order=["a"])
            world.entries[-1] = encode_entry(decode_entry(world.entries[-1]) | {"d": day})
        vote.about("withdrawn", "person 0")
        world.entries[-1] = encode_entry(decode_entry(world.entries[-1]) | {"d": days[0]})
        return audited(world.files())

    late, early, long_ago = "2026-12-01", "2026-11-30", "2026-11-29"
    assert "record.times" not in [step for step, _ in faults(voted(early, late, early))]
    assert "record.times" in [step for step, _ in faults(voted(long_ago, late, long_ago))]


def test_a_clock_that_is_put_right_by_less_than_three_hours_is_no_lie():
    back = afterwards(lambda vote: vote.fact("key_destroyed", at="2026-11-16T06:30:00Z"))
    assert "record.times" not in [step for step, _ in faults(audited(back))]


def test_a_closing_recorded_a_week_late_is_said_and_not_called_a_lie():
    report = audited(with_entry("closed", at="2026-11-23T09:01:00Z"))
    steps = {step["id"].rpartition(".")[0]: step for step in report["steps"]}
    assert steps["record.promised"]["state"] == "note"
    assert "7 days later" in steps["record.promised"]["reason"]


def test_a_closing_recorded_over_a_week_late_leaves_the_record_unfinished():
    world = World()
    world.vote([ORDER], {}).open().official("closed", at="2026-11-23T09:01:01Z")
    report = audited(world.files(), "audit")
    assert faults(report) == []
    assert report["exit"] == 3
    assert f"its time was up on {CLOSES}, and that it closed is recorded" in first_line(report)


UNREADABLE = ["", " ", "\u00a0\u2003", "\u200b\u2060", "\u3164", "\u2800", "-", "...", "\u2014!?"]
"""Nothing, spaces, what is not seen, letters drawn as nothing, and marks alone."""


def with_reason(kind: str, text: str) -> list[Any]:
    """What is wrong where something was done for that reason."""
    words = text if kind in ("voided", "codes_voided", "superseded") else {"en": text}

    def more(vote: Vote) -> None:
        if kind == "voided":
            vote.about(kind, "person 5", reason=words)
        elif kind == "codes_voided":
            vote.issue("batch-1", 5)
            vote.official(kind, batch="batch-1", reason=words)
        elif kind == "extended":
            vote.official(kind, closes_at="2026-11-16T09:01:01Z", reason=words)
        else:
            vote.official(kind, reason=words)
            if kind == "paused":
                vote.official("resumed")

    if kind == "superseded":
        return faults(audited(superseded(text)))
    return faults(audited(told(more), "audit"))


@pytest.mark.parametrize(
    "kind", ["voided", "codes_voided", "extended", "paused", "stopped", "superseded"]
)
@pytest.mark.parametrize("text", UNREADABLE)
def test_a_reason_that_nobody_can_read_is_none(kind, text):
    before = {place.get("entry") for _, place in with_reason(kind, "Eira 2")}
    after = with_reason(kind, text)
    assert [one for one in after if one[0] == "record.life" and one[1].get("entry") not in before]


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_source_of_a_draw_that_nobody_can_read_is_none(text):
    def drawn(source: str) -> set[str]:
        def more(vote: Vote) -> None:
            vote.official("lot", value="1 2 3 4 5", source=source)

        return {step for step, _ in faults(audited(told(more), "audit"))}

    assert "record.life" not in drawn("Lottery")
    assert "record.life" in drawn(text)


def still_open() -> Files:
    world = World()
    world.vote([ORDER], {}).open().ballot("ann", order=["a"])
    return world.files()


def first_line(report: dict[str, Any]) -> str:
    return report["summary"][0]["says"]


def judged(files: Files, now: str) -> dict[str, Any]:
    """The report of an audit at some moment."""
    return audited(files, "audit", None, "--now", now)


@pytest.mark.parametrize(
    ("now", "code", "is_said"),
    [("2026-11-17T09:01:00Z", 0, False), ("2026-11-17T09:01:01Z", 3, True)],
)
def test_time_that_was_up_for_a_day_without_a_closing_is_said(now, code, is_said):
    report = judged(still_open(), now)
    assert report["exit"] == code
    says = f"its time was up on {CLOSES}, and no closing is recorded"
    assert (says in first_line(report)) == is_said


def test_what_the_log_dates_later_shows_too_that_time_was_up():
    world = World()
    world.vote([ORDER], {}).open()
    another = world.vote([ORDER], {})
    another.closes_at = "2026-12-16T09:00:00Z"
    another.open().official("paused", at="2026-11-18T09:00:00Z", reason={"en": "Snow"})
    report = judged(world.files(), "2026-11-16T09:00:00Z")
    assert report["exit"] == 3
    assert "no closing is recorded" in first_line(report)


def test_what_was_withdrawn_is_owed_no_closing():
    world = World()
    vote = world.vote([ORDER], {}).open()
    vote.official("stopped", reason={"en": "A mistake"})
    assert judged(world.files(), "2027-11-16T09:00:00Z")["exit"] == 0


def test_answers_from_a_file_are_promised_no_time_and_all_come_from_it():
    def imported(level: str) -> dict[str, Any]:
        world = World()
        vote = world.vote([BASKET, ORDER], COUNTING)
        vote.levels, vote.assurance = [], level
        vote.open().ballot("line 1", order=["a"])
        vote.close()
        vote.count()
        return audited(world.files())

    assert imported("imported")["exit"] == 0
    assert [step for step, _ in faults(imported("email"))] == ["record.levels"]


def test_a_file_of_votes_can_be_thrown_away_after_it_is_in():
    world = World()
    vote = world.vote([BASKET, ORDER], COUNTING)
    vote.levels, vote.assurance = [], "imported"
    vote.open().ballot("line 1", order=["a"])
    vote.close()
    vote.official("stopped", reason={"en": "The import was thrown away."})
    files = world.files()
    del files[f"c/{vote.id}/openings.ndjson"]
    report = audited(files)
    assert faults(report) == []
    found = {step["id"]: (step["state"], step["reason"]) for step in report["steps"]}
    assert found[f"recount.{vote.id[:8]}"] == ("not due", "it was withdrawn")


def test_each_consultation_that_is_not_counted_again_says_why():
    world = story()
    still_open, withdrawn = (world.vote([ORDER], {}) for _ in range(2))
    for vote in (still_open, withdrawn):
        vote.open()
    withdrawn.official("stopped", reason={"en": "A mistake"})
    report = audited(world.files())
    assert report["exit"] == 0
    found = {step["id"]: (step["state"], step["reason"]) for step in report["steps"]}
    assert found[f"recount.{still_open.id[:8]}"] == ("not due", "it has not closed")
    assert found[f"recount.{withdrawn.id[:8]}"] == ("not due", "it was withdrawn")


def test_until_when_it_was_open_is_said():
    found = {step["id"].rpartition(".")[0]: step for step in audited(story().files())["steps"]}
    assert found["record.promised"]["reason"] == f"until {CLOSES}"


def vouched(people: int, changes: int, by: str = "identity") -> dict[str, Any]:
    """What is said of a vote in which all put one option first, and some changed their answers."""
    world = World()
    vote = world.vote([ORDER], {"order": terms("points-3", lot=["a", "b", "c"])}).open()
    for number in range(people):
        vote.ballot(f"person {number}", order=["a", "b"])
    vote.vouches = by
    for number in range(changes):
        vote.ballot(f"person {number}", order=["a", "b"])
    vote.close()
    report = audited(vote.count().world.files())
    assert faults(report) == []
    [step] = [one for one in report["steps"] if one["id"].startswith("vouched.")]
    return step


def test_where_each_change_is_its_holders_that_is_said():
    step = vouched(6, 2, by="")
    assert step["state"] == "holds"
    assert step["reason"] == "none: each change shows the secret of whoever held the answers"


@pytest.mark.parametrize(
    ("people", "changes", "says"),
    [
        (13, 2, "too few to alter the order"),  # 39, 26 and 0 points: 13 apart, and over 12
        (12, 2, "they could alter it"),  # 12 apart
        (7, 1, "too few to alter the order"),
        (6, 1, "they could alter it"),
    ],
)
def test_what_changes_that_only_the_operator_vouches_for_could_alter_is_said(people, changes, says):
    responses = "1 response" if changes == 1 else f"{changes} responses"
    assert vouched(people, changes)["reason"] == (
        f"{changes} ({changes} by proving identity again), of {responses}; order: {says}"
    )


def test_of_a_rule_without_totals_no_change_is_too_few():
    def more(vote: Vote) -> None:
        vote.vouches = "desk"
        vote.about("withdrawn", "person 5", by="identity")

    report = audited(story(more=more).files())
    [step] = [one for one in report["steps"] if one["id"].startswith("vouched.")]
    assert step["reason"] == (
        "1 (1 by proving identity again), of 1 response; order: they could alter it; "
        "pot: they could alter it"
    )


def set_aside(*chosen: str) -> str:
    """What is said where each of these answers counts and one more was set aside."""
    world = World()
    vote = world.vote([ORDER], {"order": terms("plurality", lot=["a", "b", "c"])}).open()
    for number, option_ in enumerate((*chosen, "a")):
        vote.ballot(f"person {number}", order=[option_])
    vote.about("voided", f"person {len(chosen)}", reason="not a resident")
    vote.close()
    report = audited(vote.count().world.files())
    [step] = [one for one in report["steps"] if one["id"].startswith("vouched.")]
    return str(step["reason"])


def test_answers_that_were_set_aside_are_changes_for_which_only_the_operator_vouches():
    one = "1 (1 by setting answers aside), of 1 response; order: "
    assert set_aside(*"bbbcc") == one + "they could alter it"
    assert set_aside(*"bbbbbbbcccc") == one + "too few to alter the order"


def test_where_nobody_chose_anything_one_change_is_enough():
    assert (
        set_aside() == "1 (1 by setting answers aside), of 1 response; order: they could alter it"
    )
