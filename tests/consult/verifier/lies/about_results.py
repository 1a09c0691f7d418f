"""Lies about what was chosen, what it came to, and what is served beside the log."""

import hashlib
import json
import random
from collections.abc import Callable
from typing import Any

from consult.counting import digest
from consult.counting.outcome import canonical_bytes
from events.log.encoding import to_base64url
from tests.consult.verifier.lies.about_entries import unclear
from tests.consult.verifier.lies.grammar import (
    AUDIT,
    AUDITOR,
    HOLDER,
    RECOUNT,
    act_like,
    insert,
    lie,
    need,
    pick,
    remove,
    whole,
)
from tests.consult.verifier.lies.telling import (
    SERVED,
    Document,
    Fact,
    Told,
    counted,
    openings,
    recommit,
    salted,
    tallied,
)
from tests.consult.verifier.rewriting import edit

Files = dict[str, bytes]


def change_file(told: Told, name: str, change: Callable[[Any], Any]) -> None:
    """Serve another document, in its canonical bytes."""
    path = f"c/{whole(told)}/{name}"

    def done(files: Files) -> None:
        files[path] = canonical_bytes(change(json.loads(files[path])))

    told.afterwards.append(done)


def change_lines(told: Told, change: Callable[[list[Document]], list[Document]]) -> None:
    name = {"public": "openings.ndjson", "trackers": "ballots.ndjson"}[seen_by(told)]
    path = f"c/{whole(told)}/{name}"

    def done(files: Files) -> None:
        lines = change([json.loads(line) for line in files[path].splitlines()])
        files[path] = b"".join(canonical_bytes(line) + b"\n" for line in lines)

    told.afterwards.append(done)


def seen_by(told: Told) -> str:
    return str(told.manifests[whole(told)]["openings"])


# -- openings --


@lie("openings", RECOUNT)
def an_opening_is_left_out(chance: random.Random, told: Told) -> None:
    need(seen_by(told) == "public")
    at = chance.randrange(len(told.last_ballots(whole(told))))

    def change(lines: list[Document]) -> list[Document]:
        return [line for number, line in enumerate(lines) if number != at % len(lines)]

    erased = {one.document["b"] for one in told.of("erased", c=whole(told))}
    aside = {b for b, (_, state) in told.last_ballots(whole(told)).items() if state == "voided"}
    need(not erased & aside)
    change_lines(told, change)


@lie("openings", AUDIT)
def an_opening_that_says_something_else(chance: random.Random, told: Told) -> None:
    need(seen_by(told) == "public")
    member, value = chance.choice(
        (
            ("x", "{}"),
            ("s", "A" * 43),
            ("k", "T"),
            ("i", 10**6),
            ("i", -1),
            ("more", 1),
            ("x", 7),
            ("i", "1"),
        )
    )

    def change(lines: list[Document]) -> list[Document]:
        line = lines[chance.randrange(len(lines))]
        line[member] = (
            value if member != "x" or value == 7 else "{}" if line["x"] != "{}" else '{"a":1}'
        )
        return lines

    change_lines(told, change)


@lie("openings", AUDIT)
def openings_in_another_order_or_twice(chance: random.Random, told: Told) -> None:
    need(seen_by(told) == "public")

    def change(lines: list[Document]) -> list[Document]:
        one, other = chance.sample(range(len(lines)), 2)
        if chance.random() < 0.5:
            return [*lines[:one], lines[one], *lines[one:]]
        lines[one], lines[other] = lines[other], lines[one]
        return lines

    change_lines(told, change)


@lie("openings", AUDIT)
def something_is_opened_that_is_its_persons_own(chance: random.Random, told: Told) -> None:
    need(seen_by(told) == "public")
    c = whole(told)
    last = {id(fact) for fact, state in told.last_ballots(c).values() if state != "withdrawn"}
    found = [one for one in told.of("ballot", c=c) if id(one) not in last]
    fact = pick(chance, found)
    line = {
        "i": told.place(fact),
        "k": "B",
        "s": to_base64url(fact.salt),
        "x": canonical_bytes(fact.answers).decode(),
    }
    change_lines(told, lambda lines: sorted([*lines, line], key=lambda one: one["i"]))


