"""Writes docs/log-example.md: a log of ten entries byte by byte, with a key that only tests use.

`python -m tests.docs.log_example > docs/log-example.md` renews it after a change of a format.
"""

import base64
import hashlib
import sys
from typing import Any
from uuid import UUID

from consult.counting.outcome import canonical_bytes
from events.log.append import Edge, append
from events.log.commitment import commit
from events.log.encoding import to_base64url
from events.log.keys import Algorithm, SignerKey
from events.log.leaf import leaf_hashes
from events.log.merkle import prove_inclusion
from events.log.proof import Receipt
from events.log.reader import TileTree
from tests.consult.verifier.lies.telling import Fact, Told, recommit, worked_out
from tests.consult.verifier.verifier_logs import held, option, pseudonym, revealed, signed, terms

ORIGIN = "log.example/log"
PHRASE = "docs/log-example.md"
KEY = SignerKey(ORIGIN, Algorithm.ED25519, hashlib.sha256(PHRASE.encode()).digest())
PROMISES = SignerKey(
    f"{ORIGIN}/promise", Algorithm.ED25519, hashlib.sha256(f"{PHRASE} promises".encode()).digest()
)
C = str(UUID("11111111-2222-4333-8444-555555555555"))
OPENED, CLOSES, CLOSED = "2026-11-16T09:00:00Z", "2026-11-30T18:00:00Z", "2026-11-30T18:00:02Z"
COUNTED = "2026-12-01T10:00:00Z"
OFFICER = {"role": "organiser"}
OF_RECEIPT = 3
"""The entry whose receipt is shown."""

MANIFEST = {
    "format": "folkmoot/manifest/v1",
    "consultation": C,
    "slug": "green",
    "title": {"en": "Green places", "cy": "Lleoedd gwyrdd"},
    "overview": {"en": "Which?", "cy": "Pa rai?"},
    "languages": ["en", "cy"],
    "money": "pence",
    "currency": "GBP",
    "openings": "trackers",
    "partnership": str(UUID(int=9)),
    "terms": {
        "closes_at": CLOSES,
        "interim": "hidden",
        "identity": ["open"],
        "counting": {"support": terms("approval", tie_chain=[])},
    },
    "questions": [
        {
            "id": "support",
            "kind": "approval",
            "title": {"en": "Which do you support?", "cy": "Pa rai ydych chi’n eu cefnogi?"},
            "pot": None,
            "picks_max": 2,
            "ranks_max": None,
            "points": None,
            "scale": None,
            "options": [option("orchard"), option("pond"), option("trees")],
        }
    ],
}


def ballot(name: str, version: int, day: str, *chosen: str, **more: Any) -> Fact:
    """Answers of somebody whose secrets are made of their name."""
    document = {"t": "ballot", "v": 1, "c": C, "b": pseudonym(name), "s": version, "d": day}
    document |= {"a": "open", "ch": "online", "r": "individual", "h": held(name, version), **more}
    salt = hashlib.sha256(f"{PHRASE} salt {name} {version}".encode()).digest()
    fact = Fact(document, {"support": list(chosen)}, salt)
    recommit(fact)
    return fact


def act(kind: str, at: str, **members: Any) -> Fact:
    return Fact({"t": kind, "v": 1, "c": C, "at": at, **OFFICER, **members})


def told() -> Told:
    """The ten facts."""
    changed = revealed("Ann", 1, "replaced")
    return Told(
        [
            Fact({"t": "log.open", "v": 1, "origin": ORIGIN}),
            Fact({"t": "promise_key", "v": 1, "key": PROMISES.verifier.vkey}),
            act("opened", OPENED),
            ballot("Ann", 1, "2026-11-17", "orchard"),
            ballot("Bob", 1, "2026-11-17", "pond", "trees"),
            ballot("Ann", 2, "2026-11-20", "trees", hs=changed),
            act("closed", CLOSED),
            act("counted", COUNTED, q="support"),
            act("published", COUNTED, q="support"),
            act("tallies", COUNTED),
        ],
        {C: MANIFEST},
    )


def files() -> dict[str, bytes]:
    """Every file that the log serves."""
    documents, served = worked_out(told())
    appended = append(Edge(), [canonical_bytes(one) for one in documents])
    served |= {tile.path: content for tile, content in appended.files}
    served["checkpoint"] = signed(appended.edge, KEY)
    return served


