"""The page of a partnership says what its history says."""

from typing import Any
from uuid import uuid4

from consult.commands.partnerships import admit_member, redescribe_partnership, set_look
from events import Partnership
from events.partnership import Organisation
from projections.partnerships import Partnerships
from tests.builders import ADMINISTRATOR, PARTICULARS, WARDS, partnership, words
from tests.projections.asking import ask

SAME = (
    "id", "slug", "name", "area", "profile", "languages", "wards", "population_source", "members",
    "sub_partnerships", "look", "particulars",
)  # fmt: skip


def page_of(services: Any, id: Any) -> Any:
    """The page, after a look that it says what the record says."""
    page, stored = ask(services, Partnerships, "by_id", id), services.record.get(Partnership, id)
    for name in SAME:
        assert getattr(page, name) == getattr(stored, name), name
    return page


def test_a_page_says_what_the_record_says_at_every_step(services):
    id = partnership(services).id
    assert page_of(services, id).particulars == PARTICULARS
    partnership(services, wards=True)
    page = page_of(services, id)
    assert (page.ward("W09"), page.ward("W01")) == (WARDS[1], None)
    council = Organisation("council", words("The council"), "statutory")
    admit_member(services, id, council, actor=ADMINISTRATOR)
    assert list(page_of(services, id).members) == ["council"]
    set_look(services, id, brand="#1d4f91", actor=ADMINISTRATOR)
    assert page_of(services, id).look.brand == "#1d4f91"
    redescribe_partnership(services, id, name=words("Another"), actor=ADMINISTRATOR)
    assert page_of(services, id).name == words("Another")


def test_partnerships_are_listed_as_they_were_formed_and_found_by_name(services):
    formed = [partnership(services, slug).id for slug in ("moor", "ashen", "mill")]
    listed = ask(services, Partnerships, "all")
    assert [each.id for each in listed] == formed
    assert [each.slug for each in ask(services, Partnerships, "all", 2)] == ["moor", "ashen"]
    assert ask(services, Partnerships, "by_slug", "ashen").id == formed[1]
    assert ask(services, Partnerships, "by_slug", "nowhere") is None
    assert ask(services, Partnerships, "by_id", uuid4()) is None
