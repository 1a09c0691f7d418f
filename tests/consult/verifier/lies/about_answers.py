"""Lies about who answered, with what, and what became of it."""

import random
from typing import Any

from events.log.encoding import to_base64url
from tests.consult.verifier.lies.about_entries import unclear
from tests.consult.verifier.lies.grammar import (
    AUDIT,
    CHECKPOINT,
    PROMISE,
    RECEIPT,
    about,
    among_answers,
    insert,
    lie,
    need,
    pick,
    remove,
    same_day,
    whole,
)
from tests.consult.verifier.lies.telling import Fact, Told, recommit, salted
from tests.consult.verifier.verifier_logs import held, pseudonym

MADE_UP = to_base64url(salted("made up", 1) + salted("made up", 2) + salted("made up", 3))


def standing(chance: random.Random, told: Told) -> Fact:
    fact = pick(chance, told.standing(whole(told)))
    assert isinstance(fact, Fact)
    return fact


def made_up(told: Told, at: int, name: str, like: Fact, **members: Any) -> Fact:
    """Answers of somebody who does not exist."""
    kept = {n: like.document[n] for n in ("t", "v", "c", "ch", "r") if n in like.document}
    document = {**kept, "b": pseudonym(name), "s": 1, "a": "open", "h": held(name, 1)}
    fact = Fact({**document, **same_day(told, at), **members}, dict(like.answers or {}))
    fact.salt = salted("salt", name)
    recommit(fact)
    return fact


# -- who vouches for a change --


@lie("vouching", AUDIT)
def a_change_with_a_secret_that_is_not_its_holders(chance: random.Random, told: Told) -> None:
    changes = [one for one in told.facts if "hs" in one.document]
    fact = pick(chance, changes)
    others = [one.document["hs"] for one in changes if one.document["hs"] != fact.document["hs"]]
    fact.fixed["hs"] = chance.choice([MADE_UP, *others])


@lie("vouching", AUDIT)
def a_change_for_which_nobody_or_two_vouch(chance: random.Random, told: Told) -> None:
    fact = pick(chance, [one for one in told.facts if {"hs", "by"} & one.document.keys()])
    if "hs" in fact.document:
        fact.fixed |= chance.choice(({"hs": ...}, {"by": "operator"}))
    else:
        fact.fixed |= chance.choice(({"by": ...}, {"hs": MADE_UP}))


@lie("vouching", AUDIT)
def a_change_that_somebody_vouches_for_who_cannot(chance: random.Random, told: Told) -> None:
    """A desk that made no answers; an operator who answers or takes back."""
    fact = pick(chance, [one for one in told.facts if "by" in one.document])
    allowed = {"ballot": ("identity", "desk"), "withdrawn": ("identity",), "erased": ("operator",)}
    other = {"identity", "desk", "operator", "nobody"} - set(allowed[fact.kind])
    if fact.kind == "ballot":
        other |= {"identity", "desk"} - {fact.document["by"]}
    fact.fixed["by"] = chance.choice(sorted(other))


@lie("vouching", AUDIT)
def first_answers_that_replace_some(chance: random.Random, told: Told) -> None:
    fact = pick(chance, [one for one in told.of("ballot") if one.document["s"] == 1])
    fact.fixed |= chance.choice(({"by": "identity"}, {"hs": MADE_UP}))


@lie("vouching", AUDIT)
def answers_that_nobody_holds_or_a_desk_does(chance: random.Random, told: Told) -> None:
    given = [fact for fact in told.of("ballot") if fact.document["a"] != "imported"]
    fact = pick(chance, given)
    if "dk" in fact.document:
        fact.fixed |= chance.choice(({"h": held("x", 1)}, {"dk": ...}))
    else:
        fact.fixed |= chance.choice(({"h": ...}, {"dk": "ABCD-0123"}))


