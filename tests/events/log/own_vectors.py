"""Vectors of our own making, in the form of the published ones, built from the definitions alone.

Trees and proofs are the recursions of RFC 6962 and of the draft on subtrees, notes and tiles what
the C2SP specifications write; with hashlib and a library for signatures, and nothing of ours.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Json = dict[str, Any]
ED25519, COSIGNATURE = 1, 4
WIDTH = 256


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Tree:
    """Hashes of ranges of leaves, and proofs, by their recursive definitions."""

    def __init__(self, entries: list[bytes]) -> None:
        self.leaves = [sha(b"\0", entry) for entry in entries]
        self.known: dict[tuple[int, int], bytes] = {}

    def top(self, start: int, end: int) -> bytes:
        """MTH(D[start:end])."""
        if (start, end) not in self.known:
            self.known[start, end] = self._top(start, end)
        return self.known[start, end]

    def _top(self, start: int, end: int) -> bytes:
        if start == end:
            return sha()
        if end - start == 1:
            return self.leaves[start]
        middle = start + largest_power_below(end - start)
        return sha(b"\1", self.top(start, middle), self.top(middle, end))

    def path(self, index: int, start: int, end: int) -> list[bytes]:
        """PATH(index, D[start:end])."""
        if end - start == 1:
            return []
        middle = start + largest_power_below(end - start)
        if index < middle:
            return [*self.path(index, start, middle), self.top(middle, end)]
        return [*self.path(index, middle, end), self.top(start, middle)]

    def growth(self, start: int, end: int, size: int) -> list[bytes]:
        """SUBTREE_PROOF(start, end, D[0:size]); with a start of 0 that is PROOF(end, D[0:size])."""
        return self._growth(start, end, 0, size, whole=True)

    def _growth(self, start: int, end: int, low: int, high: int, *, whole: bool) -> list[bytes]:
        if (start, end) == (low, high):
            return [] if whole else [self.top(low, high)]
        middle = low + largest_power_below(high - low)
        if end <= middle:
            return [*self._growth(start, end, low, middle, whole=whole), self.top(middle, high)]
        if start >= middle:
            return [*self._growth(start, end, middle, high, whole=whole), self.top(low, middle)]
        return [*self._growth(middle, end, middle, high, whole=False), self.top(low, middle)]


def largest_power_below(number: int) -> int:
    return 1 << (number - 1).bit_length() - 1


# -- Trees and proofs --

TREE = Tree([b"leaf %d" % number for number in range(20)])


def flipped(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


def broken(proof: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """Every small way to spoil a proof."""
    yield "one more at the end", [*proof, sha(b"more")]
    yield "one more at the start", [sha(b"more"), *proof]
    for at, item in enumerate(proof):
        yield f"a bit of {at}", [*proof[:at], flipped(item), *proof[at + 1 :]]
    if proof:
        yield "without the last", proof[:-1]
        yield "without the first", proof[1:]
    if len(proof) > 1:
        yield "backwards", proof[::-1]


def judged(
    kind: str, place: str, holds: Json, spoiled: Iterator[tuple[str, Json]]
) -> Iterator[Json]:
    """A case that holds and those that do not, as the published files spell them."""
    for why, case in (("holds", holds), *spoiled):
        spelled = {
            key: [text(item) for item in value] if key == "proof" else text(value)
            for key, value in case.items()
            if isinstance(value, (bytes, list))
        }
        name = f"{kind}/{place}/{why.replace(' ', '-')}"
        yield {**case, **spelled, "wantErr": why != "holds", "_path": name}


def spoiled(case: Json, *hashes: str, **numbers: Json) -> Iterator[tuple[str, Json]]:
    """A case with one thing wrong."""
    for why, proof in broken(case["proof"]):
        yield why, {**case, "proof": proof}
    for key in hashes:
        yield f"another {key}", {**case, key: flipped(case[key])}
        yield f"{key} of nothing", {**case, key: sha()}
    for why, change in numbers.items():
        yield why.replace("_", " "), {**case, **change}


def merkle_inclusion() -> Iterator[Json]:
    for index, size in ((0, 1), (0, 8), (5, 8), (2, 3), (1, 5), (6, 7), (12, 13)):
        case = {
            "leafIdx": index,
            "treeSize": size,
            "root": TREE.top(0, size),
            "leafHash": TREE.leaves[index],
            "proof": TREE.path(index, 0, size),
        }
        wrong = spoiled(
            case,
            "root",
            "leafHash",
            beyond_the_tree={"leafIdx": size},
            next_door={"leafIdx": index ^ 1},
            an_empty_tree={"treeSize": 0},
        )
        yield from judged("inclusion", f"{index}-{size}", case, wrong)


def merkle_consistency() -> Iterator[Json]:
    for old, new in ((1, 1), (1, 8), (6, 8), (2, 5), (4, 8), (7, 13), (13, 13)):
        case = {
            "size1": old,
            "size2": new,
            "root1": TREE.top(0, old),
            "root2": TREE.top(0, new),
            "proof": TREE.growth(0, old, new),
        }
        wrong = spoiled(case, "root1", "root2", shrunk={"size1": new + 1, "size2": new})
        yield from judged("consistency", f"{old}-{new}", case, wrong)


def merkle_subtreeinclusion() -> Iterator[Json]:
    for index, start, end in ((0, 0, 1), (1, 1, 2), (9, 8, 13), (6, 4, 7), (13, 8, 16), (5, 0, 8)):
        case = {
            "leafIdx": index,
            "start": start,
            "end": end,
            "root": TREE.top(start, end),
            "leafHash": TREE.leaves[index],
            "proof": TREE.path(index, start, end),
        }
        wrong = spoiled(
            case,
            "root",
            "leafHash",
            after_it={"leafIdx": end},
            before_it={"leafIdx": start - 1},
            not_a_subtree={"start": start + 1, "end": end + 2, "leafIdx": index + 1},
        )
        yield from judged("subtreeinclusion", f"{index}-{start}-{end}", case, wrong)


def merkle_subtreeconsistency() -> Iterator[Json]:
    for start, end, size in ((0, 1, 1), (0, 6, 8), (4, 8, 8), (8, 13, 13), (4, 6, 13), (8, 11, 20)):
        case = {
            "start": start,
            "end": end,
            "size": size,
            "root1": TREE.top(start, end),
            "root2": TREE.top(0, size),
            "proof": TREE.growth(start, end, size),
        }
        wrong = spoiled(
            case,
            "root1",
            "root2",
            beyond_the_tree={"end": size + 1},
            empty={"end": start},
            not_a_subtree={"start": 3, "end": 7, "size": max(size, 7)},
        )
        yield from judged("subtreeconsistency", f"{start}-{end}-{size}", case, wrong)


def tree8() -> Json:
    inputs = [b"", b"\0", b"one", b"two", b"the third", b"\xff" * 40, b"{}", "a pŵl".encode()]
    tree = Tree(inputs)
    rows = [[tree.top(at, at + width) for at in range(0, 8, width)] for width in (1, 2, 4, 8)]
    return {
        "leaf_inputs_hex": [data.hex() for data in inputs],
        "root_by_size_hex": [tree.top(0, size).hex() for size in range(9)],
        "node_hashes_by_level_hex": [[node.hex() for node in row] for row in rows],
    }


def rolled_digests_130() -> Json:
    tree, sizes = Tree([bytes([number]) for number in range(130)]), range(1, 131)

    def rolled(*lines: str) -> Json:
        return {"sha256": sha(*(f"{line}\n".encode() for line in lines)).hex()}

    def line(one: int, size: int, hashes: list[bytes]) -> str:
        return " ".join([str(one), str(size), *(item.hex() for item in hashes)])

    return {
        "roots": rolled(*(f"{size} {tree.top(0, size).hex()}" for size in sizes)),
        "inclusion": rolled(
            *(line(at, size, tree.path(at, 0, size)) for size in sizes for at in range(size))
        ),
        "consistency": rolled(
            *(
                line(old, size, tree.growth(0, old, size))
                for size in sizes
                for old in range(1, size + 1)
            )
        ),
        "root_130_hex": tree.top(0, 130).hex(),
        "root_70_hex": tree.top(0, 70).hex(),
    }


# -- Notes --


class Key:
    """A key that only tests use, as signed notes spell it."""

    def __init__(self, phrase: str, name: str, algorithm: int) -> None:
        self.name, self.algorithm, self.seed = name, algorithm, sha(phrase.encode())
        self.private = Ed25519PrivateKey.from_private_bytes(self.seed)
        self.public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = key_id(name, algorithm, self.public)
        self.vkey = vkey(name, algorithm, self.public)

    def line(self, signed: bytes, time: int | None = None) -> str:
        """The line that it puts under a text."""
        at, message = b"", signed
        if time is not None:
            at, message = time.to_bytes(8, "big"), b"cosignature/v1\ntime %d\n" % time + signed
        return f"— {self.name} {text(self.id + at + self.private.sign(message))}\n"


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    return sha(name.encode(), b"\n", bytes([algorithm]), public)[:4]


def vkey(name: str, algorithm: int, public: bytes) -> str:
    material = text(bytes([algorithm]) + public)
    return f"{name}+{key_id(name, algorithm, public).hex()}+{material}"


LOG = Key("TEST log key", "consult.example.gov.uk/log", ED25519)
WITNESS = Key("TEST witness key", "scrutiny.example.org/w1", COSIGNATURE)


def signed_note() -> Json:
    key = Key("TEST note key", "example.org/notes", ED25519)
    words = "Words that were signed.\nŴ on a second line.\n"
    longer = key.public + b"\0\0\0"
    material = text(bytes([ED25519]) + key.seed)
    return {
        "valid": [{"vkey": key.vkey, "note": f"{words}\n{key.line(words.encode())}"}],
        "vkeys_ok": [key.vkey, WITNESS.vkey],
        "vkeys_bad": [
            [vkey(key.name, ED25519, longer), "too long a key under its own hash"],
            [vkey(key.name, 0x65, key.public), "an unknown algorithm under its own hash"],
            [key.vkey.replace(key.id.hex(), flipped(key.id).hex()), "another hash"],
        ],
        "skey_test_only": f"PRIVATE+KEY+{key.name}+{key.id.hex()}+{material}",
    }


# -- A log --


def tiles() -> Json:
    """Names of tiles, as the specification writes them, and widths by dividing."""
    return {
        "paths": {
            "0": "000",
            "7": "007",
            "999": "999",
            "1000": "x001/000",
            "56789": "x056/789",
            "1000000": "x001/x000/000",
            "1234567": "x001/x234/567",
        },
        "size_70000": {
            "full_L0": 70_000 // 256,
            "partial_L0_width": 70_000 % 256,
            "full_L1": 70_000 // 256 // 256,
            "partial_L1_width": 70_000 // 256 % 256,
            "partial_L2_width": 70_000 // 256 // 256 % 256,
        },
        "size_256": {"full_L0": 1, "partial_L1_width": 1},
    }


def in_json(document: Json) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


LABEL = b"folkmoot/commit/v1"


@cache
def interop_log300() -> Json:
    """A log of 300 ballots, grown in three steps."""
    entries, openings = [in_json({"origin": LOG.name, "t": "log.open", "v": 1})], []
    for number in range(1, 300):
        salt, value = sha(b"salt %d" % number), f'["{number % 7}","{number % 5}"]'
        made = hmac.digest(salt, b"\0".join([LABEL, b"ballot", value.encode()]), "sha256")
        entries.append(in_json({"t": "ballot", "q": number, "cm": base64url(made)}))
        opening = {"i": number, "k": "ballot", "s": base64url(salt), "x": value}
        openings.append(in_json(opening).decode())
    tree = Tree(entries)
    checkpoints = {str(size): checkpoint(tree, size) for size in (1, 150, 300)}
    proof = [text(item) for item in tree.path(298, 0, 300)]
    receipt = ["c2sp.org/tlog-proof@v1", f"extra {text(entries[298])}", "index 298", *proof, ""]
    pairs = ((0, 1), (0, 2), (1, 3), (149, 150), (0, 300), (255, 300), (256, 300), (299, 300))
    grown = ((1, 300), (1, 2), (150, 300), (255, 256), (256, 300), (299, 300), (3, 7))
    files = {name: data for size in (1, 150, 300) for name, data in files_of(tree, entries, size)}
    return {
        "label": LABEL.decode(),
        "log_vkey": LOG.vkey,
        "witness_vkey": WITNESS.vkey,
        "openings_ndjson": openings,
        "entries_utf8": [entry.decode() for entry in entries],
        "roots_hex": {str(n): tree.top(0, n).hex() for n in (1, 2, 3, 127, 128, 255, 256, 300)},
        "checkpoints": checkpoints,
        "tlog_proof_298": "\n".join(receipt) + "\n" + checkpoints["300"],
        "inclusion": [
            {"index": at, "size": n, "proof_b64": [text(x) for x in tree.path(at, 0, n)]}
            for at, n in pairs
        ],
        "consistency": [
            {"old": old, "new": new, "proof_b64": [text(x) for x in tree.growth(0, old, new)]}
            for old, new in grown
        ],
        "files_sha256": {name: sha(data).hex() for name, data in files.items()},
    }


def checkpoint(tree: Tree, size: int) -> str:
    body = f"{LOG.name}\n{size}\n{text(tree.top(0, size))}\n"
    lines = LOG.line(body.encode()), WITNESS.line(body.encode(), 1_790_000_000 + size)
    return f"{body}\n{''.join(lines)}"


def files_of(tree: Tree, entries: list[bytes], size: int) -> Iterator[tuple[str, bytes]]:
    """Every file of a log of fewer than 256 x 256 entries, at one size."""
    for at in range(0, size, WIDTH):
        end = min(at + WIDTH, size)
        name = f"{at // WIDTH:03}" + ("" if end == at + WIDTH else f".p/{end - at}")
        yield f"tile/0/{name}", b"".join(tree.leaves[at:end])
        bundle = (len(entry).to_bytes(2, "big") + entry for entry in entries[at:end])
        yield f"tile/entries/{name}", b"".join(bundle)
    if whole := size // WIDTH:
        tops = [tree.top(at * WIDTH, (at + 1) * WIDTH) for at in range(whole)]
        yield f"tile/1/000.p/{whole}", b"".join(tops)


def witness_http() -> Json:
    """What the specification of witnesses has them answer."""
    answers: list[tuple[str, int, Json]] = [
        ("first checkpoint, old 0, no proof", 200, {}),
        ("old does not match last cosigned size", 409, {"body": "500\n"}),
        ("consistent growth 500->1000", 200, {}),
        ("same size, different root, valid log signature", 422, {"kept_as_evidence": True}),
        ("larger size, proof does not verify", 422, {"kept_as_evidence": True}),
        ("unknown origin", 404, {}),
        ("bad/no log signature", 403, {}),
        ("old > checkpoint size", 400, {}),
    ]
    return {"cases": [{"case": case, "status": code, **more} for case, code, more in answers]}


OWN = {
    "merkle_inclusion": lambda: {"vectors": list(merkle_inclusion())},
    "merkle_consistency": lambda: {"vectors": list(merkle_consistency())},
    "merkle_subtreeinclusion": lambda: {"vectors": list(merkle_subtreeinclusion())},
    "merkle_subtreeconsistency": lambda: {"vectors": list(merkle_subtreeconsistency())},
    "rfc6962_tree8": tree8,
    "rolled_digests_130": rolled_digests_130,
    "signed_note": signed_note,
    "tiles": tiles,
    "interop_log300": interop_log300,
    "witness_http": witness_http,
}
