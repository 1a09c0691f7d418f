"""Members declare interests through staff: in their own partnership, once, and publicly."""

import threading

import pytest

from consult.access import NotYours
from consult.commands.consultations.drafting import Draft, draft_consultation
from consult.commands.context import Actor
from consult.commands.interests import (
    InterestKnown,
    NoMember,
    NotTheirs,
    declare_interest,
    end_interest,
)
from consult.commands.partnerships import admit_member
from events import NotFound
from events.partnership import Organisation
from tests.builders import ADMINISTRATOR, ORGANISER, partnership, words
from tests.consult.sealing.audits import documents

TRUST = Organisation("canal", words("Canal Trust"), "voluntary")


@pytest.fixture
def formed(services):
    made = partnership(services)
    admit_member(services, made.id, TRUST, actor=ADMINISTRATOR)
    return made


def declare(services, formed, clock, **how):
    given = {"what": words("Towpath"), "since": clock.now.date(), "actor": ORGANISER} | how
    return declare_interest(services, formed.id, given.pop("organisation_id", "canal"), **given)


def test_the_same_command_declares_once_also_when_it_is_sent_twice_at_the_same_moment(
    services, formed, clock
):
    begins = threading.Barrier(4)
    made = []

    def send() -> None:
        begins.wait()
        made.append(declare(services, formed, clock, command_id="key").id)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    once = end_interest(services, made[0], clock.now.date(), actor=ORGANISER, command_id="end")
    again = end_interest(services, made[0], clock.now.date(), actor=ORGANISER, command_id="end")
    assert once.version == again.version


def test_the_same_interest_is_declared_once_until_it_has_ended(services, formed, clock):
    first = declare(services, formed, clock, command_id="first")
    with pytest.raises(InterestKnown, match="recorded already"):
        declare(services, formed, clock, command_id="a new form")
    assert declare(services, formed, clock, command_id="first").id == first.id
    declare(services, formed, clock, what=words("Lock"))
    end_interest(services, first.id, clock.now.date(), actor=ORGANISER)
    again = declare(services, formed, clock, command_id="after it ended")
    assert again.id != first.id


def test_only_members_declare_and_only_about_consultations_of_their_partnership(
    services, formed, clock
):
    with pytest.raises(NoMember):
        declare(services, formed, clock, organisation_id="nobody")
    other = partnership(services, "elsewhere")
    theirs = draft_consultation(
        services,
        partnership_id=other.id,
        draft=Draft(slug="theirs", title=words("Theirs"), overview=words("Theirs")),
        actor=ORGANISER,
    )
    with pytest.raises(NotTheirs):
        declare(services, formed, clock, consultation_id=theirs.id)
    with pytest.raises(NotFound):
        declare(services, formed, clock, consultation_id=other.id)


def test_residents_and_desks_record_no_interests(services, formed, clock):
    for role in ("resident", "desk", "auditor"):
        with pytest.raises(NotYours):
            declare(services, formed, clock, actor=Actor(role, "somebody"))


def test_what_is_declared_and_ended_is_in_the_public_log(services, formed, clock, log, seal):
    made = declare(services, formed, clock)
    end_interest(services, made.id, clock.now.date(), actor=ORGANISER)
    seal()
    found = [each for each in documents(log) if each.get("f", "").startswith("interest")]
    assert [each["f"] for each in found] == ["interest_declared", "interest_ended"]
    assert {each["t"] for each in found} == {"partnership"}
    assert {each["name"] for each in found} == {"Canal Trust"}
    assert {each["p"] for each in found} == {str(formed.id)}
