"""Lies in the form, the order and the times of entries."""

import random
from typing import Any

from tests.consult.verifier.lies.grammar import (
    AUDIT,
    CHECKPOINT,
    Unfit,
    about,
    act_like,
    among_answers,
    insert,
    lie,
    need,
    pick,
    remove,
    same_day,
    whole,
)
from tests.consult.verifier.lies.telling import Fact, Told, worked_out
from tests.consult.verifier.verifier_logs import LOG_KEY, key_of, later

UNSEEN = (
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\x07",
    "\u202e",
    "\u2028",
    "\u00a0",
    "\ufe0f",
    "\u034f",
    "\u115f",
    "\u3164",
    "\u2800",
    "\u180b",
)
LOOK_ALIKE = {
    "a": "\u0430",
    "e": "\u0435",
    "o": "\u043e",
    "p": "\u0440",
    "c": "\u0441",
    "i": "\u0456",
}
NO_DAYS = ("2026-02-30", "2026-13-01", "2026-11-31", "2026-00-10", "26-11-16", "2026-11-1", "")
NO_MOMENTS = (
    "2026-02-30T09:00:00Z", "2026-11-17T24:00:00Z", "2026-11-17T09:60:00Z", "2026-11-17T09:00:60Z",
    "2026-11-17T09:00:00+00:00", "2026-11-17 09:00:00Z", "2026-11-17T09:00:00.5Z", "soon",
)  # fmt: skip
IDS = {
    "ballot": ("a",), "issued": ("role", "batch"), "opened": ("role",), "closed": ("role",),
    "counted": ("role", "rule_version"), "published": ("role",), "tallies": ("role",),
    "lot": ("role",), "partnership": ("role", "f"),
}  # fmt: skip


def unclear(chance: random.Random, id: str) -> str:
    """An id that people take for this one."""
    at = chance.randrange(len(id) + 1)
    likes = [place for place, letter in enumerate(id) if letter in LOOK_ALIKE]
    if likes and chance.random() < 0.5:
        at = chance.choice(likes)
        return id[:at] + LOOK_ALIKE[id[at]] + id[at + 1 :]
    return id[:at] + chance.choice(UNSEEN) + id[at:]


def other_kind(value: Any) -> list[Any]:
    return [
        one
        for one in (7, -1, "x", "", None, True, [], {}, ["x"], 2**60)
        if type(one) is not type(value)
    ]


# -- form --


@lie("form", AUDIT)
def a_member_that_does_not_belong(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.facts)
    name = chance.choice(("result", "name", "at2", "ip", "n", "hs", "voided"))
    need(name not in fact.document and (fact.kind, name) != ("partnership", "name"))
    need(name not in ("n", "hs") or fact.kind not in ("ballot", "withdrawn", "erased"))
    fact.fixed[name] = "x"


@lie("form", AUDIT)
def a_member_is_left_out(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.facts)
    always = set(fact.document) - {"x", "n", "dk", "h", "hs", "by", "signature", "reason"}
    name = chance.choice(sorted(always))
    fact.fixed[name] = ...


@lie("form", AUDIT)
def a_member_of_another_kind(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.facts)
    name = chance.choice(sorted(fact.document))
    need(name not in ("result_digest", "cutoff"))
    fact.fixed[name] = chance.choice(other_kind(fact.document[name]))


@lie("form", AUDIT)
def a_day_that_no_calendar_has(chance: random.Random, told: Told) -> None:
    pick(chance, told.of("ballot", "withdrawn", "voided")).fixed["d"] = chance.choice(NO_DAYS)


@lie("form", AUDIT)
def a_moment_that_no_calendar_has(chance: random.Random, told: Told) -> None:
    fact = pick(chance, [one for one in told.facts if "at" in one.document])
    fact.fixed["at"] = chance.choice(NO_MOMENTS)


@lie("form", AUDIT)
def a_pseudonym_that_is_none(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.of("ballot"))
    b = fact.document["b"]
    fact.fixed["b"] = chance.choice(
        (b[:-1], b + "A", b[:-1] + "B", "Ann of the High Street", b + "==")
    )


@lie("ids", AUDIT)
def an_id_in_an_entry_that_looks_like_another(chance: random.Random, told: Told) -> None:
    fact = pick(chance, [one for one in told.facts if one.kind in IDS])
    name = chance.choice(IDS[fact.kind])
    fact.fixed[name] = unclear(chance, str(fact.document.get(name, "1")))


