"""Whom the public entries name is exactly who may be named: bodies, and never a person."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.letter_codes import issue_codes, void_codes
from consult.commands.answers.submitting import withdraw_answers
from consult.commands.consultations.opening import (
    extend_consultation,
    pause_consultation,
    resume_consultation,
)
from consult.commands.context import Actor
from consult.commands.data_protection.erasure import erase_by_case
from consult.commands.data_protection.retention import set_legal_hold
from consult.commands.partnerships import (
    admit_member,
    create_sub_partnership,
    redescribe_partnership,
    state_particulars,
)
from consult.commands.results.counting import publish_results
from consult.commands.results.follow_up import change_follow_up, publish_follow_up
from consult.commands.wards import define_area
from consult.sealing.running import seal_now
from events.partnership import Organisation
from tests.builders import (
    PARTICULARS,
    RANKING,
    RESIDENT,
    WARDS,
    Clock,
    close_consultation,
    consultation,
    draw_lot,
    member,
    partnership,
    question,
    words,
)
from tests.consult.commands.results.test_follow_up import ROW
from tests.consult.people.erasable import EMAIL, WORDS, answer, tell_more
from tests.consult.sealing import documented_entries
from tests.consult.sealing.audits import contents, documents
from tests.events.consultations.test_beacon import LOT

DOCUMENTED = documented_entries.members()
STAFF = "Ann Organiser"
ADDRESS = "ann.organiser@example.org"
ELSEWHERE = {"voided", "stopped", "superseded", "key_destroyed"}
"""Kinds of entry that do not happen here."""
MORE = question("more", "text", "Anything else?", required=False, length_max=500)


@pytest.fixture
def everything(services, log, clock: Clock) -> list[dict[str, Any]]:
    """A consultation in which all that is public happens, by people with names: the entries."""
    home = partnership(services)
    staff = member(
        services, email=ADDRESS, name=STAFF, partnership_id=home.id, role="administrator"
    )
    who = {"actor": Actor("administrator", staff.hex)}
    define_area(services, home.id, wards=WARDS, source="the census of 2021", **who)
    admit_member(services, home.id, Organisation("pct", words("Trust"), "statutory"), **who)
    create_sub_partnership(services, home.id, sub_id="safer", theme=words("Safety"), **who)
    redescribe_partnership(services, home.id, name=words("Together"), **who)
    told = replace(PARTICULARS, controller=words("The Council"), email=ADDRESS)
    state_particulars(services, home.id, told, **who)
    asked = consultation(
        services, RANKING, MORE, counting=LOT, identity=("open", "letter"), wards=True
    )
    issue_codes(services, asked.id, 3, **who, command_id="lost")
    [lost] = services.record.get(type(asked), asked.id).batches
    void_codes(services, asked.id, lost, reason="Lost in the post", **who)
    pause_consultation(services, asked.id, reason=words("A fault"), **who)
    resume_consultation(services, asked.id, **who)
    terms = asked.terms
    assert terms is not None
    closes_at = terms.closes_at + timedelta(days=1)
    extend_consultation(services, asked.id, closes_at=closes_at, reason=words("More time"), **who)
    gone, kept, mine = (answer(services, asked.id, name) for name in ("cid", "bob", "ann"))
    tell_more(services, mine)
    withdraw_answers(services, holder=gone.holder, actor=RESIDENT, command_id="w")
    group_campaign(services, asked.id, [kept.subject_id], name="Postcards", **who)
    erase_by_case(services, reference="DP/1", code=mine.code, **who)
    set_legal_hold(services, asked.id, reason="Police asked", **who)
    close_consultation(services, asked.id)
    draw_lot(services, asked.id)
    publish_results(services, asked.id, **who)
    row = publish_follow_up(services, asked.id, ROW, **who)
    change_follow_up(services, row.id, replace(ROW, status="done", on=date(2026, 10, 1)), **who)
    seal_now(services, log, group_min=1, promises=True)
    return documents(log)


def test_each_kind_of_entry_holds_what_the_documentation_says_and_nothing_else(everything):
    for entry in everything:
        members, named = DOCUMENTED[entry["t"]], set(entry) - {"t", "v"}
        assert named <= set(members), entry
        assert {name for name, member in members.items() if member.is_always} <= named, entry
    found = {entry["t"] for entry in everything}
    assert found == set(DOCUMENTED) - ELSEWHERE, "every kind that can happen here has happened"


def test_no_entry_names_a_person_their_address_or_what_they_wrote(everything, services, log):
    text = b"\n".join(contents(log)).decode()
    for private in (STAFF, ADDRESS, EMAIL, WORDS, "ann", "organiser-1", "DP/1", "Police"):
        assert private not in text.replace("organiser", ""), private
    members = {event.fact.by.actor for event in services.record.events.get(_asked(everything))}
    assert not [actor for actor in members if actor and actor in text]


def _asked(entries: list[dict[str, Any]]) -> UUID:
    return UUID(next(entry["c"] for entry in entries if "c" in entry))


def test_an_entry_about_the_partnership_names_the_body_that_it_is_about(everything):
    named = [(entry["f"], entry["name"]) for entry in everything if entry["t"] == "partnership"]
    assert named == [
        ("formed", "Ashenmoor Together"),
        ("area_defined", "the census of 2021"),
        ("member_joined", "Trust"),
        ("sub_partnership_created", "Safety"),
        ("redescribed", "Together"),
        ("particulars_stated", "The Council"),
        ("area_defined", "invented"),
    ]


def test_every_official_says_a_role_and_nobody_says_who(everything):
    roles = {entry["role"] for entry in everything if "role" in entry}
    assert roles == {"administrator", "operator", "organiser"}
    assert all(("role" in entry) == ("at" in entry) for entry in everything)


def test_the_documentation_says_what_each_kind_of_entry_is_for():
    document = documented_entries.DOCUMENT.with_name("log.md").read_text()
    table = re.findall(r"^\| `([a-z_.]+)` \| `", document, re.MULTILINE)
    assert set(table) == set(DOCUMENTED)