@lie("openings", AUDIT)
def openings_are_served_that_are_the_auditors(_: random.Random, told: Told) -> None:
    c = whole(told)
    lines = openings(told, c)
    told.manifests[c]["openings"] = "auditor"
    told.afterwards.append(lambda files: files.update({f"c/{c}/openings.ndjson": lines}))


@lie("openings", AUDIT)
def a_word_for_who_sees_the_openings_that_is_none(chance: random.Random, told: Told) -> None:
    told.manifests[whole(told)]["openings"] = chance.choice(("nobody", "Public", "", None))


# -- the list of ballots --


@lie("list", AUDIT)
def a_list_with_another_line(chance: random.Random, told: Told) -> None:
    """A line is gone, there twice, made up, moved, or of another form."""
    need(seen_by(told) == "trackers")
    need(not told.of("erased", c=whole(told)) or chance.random() < 0.5)
    how = chance.choice(("gone", "twice", "made up", "moved", "tracker", "member", "mark", "value"))
    need(how != "gone" or not told.of("erased", c=whole(told)))

    def change(lines: list[Document]) -> list[Document]:
        at = chance.randrange(len(lines))
        one = lines[at]
        if how == "gone":
            return [*lines[:at], *lines[at + 1 :]]
        if how in ("twice", "made up"):
            t = one["t"] if how == "twice" else to_base64url(salted("line", chance.random())[:16])
            return sorted([*lines, {**one, "t": t}], key=lambda line: line["t"])
        if how == "moved":
            return [*lines[1:], lines[0]]
        wrong: dict[str, Document] = {
            "tracker": {"t": chance.choice(("", "A" * 21 + "B", one["t"] + "=", 7))},
            "member": {"b": "A" * 22},
            "mark": {"m": chance.choice(("campaign", "voided", "secret", ""))},
            "value": {"x": chance.choice(("", "[]", "{ }", '{"nowhere":"a"}', 7, None))},
        }
        one |= wrong[how]
        return lines

    change_lines(told, change)


@lie("list", AUDITOR)
def a_line_says_something_else_than_was_sealed(chance: random.Random, told: Told) -> None:
    """Result and tallies follow from the list, and the list not from the entries."""
    change_a_line(chance, told)


@lie("list", HOLDER)
def ones_own_line_says_something_else(chance: random.Random, told: Told) -> Fact:
    return change_a_line(chance, told)


@lie("list", AUDITOR)
def a_line_under_a_tracker_that_nobody_has(chance: random.Random, told: Told) -> None:
    need(seen_by(told) == "trackers")
    pick(chance, told.standing(whole(told))).salt = salted("nobody", chance.random())


@lie("list", HOLDER)
def ones_own_line_is_not_there(chance: random.Random, told: Told) -> Fact:
    need(seen_by(told) == "trackers")
    mine = pick(chance, told.standing(whole(told)))
    kept = Fact(dict(mine.document), dict(mine.answers), mine.salt)
    mine.salt = salted("nobody", chance.random())
    return kept


def change_a_line(chance: random.Random, told: Told) -> Fact:
    """The answers of somebody are others in the list; what they sealed stays. As they were."""
    need(seen_by(told) == "trackers")
    mine = pick(chance, told.standing(whole(told)))
    kept = Fact(dict(mine.document), dict(mine.answers), mine.salt)
    others = [fact.answers for fact in told.standing(whole(told)) if fact.answers != mine.answers]
    mine.answers = pick(chance, others)
    return kept


# -- answers that nobody could give, which somebody with the server can commit to --

