"""How long facts wait for their seal while many people answer at once.

`python -m tests.benchmarks.sealing_lag [--clients N] [--seconds N] [--database ...]`

The sealer is a process of its own, as on a real site. A fact is sealed when a signed checkpoint
covers it; it waits from the moment its answer was sent back. The last few wait for others until the
hour ends, and are left out.
"""

import argparse
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from consult.clocks.store_clock import utc_now
from consult.commands.answers.submitting import Sheet, submit_answers
from consult.commands.context import Actor
from consult.config import Config
from consult.log_store.store import LogStore
from consult.sealing.groups import GROUP_MIN
from consult.sealing.running import sealing_duties
from consult.services import Services, set_up
from consult.supervising import supervise
from tests.benchmarks.sealing import database
from tests.builders import consultation

RESIDENT = Actor("resident")
PATIENCE_SECONDS = 60


def opened(url: str, folder: Path) -> Services:
    """Services as any process of the site has them."""
    config = replace(Config(database_url=url), key_file=folder / "bench.key")
    return Services.open(config, utc_now)


def seal(url: str, folder: Path) -> None:
    """The sealer's process."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    services = opened(url, folder)
    supervise(sealing_duties(services, LogStore.open(url)), stop)
    services.close()


def answer(services: Services, about: UUID, client: int, ends_at: float) -> list[tuple[int, float]]:
    """Answer as one new person after another; gives position and moment of each."""
    sent = []
    while time.monotonic() < ends_at:
        receipt = submit_answers(
            services,
            consultation_id=about,
            voter=f"{client}/{len(sent)}",
            sheet=Sheet(answers={"order": ["a", "b"]}),
            actor=RESIDENT,
            command_id=f"{client}/{len(sent)}",
        )
        sent.append((receipt.position, time.monotonic()))
    return sent


def measure(url: str, folder: Path, clients: int, seconds: float) -> None:
    """Let people answer, watch the checkpoints, print how long each fact waited."""
    set_up(replace(Config(database_url=url), key_file=folder / "bench.key"))
    services = opened(url, folder)
    about = consultation(services).id
    sealer = multiprocessing.get_context("spawn").Process(target=seal, args=(url, folder))
    sealer.start()
    log = LogStore.open(url)
    while log.latest() is None:  # a process takes a second or two to begin
        time.sleep(0.02)
    sent: list[tuple[int, float]] = []
    covered: list[tuple[float, int]] = []
    before, own = time.monotonic(), time.process_time()
    threads = [
        threading.Thread(
            target=lambda n=n: sent.extend(answer(services, about, n, before + seconds))
        )
        for n in range(clients)
    ]
    for thread in threads:
        thread.start()
    size = 0
    while any(thread.is_alive() for thread in threads) or size < len(sent) + 3 - (GROUP_MIN - 1):
        latest = log.latest()
        if latest and latest.size != size:
            size = latest.size
            covered.append((time.monotonic(), size))
        assert time.monotonic() < before + seconds + PATIENCE_SECONDS, f"{size} of {len(sent)}"
        time.sleep(0.02)
    taken = time.monotonic() - before
    sealer.terminate()
    sealer.join()
    entries = {entry.position: entry.index for entry in log.entries_of(about)}
    waits = sorted(
        max(0.0, next(at for at, size in covered if entries[position] < size) - moment)
        for position, moment in sent
        if position in entries
    )
    print(
        f"{len(sent):,} answers of {clients} clients, {len(sent) / seconds:,.0f} a second, all "
        f"sealed after {taken:.1f} s; waited: median {waits[len(waits) // 2]:.2f} s, "
        f"99% {waits[int(len(waits) * 0.99)]:.2f} s, longest {waits[-1]:.2f} s; "
        f"processor of the clients {time.process_time() - own:.1f} s, load {os.getloadavg()[0]:.1f}"
    )
    log.close()
    services.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--database", default="sqlite")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with database(chosen.database, folder) as url:
            measure(url, folder, chosen.clients, chosen.seconds)


if __name__ == "__main__":
    main()
