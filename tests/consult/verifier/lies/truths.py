"""Small truthful logs, drawn at random, in which all happens that an operator can lie about."""

import random
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from events.log.commitment import commit
from tests.consult.verifier.lies.telling import Document, Fact, Told, recommit, salted
from tests.consult.verifier.verifier_logs import (
    ORIGIN,
    held,
    key_of,
    later,
    option,
    pseudonym,
    revealed,
    terms,
)

PROMISE_KEY = key_of("lies: promises", f"{ORIGIN}/promise")
BEGIN = "2026-11-16T09:00:00Z"
DAY_SECONDS, OPEN_DAYS = 86_400, 6
LEVELS = ("open", "email", "letter", "desk")
OPTIONS = ("a", "b", "c", "d")
COSTS = (400, 300, 500, 200)
BEACON = {"kind": "draw", "due_at": later(BEGIN, 7 * DAY_SECONDS), "name": {"en": "Lottery"}}


def question(kind: str, id: str, **more: Any) -> Document:
    priced = kind in ("basket", "allocation")
    costs = COSTS if priced else (None,) * 4
    options = [option(o, cost) for o, cost in zip(OPTIONS, costs, strict=True)]
    standard = {"picks_max": None, "ranks_max": None, "points": None, "scale": None, "pot": None}
    return {"id": id, "kind": kind, "title": {"en": id}, "options": options, **standard, **more}


BUDGETS = ("greedy-skip", "greedy-stop", "equal-shares", "phragmen")
ORDERS = ("plurality", "borda", "points-3", "schulze", "irv")
COUNTED = {
    "approval": (question("approval", "support", picks_max=3), ("approval",)),
    "basket": (question("basket", "pot", pot=900), BUDGETS),
    "ranking": (question("ranking", "order", ranks_max=3), ORDERS),
    "points": (question("points", "share", points=6, picks_max=3), ("points-sum",)),
    "rating": (question("rating", "views", scale=5), ("rating", "points-sum")),
}  # fmt: skip
ASKED = {
    "single": question("single", "visit", other=True),
    "several": question("several", "ways", picks_max=2),
    "number": question("number", "age", decimals=1, least="0.0", most="120.0"),
    "date": question("date", "when", least="2026-01-01", most="2027-12-31"),
    "matrix": question("matrix", "grid", statements=[option("r1"), option("r2")]),
    "allocation": question("allocation", "money", pot=100, step=10),
    "text": question("text", "more"),
}


def answer(chance: random.Random, kind: str) -> Any:
    some = chance.sample(OPTIONS, chance.randint(0, 2))
    return {
        "approval": lambda: sorted(some),
        "several": lambda: sorted(some),
        "basket": lambda: sorted(chance.sample(("a", "b", "d"), chance.randint(0, 3))),
        "ranking": lambda: [*some, [o for o in OPTIONS if o not in some][:2]],
        "points": lambda: {o: chance.randint(1, 3) for o in some},
        "rating": lambda: {o: chance.randint(1, 5) for o in some},
        "single": lambda: chance.choice((*OPTIONS, "other")),
        "number": lambda: f"{chance.randint(0, 119)}.{chance.randint(0, 9)}",
        "date": lambda: f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        "matrix": lambda: {"r1": chance.choice(OPTIONS)},
        "allocation": lambda: {"a": (cut := 10 * chance.randint(1, 9)), "b": 100 - cut},
    }[kind]()


