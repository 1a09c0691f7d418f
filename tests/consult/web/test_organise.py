"""Setting a consultation up through pages: from nothing to open, and on to the result."""

import pytest
from flask import Flask

from consult.services import Services
from events import Consultation
from tests import builders
from tests.consult.web.organisers import Organiser, sign_in

BOTH = {"title__en": "Riverside Park", "title__cy": "Parc Glan yr Afon"}


@pytest.fixture
def organiser(app: Flask, services: Services) -> Organiser:
    builders.partnership(services, wards=True)
    services.catch_up()
    return sign_in(app, services)


def begin(organiser: Organiser) -> str:
    """Begin a consultation with its words; return the address of its tasks."""
    page = organiser.send(
        organiser.open("/organise/new"),
        **BOTH,
        overview__en="Tell us what you think.",
        overview__cy="Dywedwch wrthym.",
    )
    assert page.status == 200, page.summary
    return page.address


def add_ranking(organiser: Organiser, tasks: str) -> None:
    page = organiser.send(
        organiser.open(f"{tasks}questions/new/ranking"),
        title__en="What first?",
        title__cy="Beth gyntaf?",
    )
    page = organiser.send(
        page, lines__en="Benches\nTrees\nLights", lines__cy="Meinciau\nCoed\nGoleuadau"
    )
    assert page.status == 200, page.summary


def fix_terms(organiser: Organiser, tasks: str) -> None:
    page = organiser.send(
        organiser.open(f"{tasks}terms/"),
        eligibility__en="Anyone",
        eligibility__cy="Unrhyw un",
        decides__en="The council",
        decides__cy="Y cyngor",
    )
    assert page.status == 200, page.summary
    page = organiser.send(organiser.open(f"{tasks}terms/q1"), rule="points-N")
    page = organiser.send(page, seed="Lottery of 7 November 2026: 1 2 3")
    assert page.heading.endswith("The counting rule is saved"), page.summary


def record_of(services: Services, tasks: str) -> Consultation:
    slug = tasks.strip("/").rpartition("/")[2]
    from consult.commands.drafting import consultation_id
    from events import Partnership

    return services.record.get(Consultation, consultation_id(Partnership.id_for("ashenmoor"), slug))


def test_a_consultation_is_set_up_opened_closed_counted_and_published(
    organiser: Organiser, services: Services, clock: builders.Clock
):
    tasks = begin(organiser)
    assert tasks == "/organise/c/riverside-park/"
    add_ranking(organiser, tasks)
    fix_terms(organiser, tasks)
    page = organiser.open(tasks)
    assert "Everything is there" in page.words
    page = organiser.send(organiser.open(f"{tasks}open"))
    assert "It is open" in page.words
    clock.move(hours=2)
    page = organiser.send(organiser.open(f"{tasks}close"))
    assert "It is closed" in page.words
    page = organiser.send(organiser.open(f"{tasks}count"))
    assert "It is counted" in page.words
    page = organiser.send(organiser.open(f"{tasks}publish"))
    assert "The results are published" in page.words
    assert record_of(services, tasks).state == "closed"