@lie("vouching", AUDIT)
def a_desk_that_cannot_be(chance: random.Random, told: Told) -> None:
    fact = pick(chance, [one for one in told.of("ballot") if "dk" in one.document])
    fact.fixed["dk"] = chance.choice(
        ("ABCD0123", "abcd-0123", "ABCD-012U", "Ann", "", "ABCD-0123 ")
    )


# -- what became of somebody's answers, which only their receipt shows --


@lie("receipts", RECEIPT)
def somebodys_answers_are_replaced(chance: random.Random, told: Told) -> Fact:
    mine = standing(chance, told)
    at = told.closing(whole(told))
    assert at is not None
    theirs = made_up(
        told, at, "x", mine, b=mine.document["b"], s=versions(told, mine) + 1, by="identity"
    )
    theirs.answers = {
        name: value for name, value in (mine.answers or {}).items() if chance.random() < 0.5
    }
    recommit(theirs)
    insert(told, at, theirs)
    return mine


@lie("receipts", RECEIPT)
def somebodys_answers_are_taken_back_or_set_aside(chance: random.Random, told: Told) -> Fact:
    mine, c = standing(chance, told), whole(told)
    at = told.closing(c)
    assert at is not None
    kind, member = chance.choice(
        (("withdrawn", {"by": "identity"}), ("voided", {"reason": "not a resident"}))
    )
    insert(told, at, about(mine, kind, versions(told, mine) + 1, **member, **same_day(told, at)))
    return mine


@lie("receipts", RECEIPT)
def somebody_is_left_out(chance: random.Random, told: Told) -> Fact:
    """All of one person's entries go, and everything is worked out anew."""
    mine = standing(chance, told)
    remove(told, *[one for one in told.facts if one.document.get("b") == mine.document["b"]])
    return mine


@lie("receipts", RECEIPT)
def somebodys_last_version_is_left_out(chance: random.Random, told: Told) -> Fact:
    c = whole(told)
    last = [one for one in told.standing(c) if one.document["s"] > 1]
    mine = pick(chance, last)
    later = told.facts[told.place(mine) + 1 :]
    need(not any(one.document.get("b") == mine.document["b"] for one in later))
    remove(told, mine)
    assert isinstance(mine, Fact)
    return mine


@lie("receipts", RECEIPT)
def somebodys_answers_are_others(chance: random.Random, told: Told) -> Fact:
    mine = standing(chance, told)
    kept = Fact(dict(mine.document), mine.answers, mine.salt)
    mine.answers = {
        name: value for name, value in (mine.answers or {}).items() if chance.random() < 0.3
    }
    mine.salt = salted("another", chance.random())
    recommit(mine)
    return kept


@lie("receipts", RECEIPT)
def somebody_is_said_to_be_something_else(chance: random.Random, told: Told) -> Fact:
    """Another kind of respondent, another level of those that the terms name, another way."""
    mine = standing(chance, told)
    kept = Fact(dict(mine.document), mine.answers, mine.salt)
    mine.document.update(chance.choice(({"r": "group"}, {"ch": "telephone"})))
    return kept


@lie("receipts", RECEIPT)
def somebody_is_another_or_nobody(chance: random.Random, told: Told) -> Fact:
    """The same answers under another pseudonym."""
    mine = standing(chance, told)
    need(mine.document["s"] == 1)
    kept = Fact(dict(mine.document), mine.answers, mine.salt)
    for one in told.facts:
        if one.document.get("b") == kept.document["b"]:
            one.document["b"] = pseudonym("another")
    return kept


@lie("promises", PROMISE)
def what_was_promised_is_not_there(chance: random.Random, told: Told) -> Fact:
    need(told.of("promise_key"))
    return somebody_is_left_out(chance, told)


@lie("promises", PROMISE)
def what_was_promised_is_there_otherwise(chance: random.Random, told: Told) -> Fact:
    need(told.of("promise_key"))
    return somebodys_answers_are_others(chance, told)