@lie("ids", AUDIT)
def a_question_that_looks_like_another(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.of("counted"))
    fact.fixed["q"] = unclear(chance, fact.document["q"])


@lie("ids", AUDIT)
def an_option_that_looks_like_another(chance: random.Random, told: Told) -> None:
    """Two options on the list that nobody can tell apart."""
    manifest = told.manifests[whole(told)]
    options = pick(chance, list(manifest["questions"]))["options"]
    one, other = chance.sample(options, 2)
    other["id"] = unclear(chance, one["id"])


@lie("ids", AUDIT)
def an_option_twice_on_the_list(chance: random.Random, told: Told) -> None:
    manifest = told.manifests[whole(told)]
    options = pick(chance, manifest["questions"])["options"]
    one, other = chance.sample(options, 2)
    other["id"] = one["id"]


@lie("ids", AUDIT)
def an_id_of_a_question_that_cannot_be_seen(chance: random.Random, told: Told) -> None:
    asked = told.manifests[whole(told)]["questions"]
    question = pick(
        chance, [one for one in asked if one["id"] in ("visit", "ways", "age", "when", "money")]
    )
    question["id"] = unclear(chance, question["id"])


@lie("form", AUDIT)
def a_key_for_promises_that_is_none(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.of("promise_key"))
    others = (LOG_KEY.verifier.vkey, key_of("x", "other.example/log/promise").verifier.vkey)
    fact.fixed["key"] = chance.choice((*others, fact.document["key"][:-4] + "AAA=", "soon"))


# -- times --


@lie("times", AUDIT)
def closed_early(chance: random.Random, told: Told) -> None:
    told.of("closed")[0].fixed["at"] = later(final_time(told), -chance.choice((1, 60, 86_400)))


@lie("times", AUDIT)
def more_time_that_is_less(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.of("extended"))
    terms = told.manifests[fact.document["c"]]["terms"]
    fact.fixed["closes_at"] = later(terms["closes_at"], -chance.choice((0, 1, 3_600, 86_400)))


@lie("times", AUDIT)
def more_time_after_the_time_was_up(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.of("extended"))
    terms = told.manifests[fact.document["c"]]["terms"]
    fact.fixed["at"] = later(terms["closes_at"], chance.choice((0, 1, 3_600)))


@lie("times", AUDIT)
def more_time_without_a_reason(chance: random.Random, told: Told) -> None:
    pick(chance, told.of("extended")).fixed["reason"] = chance.choice(
        ({}, {"en": ""}, {"en": " \n"})
    )


@lie("times", AUDIT)
def more_time_is_left_out(chance: random.Random, told: Told) -> None:
    """What was answered in the time that was added is then late."""
    fact = pick(chance, told.of("extended"))
    days = [one.document["d"] for one in told.of("ballot", "withdrawn", c=fact.document["c"])]
    need(max(days) > told.manifests[fact.document["c"]]["terms"]["closes_at"][:10])
    remove(told, fact)


@lie("times", AUDIT)
def answered_on_a_day_outside(chance: random.Random, told: Told) -> None:
    c = whole(told)
    fact = pick(chance, told.of("ballot", "withdrawn", c=c))
    fact.fixed["d"] = chance.choice(("2026-11-15", "2026-11-01", "2026-12-24", "2027-01-01"))


@lie("times", AUDIT)
def dated_long_before_what_stands_before_it(chance: random.Random, told: Told) -> None:
    facts = list(told.of("closed", "counted", "published", "tallies", "lot", "extended"))
    fact = pick(chance, facts)
    fact.fixed["at"] = chance.choice(("2026-11-01T00:00:00Z", "2020-01-01T00:00:00Z"))


@lie("times", AUDIT)
def opened_after_its_end(chance: random.Random, told: Told) -> None:
    fact = told.of("opened")[-1]
    manifest = told.manifests[fact.document["c"]]
    manifest["terms"]["closes_at"] = later(fact.document["at"], -chance.choice((0, 1, 86_400)))


def final_time(told: Told) -> str:
    c = whole(told)
    extended = told.of("extended", c=c)
    return str(
        extended[-1].document["closes_at"] if extended else told.manifests[c]["terms"]["closes_at"]
    )


# -- the life of a consultation --


