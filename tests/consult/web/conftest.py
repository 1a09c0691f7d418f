"""People who take part through pages, and what the record then holds."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from consult.services import Services
from events import Ballot, Response
from events.base import FACTS
from tests.consult.web.residents import Resident


@pytest.fixture
def resident(app: Flask) -> Resident:
    return Resident(app.test_client())


@pytest.fixture
def somebody_else(app: Flask) -> Resident:
    return Resident(app.test_client())


@pytest.fixture
def submissions(services: Services) -> Callable[[], list[Any]]:
    """Every fact about a ballot or a response, in the order of the record."""
    import msgspec

    def read() -> list[Any]:
        topics = (Ballot.TOPIC, Response.TOPIC)
        return [
            msgspec.json.decode(state, type=FACTS[topic])
            for _position, _subject, _version, topic, state in services.record.read(0, 10_000)
            if topic.startswith(topics)
        ]

    return read