@dataclass
class Teller:
    """Tells the life of one consultation, step by step."""

    chance: random.Random
    told: Told
    c: str
    manifest: Document
    now: str = BEGIN
    versions: dict[str, int] = field(default_factory=dict)
    holds: dict[str, int] = field(default_factory=dict)
    """By person the version whose secret they have; 0 where a desk sent it."""
    stand: set[str] = field(default_factory=set)
    letters_left: int = 0

    def add(self, kind: str, **members: Any) -> Fact:
        fact = Fact({"t": kind, "v": 1, "c": self.c, **members})
        self.told.facts.append(fact)
        return fact

    def act(self, kind: str, **members: Any) -> Fact:
        return self.add(kind, at=self.now, role="officer", **members)

    def wait(self, seconds: int) -> None:
        self.now = later(self.now, seconds)

    def next(self, person: str) -> int:
        self.versions[person] = self.versions.get(person, 0) + 1
        return self.versions[person]

    def named(self, person: str) -> str:
        return f"{self.c}/{person}"

    def vouching(self, person: str, kind: str, by: str) -> Document:
        if self.holds[person] and self.chance.random() < 0.7:
            return {"hs": revealed(self.named(person), self.holds[person], kind)}
        return {"by": by}

    def ballot(self, person: str) -> Fact:
        is_first, version = person not in self.versions, self.next(person)
        levels = self.manifest["terms"]["identity"]
        level = self.chance.choice(levels)
        if level == "letter" and (not is_first or not self.letters_left):
            level = levels[0]
        self.letters_left -= level == "letter"
        at_desk = level == "desk"
        members: Document = {"a": level, "ch": "assisted" if at_desk else "online"}
        members |= {"dk": "ABCD-0123"} if at_desk else {"h": held(self.named(person), version)}
        if not is_first:
            wish = {"by": "desk"} if at_desk else self.vouching(person, "replaced", "identity")
            members |= wish
        words = {id_: salted("words", self.c, person, version, id_) for id_ in self.written()}
        if words:
            members["x"] = {id_: commit(salt, "T", b"Hello") for id_, salt in words.items()}
        respondent = "individual"
        if self.manifest["terms"].get("has_organisations"):
            respondent = self.chance.choice(("individual", "organisation"))
        fact = self.add(
            "ballot", b=pseudonym(self.named(person)), s=version, d=self.now[:10], r=respondent,
            **members,
        )  # fmt: skip
        fact.answers = {
            one["id"]: answer(self.chance, one["kind"])
            for one in self.manifest["questions"]
            if one["kind"] != "text" and self.chance.random() < 0.9
        }
        fact.salt = salted("salt", self.c, person, version)
        recommit(fact)
        self.holds[person] = 0 if at_desk else version
        self.stand.add(person)
        return fact

    def written(self) -> list[str]:
        """The questions that have words: some wrote, and of a choice it looks as if all did."""
        some = ["more"] if self.chance.random() < 0.5 else []
        return [id_ for id_ in ("visit", *some) if id_ in self.ids]

    @property
    def ids(self) -> list[str]:
        return [one["id"] for one in self.manifest["questions"]]

    def about(self, kind: str, person: str, **members: Any) -> None:
        if kind in ("withdrawn", "erased"):
            by = "operator" if kind == "erased" else "identity"
            members |= self.vouching(person, kind, by)
        if kind != "erased":
            members["s"] = self.next(person)
        if kind in ("withdrawn", "voided"):
            self.stand.discard(person)
        self.add(kind, b=pseudonym(self.named(person)), d=self.now[:10], **members)

    def issue(self) -> None:
        for batch in ("batch-1", "batch-2"):
            self.act("issued", batch=batch, number=4, level="letter")
        self.letters_left = 4  # as many as are left when the second is lost
        self.wait(60)

    def answers(self, people: int) -> None:
        """People answer, change their answers, take them back; some days pass."""
        names = [f"person {number}" for number in range(people)]
        for person in names:
            self.ballot(person)
            self.wait(self.chance.randint(60, DAY_SECONDS // 8))
            if self.chance.random() < 0.45:
                self.happen(self.chance.choice(names))
        self.ballot(names[0])
        self.about("withdrawn", names[1] if names[1] in self.stand else names[0])
        self.about("erased", names[2])
        for kind, members in (
            ("voided", {"reason": "not a resident"}),
            ("campaign", {"g": "alike"}),
        ):
            self.about(kind, self.chance.choice(sorted(self.stand)), **members)

    def happen(self, person: str) -> None:
        kind = self.chance.choice(("ballot", "withdrawn", "campaign", "erased", "paused"))
        if kind == "paused":
            self.act("paused", reason={"en": "Snow"})
            self.wait(600)
            self.act("resumed")
        elif person not in self.versions:
            return
        elif kind == "ballot":
            self.ballot(person)
        elif kind != "withdrawn" or person in self.stand:
            self.about(kind, person, **({"g": "alike"} if kind == "campaign" else {}))

    def close(self) -> None:
        closes_at = self.manifest["terms"]["closes_at"]
        if self.chance.random() < 0.5:
            added = later(closes_at, DAY_SECONDS)
            self.act("extended", closes_at=added, reason={"en": "Snow", "cy": "Eira"})
            if self.chance.random() < 0.6:
                self.now = later(closes_at, DAY_SECONDS - 60)
                self.ballot("whoever came late")
            closes_at = added
        self.now = max(self.now, later(closes_at, 2))
        self.act("closed")

    def count(self) -> None:
        if self.manifest["terms"].get("beacon"):
            self.now = max(self.now, later(BEACON["due_at"], 60))
            self.act("lot", value="3 14 15 26 35", source="https://lottery.example")
        self.wait(60)
        counted = list(self.manifest["terms"]["counting"])
        for id_ in counted:
            self.act("counted", q=id_)
        for id_ in counted:
            self.act("published", q=id_)
        if self.chance.random() < 0.4:
            self.wait(60)
            self.act("superseded", q=counted[0], reason="A desk was left out.")
            self.act("counted", q=counted[0])
            self.act("published", q=counted[0])
        self.act("tallies")
        said = {part: {"en": part} for part in ("theme", "asked", "said", "did", "owner")}
        for version in range(1, self.chance.randint(1, 3)):
            self.wait(DAY_SECONDS)
            self.act(
                "follow_up",
                f=str(UUID(int=7)),
                s=version,
                status="done",
                on="2026-12-01",
                why={},
                **said,
            )
        if self.chance.random() < 0.3:
            self.add("key_destroyed", at=self.now)


def manifest(chance: random.Random, c: str) -> Document:
    asked = [COUNTED[kind] for kind in chance.sample(sorted(COUNTED), chance.randint(1, 2))]
    others = [ASKED[kind] for kind in chance.sample(sorted(ASKED), chance.randint(0, 3))]
    counting = {
        one["id"]: terms(chance.choice(rules), tie_chain=["lot"], lot=chance.sample(OPTIONS, 4))
        for one, rules in asked
    }
    fixed: Document = {
        "closes_at": later(BEGIN, OPEN_DAYS * DAY_SECONDS),
        "identity": ["open", *chance.sample(LEVELS[1:], chance.randint(1, 3))],
        "counting": counting,
    }
    if chance.random() < 0.4:
        fixed["beacon"] = BEACON
        for one in counting.values():
            one["lot"] = []
    if chance.random() < 0.3:
        fixed["has_organisations"] = True
    return {
        "format": "folkmoot/manifest/v1",
        "consultation": c,
        "slug": "green-pot",
        "title": {"en": "The green pot", "cy": "Y gronfa werdd"},
        "openings": chance.choice(("public", "trackers", "trackers")),
        "terms": fixed,
        "questions": [one for one, _ in asked] + others,
    }


def truth(seed: int) -> Told:
    """A whole log of one consultation that ran its course, and one more or none beside it."""
    chance = random.Random(seed)
    told = Told([Fact({"t": "log.open", "v": 1, "origin": ORIGIN})])
    if chance.random() < 0.7:
        told.facts.append(Fact({"t": "promise_key", "v": 1, "key": PROMISE_KEY.verifier.vkey}))
    formed = {"p": str(UUID(int=9)), "f": "formed", "name": "Ashenmoor"}
    told.facts.append(Fact({"t": "partnership", "v": 1, "at": BEGIN, "role": "officer", **formed}))
    whole = begun(chance, told, 1)
    whole.answers(chance.randint(5, 9))
    if whole.told.of("issued", c=whole.c):
        whole.act("codes_voided", batch="batch-2", reason="Lost in the post")
    beside = chance.choice(("nothing", "open", "stopped"))
    if beside != "nothing":
        other = begun(chance, told, 2, now=whole.now)
        for person in ("Ann", "Bob"):
            other.ballot(person)
        if beside == "stopped":
            other.act("stopped", reason={"en": "A mistake"})
    whole.close()
    whole.count()
    if chance.random() < 0.3:
        import_votes(chance, told, whole.now)
    return told


def import_votes(chance: random.Random, told: Told, now: str) -> None:
    """Votes of another election, from a file: no time is promised, and lines may count for many."""
    c = str(UUID(int=chance.getrandbits(100) * 10 + 3))
    about = manifest(chance, c)
    about["terms"] |= {"identity": [], "closes_at": later(now, 60)}
    about["terms"].pop("beacon", None)
    about["terms"].pop("has_organisations", None)
    about |= {"openings": "public", "questions": about["questions"][:1]}
    [asked] = about["questions"]
    about["terms"]["counting"] = {asked["id"]: about["terms"]["counting"][asked["id"]]}
    told.manifests[c] = about
    teller = Teller(chance, told, c, about, now)
    teller.act("opened")
    for number in range(chance.randint(2, 5)):
        many = {"n": chance.randint(2, 9)} if chance.random() < 0.5 else {}
        person = f"line {number}"
        fact = teller.add(
            "ballot", b=pseudonym(teller.named(person)), s=1, d=now[:10], r="individual",
            a="imported", ch="online", **many,
        )  # fmt: skip
        fact.answers = {asked["id"]: answer(chance, asked["kind"])}
        fact.salt = salted("salt", c, person)
        recommit(fact)
    teller.act("closed")
    if chance.random() < 0.3:
        teller.act("stopped", reason={"en": "The import was thrown away."})
    else:
        teller.act("counted", q=asked["id"])
        teller.act("published", q=asked["id"])


def begun(chance: random.Random, told: Told, number: int, now: str = BEGIN) -> Teller:
    c = str(UUID(int=chance.getrandbits(100) * 10 + number))
    about = manifest(chance, c)
    told.manifests[c] = about
    teller = Teller(chance, told, c, about, now)
    if number > 1:
        about["terms"]["closes_at"] = later(now, (OPEN_DAYS + 30) * DAY_SECONDS)  # still open
        about["terms"].pop("beacon", None)
    if "letter" in about["terms"]["identity"]:
        teller.issue()
    teller.act("opened")
    return teller