@lie("life", AUDIT)
def an_act_is_left_out_and_its_result_is_served(chance: random.Random, told: Told) -> None:
    kinds = chance.choice(
        (("closed",), ("published",), ("tallies",), ("counted",), ("counted", "published"),
         ("closed", "counted", "published", "tallies"), ("closed", "counted", "published"),
         ("published", "tallies"))
    )  # fmt: skip
    honest = worked_out(told)[1]
    remove(told, *told.of(*kinds, c=whole(told)), *told.of("follow_up"))
    served = {p: b for p, b in honest.items() if p.endswith(("result.json", "tallies.json"))}
    told.afterwards.append(lambda files: files.update(served))


@lie("life", AUDIT)
def that_it_opened_is_left_out(chance: random.Random, told: Told) -> None:
    remove(told, pick(chance, told.of("opened")))


@lie("life", AUDIT)
def an_act_twice(chance: random.Random, told: Told) -> None:
    kinds = (
        "opened",
        "closed",
        "counted",
        "published",
        "tallies",
        "issued",
        "superseded",
        "key_destroyed",
        "lot",
    )
    fact = pick(chance, told.of(*kinds))
    again = Fact(dict(fact.document))
    insert(told, chance.randrange(told.place(fact) + 1, len(told.facts) + 1), again)


@lie("life", AUDIT)
def two_acts_change_places(chance: random.Random, told: Told) -> None:
    c = whole(told)
    before, after = chance.choice(
        (("counted", "published"), ("closed", "counted"), ("published", "follow_up"),
         ("paused", "resumed"), ("lot", "counted"), ("opened", "ballot"), ("counted", "superseded"))
    )  # fmt: skip
    other = pick(chance, told.of(after, c=c))
    about = other.document.get("q")
    earlier = [
        fact
        for fact in told.of(before, c=c)
        if told.place(fact) < told.place(other) and about in (None, fact.document.get("q", about))
    ]
    need(earlier)
    one = earlier[-1]
    if (before, after) in (("published", "follow_up"), ("opened", "ballot")):
        moved = told.of(before, c=c) + (told.of("tallies", c=c) if before == "published" else [])
        last = told.of(after, c=c)[0 if before == "published" else -1]
        remove(told, *moved)
        for fact in reversed(moved):
            insert(told, told.place(last) + 1, fact)
        return
    at, to = told.place(one), told.place(other)
    told.facts[at], told.facts[to] = other, one


@lie("life", AUDIT)
def stopped_after_it_closed(chance: random.Random, told: Told) -> None:
    c = whole(told)
    closing = told.closing(c)
    assert closing is not None
    at = chance.randrange(closing + 1, len(told.facts) + 1)
    stop = act_like(
        told.facts[closing], "stopped", reason={"en": "It did not come out as it should"}
    )
    if chance.random() < 0.5:
        del told.facts[at:]
    insert(told, at, stop)


@lie("life", AUDIT)
def something_happens_after_it_was_stopped(chance: random.Random, told: Told) -> None:
    stop = pick(chance, told.of("stopped"))
    c = stop.document["c"]
    what = chance.choice(
        (
            "ballot",
            "withdrawn",
            "paused",
            "extended",
            "closed",
            "counted",
            "lot",
            "opened",
            "tallies",
        )
    )
    at = chance.randrange(told.place(stop) + 1, len(told.facts) + 1)
    if what in ("ballot", "withdrawn"):
        ballot = told.of("ballot", c=c)[0]
        d = same_day(told, at)["d"]
        if what == "ballot":
            late = Fact(
                {**ballot.document, "b": "A" * 22, "s": 1, "d": d}, ballot.answers, ballot.salt
            )
            late.document["cm"] = "A" * 43
        else:
            late = about(ballot, "withdrawn", 2, by="identity", d=d)
        insert(told, at, late)
        return
    more = {
        "paused": {"reason": {"en": "x"}}, "closed": {}, "tallies": {},
        "extended": {"reason": {"en": "x"}, "closes_at": "2027-01-01T09:00:00Z"},
        "counted": {"q": next(iter(told.manifests[c]["terms"]["counting"]))},
        "lot": {"value": "1 2 3 4 5", "source": "x"}, "opened": {},
    }[what]  # fmt: skip
    insert(told, at, act_like(stop, what, **more))