BAD: dict[str, tuple[Any, ...]] = {
    "approval": (
        ["a", "a"], ["a", "\u0430"], ["a\u200b"], list("abcd"), ["other"], "a", [["a"]], {"a": 1},
        [1], None,
    ),
    "several": (["a", "a"], ["z"], list("abc"), "a", None, [["a"]]),
    "basket": (["a", "c", "d"], ["d", "d"], ["e"], "d", None, ["d", None]),
    "ranking": (
        ["a", "a"], ["a", ["b", "a"]], list("abcd"), ["\u0430"], ["a\u2060"], [[["a"]]], "abc",
        [1, 2], {"a": 1}, None,
    ),
    "points": (
        {"a": 7}, {"a": 3, "b": 4}, {"a": -5, "b": 6}, dict.fromkeys("abcd", 1), {"e": 1},
        {"a": True}, {"a": "3"}, ["a"], None,
    ),
    "rating": ({"a": 6}, {"a": 0}, {"a": -1}, {"z": 1}, {"a": True}, {"a": None}, [], None),
    "single": ("z", "\u0430", "a\u00ad", ["a"], "", 1, {"a": 1}, None, []),
    "number": ("121.0", "-0.5", "12", "1.25", "\u0661.0", " 1.0", 12, "1e1", None),
    "date": ("2025-12-31", "2028-01-01", "2026-02-30", "1 May 2026", 20260101, "", None),
    "matrix": ({"r3": "a"}, {"r1": "z"}, {"r1": ["a"]}, ["r1"], {"r1": 1}, None),
    "allocation": (
        {"a": 50}, {"a": 95, "b": 5}, {"a": 110, "b": -10}, {"z": 100}, {"a": 200}, [100],
        {"a": "100"}, None,
    ),
    "text": ("Here it stands", None, {}),
}  # fmt: skip


@lie("answers", AUDIT)
def an_answer_that_nobody_could_give(chance: random.Random, told: Told) -> None:
    c = whole(told)
    question = pick(chance, told.manifests[c]["questions"])
    fact = pick(chance, told.standing(c))
    value = chance.choice(BAD[question["kind"]])
    fact.answers[question["id"]] = value
    recommit(fact)


@lie("answers", AUDIT)
def an_answer_to_a_question_that_nobody_asked(chance: random.Random, told: Told) -> None:
    c = whole(told)
    fact = pick(chance, told.standing(c))
    known = [one["id"] for one in told.manifests[c]["questions"]]
    fact.answers[chance.choice(("secret", unclear(chance, known[0])))] = ["a"]
    recommit(fact)


@lie("answers", AUDIT)
def an_answer_where_it_was_not_asked(chance: random.Random, told: Told) -> None:
    c = whole(told)
    asked = told.manifests[c]["questions"]
    visits = [one for one in asked if one["id"] == "visit"]
    first, then = (
        pick(chance, visits),
        pick(chance, [q for q in asked if q["id"] in ("ways", "age", "when")]),
    )
    asked.remove(first)
    asked.insert(0, first)
    then["asked_when"] = {"question": "visit", "options": ["a"]}
    wrong = [
        fact
        for fact in told.standing(c)
        if then["id"] in (fact.answers or {}) and (fact.answers or {}).get("visit") != "a"
    ]
    need(wrong)


@lie("answers", AUDIT)
def limits_that_the_answers_break(chance: random.Random, told: Told) -> None:
    """The terms are made stricter afterwards, and the answers stay."""
    c = whole(told)
    given = [fact.answers for fact in told.standing(c)]
    question = pick(chance, told.manifests[c]["questions"])
    answers = [one[question["id"]] for one in given if question["id"] in (one or {})]
    longest = max((len(one) for one in answers if isinstance(one, list)), default=0)
    numbers = [sum(one.values()) for one in answers if question["kind"] == "points"]
    grades = [g for one in answers if question["kind"] == "rating" for g in one.values()]
    stricter: dict[str, tuple[str, Any, bool]] = {
        "approval": ("picks_max", longest - 1, longest > 1),
        "several": ("picks_max", longest - 1, longest > 1),
        "ranking": ("ranks_max", longest - 1, longest > 1),
        "points": ("points", max(numbers, default=0) - 1, max(numbers, default=0) > 1),
        "rating": ("scale", max(grades, default=0) - 1, max(grades, default=0) > 1),
        "basket": ("pot", 150, any(answers)),
        "allocation": ("pot", 90, bool(answers)),
        "number": ("least", "120.0", any(one != "120.0" for one in answers)),
        "date": ("most", "2026-01-01", any(str(one) > "2026-01-01" for one in answers)),
    }
    name, limit, is_broken = stricter.get(question["kind"], ("", 0, False))
    need(is_broken)
    question[name] = limit