def entries() -> list[bytes]:
    documents, _ = worked_out(told())
    return [canonical_bytes(one) for one in documents]


def receipt() -> bytes:
    served, listed = files(), entries()
    tree = TileTree(len(listed), lambda tile: served[tile.path])
    proof = tuple(prove_inclusion(OF_RECEIPT, len(listed), tree.range_hash))
    return Receipt(listed[OF_RECEIPT], OF_RECEIPT, proof, served["checkpoint"]).encode()


def private_half() -> bytes:
    """What opens the ballot of the receipt."""
    fact = told().facts[OF_RECEIPT]
    value = canonical_bytes(fact.answers).decode()
    kept = {name: fact.document[name] for name in ("c", "b", "s")}
    salt = to_base64url(fact.salt)
    assert commit(fact.salt, "B", value.encode()) == fact.document["cm"]
    return canonical_bytes(
        {"format": "folkmoot/opening/v1", **kept, "k": "B", "salt": salt, "x": value}
    )


def opening() -> bytes:
    """The line of `openings.ndjson` that an auditor has of Bob's ballot."""
    fact = told().facts[4]
    line = {
        "i": 4,
        "k": "B",
        "s": to_base64url(fact.salt),
        "x": canonical_bytes(fact.answers).decode(),
    }
    return canonical_bytes(line)


def fenced(text: str | bytes) -> str:
    plain = text.decode() if isinstance(text, bytes) else text
    return f"```text\n{plain.rstrip(chr(10))}\n```\n"


def document() -> str:
    """The whole document."""
    served, listed = files(), entries()
    leaves = [leaf.hex() for leaf in leaf_hashes(listed)]
    _, size, root = served["checkpoint"].decode().split("\n")[:3]
    bundle = served["tile/entries/000.p/10"]
    lengths = " ".join(f"{len(one):04x}" for one in listed)
    in_pack = f"c/{C}/"
    parts = [
        INTRODUCTION,
        "## The key\n",
        f"The seed is SHA-256(`{PHRASE}`); nobody else may use it. The verifier key on one line:\n",
        fenced(KEY.verifier.vkey),
        "## The manifest\n",
        f"`{in_pack}manifest.json`, without the line feed that ends the block:\n",
        fenced(served[in_pack + "manifest.json"]),
        "## The entries\n",
        "One a line, from entry 0 on:\n",
        fenced(b"\n".join(listed)),
        "Their leaf hashes, SHA-256(a byte 0, the entry):\n",
        fenced("\n".join(leaves)),
        "## The tiles\n",
        TILES,
        fenced(lengths),
        f"It has {len(bundle):,} bytes, and their SHA-256 is:\n",
        fenced(hashlib.sha256(bundle).hexdigest()),
        "## The root and the checkpoint\n",
        f"The root over the {size} leaves, in hexadecimal:\n",
        fenced(base64.b64decode(root).hex()),
        "`checkpoint`:\n",
        fenced(served["checkpoint"]),
        "## A receipt\n",
        "Of entry 3, Ann’s first answers, which she replaced by entry 5:\n",
        fenced(receipt()),
        "The private half, which only she has:\n",
        fenced(private_half()),
        "## The ballots\n",
        f"`{in_pack}ballots.ndjson`:\n",
        fenced(served[in_pack + "ballots.ndjson"]),
        "What an auditor has of entry 4, which nobody else can join with its line here:\n",
        fenced(opening()),
        "## The result\n",
        f"`{in_pack}result.json`:\n",
        fenced(served[in_pack + "result.json"]),
        f"`{in_pack}tallies.json`:\n",
        fenced(served[in_pack + "tallies.json"]),
    ]
    return "\n".join(parts)


INTRODUCTION = """# A log of ten entries, byte by byte

For whoever writes a client: everything that [log.md](log.md) and [log-entries.md](log-entries.md)
describe, small enough to compare by hand. A test makes this page anew and has both verifiers audit
the log that it prints; `python -m tests.docs.log_example` writes it.

Ann answers, Bob answers, Ann answers anew with her changing code; it closes, and its result is
published.
"""

TILES = """`tile/0/000.p/10` is these ten hashes one after the other, 320 bytes. There is no other
tile of hashes. `tile/entries/000.p/10` has each entry after its length in two bytes, which are:
"""

if __name__ == "__main__":
    sys.stdout.write(document())
