"""Small whole logs with manifests, openings and results, made by the product's own parts."""

import argparse
import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from consult.counting import (
    Option,
    Profile,
    Specification,
    count,
    digest,
    input_digest,
    lot_order,
)
from consult.counting.outcome import canonical_bytes
from consult.sealing.public_entries.ballot_list import Listed, lines_of
from consult.verifier import folkmoot_verify
from events.log.append import Edge, append
from events.log.checkpoint import Checkpoint
from events.log.commitment import commit
from events.log.encoding import to_base64url
from events.log.entry import encode_entry
from events.log.keys import Algorithm, SignerKey
from events.log.proof import Receipt
from events.log.reader import TileTree
from events.log.signed_checkpoint import cosign, sign_checkpoint

ORIGIN = "consult.ashenmoor.example/log"
DAY, MOMENT = "2026-11-16", "2026-11-16T09:00:00Z"
CLOSES, CLOSED = "2026-11-16T09:01:00Z", "2026-11-16T09:01:02Z"
LEVELS = ["code", "letter"]
FORMED = "00000000-0000-0000-0000-000000000009"
"""The id of a partnership."""
LONG_AGO = 1_700_000_000
FILE = Path(folkmoot_verify.__file__)


def key_of(phrase: str, name: str, algorithm: Algorithm = Algorithm.ED25519) -> SignerKey:
    return SignerKey(name, algorithm, hashlib.sha256(phrase.encode()).digest())


LOG_KEY = key_of("verifier tests: log", ORIGIN)
OTHER_KEY = key_of("verifier tests: somebody else", ORIGIN)
OTHER_SITE = key_of("verifier tests: another site", "other.example/log")
WITNESS = key_of("verifier tests: witness", "scrutiny.example/w1", Algorithm.COSIGNATURE)
SECOND = key_of("verifier tests: second", "college.example/w2", Algorithm.COSIGNATURE)


KINDS = ("replaced", "withdrawn", "erased")


def secrets_of(name: str, version: int) -> list[bytes]:
    """What whoever holds this version of the answers could reveal, one for each of KINDS."""
    return [hashlib.sha256(f"{kind} {name} {version}".encode()).digest() for kind in KINDS]


def held(name: str, version: int) -> str:
    """What the entry of this version commits to of its holder."""
    hashes = (hashlib.sha256(secret).digest() for secret in secrets_of(name, version))
    return to_base64url(hashlib.sha256(b"folkmoot/holder/v1\0" + b"".join(hashes)).digest())


def revealed(name: str, version: int, kind: str) -> str:
    """What shows that the holder of this version asked for this kind of change."""
    parts = [
        secret if each == kind else hashlib.sha256(secret).digest()
        for each, secret in zip(KINDS, secrets_of(name, version), strict=True)
    ]
    return to_base64url(b"".join(parts))


def salt_of(name: str, version: int) -> bytes:
    return hashlib.sha256(f"salt {name} {version}".encode()).digest()