def versions(told: Told, mine: Fact) -> int:
    return max(
        one.document["s"]
        for one in told.facts
        if one.document.get("b") == mine.document["b"] and "s" in one.document
    )


# -- who answered --


@lie("people", AUDIT)
def the_same_entry_again(chance: random.Random, told: Told) -> None:
    c = whole(told)
    fact = pick(chance, told.of("ballot", c=c))
    at = among_answers(chance, told, c)
    need(at > told.place(fact))
    insert(told, at, Fact(dict(fact.document), fact.answers, fact.salt))


@lie("people", AUDIT)
def a_commitment_is_copied_to_somebody_made_up(chance: random.Random, told: Told) -> None:
    c = whole(told)
    mine = standing(chance, told)
    at = told.closing(c)
    assert at is not None
    copy = made_up(told, at, "copy", mine)
    copy.salt, copy.document["cm"] = mine.salt, mine.document["cm"]
    insert(told, at, copy)


@lie("people", AUDIT)
def a_version_is_missing_or_returns(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.of("ballot", "withdrawn", "voided", "campaign", c=whole(told)))
    fact.fixed["s"] = max(1, fact.document["s"] + chance.choice((-1, 1, 2, 7)))
    need(fact.fixed["s"] != fact.document["s"])


@lie("people", AUDIT)
def an_entry_in_the_middle_is_left_out(chance: random.Random, told: Told) -> None:
    """Something that was said of a response, and not the last thing; the versions stay."""
    c = whole(told)
    found = [
        one
        for at, one in enumerate(told.facts)
        if one.document.get("c") == c
        and "s" in one.document
        and "b" in one.document
        and any(
            other.document.get("b") == one.document["b"] and "s" in other.document
            for other in told.facts[at + 1 :]
        )
    ]
    remove(told, pick(chance, found))


@lie("people", AUDIT)
def answered_after_it_closed(chance: random.Random, told: Told) -> None:
    c = whole(told)
    at = chance.randrange(told.closing(c) + 1, len(told.facts) + 1)
    mine = standing(chance, told)
    if chance.random() < 0.5:
        late = made_up(told, at, "late", mine)
    else:
        late = about(
            mine, "withdrawn", versions(told, mine) + 1, by="identity", **same_day(told, at)
        )
    insert(told, at, late)


@lie("people", AUDIT)
def answered_before_it_opened(chance: random.Random, told: Told) -> None:
    opening = told.of("opened", c=whole(told))[0]
    mine = pick(chance, told.of("ballot", c=whole(told)))
    remove(told, mine)
    insert(told, told.place(opening), mine)


@lie("people", AUDIT)
def a_level_that_the_terms_do_not_name(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.of("ballot", c=whole(told)))
    named = told.manifests[whole(told)]["terms"]["identity"]
    other = [one for one in ("email", "oidc", "imported", "council", "Open") if one not in named]
    fact.fixed["a"] = chance.choice(other)
    need("dk" not in fact.document or fact.fixed["a"] != "imported")


@lie("people", AUDIT)
def several_responses_on_one_entry(chance: random.Random, told: Told) -> None:
    found = [fact for fact in told.of("ballot") if fact.document["a"] != "imported"]
    pick(chance, found).document["n"] = chance.randint(2, 50)


@lie("people", AUDIT)
def words_for_a_question_that_takes_none(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.of("ballot", c=whole(told)))
    fact.document["x"] = {chance.choice(("nowhere", "mor\u0435".encode().hex())): "A" * 43}


@lie("people", AUDIT)
def words_are_copied(chance: random.Random, told: Told) -> None:
    found = [one for one in told.of("ballot", c=whole(told)) if "x" in one.document]
    one = pick(chance, found)
    other = pick(chance, [each for each in told.of("ballot", c=whole(told)) if each is not one])
    other.document["x"] = dict(one.document["x"])


