"""Lets both verifiers judge a log in memory; the second one is a program of its own."""

import base64
import io
import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from consult.counting.outcome import canonical_bytes
from consult.verifier import folkmoot_verify as verify
from events.log.append import Edge, append
from events.log.encoding import to_base64url
from events.log.leaf import leaf_hashes
from events.log.merkle import prove_inclusion
from events.log.promise import Promise
from events.log.proof import Receipt
from events.log.reader import TileTree
from tests.consult.verifier.lies.grammar import (
    AUDIT,
    AUDITOR,
    CHECKPOINT,
    HOLDER,
    PROMISE,
    RECEIPT,
    RECOUNT,
    whole,
)
from tests.consult.verifier.lies.telling import Fact, Told, openings, worked_out
from tests.consult.verifier.lies.truths import PROMISE_KEY
from tests.consult.verifier.verifier_logs import LOG_KEY, ORIGIN, Memory, parsed, signed
from tests.tools import NODE

GRACE_SECONDS = 600
SECOND = Path(__file__).parents[1] / "second" / "audit.mjs"
Files = dict[str, bytes]


def report_of(words: list[str], files: Files) -> verify.Report:
    """The report of a run; `LOG` among the words stands for the files."""
    trust = verify.Trust()
    trust._add_log(verify.Key(LOG_KEY.verifier.vkey))
    args = parsed(words)
    args.progress = False
    report = verify.Report(args.command, words)
    original = verify.source_of
    verify.source_of = lambda _place: Memory(files)
    try:
        verify.COMMANDS[args.command](args, trust, report)
    except verify.Wrong as error:
        report.step("source", "").wrong(str(error))
    except verify.Absent as error:
        report.step("source", "").skip(str(error))
    finally:
        verify.source_of = original
    report.show(io.StringIO())
    return report


class Kept:
    """What people kept of a truthful log, in a folder: its checkpoint, and their receipts."""

    def __init__(self, truth: Told, folder: Path) -> None:
        documents, _ = worked_out(truth)
        self.entries = [verify.canonical(one) for one in documents]
        appended = append(Edge(), self.entries)
        self.edge, self.tiles = appended.edge, {tile.path: data for tile, data in appended.files}
        self.places = {
            (f.document.get("b"), f.document.get("s")): n for n, f in enumerate(truth.facts)
        }
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.checkpoint = folder / "checkpoint"
        self.checkpoint.write_bytes(signed(self.edge, LOG_KEY))

    def receipt(self, ballot: Fact) -> Path:
        """The receipt that whoever sent this version has."""
        index = self.places[ballot.document["b"], ballot.document["s"]]
        path = self.folder / f"{index}.tlog-proof"
        if not path.exists():
            tree = TileTree(self.edge.size, lambda tile: self.tiles[tile.path])
            proof = tuple(prove_inclusion(index, self.edge.size, tree.range_hash))
            note = self.checkpoint.read_bytes()
            path.write_bytes(Receipt(self.entries[index], index, proof, note).encode())
        return path

    def promise(self, ballot: Fact) -> Path:
        """What whoever sent this version was given until it is sealed."""
        index = self.places[ballot.document["b"], ballot.document["s"]]
        due = verify.day_seconds(ballot.document["d"]) + verify.SECONDS_A_DAY + GRACE_SECONDS
        promised = Promise(ORIGIN, leaf_hashes([self.entries[index]])[0], due)
        path = self.folder / f"{index}.promise"
        path.write_bytes(promised.signed(PROMISE_KEY))
        return path

    def private_half(self, ballot: Fact) -> Path:
        """What only whoever sent this version has."""
        document = {
            "format": "folkmoot/opening/v1",
            **{name: ballot.document[name] for name in ("c", "b", "s")},
            "k": "B",
            "salt": to_base64url(ballot.salt),
            "x": canonical_bytes(ballot.answers).decode(),
        }
        path = self.folder / f"{ballot.document['c']}-{ballot.document['b']}.json"
        path.write_bytes(canonical_bytes(document))
        return path

    def words(self, found_by: str, about: Fact | None, told: Told | None = None) -> list[str]:
        """The command that finds a lie. `told`: what the operator also tells an auditor."""
        if found_by == HOLDER:
            assert about is not None
            return [*self.words(RECEIPT, about), "--private", str(self.private_half(about))]
        if found_by == PROMISE:
            assert about is not None
            return ["promise", str(self.promise(about)), "--log", "LOG"]
        if found_by == AUDITOR:
            assert told is not None
            c = whole(told)
            path = self.folder / "openings.ndjson"
            path.write_bytes(openings(told, c))
            return ["recount", "LOG", "--consultation", c, "--openings", str(path)]
        if found_by == RECEIPT:
            assert about is not None
            return ["receipt", str(self.receipt(about)), "--log", "LOG"]
        if found_by == CHECKPOINT:
            return ["audit", "LOG", "--known", str(self.checkpoint)]
        return [{AUDIT: "audit", RECOUNT: "recount"}[found_by], "LOG"]


Judge = Callable[..., dict[str, Any]]


@contextmanager
def second_verifier(folder: Path) -> Iterator[Judge]:
    """The second verifier, as a program that judges one log after the other."""
    key = folder / "log.vkey"
    key.write_text(LOG_KEY.verifier.vkey)
    words = [str(NODE), str(SECOND), "--many", str(key)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdin
        assert program.stdout
        asked, answers = program.stdin, program.stdout

        def judge(files: Files, promise: bytes = b"") -> dict[str, Any]:
            listed = {path: base64.b64encode(data).decode() for path, data in files.items()}
            more = {"promise": base64.b64encode(promise).decode()} if promise else {}
            asked.write(json.dumps({"files": listed, **more}) + "\n")
            asked.flush()
            found: dict[str, Any] = json.loads(answers.readline())
            return found

        yield judge
        asked.close()
