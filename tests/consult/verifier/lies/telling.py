"""Truthful logs as lists of facts, sealed as an operator would: what follows is worked out anew.

A `Told` holds what somebody with key, database and server can write as they like. `sealed` works
out everything that follows from it, so that a lie is consistent wherever the liar can make it so:
places, digests of manifests, counts, results, tallies, openings, tiles, root and checkpoint.
"""

import copy
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from consult.counting import Option, Profile, Specification, count, digest, input_digest, lot_order
from consult.counting.outcome import canonical_bytes
from consult.counting.tallies import document as tallies_document
from consult.sealing.public_entries.ballot_list import Listed, lines_of
from events.log.append import Edge, append
from events.log.commitment import commit
from events.log.encoding import to_base64url
from events.question import Condition, Question
from events.question import Option as Choice
from tests.consult.verifier.verifier_logs import LOG_KEY, signed

LEAST = 5
RESPONDENTS = ("individual", "organisation", "group")
Document = dict[str, Any]
RESULT = (
    "rule", "rule_version", "cutoff", "ballots", "input_digest", "result_digest", "outcome"
)  # fmt: skip
UNCOUNTABLE = (KeyError, TypeError, ValueError, AttributeError, AssertionError, StopIteration)
"""What counting ends in where answers or terms are none."""
NOTHING: Document = {"rule": "approval", "rule_version": "1", "ballots": 0}


@dataclass
class Fact:
    """An entry to be; `answers` and `salt` of a ballot; `fixed`: what a liar
    says all the same, `...` where a member is left out."""

    document: Document
    answers: Document | None = None
    salt: bytes = b""
    fixed: Document = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.document["t"])

    @property
    def person(self) -> tuple[str, str]:
        return self.document["c"], self.document["b"]


@dataclass
class Told:
    """All that an operator says."""

    facts: list[Fact] = field(default_factory=list)
    manifests: dict[str, Document] = field(default_factory=dict)
    unserved: set[str] = field(default_factory=set)
    afterwards: list[Callable[[dict[str, bytes]], None]] = field(default_factory=list)
    """What is done to the files that were sealed."""

    def copy(self) -> "Told":
        return copy.deepcopy(self)

    def of(self, *kinds: str, c: str = "") -> list[Fact]:
        """The facts of these kinds, in order."""
        return [one for one in self.facts if one.kind in kinds and c in ("", one.document.get("c"))]

    def place(self, fact: Fact) -> int:
        return next(at for at, one in enumerate(self.facts) if one is fact)

    def closing(self, c: str) -> int | None:
        found = self.of("closed", c=c)
        return self.place(found[0]) if found else None

    def last_ballots(self, c: str) -> dict[str, tuple[Fact, str]]:
        """By pseudonym the last ballot before the closing, and what became of it."""
        found: dict[str, tuple[Fact, str]] = {}
        for fact in self.facts[: self.closing(c)]:
            if fact.document.get("c") != c:
                continue
            if fact.kind == "ballot":
                found[fact.document["b"]] = fact, "stands"
            elif fact.kind in ("withdrawn", "voided") and fact.document["b"] in found:
                found[fact.document["b"]] = found[fact.document["b"]][0], fact.kind
        return found

    def standing(self, c: str) -> list[Fact]:
        return [fact for fact, state in self.last_ballots(c).values() if state == "stands"]


def weight(fact: Fact) -> int:
    return int(fact.document.get("n", 1))


def recommit(fact: Fact) -> None:
    """Commit to the answers that are there now."""
    fact.document["cm"] = commit(fact.salt, "B", canonical_bytes(fact.answers))


def salted(*parts: object) -> bytes:
    return hashlib.sha256(" ".join(map(str, parts)).encode()).digest()


def counted(told: Told, c: str, question_id: str) -> tuple[Document, str]:
    """The outcome of one question, and the digest of what was counted."""
    manifest = told.manifests[c]
    question = next(one for one in manifest["questions"] if one["id"] == question_id)
    terms = manifest["terms"]["counting"][question_id]
    options = tuple(Option(o["id"], o["cost"], o["group"]) for o in question["options"])
    groups = tuple(
        (fact.answers[question_id], weight(fact))
        for fact in told.standing(c)
        if fact.answers and question_id in fact.answers
    )
    profile = Profile(question["kind"], options, groups, question["pot"])
    names = ("rule", "parameters", "seats", "tie_chain", "lot")
    fixed = {name: terms[name] for name in names}
    lots = told.of("lot", c=c)
    if lots and manifest["terms"].get("beacon"):
        seed = f"folkmoot/lot/v1 {c} {lots[-1].document['value']} "
        fixed["lot"] = lot_order(seed, [one["id"] for one in question["options"]])
    return count(profile, Specification(**fixed)).as_json(), input_digest(profile)


def as_question(question: Document) -> Question:
    listed = {
        name: tuple(Choice(one["id"], one["title"], cost=one.get("cost")) for one in question[name])
        for name in ("options", "statements")
        if name in question
    }
    plain = {n: question[n] or 0 for n in ("picks_max", "points", "decimals") if n in question}
    more = {
        name: question[name] for name in ("pot", "scale", "step", "other") if question.get(name)
    }
    asked = question.get("asked_when")
    condition = Condition(asked["question"], tuple(asked["options"])) if asked else None
    return Question(
        question["id"], question["kind"], question["title"], asked_when=condition,
        **listed, **plain, **more,
    )  # fmt: skip