@dataclass
class Vote:
    """One consultation on its way through a log; answers by question id."""

    world: "World"
    id: str
    questions: list[dict[str, Any]]
    counting: dict[str, dict[str, Any]]
    openings_for: str = "public"
    assurance: str = "code"
    levels: list[str] = field(default_factory=lambda: [*LEVELS])
    respondent: str = "individual"
    title: str = "The green pot"
    versions: dict[str, int] = field(default_factory=dict)
    vouches: str = ""  # "identity", "desk" or "operator" where no holder does
    given: dict[str, tuple[int, dict[str, Any], int]] = field(default_factory=dict)
    standing: dict[str, tuple[int, dict[str, Any], int]] = field(default_factory=dict)
    aside: dict[str, tuple[int, dict[str, Any], int]] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    closed: int = -1
    beacon: dict[str, Any] | None = None
    drawn: str = ""
    closes_at: str = CLOSES
    more_terms: dict[str, Any] = field(default_factory=dict)

    @property
    def manifest(self) -> bytes:
        return canonical_bytes(
            {
                "format": "folkmoot/manifest/v1",
                "consultation": self.id,
                "slug": "green-pot",
                "title": {"en": self.title, "cy": "Y gronfa werdd"},
                "openings": self.openings_for,
                "terms": {
                    "closes_at": self.closes_at,
                    "identity": self.levels,
                    "counting": self.counting,
                    **self.more_terms,
                }
                | ({"beacon": self.beacon} if self.beacon else {}),
                "questions": self.questions,
            }
        )

    def fact(self, kind: str, **members: Any) -> int:
        return self.world.add({"t": kind, "v": 1, "c": self.id, **members})

    def official(self, kind: str, **members: Any) -> int:
        return self.fact(kind, **{"at": self.world.latest, "role": "officer"} | members)

    def draw(self, value: str, **members: Any) -> int:
        """Enter the public draw that decides ties."""
        self.drawn = value
        return self.official("lot", value=value, source="https://lottery.example", **members)

    def open(self) -> "Vote":
        """Open it for a minute from the latest moment in the log."""
        if self.world.latest > MOMENT:
            self.closes_at = later(self.world.latest, 60)
        digest_ = "sha256:" + hashlib.sha256(self.manifest).hexdigest()
        self.official("opened", manifest=digest_)
        return self

    def issue(self, batch: str, number: int) -> int:
        return self.official("issued", batch=batch, number=number, level="letter")

    def by_letter(self, *people: str) -> None:
        """These people answer with codes that came by letter."""
        self.assurance = "letter"
        for person in people:
            self.ballot(person, pot=["P01"], order=["a"])
        self.assurance = "code"

    def next_version(self, person: str) -> int:
        self.versions[person] = self.versions.get(person, 0) + 1
        return self.versions[person]

    def ballot(self, person: str, **answers: Any) -> int:
        before, version = self.given.get(person), self.next_version(person)
        value = canonical_bytes(answers)
        members: dict[str, Any] = {}
        if self.assurance != "imported":
            members["h"] = held(person, version)
        if before:
            members |= self.vouching(person, "replaced")
        index = self.fact(
            "ballot",
            b=pseudonym(person),
            s=version,
            **members,
            d=DAY,
            cm=commit(salt_of(person, version), "B", value),
            a=self.assurance,
            ch="web",
            r=self.respondent,
        )
        self.given[person] = self.standing[person] = (index, answers, version)
        self.aside.pop(person, None)
        return index

    def vouching(self, person: str, kind: str) -> dict[str, str]:
        """Who vouches for a change: by default whoever holds the answers, else as said."""
        if self.vouches or person not in self.given:
            return {"by": self.vouches or "operator"}
        return {"hs": revealed(person, self.given[person][2], kind)}

    def about(self, kind: str, person: str, **members: Any) -> int:
        if kind in KINDS and not members.keys() & {"hs", "by"}:
            members |= self.vouching(person, kind)
        if kind != "erased":
            members["s"] = self.next_version(person)
        if kind in ("withdrawn", "voided") and self.closed < 0:
            before = self.standing.pop(person, None)
            if kind == "voided" and before:
                self.aside[person] = before
        if kind == "campaign" and self.closed < 0:
            self.marks[person] = "campaign"
        return self.fact(kind, b=pseudonym(person), d=DAY, **members)

    def close(self) -> int:
        index = self.closed = self.official("closed", at=later(self.closes_at, 2))
        lines = self.listed() if self.openings_for == "trackers" else self.opening_lines()
        self.world.openings[self.id] = lines
        return index

    def listed(self) -> list[bytes]:
        """The lines of the list of ballots, made by the product."""
        ballots = [
            Listed(salt_of(person, version), canonical_bytes(answers).decode(), self.mark(person))
            for person, (_, answers, version) in (self.standing | self.aside).items()
        ]
        return [line for _, line in lines_of(ballots)]

    def mark(self, person: str) -> str:
        """What became of somebody's answers, as the list may say it."""
        return "voided" if person in self.aside else self.marks.get(person, "")

    def opening_lines(self, people: Sequence[str] | None = None) -> list[bytes]:
        chosen = self.standing | self.aside
        if people is not None:
            chosen = {one: self.given[one] for one in people}
        lines = []
        for person, (index, answers, version) in chosen.items():
            line = {
                "i": index,
                "k": "B",
                "s": to_base64url(salt_of(person, version)),
                "x": canonical_bytes(answers).decode(),
            }
            lines.append((index, canonical_bytes(line) + b"\n"))
        return [line for _, line in sorted(lines)]

    def profile(self, question: dict[str, Any]) -> Profile:
        options = tuple(Option(o["id"], o["cost"], o["group"]) for o in question["options"])
        answers = [answers.get(question["id"]) for _, answers, _ in self.standing.values()]
        groups = tuple((answer, 1) for answer in answers if answer is not None)
        return Profile(question["kind"], options, groups, question["pot"])

    def count(self) -> "Vote":
        results = {}
        for question in self.questions:
            terms = self.counting.get(question["id"])
            if terms is None:
                continue
            fields = ("rule", "parameters", "seats", "tie_chain", "lot")
            specification = Specification(**{name: terms[name] for name in fields})
            if self.drawn:
                ids = [one["id"] for one in question["options"]]
                lot = lot_order(f"folkmoot/lot/v1 {self.id} {self.drawn} ", ids)
                specification = replace(specification, lot=lot)
            profile = self.profile(question)
            outcome = count(profile, specification).as_json()
            result = {
                "rule": outcome["rule"],
                "rule_version": outcome["rule_version"],
                "cutoff": self.closed,
                "ballots": outcome["ballots"],
                "input_digest": input_digest(profile),
                "result_digest": digest(outcome),
            }
            self.official("counted", q=question["id"], **result)
            results[question["id"]] = {**result, "outcome": outcome}
        for id_, result in results.items():
            self.official("published", q=id_, result_digest=result["result_digest"])
        self.world.results[self.id] = {
            "format": "folkmoot/result/v1",
            "consultation": self.id,
            "results": results,
        }
        return self


