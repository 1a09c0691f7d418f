"""What the verifier takes for a made-up log, and for real votes under equal shares.

    python -m tests.benchmarks.verifier [ENTRIES] [--keep FOLDER] [--votes FILE]

Times are of the processor, which others on the machine change little; the ratio is to reading,
hashing and decoding the same entries once. A log that is kept is used again. The real votes are the
largest file where FOLKMOOT_FIELD_DATA points (by default `../shared/data` beside the project).
"""

import argparse
import base64
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from consult import formats
from consult.counting import Option, Profile, Specification, count, digest, input_digest
from consult.counting.outcome import canonical_bytes
from consult.verifier import folkmoot_verify
from events.log.append import Edge, append
from events.log.checkpoint import Checkpoint
from events.log.commitment import commit
from events.log.entry import encode_entry
from events.log.keys import Algorithm, SignerKey
from events.log.signed_checkpoint import sign_checkpoint

ORIGIN = "benchmark.example/log"
ID = "0d8f2a4e-4c1c-5b53-9a51-1f0d6c1b7a10"
AT = {"at": "2026-11-16T09:00:00Z", "role": "officer", "v": 1, "c": ID}
AFTER = {**AT, "at": "2026-11-16T10:00:01Z"}
ORDERED = "abcdefgh"
MEBI = 1024
BATCH = 25_600
LARGEST = "Poland_Krakow_2024.pb"
# Reads a log as it must be read: every byte of it hashed, every entry decoded, once.
YARDSTICK = """
import hashlib, json, pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1], "tile", "entries").rglob("*")):
    data = path.read_bytes() if path.is_file() else b""
    at = 0
    while at < len(data):
        entry = data[at + 2 : at + 2 + int.from_bytes(data[at : at + 2], "big")]
        hashlib.sha256(b"\\0" + entry).digest()
        json.loads(entry)
        at += 2 + len(entry)
"""


class Election(NamedTuple):
    """What is asked, the rule that counts it, and the answer of each person."""

    kind: str
    options: tuple[Option, ...]
    pot: int | None
    rule: str
    answers: Iterable[Any]


