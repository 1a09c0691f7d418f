"""What pages have in common is read again now and then: by one thread, while the others go on."""

import threading
import time
from contextlib import contextmanager

import pytest

from consult.web import consultation_lookup
from consult.web.layout import header
from projections.consultations import Consultations
from projections.engine import database
from projections.engine.database import Views
from projections.partnerships import Partnerships
from tests.builders import EVERY_KIND, consultation
from tests.consult.web.residents import Resident

CONSULTATION = "/c/riverside"
SITE = "/cookies"
FRESH_SECONDS = 600
SECONDS_MAX = 20


@pytest.fixture
def resident(app, services, monkeypatch):
    """Somebody who comes back after everything that was read has become old."""
    consultation(services, *EVERY_KIND)
    for module in (consultation_lookup, header):
        monkeypatch.setattr(module, "FRESH_SECONDS", FRESH_SECONDS)
    monkeypatch.setattr(Views.generations, "__defaults__", (FRESH_SECONDS,))
    someone = Resident(app.test_client())
    assert {someone.open(each).status for each in (CONSULTATION, SITE)} == {200}
    for kept in app.extensions["asked"].values():
        kept.read_at -= 2 * FRESH_SECONDS
    found, read_at = app.extensions["only partnership"]
    app.extensions["only partnership"] = (found, read_at - 2 * FRESH_SECONDS)
    services.views._generations_at -= 2 * FRESH_SECONDS
    return someone


@pytest.fixture
def stuck(monkeypatch):
    """Give a function that makes one way of reading wait, and counts who tries."""

    @contextmanager
    def make(place, name):
        read, is_going_on, tries = getattr(place, name), threading.Event(), []

        def slowly(*given, **more):
            tries.append(name)
            assert is_going_on.wait(SECONDS_MAX)
            return read(*given, **more)

        monkeypatch.setattr(place, name, slowly)
        try:
            yield tries
        finally:
            is_going_on.set()

    return make


@pytest.mark.parametrize(
    ("address", "place", "name"),
    [
        (CONSULTATION, Consultations, "by_slug"),
        (CONSULTATION, database, "all_generations"),
        (SITE, Partnerships, "all"),
    ],
)
def test_while_one_page_reads_again_others_do_not_wait(app, resident, stuck, address, place, name):
    with stuck(place, name) as tries:
        first = threading.Thread(target=Resident(app.test_client()).open, args=(address,))
        first.start()
        ends_at = time.monotonic() + SECONDS_MAX
        while not tries and time.monotonic() < ends_at:
            time.sleep(0.001)
        assert resident.open(address).status == 200
        assert tries == [name]
        assert first.is_alive()
    first.join(SECONDS_MAX)
    assert not first.is_alive()
