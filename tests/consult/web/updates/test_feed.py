"""The feed of a site on which nothing has happened yet is of the day on which the site began."""

from datetime import timedelta
from xml.etree import ElementTree as ET

from tests import builders

ATOM = "{http://www.w3.org/2005/Atom}"


def updated(client):
    root = ET.fromstring(client.get("/feed.atom").data)  # noqa: S314  our own
    return root.findtext(f"{ATOM}updated"), len(root.findall(f"{ATOM}entry"))


def test_before_the_first_consultation_it_is_of_the_time_at_which_the_record_began(
    services, client, clock
):
    builders.partnership(services)
    clock.move(days=9)
    builders.draft(services)
    services.catch_up()
    assert updated(client) == ("2026-11-02T09:00:41Z", 0)


def test_of_an_empty_record_it_is_of_today_and_the_same_all_day(client, clock):
    first = client.get("/feed.atom").data
    assert updated(client) == ("2026-11-02T00:00:00Z", 0)
    clock.now += timedelta(hours=3)
    assert client.get("/feed.atom").data == first
