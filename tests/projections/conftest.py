"""Read models on both databases."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from projections.engine.database import Views
from projections.engine.projection import Projection, Source
from projections.engine.runner import Runner


@pytest.fixture
def views(database_url: str) -> Iterator[Views]:
    views = Views.open(database_url)
    yield views
    views.close()


StartRunner = Callable[[Source, Sequence[type[Projection]]], Runner]


@pytest.fixture
def start_runner(views: Views) -> StartRunner:
    def start(source: Source, projections: Sequence[type[Projection]]) -> Runner:
        runner = Runner(source, views, projections)
        runner.start()
        return runner

    return start