# -- the result --


@lie("result", AUDIT)
def a_result_that_is_not_the_one_sealed(chance: random.Random, told: Told) -> None:
    def change(document: Document) -> Document:
        results = document["results"]
        one = results[chance.choice(sorted(results))]
        how = chance.choice(
            ("outcome", "digest", "gone", "more", "member", "top", "ballots", "cutoff")
        )
        if how == "outcome":
            one["outcome"] = edit(chance, one["outcome"])
        elif how == "digest":
            one["outcome"] = edit(chance, one["outcome"])
            one["result_digest"] = digest(one["outcome"])
        elif how == "gone":
            del results[chance.choice(sorted(results))]
        elif how == "more":
            results["secret"] = one
        elif how == "member":
            one["headline"] = "The trees won"
        elif how == "top":
            document["headline"] = "The trees won"
        else:
            one[how] += 1
        return document

    change_file(told, "result.json", change)


@lie("result", RECOUNT)
def a_false_result_is_sealed(chance: random.Random, told: Told) -> None:
    """The outcome, its digest, and every entry that states it."""
    c = whole(told)
    last = told.of("published", c=c)[-1]
    q = last.document["q"]
    honest, _ = counted(told, c, q)
    false = edit(chance, honest)
    need(false != honest)
    state_all(told, c, q, {"result_digest": digest(false)})

    def change(document: Document) -> Document:
        document["results"][q] |= {"outcome": false, "result_digest": digest(false)}
        return document

    change_file(told, "result.json", change)


def state_all(told: Told, c: str, q: str, members: Document) -> None:
    """Let the last count of a question, and its publication, say something else."""
    for kind in ("counted", "published"):
        fact = [one for one in told.of(kind, c=c) if one.document["q"] == q][-1]
        fact.fixed |= {
            name: value
            for name, value in members.items()
            if kind == "counted" or name == "result_digest"
        }


@lie("result", RECOUNT)
def a_count_that_says_something_else_of_itself(chance: random.Random, told: Told) -> None:
    c = whole(told)
    q = pick(chance, told.of("counted", c=c)).document["q"]
    fact = [one for one in told.of("counted", c=c) if one.document["q"] == q][-1]
    outcome, _ = counted(told, c, q)
    rules = ("plurality", "approval", "irv", "points-sum", "council")
    fact.fixed |= chance.choice(
        (
            {"ballots": max(0, outcome["ballots"] + chance.choice((-1, 1, -2, 5)))},
            {"rule": chance.choice([rule for rule in rules if rule != outcome["rule"]])},
            {"rule_version": chance.choice(("2", "1.0"))},
            {"input_digest": "sha256:" + "cd" * 32},
        )
    )
    need(fact.fixed.get("ballots") != outcome["ballots"])


@lie("result", RECOUNT)
def counted_under_other_terms(chance: random.Random, told: Told) -> None:
    """The terms stay as they were fixed; the count follows others."""
    c = whole(told)
    q = pick(chance, told.of("published", c=c)).document["q"]
    other = told.copy()
    terms = other.manifests[c]["terms"]["counting"][q]
    question = next(one for one in other.manifests[c]["questions"] if one["id"] == q)
    how = chance.choice(("seats", "tie_chain", "lot", "pot", "cost", "scale"))
    if how == "seats":
        need(question["kind"] != "basket")
        terms["seats"] = 3
    elif how == "tie_chain":
        terms["tie_chain"] = ["votes", "lot"]
    elif how == "lot":
        terms["lot"] = terms["lot"][::-1]
        need(terms["lot"])
    elif how == "pot":
        need(question["pot"])
        question["pot"] += 1
    else:
        need(question["pot"])
        question["options"][0]["cost"] += 1
    false, inputs = counted(other, c, q)
    honest, _ = counted(told, c, q)
    need(false != honest)
    state_all(told, c, q, {"result_digest": digest(false), "input_digest": inputs})

    def change(document: Document) -> Document:
        more = {"outcome": false, "result_digest": digest(false), "input_digest": inputs}
        document["results"][q] |= more
        return document

    change_file(told, "result.json", change)


