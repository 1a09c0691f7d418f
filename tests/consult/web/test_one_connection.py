"""A page holds one connection of a store at a time: so a store is as wide as the threads."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from tests.builders import EVERY_KIND, consultation
from tests.conftest import only
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Resident

PAGES = [
    *("/", "/c/riverside", "/c/riverside/q/order", "/c/riverside/results", "/c/riverside/audit"),
    *("/log/", "/sitemap.xml", "/accessibility", "/partnerships", "/organise/", "/scrutiny/"),
    *("/organise/c/riverside/", "/organise/c/riverside/written/", "/assist/", "/jobs/"),
]


@pytest.fixture
def held() -> Iterator[Counter[int]]:
    """By store, the most connections that this thread has held at the same time."""
    now: Counter[int] = Counter()
    most: Counter[int] = Counter()
    places: dict[int, int] = {}

    def take(_raw: Any, record: Any, proxy: Any) -> None:
        place = places[id(record)] = id(proxy._pool)
        now[place] += 1
        most[place] = max(most[place], now[place])

    def give_back(_raw: Any, record: Any) -> None:
        now[places.pop(id(record))] -= 1

    event.listen(Pool, "checkout", take)
    event.listen(Pool, "checkin", give_back)
    yield most
    event.remove(Pool, "checkout", take)
    event.remove(Pool, "checkin", give_back)


@only("sqlite")
@pytest.mark.parametrize("role", ["", "organiser", "auditor"])
def test_a_page_holds_one_connection_of_a_store_at_a_time(app, services, held, role):
    consultation(services, *EVERY_KIND, wards=True)
    services.catch_up()
    person = sign_in(app, services, role=role) if role else Resident(app.test_client())
    asked = 0
    for address in PAGES:
        person.open(address)  # whoever comes first looks which read models there are
        held.clear()
        person.open(address)
        assert set(held.values()) <= {1}, address
        asked += len(held)
    assert asked, "they are read from stores"