def later(moment: str, seconds: int) -> str:
    return f"{datetime.fromisoformat(moment) + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def pseudonym(person: str) -> str:
    return to_base64url(hashlib.sha256(person.encode()).digest()[:16])


def option(id: str, cost: int | None = None, group: str | None = None) -> dict[str, Any]:
    return {"id": id, "title": {"en": id}, "cost": cost, "group": group}


def terms(rule: str, **more: Any) -> dict[str, Any]:
    standard = {"parameters": {}, "seats": 1, "tie_chain": ["lot"], "lot": [], "lot_seed": ""}
    return {"rule": rule, **standard, **more}


@dataclass
class World:
    """A log with everything that is served beside it."""

    entries: list[bytes] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    openings: dict[str, list[bytes]] = field(default_factory=dict)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    latest: str = MOMENT

    def __post_init__(self) -> None:
        if not self.entries:
            self.add({"t": "log.open", "v": 1, "origin": ORIGIN})

    def add(self, document: dict[str, Any]) -> int:
        self.latest = max(self.latest, document.get("at", MOMENT))
        self.entries.append(encode_entry(document))
        return len(self.entries) - 1

    def vote(
        self, questions: list[dict[str, Any]], counting: dict[str, Any], openings: str = "public"
    ) -> Vote:
        id_ = str(uuid5(NAMESPACE_URL, f"vote {len(self.votes)}"))
        vote = Vote(self, id_, questions, counting, openings)
        self.votes.append(vote)
        return vote

    def tree(self) -> tuple[Edge, dict[str, bytes]]:
        appended = append(Edge(), self.entries)
        return appended.edge, {tile.path: content for tile, content in appended.files}

    def checkpoint(self, key: SignerKey = LOG_KEY, witnesses: Sequence[SignerKey] = ()) -> bytes:
        edge, _ = self.tree()
        return signed(edge, key, witnesses)

    def files(
        self, key: SignerKey = LOG_KEY, witnesses: Sequence[SignerKey] = ()
    ) -> dict[str, bytes]:
        edge, files = self.tree()
        files["checkpoint"] = signed(edge, key, witnesses)
        for vote in self.votes:
            files[f"c/{vote.id}/manifest.json"] = vote.manifest
            if vote.id in self.openings:
                name = "ballots" if vote.openings_for == "trackers" else "openings"
                files[f"c/{vote.id}/{name}.ndjson"] = b"".join(self.openings[vote.id])
            if vote.id in self.results:
                files[f"c/{vote.id}/result.json"] = canonical_bytes(self.results[vote.id])
        return files

    def receipt(self, index: int) -> bytes:
        edge, files = self.tree()
        tree = TileTree(edge.size, lambda tile: files[tile.path])
        from events.log.merkle import prove_inclusion

        proof = tuple(prove_inclusion(index, edge.size, tree.range_hash))
        return Receipt(self.entries[index], index, proof, signed(edge, LOG_KEY)).encode()


def signed(edge: Edge, key: SignerKey, witnesses: Sequence[SignerKey] = ()) -> bytes:
    note = sign_checkpoint(Checkpoint(key.name, *edge.head), key)
    return note + b"".join(cosign(note, witness, LONG_AGO) for witness in witnesses)


def private_half(vote: Vote, person: str) -> bytes:
    _, answers, version = vote.given[person]
    return json.dumps(
        {
            "format": "folkmoot/opening/v1",
            "c": vote.id,
            "b": pseudonym(person),
            "s": version,
            "k": "B",
            "salt": to_base64url(salt_of(person, version)),
            "x": canonical_bytes(answers).decode(),
        }
    ).encode()