@lie("result", RECOUNT)
def some_answers_are_not_counted(chance: random.Random, told: Told) -> None:
    """The count leaves out what stands, or takes in what was set aside or taken back."""
    c = whole(told)
    q = pick(chance, told.of("published", c=c)).document["q"]
    other = told.copy()
    if chance.random() < 0.5:
        one = pick(chance, other.standing(c))
        need(q in (one.answers or {}))
        remove(other, one)
    else:
        gone = other.of("withdrawn", "voided", c=c)
        remove(other, *gone)
    false, inputs = counted(other, c, q)
    _, before = counted(told, c, q)
    need(inputs != before)
    ballots = {"ballots": false["ballots"]}
    state_all(told, c, q, {"result_digest": digest(false), "input_digest": inputs, **ballots})

    def change(document: Document) -> Document:
        more = {"outcome": false, "result_digest": digest(false), "input_digest": inputs, **ballots}
        document["results"][q] |= more
        return document

    change_file(told, "result.json", change)


@lie("result", AUDIT)
def a_result_of_a_question_that_no_rule_counts(chance: random.Random, told: Told) -> None:
    c = whole(told)
    fact = pick(chance, told.of("counted", c=c))
    others = [one["id"] for one in told.manifests[c]["questions"]]
    q = chance.choice(
        [*(id_ for id_ in others if id_ not in told.manifests[c]["terms"]["counting"]), "secret"]
    )
    made = act_like(fact, "counted", q=q)
    honest = told.copy()
    outcome, inputs = counted(honest, c, fact.document["q"])
    made.fixed = {
        "rule": outcome["rule"], "rule_version": "1", "ballots": outcome["ballots"],
        "input_digest": inputs, "result_digest": digest(outcome), "cutoff": told.closing(c),
    }  # fmt: skip
    insert(told, len(told.facts), made)


@lie("result", AUDIT)
def a_result_that_is_not_served_or_a_stale_one(chance: random.Random, told: Told) -> None:
    c = whole(told)
    names = ("result.json", "tallies.json", "manifest.json", SERVED[seen_by(told)][0])
    told.unserved.add(f"c/{c}/{chance.choice(names)}")


@lie("result", AUDIT)
def something_is_served_of_what_is_still_open(chance: random.Random, told: Told) -> None:
    others = [c for c in told.manifests if told.closing(c) is None]
    c = pick(chance, others)
    name = chance.choice(
        ("openings.ndjson", "ballots.ndjson", "result.json", "tallies.json", "ballots.pb")
    )
    told.afterwards.append(lambda files: files.update({f"c/{c}/{name}": b"{}"}))


# -- imported votes --


def imported(told: Told) -> list[Fact]:
    return [fact for fact in told.of("ballot") if fact.document["a"] == "imported"]


@lie("imports", AUDIT)
def imported_votes_that_somebody_gave(chance: random.Random, told: Told) -> None:
    fact = pick(chance, imported(told))
    how = chance.choice(({"a": "email"}, {"h": "A" * 43}, {"n": 1}, {"n": "2"}, {"dk": "Ann"}))
    fact.fixed |= how


@lie("imports", RECOUNT)
def lines_that_count_for_more(chance: random.Random, told: Told) -> None:
    """The count is of the file as it was, and the entry says another number."""
    fact = pick(chance, imported(told))
    need(told.of("counted", c=fact.document["c"]))
    fact.fixed["n"] = fact.document.get("n", 1) + chance.randint(1, 40)


@lie("imports", AUDIT)
def what_was_thrown_away_has_a_result(chance: random.Random, told: Told) -> None:
    """Thrown away after the closing, so that nobody counts again, and then published."""
    c = pick(chance, imported(told)).document["c"]
    counting = pick(chance, told.of("counted", c=c))
    honest = told.copy()
    outcome, _ = counted(honest, c, counting.document["q"])
    at = told.place(counting)
    insert(told, at, act_like(counting, "stopped", reason={"en": "Thrown away"}))
    false = {**outcome, "elected": [], "ballots": 0}
    state_all(told, c, counting.document["q"], {"result_digest": digest(false)})
    path = f"c/{c}/result.json"

    def change(files: Files) -> None:
        document = json.loads(files[path])
        for one in document["results"].values():
            one |= {"outcome": false, "result_digest": digest(false)}
        files[path] = canonical_bytes(document)

    told.afterwards.append(change)


