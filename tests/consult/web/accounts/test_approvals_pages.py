"""What needs two people, on pages: one asks, another sees in words what will happen and agrees."""

import pytest

from consult.access import CUSTODIAN, STAFF
from consult.commands.accounts.staff import find_colleague
from consult.commands.data_protection.retention import set_legal_hold
from events import Consultation, DataProtectionCase
from tests.builders import KEEPER, consultation, partnership
from tests.consult.web.organisers import Organiser, sign_in

PEOPLE = "/organise/partnership/ashenmoor/members/"
ADMINISTRATOR = f"role__{STAFF.index('administrator')}"


@pytest.fixture
def asked(services) -> Consultation:
    return consultation(services)


@pytest.fixture
def case(services, asked) -> DataProtectionCase:
    held = set_legal_hold(services, asked.id, reason="A case", actor=KEEPER)
    services.catch_up()
    return held


@pytest.fixture
def keeper(app, services, asked) -> Organiser:
    return sign_in(app, services, role=CUSTODIAN, email="keeper@example.org")


@pytest.fixture
def monitor(app, services, asked) -> Organiser:
    return sign_in(app, services, role="monitoring officer", email="monitor@example.org")


def ask(keeper: Organiser, case: DataProtectionCase):
    """Ask for the end of the hold; the page that this leads to."""
    form = keeper.open(f"/organise/personal-data/riverside/hold/{case.id}")
    return keeper.send(form, reason="It is over")


def is_held(services, case: DataProtectionCase) -> bool:
    return services.record.get(DataProtectionCase, case.id).is_held


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_one_asks_another_agrees_and_it_is_done(services, keeper, monitor, case, prefix):
    page = ask(keeper, case)
    assert page.heading == "End a legal hold"
    assert "Others who can agree: 1." in page.words
    assert is_held(services, case)

    listed = monitor.open(f"{prefix}/approvals/")
    assert not listed.faults
    assert ("Yn aros amdanoch: 1." if prefix else "Waiting for you: 1.") in listed.words
    seen = monitor.open(f"{prefix}{page.address}")
    assert not seen.faults
    assert "Riverside Park" in seen.words
    done = monitor.send(seen)
    assert ("Rydych wedi cytuno" if prefix else "You agreed, and it is done.") in done.words
    assert not is_held(services, case)
    assert "Nothing waits for you." in monitor.open("/approvals/").words


def test_somebody_whose_role_only_agrees_lands_on_what_waits(monitor):
    assert monitor.open("/sign-in").address == "/approvals/"


def test_whoever_asked_cannot_agree_and_may_take_it_back(services, keeper, monitor, case):
    page = ask(keeper, case)
    assert "Agree, and do it" not in keeper.open(page.address).words
    back = keeper.send(keeper.open(f"{page.address}refuse"), reason="A mistake")
    assert "Refused or taken back" in back.words
    assert "Agree, and do it" not in monitor.open(page.address).words
    assert is_held(services, case)


def test_a_reason_is_needed_to_refuse(services, keeper, monitor, case):
    page = ask(keeper, case)
    form = monitor.open(f"{page.address}refuse")
    assert "Give the reason." in monitor.send(form, reason="").words
    assert "The case goes on" in monitor.send(form, reason="The case goes on").words
    assert is_held(services, case)


def test_whoever_is_alone_is_told_so_and_says_why(services, keeper, case):
    page = ask(keeper, case)
    assert "Nobody else here could agree." in page.words
    done = keeper.send(keeper.open(f"{page.address}alone"), reason="I am the only one")
    assert "I am the only one" in done.words
    assert not is_held(services, case)
    trail = keeper.open("/c/riverside/count?who=all").words
    assert "One person did alone what needs two, because there was no second" in trail
    assert "I am the only one" in trail


def test_nobody_of_another_partnership_sees_it(app, services, keeper, case):
    page = ask(keeper, case)
    partnership(services, "elsewhere")
    services.catch_up()
    stranger = sign_in(app, services, "elsewhere", "monitoring officer", "stranger@example.org")
    assert stranger.open(page.address).status == 404
    assert "End a legal hold" not in stranger.open("/approvals/").words


def test_an_administrator_is_asked_for_with_the_other_roles_given_at_once(
    app, services, monitor, asked
):
    boss = sign_in(app, services, role="administrator", email="boss@example.org")
    auditor = f"role__{STAFF.index('auditor')}"
    page = boss.send(
        boss.open(f"{PEOPLE}new"),
        email="bob@example.org",
        name="Bob",
        **{auditor: "yes", ADMINISTRATOR: "yes"},
    )
    assert page.heading == "Make somebody an administrator"
    assert "Bob gets the role of administrator" in page.words
    here = asked.partnership_id
    assert find_colleague(services, here, "bob@example.org").roles == ("auditor",)
    monitor.send(monitor.open(page.address))
    assert find_colleague(services, here, "bob@example.org").roles == ("administrator", "auditor")
