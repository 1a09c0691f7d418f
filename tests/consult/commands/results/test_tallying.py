"""Tallies of a closing are the same from the record and from the page, and count nobody later."""

from typing import Any

import pytest

from consult.commands.results.tallying import tallies_of_page, tally_everything
from consult.services import Services
from events import Consultation
from projections.consultations import Consultations
from tests.builders import close_consultation, consultation
from tests.conftest import only
from tests.kinds import KINDS, answer_all, of_kind

pytestmark = only("sqlite")


def page_of(services: Services, id: Any) -> Any:
    with services.views.connect() as db:
        return services.views.reader(Consultations).by_id(db, id)


@pytest.mark.parametrize("people", [0, 1, 12])
def test_a_page_is_tallied_as_the_record_was_when_it_closed(services, people):
    about = consultation(services, *(of_kind(kind) for kind in KINDS), wards=True)
    answer_all(services, about, people, respondent="organisation", members=3)
    close_consultation(services, about.id)
    services.catch_up()
    closed, page = services.record.get(Consultation, about.id), page_of(services, about.id)
    found = tallies_of_page(services, page)
    assert found == tally_everything(services, closed, page.closed_position)
    assert found["consultation"] == str(about.id)
    assert found["responses"] == people
    if people != 1:  # of whom nothing is told
        assert list(found["respondents"]) == ["individual", "organisation", "group"]
        assert list(found["members"]) == ["organisation", "group"]


def test_what_comes_after_the_position_is_not_tallied(services):
    about = consultation(services, of_kind("single"), of_kind("text"))
    answer_all(services, about, 6)
    six = services.record.head()
    answer_all(services, about, 12)
    services.catch_up()
    stored = services.record.get(Consultation, about.id)

    def people(cutoff: int) -> int:
        return int(tally_everything(services, stored, cutoff)["responses"])

    assert (people(six), people(services.record.head())) == (6, 12)


def test_a_page_of_what_has_not_closed_has_no_tallies(services):
    about = consultation(services, of_kind("single"))
    with pytest.raises(AssertionError):
        tallies_of_page(services, page_of(services, about.id))