@lie("life", AUDIT)
def answered_or_taken_back_in_a_pause(chance: random.Random, told: Told) -> None:
    c = whole(told)
    ballot = pick(chance, told.of("ballot", "withdrawn", c=c))
    at = told.place(ballot)
    paused = act_like(ballot, "paused", reason={"en": "Snow"})
    insert(told, at, paused)
    insert(told, at + 2, act_like(ballot, "resumed"))
    need(not is_paused(told, c, at))


def is_paused(told: Told, c: str, at: int) -> bool:
    acts = [
        one.kind
        for one in told.facts[:at]
        if one.kind in ("paused", "resumed") and one.document["c"] == c
    ]
    return acts[-1:] == ["paused"]


@lie("life", AUDIT)
def a_pause_that_does_not_fit(chance: random.Random, told: Told) -> None:
    at = among_answers(chance, told, whole(told))
    need(not is_paused(told, whole(told), at))
    kind = chance.choice(("resumed", "paused"))
    fact = act_like(told.facts[at], kind, **({"reason": {"en": "x"}} if kind == "paused" else {}))
    insert(told, at, fact)
    if kind == "paused":
        insert(told, at + 1, act_like(told.facts[at], "paused", reason={"en": "y"}))


@lie("life", AUDIT)
def superseded_without_a_reason(chance: random.Random, told: Told) -> None:
    pick(chance, told.of("superseded")).fixed["reason"] = chance.choice(("", " ", "\n"))


@lie("life", AUDIT)
def superseded_is_another_count_than_the_last(chance: random.Random, told: Told) -> None:
    pick(chance, told.of("superseded")).fixed["result_digest"] = "sha256:" + "ab" * 32


@lie("life", AUDIT)
def published_is_another_count_than_the_last(chance: random.Random, told: Told) -> None:
    pick(chance, told.of("published")).fixed["result_digest"] = "sha256:" + "ab" * 32


@lie("life", AUDIT)
def counted_again_and_it_is_not_said_why(chance: random.Random, told: Told) -> None:
    remove(told, *pick(chance, [told.of("superseded")])) if told.of("superseded") else need(False)


@lie("life", AUDIT)
def a_cut_off_that_is_not_the_closing(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.of("counted", "tallies"))
    closing = told.closing(fact.document["c"])
    assert closing is not None
    fact.fixed["cutoff"] = max(0, closing + chance.choice((-3, -2, -1, 1, 2)))


@lie("life", AUDIT)
def a_version_of_what_was_done_is_missing(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.of("follow_up"))
    fact.fixed["s"] = fact.document["s"] + chance.choice((1, 2))


@lie("life", AUDIT)
def the_log_begins_elsewhere(chance: random.Random, told: Told) -> None:
    first = told.facts[0]
    how = chance.choice(("moved", "twice", "gone", "other"))
    if how == "other":
        first.fixed["origin"] = "other.example/log"
    elif how == "twice":
        insert(told, chance.randrange(1, len(told.facts) + 1), Fact(dict(first.document)))
    else:
        remove(told, first)
        if how == "moved":
            insert(told, chance.randrange(1, len(told.facts) + 1), first)


@lie("history", CHECKPOINT)
def the_end_of_the_log_is_cut_off(chance: random.Random, told: Told) -> None:
    """Nobody who kept nothing can know that there was more."""
    del told.facts[chance.randrange(2, len(told.facts)) :]


@lie("history", CHECKPOINT)
def what_became_of_it_is_said_otherwise(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.of("follow_up"))
    fact.fixed |= chance.choice(
        ({"status": "not_done"}, {"did": {"en": "All of it"}}, {"on": "2027-12-01"})
    )


@lie("history", CHECKPOINT)
def terms_that_were_not_those_at_the_opening(chance: random.Random, told: Told) -> None:
    """Everything is worked out anew from other terms; only who kept the record of then sees it."""
    manifest = told.manifests[whole(told)]
    for question in manifest["questions"]:
        if question["kind"] == "basket":
            question["pot"] += 100
            return
    manifest["title"] = {"en": "Another question", "cy": "Cwestiwn arall"}


@lie("history", CHECKPOINT)
def a_draw_that_came_out_otherwise(chance: random.Random, told: Told) -> None:
    pick(chance, told.of("lot")).fixed["value"] = "1 2 3 4 5"
    told.of("lot")[-1].document["value"] = "1 2 3 4 5"
    if not told.manifests[whole(told)]["terms"].get("beacon"):
        raise Unfit
