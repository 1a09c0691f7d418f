"""Acts that need two people: asked for by one, agreed to by another in another role, done once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from consult import access
from consult.access import NotYours
from consult.commands.accounts.members import (
    GRANT_ADMINISTRATOR,
    AdministratorByTwo,
    add_member,
    change_member,
    grant_administrator,
    remove_member,
)
from consult.commands.accounts.staff import roles_of
from consult.commands.approvals.acts import ACTS
from consult.commands.approvals.asking import (
    AskerLeft,
    NotAlone,
    agree,
    ask_for,
    decline,
    do_alone,
    expire,
    finish,
    others,
)
from consult.commands.approvals.seconds import SecondNeeded
from consult.commands.context import Actor
from consult.commands.data_protection.retention import END_HOLD, lift_legal_hold, set_legal_hold
from consult.services import Services
from events import Approval, DataProtectionCase
from events.staff.approvals import (
    DECLINED,
    DONE,
    EXPIRED,
    GIVEN,
    WAITING,
    ApprovalOver,
    OtherContent,
    ReasonMissing,
    SamePerson,
    SameRole,
)
from tests.builders import KEEPER, OPERATOR, consultation, member, partnership


class Office:
    """People of one partnership, and a legal hold."""

    def __init__(self, services: Services) -> None:
        self.services = services
        asked = consultation(services)
        self.here: UUID = asked.partnership_id
        self.case = set_legal_hold(services, asked.id, reason="A case", actor=KEEPER)
        self.keeper = self.somebody("keeper", "data protection officer")
        self.monitor = self.somebody("monitor", "monitoring officer")
        self.boss = self.somebody("boss", "administrator")

    def somebody(self, name: str, role: str) -> Actor:
        id = member(
            self.services,
            email=f"{name}@example.org",
            name=name.title(),
            partnership_id=self.here,
            role=role,
        )
        return Actor(role, id.hex, partnership_id=self.here)

    def ask(self, actor: Actor | None = None, **more: Any) -> Approval:
        about = {"case_id": self.case.id, "reason": "It is over", "command_id": "ask", **more}
        return ask_for(self.services, END_HOLD, actor=actor or self.keeper, **about)

    def lifted(self) -> list[DataProtectionCase.LegalHoldLifted]:
        kind = DataProtectionCase.LegalHoldLifted
        events = self.services.record.events.get(self.case.id)
        return [event.fact for event in events if isinstance(event.fact, kind)]

    def now(self, approval: Approval) -> Approval:
        return self.services.record.get(Approval, approval.id)


@pytest.fixture
def office(services) -> Office:
    return Office(services)


def test_what_one_asks_for_is_done_when_another_agrees_and_says_who_both_were(services, office):
    asked = office.ask()
    assert office.ask().id == asked.id, "asked once"
    assert (asked.state, office.lifted()) == (WAITING, [])
    done = agree(services, asked.id, asked.digest, actor=office.monitor)
    assert done.state == DONE
    [lifted] = office.lifted()
    assert (lifted.by.actor, lifted.by.role) == (office.keeper.reference, "data protection officer")
    assert lifted.by.causation_id == str(asked.id)
    assert done.second is not None
    assert (done.second.actor, done.second.role) == (office.monitor.reference, "monitoring officer")


def test_nobody_on_the_staff_does_it_without_a_second_person(services, office):
    asked = office.ask()
    with pytest.raises(SecondNeeded):
        lift_legal_hold(services, office.case.id, reason="It is over", actor=office.keeper)
    for approval_id in (asked.id, uuid4(), office.case.id):
        bold = Actor(
            *(office.keeper.role, office.keeper.reference, "online", office.here),
            approval_id=approval_id,
        )
        with pytest.raises(SecondNeeded):
            lift_legal_hold(services, office.case.id, reason="It is over", actor=bold)
    assert office.lifted() == []


def test_an_approval_is_for_exactly_what_was_shown_and_for_whoever_asked(services, office):
    asked = office.ask()
    with pytest.raises(OtherContent):
        agree(services, asked.id, "sha256:another", actor=office.monitor)
    agree(services, asked.id, asked.digest, actor=office.monitor)
    for role, reference, reason in (
        (office.keeper.role, office.keeper.reference, "Another reason"),
        (office.boss.role, office.boss.reference, "It is over"),
    ):
        other = Actor(role, reference, "online", office.here, approval_id=asked.id)
        with pytest.raises(SecondNeeded):
            lift_legal_hold(services, office.case.id, reason=reason, actor=other)
    assert len(office.lifted()) == 1


def test_nobody_agrees_with_themselves_or_with_their_own_role(services, office):
    asked = office.ask()
    member(
        services,
        email="keeper@example.org",
        name="",
        partnership_id=office.here,
        role="administrator",
    )
    again = Actor("administrator", office.keeper.reference, partnership_id=office.here)
    with pytest.raises(SamePerson):
        agree(services, asked.id, asked.digest, actor=again)
    twin = office.somebody("twin", "data protection officer")
    with pytest.raises(SameRole):
        agree(services, asked.id, asked.digest, actor=twin)
    officer = office.somebody("officer", "council officer")
    with pytest.raises(NotYours):
        agree(services, asked.id, asked.digest, actor=officer)
    assert office.now(asked).state == WAITING


def test_nobody_asks_for_what_they_may_not_do_or_agrees_elsewhere(services, office):
    officer = office.somebody("officer", "council officer")
    with pytest.raises(NotYours):
        office.ask(officer)
    elsewhere = partnership(services, "elsewhere").id
    there = Actor("data protection officer", office.keeper.reference, partnership_id=elsewhere)
    with pytest.raises(NotYours):
        office.ask(there)
    asked = office.ask()
    stranger = Actor("monitoring officer", uuid4().hex, partnership_id=elsewhere)
    for act in (
        lambda: agree(services, asked.id, asked.digest, actor=stranger),
        lambda: decline(services, asked.id, "No", actor=stranger),
        lambda: finish(services, asked.id, actor=stranger),
    ):
        with pytest.raises(NotYours):
            act()
    assert office.lifted() == []


@pytest.mark.parametrize(("after", "works"), [(0, True), (1, False)])
def test_it_waits_for_three_days(services, office, clock, after, works):
    asked = office.ask()
    assert asked.expires_at == clock.now + timedelta(hours=72)
    clock.now = asked.expires_at + timedelta(microseconds=after)
    if works:
        agree(services, asked.id, asked.digest, actor=office.monitor)
        assert len(office.lifted()) == 1
        return
    with pytest.raises(ApprovalOver):
        agree(services, asked.id, asked.digest, actor=office.monitor)
    services.catch_up()
    for _ in range(2):
        expire(services)
        services.catch_up()
    assert office.now(asked).state == EXPIRED
    assert office.lifted() == []


def test_what_is_refused_or_taken_back_is_not_done(services, office):
    first = office.ask()
    with pytest.raises(ReasonMissing):
        decline(services, first.id, "  ", actor=office.monitor)
    decline(services, first.id, "The case goes on", actor=office.monitor)
    second = office.ask(command_id="again")
    decline(services, second.id, "A mistake", actor=office.keeper)
    for asked in (first, second):
        assert office.now(asked).state == DECLINED
        with pytest.raises(ApprovalOver):
            agree(services, asked.id, asked.digest, actor=office.monitor)
    assert office.lifted() == []


def test_somebody_alone_says_why_and_nobody_is_alone_who_has_others(services, office):
    asked = office.ask()
    assert {one.name for one in others(services, asked)} == {"Monitor", "Boss"}
    with pytest.raises(NotAlone):
        do_alone(services, asked.id, "In a hurry", actor=office.keeper)
    for one in (office.monitor, office.boss):
        remove_member(services, office.here, UUID(one.reference), actor=OPERATOR)
    assert others(services, asked) == []
    with pytest.raises(ReasonMissing):
        do_alone(services, asked.id, "", actor=office.keeper)
    with pytest.raises(NotAlone):
        do_alone(services, asked.id, "Not mine", actor=office.somebody("x", "council officer"))
    done = do_alone(services, asked.id, "Nobody else works here", actor=office.keeper)
    assert (done.state, done.reason) == (DONE, "Nobody else works here")
    assert len(office.lifted()) == 1


def test_whoever_has_left_has_nothing_done_in_their_name(services, office):
    asked = office.ask()
    remove_member(services, office.here, UUID(office.keeper.reference), actor=OPERATOR)
    with pytest.raises(AskerLeft):
        agree(services, asked.id, asked.digest, actor=office.monitor)
    assert office.now(asked).state == GIVEN
    assert office.lifted() == []


def test_three_who_use_one_approval_at_once_give_one_act(services, office):
    for number in range(5):
        office.case = set_legal_hold(
            services,
            office.case.consultation_id,
            reason="A case",
            actor=KEEPER,
            command_id=f"{number}",
        )
        asked = office.ask(command_id=f"ask {number}")

        def use(actor: Actor, asked: Approval = asked) -> bool:
            with closing(Services.open(services.config, services.clock)) as there:
                try:
                    agree(there, asked.id, asked.digest, actor=actor)
                except ApprovalOver:
                    return False
                return True

        with ThreadPoolExecutor(3) as pool:
            used = list(pool.map(use, (office.monitor, office.boss, office.monitor)))
        assert used.count(True) >= 1
        assert office.now(asked).state == DONE
        assert len(office.lifted()) == 1
        finish(services, asked.id, actor=office.boss)
        assert len(office.lifted()) == 1


class DiedError(Exception):
    """A process that dies."""


@pytest.fixture
def dying(services, monkeypatch) -> Iterator[Any]:
    """Let the process die before or after its n-th save."""

    def at(number: int, *, is_after: bool) -> None:
        saves, real = [0], type(services.record).save

        def save(record: Any, *args: Any, **kwargs: Any) -> Any:
            saves[0] += 1
            if saves[0] == number and not is_after:
                raise DiedError
            done = real(record, *args, **kwargs)
            if saves[0] == number:
                raise DiedError
            return done

        monkeypatch.setattr(type(services.record), "save", save)

    yield at
    monkeypatch.undo()


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_wherever_a_process_dies_it_is_done_once_in_the_end(
    services, office, dying, monkeypatch, number, is_after
):
    """Agreed to, done, noted as done: three saves, and no other."""
    asked = office.ask()
    dying(number, is_after=is_after)
    with pytest.raises(DiedError):
        agree(services, asked.id, asked.digest, actor=office.monitor, command_id="agree")
    monkeypatch.undo()
    with suppress(ApprovalOver):
        agree(services, asked.id, asked.digest, actor=office.monitor, command_id="agree")
    assert office.now(asked).state == DONE
    assert len(office.lifted()) == 1


def test_an_administrator_is_made_by_two(services, office):
    ann = add_member(
        services,
        office.here,
        email="ann@example.org",
        name="Ann",
        roles=("auditor",),
        actor=office.boss,
    )
    both = ("auditor", "administrator")
    for act in (
        lambda: change_member(services, office.here, ann, name="", roles=both, actor=office.boss),
        lambda: add_member(
            services, office.here, email="b@example.org", name="B", roles=both, actor=office.boss
        ),
    ):
        with pytest.raises(AdministratorByTwo):
            act()
    with pytest.raises(SecondNeeded):
        grant_administrator(services, office.here, ann, actor=office.boss)
    wanted = {"partnership_id": office.here, "staff_id": ann}
    asked = ask_for(services, GRANT_ADMINISTRATOR, actor=office.boss, **wanted)
    assert roles_of(services, ann) == {office.here: ("auditor",)}
    agree(services, asked.id, asked.digest, actor=office.monitor)
    assert roles_of(services, ann) == {office.here: both}
    change_member(services, office.here, ann, name="", roles=both[1:], actor=office.boss)
    assert roles_of(services, ann) == {office.here: ("administrator",)}


@pytest.mark.parametrize("act", ACTS)
def test_every_act_has_somebody_who_asks_and_somebody_who_agrees(act):
    """In another role, which is not excluded from being there."""
    one = ACTS[act]
    assert one.id == act
    asking_roles = set(one.asking.roles) & set(access.STAFF)
    assert asking_roles <= set(access.ASK_FOR_SECOND.roles)
    assert set(one.agreeing.roles) <= set(access.SEE_APPROVALS.roles)
    for role in asking_roles:
        assert set(one.agreeing.roles) - {role}


def test_the_operator_who_could_change_the_record_is_not_asked(services, office):
    lift_legal_hold(services, office.case.id, reason="Over", actor=OPERATOR)
    assert len(office.lifted()) == 1