@lie("people", AUDIT)
def something_is_said_of_somebody_who_never_answered(chance: random.Random, told: Told) -> None:
    mine = standing(chance, told)
    kind = chance.choice(("withdrawn", "voided", "campaign", "erased"))
    fact = pick(
        chance, [one for one in told.facts if one.kind == kind and one.document["c"] == whole(told)]
    )
    assert mine
    fact.fixed["b"] = pseudonym("nobody")


@lie("people", AUDIT)
def taken_back_or_set_aside_twice(chance: random.Random, told: Told) -> None:
    c = whole(told)
    found = [fact for fact, state in told.last_ballots(c).values() if state == "withdrawn"]
    mine, at = pick(chance, found), told.closing(c)
    assert at is not None
    kind, member = chance.choice(
        (("withdrawn", {"by": "identity"}), ("voided", {"reason": "again"}))
    )
    insert(told, at, about(mine, kind, versions(told, mine) + 1, **member, **same_day(told, at)))


@lie("people", CHECKPOINT)
def somebody_who_does_not_exist(chance: random.Random, told: Told) -> None:
    """Without a code or a letter, nobody can tell; a kept checkpoint says when it was not there."""
    at = among_answers(chance, told, whole(told))
    insert(told, at, made_up(told, at, "made up", pick(chance, told.of("ballot", c=whole(told)))))


@lie("people", CHECKPOINT)
def somebodys_answers_are_said_to_be_a_campaigns(chance: random.Random, told: Told) -> None:
    mine, c = standing(chance, told), whole(told)
    at = told.closing(c)
    assert at is not None
    insert(
        told,
        at,
        about(mine, "campaign", versions(told, mine) + 1, g="alike", **same_day(told, at)),
    )


@lie("people", AUDIT)
def a_campaign_is_marked_after_the_count(chance: random.Random, told: Told) -> None:
    mine, c = standing(chance, told), whole(told)
    at = told.place(told.of("counted", c=c)[-1]) + 1
    insert(
        told,
        at,
        about(mine, "campaign", versions(told, mine) + 1, g="alike", **same_day(told, at)),
    )


# -- codes --


@lie("codes", AUDIT)
def more_letters_answered_than_were_issued(chance: random.Random, told: Told) -> None:
    c = whole(told)
    need(told.of("issued", c=c))
    for number in range(9):
        at = told.closing(c)
        assert at is not None
        ballot = made_up(told, at, f"letter {number}", told.of("ballot", c=c)[0], a="letter")
        insert(told, at, ballot)


@lie("codes", AUDIT)
def fewer_codes_were_issued(chance: random.Random, told: Told) -> None:
    c = whole(told)
    came = {one.document["b"] for one in told.of("ballot", c=c) if one.document["a"] == "letter"}
    need(came)
    issued = told.of("issued", c=c)
    if chance.random() < 0.5:
        remove(told, *issued)
        return
    for fact in issued:
        fact.document["number"] = 1
    for fact in issued[1:]:
        remove(told, fact)
    need(len(came) > 1)


@lie("codes", AUDIT)
def codes_were_issued_after_they_were_used(chance: random.Random, told: Told) -> None:
    c = whole(told)
    need(any(one.document["a"] == "letter" for one in told.of("ballot", c=c)))
    issued, at = told.of("issued", c=c), told.closing(c)
    assert at is not None
    remove(told, *issued)
    for fact in issued:
        insert(told, told.closing(c) or 0, fact)


@lie("codes", AUDIT)
def a_batch_that_is_not_there_is_voided(chance: random.Random, told: Told) -> None:
    fact = pick(chance, told.of("codes_voided"))
    if chance.random() < 0.5:
        fact.fixed["batch"] = unclear(chance, "batch-9")
    else:
        insert(told, told.place(fact), Fact({**fact.document, "batch": "batch-7"}))


@lie("codes", AUDIT)
def a_batch_of_no_codes(chance: random.Random, told: Told) -> None:
    pick(chance, told.of("issued")).fixed["number"] = chance.choice((0, -4))