# -- the lot --


@lie("lot", AUDIT)
def a_lot_that_does_not_fit(chance: random.Random, told: Told) -> None:
    c = whole(told)
    counting = told.of("counted", c=c)[0]
    lots = told.of("lot", c=c)
    how = chance.choice(("none", "unasked", "late", "again", "thrice", "early", "no draw"))
    plain = {"value": "9 8 7 6 5", "source": "https://lottery.example"}
    if how == "unasked":
        need(not lots)
        insert(told, told.place(counting), act_like(counting, "lot", **plain))
        return
    need(lots)
    if how == "none":
        remove(told, *lots)
    elif how == "late":
        insert(told, len(told.facts), act_like(counting, "lot", **plain))
    elif how == "again":
        insert(told, told.place(lots[0]) + 1, act_like(lots[0], "lot", **plain))
    elif how == "thrice":
        for number in range(2):
            again = act_like(
                lots[0], "lot", **plain | {"value": f"9 8 7 6 {number}"}, reason={"en": "Misread"}
            )
            insert(told, told.place(lots[0]) + 1 + number, again)
    elif how == "early":
        due = told.manifests[c]["terms"]["beacon"]["due_at"]
        told.manifests[c]["terms"]["beacon"] = {
            **told.manifests[c]["terms"]["beacon"],
            "due_at": chance.choice(
                ("2026-12-31T00:00:00Z", told.of("opened", c=c)[0].document["at"])
            ),
        }
        need(due)
    else:
        value = chance.choice(("heads", "1 2 3", "1 2 3 4 5,6", "01 2 3 4 5", "", "1  2 3 4 5"))
        lots[-1].document["value"] = value


@lie("lot", RECOUNT)
def counted_with_another_lot_than_was_drawn(chance: random.Random, told: Told) -> None:
    c = whole(told)
    lot = pick(chance, told.of("lot", c=c))
    value, other = f"{chance.randint(50, 99)} 2 3 4 5", told.copy()
    other.of("lot", c=c)[-1].document["value"] = value
    asked = told.manifests[c]["terms"]["counting"]
    need(any(counted(told, c, q) != counted(other, c, q) for q in asked))
    lot.fixed["value"] = value


# -- the tallies --


@lie("tallies", RECOUNT)
def tallies_that_do_not_follow(chance: random.Random, told: Told) -> None:
    """One number of them is another, and the log has their digest or not."""
    c = whole(told)
    path = f"c/{c}/tallies.json"
    document = json.loads(tallied(told, c))
    numbers = [(question, name) for question in document["questions"] for name in question]
    question, name = pick(chance, numbers)
    before = canonical_bytes(document)
    question[name] = edit(chance, question[name])
    if chance.random() < 0.2:
        document["responses"] += chance.choice((-1, 1, 10))
    false = canonical_bytes(document)
    need(false != before)
    if chance.random() < 0.8:
        told.of("tallies", c=c)[0].fixed["tallies"] = "sha256:" + hashlib.sha256(false).hexdigest()
    told.afterwards.append(lambda files: files.update({path: false}))


# -- the manifest --


@lie("manifest", AUDIT)
def a_manifest_that_is_not_the_one_fixed(chance: random.Random, told: Told) -> None:
    def change(document: Document) -> Document:
        false = edit(chance, document)
        return false if false != document else {**document, "slug": "other"}

    change_file(told, "manifest.json", change)


@lie("manifest", AUDIT)
def a_manifest_of_something_else(chance: random.Random, told: Told) -> None:
    manifest = told.manifests[whole(told)]
    manifest.update(
        chance.choice(
            (
                {"format": "folkmoot/manifest/v2"},
                {"consultation": "0" * 36},
                {"questions": []},
                {"terms": {}},
            )
        )
    )