def made_up(people: int) -> Election:
    """Orders of eight options; there are 192 different ones."""

    def order(number: int) -> list[str]:
        start, step, length = number % 8, (1, 3, 5, 7)[number // 8 % 4], 1 + number // 32 % 6
        return [ORDERED[(start + step * n) % 8] for n in range(length)]

    options = tuple(Option(one) for one in ORDERED)
    return Election("ranking", options, None, "schulze", (order(one) for one in range(people)))


def real(path: Path) -> Election:
    """The votes of a file about money, to be counted under equal shares."""
    read = formats.read(path)
    options = tuple(Option(one.id, one.cost, one.group) for one in read.options)
    answers = (answer for answer, number in read.groups() for _ in range(number))
    return Election(read.kind, options, read.pot, "equal-shares", answers)


def make(folder: Path, votes: Election) -> None:
    """Write a log with these votes and everything beside it."""
    specification = Specification(votes.rule, {}, 1, ("lot",), tuple(o.id for o in votes.options))
    manifest, pack = manifest_of(votes, specification), folder / "c" / ID
    pack.mkdir(parents=True)
    (pack / "manifest.json").write_bytes(manifest)
    opened = "sha256:" + hashlib.sha256(manifest).hexdigest()
    edge, listed, groups = Edge(), [], dict[bytes, list[Any]]()
    batch = [encode_entry({"t": "log.open", "v": 1, "origin": ORIGIN})]
    batch.append(encode_entry({**AT, "t": "opened", "manifest": opened}))
    for number, answer in enumerate(votes.answers):
        salt, value = hashlib.sha256(b"%d" % number).digest(), canonical_bytes({"q": answer})
        groups.setdefault(value, [answer, 0])[1] += 1
        batch.append(ballot(number, commit(salt, "B", value)))
        tracker = text(hashlib.sha256(b"folkmoot/tracker/v1\0" + salt).digest()[:16])
        listed.append(canonical_bytes({"t": tracker, "x": value.decode()}) + b"\n")
        if len(batch) == BATCH:
            edge, batch = written(folder, edge, batch), []
    (pack / "ballots.ndjson").write_bytes(b"".join(sorted(listed)))
    counted = tuple((answer, number) for answer, number in groups.values())
    profile = Profile(votes.kind, votes.options, counted, votes.pot)
    batch.extend(counted_entries(pack, profile, specification, edge.size + len(batch)))
    edge = written(folder, edge, batch)
    key = SignerKey(ORIGIN, Algorithm.ED25519, hashlib.sha256(b"benchmark").digest())
    (folder / "checkpoint").write_bytes(sign_checkpoint(Checkpoint(ORIGIN, *edge.head), key))
    (folder / "key").write_text(key.verifier.vkey)


def manifest_of(votes: Election, specification: Specification) -> bytes:
    options = [
        {"id": one.id, "title": {"en": one.id}, "cost": one.cost, "group": one.group}
        for one in votes.options
    ]
    asked = {"id": "q", "kind": votes.kind, "pot": votes.pot, "options": options}
    terms = {
        "rule": specification.rule,
        "parameters": {},
        "seats": 1,
        "tie_chain": ["lot"],
        "lot": [*specification.lot],
        "lot_seed": "",
    }
    document = {
        "format": "folkmoot/manifest/v1",
        "consultation": ID,
        "openings": "trackers",
        "money": "pence",
        "terms": {
            "counting": {"q": terms},
            "closes_at": "2026-11-16T10:00:00Z",
            "identity": ["code"],
        },
        "questions": [asked],
    }
    return canonical_bytes(document)


def counted_entries(
    pack: Path, profile: Profile, specification: Specification, closed: int
) -> Iterator[bytes]:
    """Yield the closing, the count and its publication; its document is written."""
    outcome = count(profile, specification).as_json()
    result = {
        "rule": outcome["rule"],
        "rule_version": outcome["rule_version"],
        "cutoff": closed,
        "ballots": profile.ballots,
        "input_digest": input_digest(profile),
        "result_digest": digest(outcome),
    }
    yield encode_entry({**AFTER, "t": "closed"})
    yield encode_entry({**AFTER, "t": "counted", "q": "q", **result})
    published = {**AFTER, "t": "published", "q": "q", "result_digest": digest(outcome)}
    yield encode_entry(published)
    results = {"q": {**result, "outcome": outcome}}
    document = {"format": "folkmoot/result/v1", "consultation": ID, "results": results}
    (pack / "result.json").write_bytes(canonical_bytes(document))


def ballot(number: int, commitment: str) -> bytes:
    pseudonym = text(hashlib.sha256(b"person %d" % number).digest()[:16])
    members = {"t": "ballot", "v": 1, "c": ID, "b": pseudonym, "s": 1, "cm": commitment}
    members["h"] = text(hashlib.sha256(b"holder %d" % number).digest())
    return encode_entry({**members, "a": "code", "ch": "web", "r": "individual", "d": "2026-11-16"})


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def written(folder: Path, edge: Edge, batch: list[bytes]) -> Edge:
    appended = append(edge, batch)
    for tile, content in appended.files:
        path = folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return appended.edge


def taken(*words: object) -> tuple[float, int]:
    """Seconds of the processor and MiB of a program that must end well."""
    command = [sys.executable, *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        _, status, used = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    if program.returncode:
        raise SystemExit(f"{command} ended with {program.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss // MEBI


def report(folder: Path, what: str, *commands: str) -> None:
    """Print what each command of the verifier takes, against the yardstick."""
    plain, _ = taken("-c", YARDSTICK, folder)
    for command in commands:
        words = folkmoot_verify.__file__, command, folder, "--key", folder / "key"
        seconds, mebibytes = taken(*words)
        print(
            f"{command} of {what}: {seconds / plain:.1f} times reading, hashing and decoding its "
            f"entries ({seconds:.1f} s of one processor, {mebibytes} MiB)",
            flush=True,
        )


def main() -> None:
    """Make the logs, audit and recount them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="make the log here, or use the one that is here")
    parser.add_argument("--votes", type=Path, help="real votes about money")
    asked = parser.parse_args()
    here = Path(__file__).resolve().parents[2]
    place = Path(os.environ.get("FOLKMOOT_FIELD_DATA", here.parent / "shared" / "data"))
    votes = asked.votes or place / "pb" / LARGEST
    with tempfile.TemporaryDirectory(prefix="audit-") as made:
        folder = asked.keep or Path(made) / "made"
        if not (folder / "key").exists():
            make(folder, made_up(asked.entries - 5))
        report(folder, f"{asked.entries:,} entries", "audit", "recount")
        if votes.is_file():
            make(Path(made) / "real", real(votes))
            report(Path(made) / "real", f"{votes.stem} under equal shares", "recount")
        else:
            print(f"There are no real votes at {votes} (set FOLKMOOT_FIELD_DATA).")


if __name__ == "__main__":
    main()