GREEN = [option("P01", 400), option("P02", 300), option("P03", 500, "park"), option("P04", 200)]
BASKET = {"id": "pot", "kind": "basket", "title": {"en": "Pot"}, "pot": 900, "options": GREEN}
ORDER = {
    "id": "order",
    "kind": "ranking",
    "title": {"en": "Order"},
    "pot": None,
    "options": [option("a"), option("b"), option("c")],
}
COUNTING = {
    "pot": terms("equal-shares", tie_chain=["cost", "lot"], lot=["P04", "P02", "P01", "P03"]),
    "order": terms("schulze", lot=["c", "b", "a"]),
}
BASKETS = (["P01", "P04"], ["P02"], ["P01", "P02"], ["P03", "P04"], [], ["P04"])
ORDERS = (["a", "b"], ["b", "c", "a"], ["c"], ["a", "c"], [], ["b", "a"])


def story(
    people: int = 12, *, more: Callable[[Vote], None] | None = None, openings: str = "public"
) -> World:
    """A whole consultation: answers, a later answer, one taken back, a campaign, a result."""
    world = World()
    vote = world.vote([BASKET, ORDER], COUNTING, openings).open()
    for number in range(people):
        answers = {"pot": BASKETS[number % 6], "order": ORDERS[number % 5]}
        vote.ballot(f"person {number}", **answers)
    vote.ballot("person 1", pot=["P02", "P04"], order=["c", "b"])
    vote.about("withdrawn", "person 2")
    vote.about("campaign", "person 3", g="the same words")
    vote.about("erased", "person 0")
    if more is not None:
        more(vote)
    vote.close()
    return_vote = vote.count()
    world.add(
        {
            "t": "partnership",
            "v": 1,
            "at": MOMENT,
            "role": "officer",
            "p": FORMED,
            "f": "member_joined",
            "name": "Ysgol Ashenmoor",
        }
    )
    assert return_vote is vote
    return world


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def pack(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"log/{name}", content)
    return path


def policy(*witnesses: SignerKey, threshold: int | None = None) -> str:
    lines = [f"log {LOG_KEY.verifier.vkey}"]
    names = []
    for number, witness in enumerate(witnesses):
        names.append(f"w{number}")
        lines.append(f"witness w{number} {witness.verifier.vkey}")
    if names:
        lines.append(f"group all {threshold or len(names)} {' '.join(names)}")
    lines.append(f"quorum {'all' if names else 'none'}")
    return "\n".join(lines) + "\n"


class Memory(folkmoot_verify.Source):
    """A log held in a dictionary, for many runs at once."""

    name = "memory"

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def stream(self, path: str) -> Any:
        found = self.files.get(path)
        return folkmoot_verify._Nothing() if found is None else io.BytesIO(found)


PARSER = folkmoot_verify.parser()  # making one takes a quarter of a short audit
NOW = "2026-11-16T12:00:00Z"
"""When logs in memory are judged, unless a test says when, or the log itself has later entries."""


def parsed(words: list[str]) -> argparse.Namespace:
    """The arguments of a command line, judged at a time that belongs to these logs."""
    args = PARSER.parse_args(words)
    args.now = getattr(args, "now", None) or NOW
    return args


def audited(
    files: dict[str, bytes], command: str = "recount", key: str | None = None, *more: str
) -> dict[str, Any]:
    """The report of a whole run over files in memory. `more`: words of the command line."""
    verify = folkmoot_verify
    trust = verify.Trust()
    trust._add_log(verify.Key(key or LOG_KEY.verifier.vkey))
    report = verify.Report(command, [command, "memory"])
    args = parsed([command, "memory", *more])
    args.progress = False
    original = verify.source_of
    verify.source_of = lambda _place: Memory(files)
    try:
        verify.COMMANDS[command](args, trust, report)
    except verify.Wrong as error:
        report.step("source", "").wrong(str(error))
    except verify.Absent as error:
        report.step("source", "").skip(str(error))
    finally:
        verify.source_of = original
    report.show(io.StringIO())  # whatever was damaged, it can be told
    return report.as_json()


def faults(report: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What was found wrong: step and position."""
    return [
        (step["id"].split(".")[0] + "." + step["id"].split(".")[1], finding["position"])
        if not step["id"].startswith(("answers", "result", "recount"))
        else (step["id"].split(".")[0], finding["position"])
        for step in report["steps"]
        for finding in step["findings"]
    ]


def states(report: dict[str, Any]) -> dict[str, str]:
    return {step["id"]: step["state"] for step in report["steps"]}


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
