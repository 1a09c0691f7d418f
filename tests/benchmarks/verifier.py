"""How long a full audit takes: a made-up log, one core, with the memory it needed.

Run: python tests/benchmarks/verifier.py [entries]
"""

import base64
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
OPTIONS = "abcdefgh"
MEBI = 1024


def order(number: int) -> list[str]:
    """An answer; there are 1,680 different ones."""
    start, step, length = number % 8, (1, 3, 5, 7)[number // 8 % 4], 1 + number // 32 % 6
    return [OPTIONS[(start + step * n) % 8] for n in range(length)]


def make(folder: Path, entries: int) -> None:
    """Write a log of so many entries with everything beside it."""
    key = SignerKey(ORIGIN, Algorithm.ED25519, hashlib.sha256(b"benchmark").digest())
    options = [{"id": one, "title": {"en": one}, "cost": None, "group": None} for one in OPTIONS]
    terms = {
        "rule": "schulze",
        "parameters": {},
        "seats": 1,
        "tie_chain": ["lot"],
        "lot": [*OPTIONS],
    }
    manifest = canonical_bytes(
        {
            "format": "folkmoot/manifest/v1",
            "consultation": ID,
            "openings": "public",
            "terms": {"counting": {"q": {**terms, "lot_seed": ""}}},
            "questions": [{"id": "q", "kind": "ranking", "pot": None, "options": options}],
        }
    )
    pack = folder / "c" / ID
    pack.mkdir(parents=True)
    (pack / "manifest.json").write_bytes(manifest)
    opened = "sha256:" + hashlib.sha256(manifest).hexdigest()
    edge = Edge()
    batch = [encode_entry({"t": "log.open", "v": 1, "origin": ORIGIN})]
    batch.append(encode_entry({**AT, "t": "opened", "manifest": opened}))
    groups: dict[tuple[str, ...], int] = {}
    with (pack / "openings.ndjson").open("wb") as openings:
        for number in range(entries - 5):
            answer, salt = order(number), hashlib.sha256(b"%d" % number).digest()
            groups[tuple(answer)] = groups.get(tuple(answer), 0) + 1
            value = canonical_bytes({"q": answer})
            batch.append(ballot(number, commit(salt, "B", value)))
            line = {"i": number + 2, "k": "B", "s": text(salt), "x": value.decode()}
            openings.write(canonical_bytes(line) + b"\n")
            if len(batch) == 25_600:
                edge, batch = written(folder, edge, batch), []
    profile = Profile(
        "ranking",
        tuple(Option(one) for one in OPTIONS),
        tuple((list(k), n) for k, n in groups.items()),
    )
    outcome = count(profile, Specification("schulze", {}, 1, ("lot",), tuple(OPTIONS))).as_json()
    result = {
        "rule": "schulze",
        "rule_version": "1",
        "cutoff": edge.size + len(batch),
        "ballots": profile.ballots,
        "input_digest": input_digest(profile),
        "result_digest": digest(outcome),
    }
    batch.append(encode_entry({**AT, "t": "closed"}))
    batch.append(encode_entry({**AT, "t": "counted", "q": "q", **result}))
    batch.append(encode_entry({**AT, "t": "published", "q": "q", "result_digest": digest(outcome)}))
    document = {"q": {**result, "outcome": outcome}}
    whole = {"format": "folkmoot/result/v1", "consultation": ID, "results": document}
    (pack / "result.json").write_bytes(canonical_bytes(whole))
    edge = written(folder, edge, batch)
    (folder / "checkpoint").write_bytes(sign_checkpoint(Checkpoint(ORIGIN, *edge.head), key))
    (folder / "key").write_text(key.verifier.vkey)


def ballot(number: int, commitment: str) -> bytes:
    pseudonym = text(hashlib.sha256(b"person %d" % number).digest()[:16])
    members = {"t": "ballot", "v": 1, "c": ID, "b": pseudonym, "s": 1, "cm": commitment}
    return encode_entry({**members, "a": "code", "ch": "web", "r": "individual", "d": "2026-11-10"})


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def written(folder: Path, edge: Edge, batch: list[bytes]) -> Edge:
    appended = append(edge, batch)
    for tile, content in appended.files:
        path = folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return appended.edge


def main() -> None:
    """Make the log, audit and recount it."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    folder = Path(tempfile.mkdtemp(prefix="audit-", dir=os.environ.get("TMPDIR")))
    try:
        began = time.monotonic()
        make(folder, entries)
        print(f"made a log of {entries:,} entries in {time.monotonic() - began:.0f} s")
        for command in ("audit", "recount"):
            began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            words = [
                sys.executable,
                folkmoot_verify.__file__,
                command,
                folder,
                "--key",
                folder / "key",
            ]
            ended = subprocess.run(words, check=False, capture_output=True, text=True)
            seconds = time.monotonic() - began
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            processor = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
            print(
                f"{command}: {seconds:.1f} s, of the processor {processor:.1f} s, "
                f"{used.ru_maxrss / MEBI:.0f} MiB, exit {ended.returncode}"
            )
            print("".join(ended.stdout.splitlines(keepends=True)[-7:]))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
