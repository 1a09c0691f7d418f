"""An open record on each kind of database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from threading import Thread

import pytest

from events.store.record import Record


@pytest.fixture
def record(database_url: str) -> Iterator[Record]:
    with closing(Record(database_url)) as record:
        yield record


@pytest.fixture
def another_record(database_url: str) -> Iterator[Callable[[], Record]]:
    """Open the same record again, as another process would."""
    with ExitStack() as opened:
        yield lambda: opened.enter_context(closing(Record(database_url)))


@pytest.fixture
def together() -> Callable[..., None]:
    """Run some work in many threads at once, and raise what any of them raises."""

    def run(*works: Callable[[], object]) -> None:
        raised: list[BaseException] = []

        def guarded(work: Callable[[], object]) -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001  raised again below
                raised.append(error)

        threads = [Thread(target=guarded, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if raised:
            raise raised[0]

    return run
