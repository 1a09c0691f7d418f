"""Somebody at another server, who is quicker than a command between its reading and its saving."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from consult.services import Services
from events import Subject

Arrange = Callable[..., list[int]]


@pytest.fixture
def elsewhere_at_once(services: Services) -> Iterator[Services]:
    """The same installation, opened by another process."""
    opened = Services.open(services.config, services.clock)
    yield opened
    opened.close()


@pytest.fixture
def meanwhile(services: Services, monkeypatch: pytest.MonkeyPatch) -> Arrange:
    """Arranges that something happens before the next save, or before each of `times` saves.

    Returns a list that gets longer with every save that is tried. The record is real, and so
    is the conflict: what happens is stored by somebody else.
    """

    def arrange(act: Callable[[], object], times: int = 1) -> list[int]:
        tried: list[int] = []
        for name in ("save", "append_batch"):
            really = getattr(services.record, name)

            def after(*given: Any, _really: Any = really, **gate: Any) -> Any:
                tried.append(len(tried))
                if len(tried) <= times:
                    act()
                return _really(*given, **gate)

            monkeypatch.setattr(services.record, name, after)
        return tried

    return arrange


def facts_of(services: Services, subject: Subject) -> list[Any]:
    """Every stored fact of a subject, the first one first."""
    return [event.fact for event in services.record.events.get(subject.id)]