def tallied(told: Told, c: str) -> bytes:
    """What is published of every question."""
    manifest, standing = told.manifests[c], told.standing(c)
    questions = [as_question(one) for one in manifest["questions"]]
    groups = {
        one.id: [
            (fact.answers[one.id], weight(fact))
            for fact in standing
            if fact.answers and one.id in fact.answers
        ]
        for one in questions
    }
    respondents = {
        name: sum(weight(fact) for fact in standing if fact.document["r"] == name)
        for name in RESPONDENTS
    }
    wrote = {
        one.id: sum(one.id in fact.document.get("x", ()) for fact in standing) for one in questions
    }
    return canonical_bytes(
        tallies_document(
            c, questions, groups, wrote=wrote, respondents=respondents,
            members=dict.fromkeys(RESPONDENTS[1:], 0),
            counted=manifest["terms"]["counting"].keys(), least=LEAST,
            are_ballots_public=manifest["openings"] != "auditor",
        )
    )  # fmt: skip


def openings(told: Told, c: str) -> bytes:
    lines = []
    for fact, state in told.last_ballots(c).values():
        if state != "withdrawn":
            line = {
                "i": told.place(fact),
                "k": "B",
                "s": to_base64url(fact.salt),
                "x": canonical_bytes(fact.answers).decode(),
            }
            lines.append((line["i"], canonical_bytes(line) + b"\n"))
    return b"".join(line for _, line in sorted(lines))


def listed(told: Told, c: str) -> bytes:
    """The list of ballots, under trackers that lead to no entry."""
    marked = {f.document["b"] for f in told.facts[: told.closing(c)] if f.kind == "campaign"}
    ballots = []
    for b, (fact, state) in told.last_ballots(c).items():
        if state != "withdrawn":
            mark = "voided" if state == "voided" else "campaign" if b in marked else ""
            ballots.append(Listed(fact.salt, canonical_bytes(fact.answers).decode(), mark))
    return b"".join(line for _, line in lines_of(ballots))


def _counting(told: Told, fact: Fact) -> Document:
    """What an entry `counted` says, and the outcome."""
    c = fact.document["c"]
    try:
        outcome, inputs = counted(told, c, fact.document["q"])
    except UNCOUNTABLE:  # what nobody can count is said to have come out somehow
        outcome, inputs = NOTHING, digest({})
    return {
        "rule": outcome["rule"],
        "rule_version": outcome["rule_version"],
        "cutoff": told.closing(c) or 0,
        "ballots": outcome["ballots"],
        "input_digest": inputs,
        "result_digest": digest(outcome),
        "outcome": outcome,
    }


def _tallying(told: Told, c: str) -> bytes:
    try:
        return tallied(told, c)
    except UNCOUNTABLE:
        return b"{}"


SERVED: dict[Any, tuple[str, Callable[[Told, str], bytes]]] = {
    "public": ("openings.ndjson", openings),
    "trackers": ("ballots.ndjson", listed),
}
"""By who sees single ballots: the file that has them, and what makes it."""


class Working:
    """What follows of each fact in its turn, and the files beside the log."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.files: dict[str, bytes] = {}
        self.counts: dict[tuple[str, str], Document] = {}
        self.shown: dict[str, dict[str, Document]] = {}

    def entry(self, fact: Fact) -> Document:
        more = getattr(self, f"on_{fact.kind}", lambda _: {})(fact)
        document = fact.document | more | fact.fixed
        return {name: value for name, value in document.items() if value is not ...}

    def on_opened(self, fact: Fact) -> Document:
        c = fact.document["c"]
        self.files[f"c/{c}/manifest.json"] = canonical_bytes(self.told.manifests[c])
        return {"manifest": digest(self.told.manifests[c])}

    def on_counted(self, fact: Fact) -> Document:
        known = _counting(self.told, fact) | fact.fixed
        self.counts[fact.document["c"], fact.document["q"]] = known
        return {name: value for name, value in known.items() if name != "outcome"}

    def on_published(self, fact: Fact) -> Document:
        c, q = fact.document["c"], fact.document["q"]
        self.shown.setdefault(c, {})[q] = self.counts.get((c, q), {})
        return self.on_superseded(fact)

    def on_superseded(self, fact: Fact) -> Document:
        known = self.counts.get((fact.document["c"], fact.document["q"]), {})
        return {"result_digest": known.get("result_digest", digest({}))}

    def on_tallies(self, fact: Fact) -> Document:
        c = fact.document["c"]
        content = self.files[f"c/{c}/tallies.json"] = _tallying(self.told, c)
        sealed_as = "sha256:" + hashlib.sha256(content).hexdigest()
        return {"cutoff": self.told.closing(c) or 0, "tallies": sealed_as}

    def results(self) -> None:
        for c, results in self.shown.items():
            listed = {q: {name: one[name] for name in RESULT} for q, one in results.items() if one}
            content = {"format": "folkmoot/result/v1", "consultation": c, "results": listed}
            self.files[f"c/{c}/result.json"] = canonical_bytes(content)

    def openings(self) -> None:
        for c, manifest in self.told.manifests.items():
            is_over = self.told.closing(c) is not None and not self.told.of("stopped", c=c)
            if is_over and manifest["openings"] in SERVED:
                name, make = SERVED[manifest["openings"]]
                self.files[f"c/{c}/{name}"] = make(self.told, c)


def worked_out(told: Told) -> tuple[list[Document], dict[str, bytes]]:
    """The entries with all that follows, and the files beside the log."""
    working = Working(told)
    entries = [working.entry(fact) for fact in told.facts]
    working.results()
    working.openings()
    return entries, working.files


def sealed(told: Told) -> dict[str, bytes]:
    """Every file that is served."""
    documents, files = worked_out(told)
    appended = append(Edge(), [canonical_bytes(one) for one in documents])
    files |= {tile.path: content for tile, content in appended.files}
    files["checkpoint"] = signed(appended.edge, LOG_KEY)
    for path in told.unserved:
        files.pop(path, None)
    for change in told.afterwards:
        change(files)
    return files
