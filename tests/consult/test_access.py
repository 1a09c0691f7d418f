"""The table of who may do what is what commands do: every command, every role, every state."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import consult.commands
from consult import access
from consult.access import CAPABILITIES, ROLES, STAFF, STATES, Capability, NotYours, state_of
from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.letter_codes import issue_codes
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.consultations import opening
from consult.commands.consultations.drafting import Draft, draft_consultation, remove_option
from consult.commands.context import Actor
from consult.commands.data_protection.retention import set_legal_hold
from consult.commands.files.exporting_answers import Wish, export_answers
from consult.commands.results.counting import count_consultation, publish_results
from consult.commands.results.follow_up import publish_follow_up
from consult.roles.document import as_table
from consult.roles.placing import NAMES
from consult.services import Services
from events import Consultation, Refused, Response
from events.consultations import states
from tests import builders
from tests.builders import words
from tests.conftest import only
from tests.consult.commands.results.test_follow_up import ROW

DOCUMENT = Path(__file__).parents[2] / "docs" / "access.md"
WHY = words("There were complaints.")


def commands() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function that somebody gives as a command: it takes who acts."""
    for module in pkgutil.walk_packages(consult.commands.__path__, "consult.commands."):
        found = importlib.import_module(module.name)
        for name, each in inspect.getmembers(found, inspect.isfunction):
            if each.__module__ == found.__name__ and not name.startswith("_"):
                parameter = inspect.signature(each).parameters.get("actor")
                if parameter is not None and "Actor" in str(parameter.annotation):
                    yield f"{module.name.rpartition('.')[2]}.{name}", each


COMMANDS = dict(commands())


def test_every_command_names_its_capability():
    assert len(COMMANDS) > 40
    assert [name for name, each in COMMANDS.items() if not hasattr(each, "capability")] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_refuses_every_role_that_the_table_does_not_name(name: str):
    """It asks before anything else: there is nothing here that it could have looked at."""
    command = COMMANDS[name]
    # A function that `needs` has marked.
    capability: Capability = command.capability  # type: ignore[attr-defined]
    assert capability in CAPABILITIES.values()
    given = {
        each.name: None
        for each in inspect.signature(command).parameters.values()
        if each.name != "actor" and each.default is each.empty
    }
    refused = set()
    for role in (*ROLES, "nobody", ""):
        try:
            command(**given, actor=Actor(role, "somebody"))
        except NotYours:
            refused.add(role)
        except Exception:  # noqa: BLE001, S110  it was let in, and found nothing to work with
            pass
    assert refused == {*ROLES, "nobody", ""} - {*capability.roles}


def test_the_table_names_roles_and_states_that_there_are():
    for each in CAPABILITIES.values():
        assert set(each.roles) <= set(ROLES), each.does
        assert set(each.states) <= set(STATES), each.does
        assert len(set(each.roles)) == len(each.roles) > 0
    assert set(STAFF) < set(ROLES)
    used = {role for each in CAPABILITIES.values() for role in each.roles}
    assert used == set(ROLES), "a role that may do nothing is no role"


def test_whoever_holds_several_roles_acts_in_the_first_that_may():
    held = (access.SCRUTINY, access.ADMINISTRATOR, access.AUDITOR)
    assert access.LOOK_INTO.role_of(held) == access.AUDITOR
    assert access.SEE_WORK.role_of(held) == access.ADMINISTRATOR
    assert access.ANSWER.role_of(held) is None
    assert access.SEE_WORK.role_of(()) is None


def _exported(services: Services, it: Consultation, actor: Actor) -> object:
    return b"".join(export_answers(services, it.id, Wish("csv"), actor=actor))


def _answered(services: Services, it: Consultation, actor: Actor) -> object:
    sheet = Sheet(answers={"order": ["a", "b", "c"]})
    how = {"voter": "eve", "sheet": sheet, "command_id": "eve"}
    return submit_answers(services, consultation_id=it.id, actor=actor, **how)


def _marked(services: Services, it: Consultation, actor: Actor) -> object:
    cards = Response.id_for(it.id, services.vault.pseudonym(it.id, "card"))
    return group_campaign(services, it.id, [cards], name="Cards", actor=actor)


def _later(it: Consultation) -> datetime:
    assert it.terms is not None
    return it.terms.closes_at + timedelta(days=9)


Step = Callable[[Services, Consultation, Actor], object]
STEPS: dict[str, Step] = {
    "CHANGE_DRAFT": lambda s, it, who: remove_option(s, it.id, "order", "c", actor=who),
    "OPEN_CONSULTATION": lambda s, it, who: opening.open_consultation(s, it.id, actor=who),
    "PAUSE": lambda s, it, who: opening.pause_consultation(s, it.id, reason=WHY, actor=who),
    "RESUME": lambda s, it, who: opening.resume_consultation(s, it.id, actor=who),
    "EXTEND": lambda s, it, who: opening.extend_consultation(
        s, it.id, closes_at=_later(it), reason=WHY, actor=who
    ),
    "WITHDRAW": lambda s, it, who: opening.withdraw_consultation(s, it.id, reason=WHY, actor=who),
    "ISSUE_CODES": lambda s, it, who: issue_codes(s, it.id, 2, actor=who),
    "MARK_CAMPAIGN": _marked,
    "COUNT": lambda s, it, who: count_consultation(s, it.id, actor=who),
    "PUBLISH": lambda s, it, who: publish_results(s, it.id, actor=who),
    "FOLLOW_UP": lambda s, it, who: publish_follow_up(s, it.id, ROW, actor=who),
    "EXPORT_ANSWERS": _exported,
    "ANSWER": _answered,
    "KEEP_PERSONAL_DATA": lambda s, it, who: set_legal_hold(s, it.id, reason="A case", actor=who),
}
"""What is done with a consultation, by the name of the capability."""


def in_state(services: Services, state: str) -> Consultation:
    """A consultation in a state. Nobody has to wait for its draw."""
    identity = ("open", "letter")
    if state == states.DRAFT:
        return builders.draft(services, identity=identity)
    more = builders.question("more", "text", "More?", required=False)
    asked = builders.consultation(services, builders.RANKING, more, identity=identity)
    submit_answers(
        services,
        consultation_id=asked.id,
        voter="card",
        sheet=Sheet({"order": ["a"]}),
        actor=builders.RESIDENT,
        command_id="card",
    )
    if state == states.PAUSED:
        opening.pause_consultation(services, asked.id, reason=WHY, actor=builders.ORGANISER)
    elif state == states.WITHDRAWN:
        opening.withdraw_consultation(services, asked.id, reason=WHY, actor=builders.ORGANISER)
    elif state in {states.CLOSED, states.PUBLISHED}:
        builders.close_consultation(services, asked.id)
        if state == states.PUBLISHED:
            publish_results(services, asked.id, actor=builders.ORGANISER)
    services.catch_up()
    return services.record.get(Consultation, asked.id)


@only("sqlite")
@pytest.mark.parametrize("state", STATES)
def test_what_the_table_does_not_offer_in_a_state_is_refused_there(services, state: str):
    it = in_state(services, state)
    assert state_of(it) == state
    head = services.record.head()
    for name, step in STEPS.items():
        capability = CAPABILITIES[name]
        if state not in capability.states:
            with suppress(Refused):
                step(services, it, Actor(capability.roles[0], "somebody"))
            assert services.record.head() == head, f"{name}: something was changed"


@only("sqlite")
@pytest.mark.parametrize(
    ("name", "state"),
    [(name, state) for name in STEPS for state in CAPABILITIES[name].states],
)
def test_what_the_table_offers_in_a_state_can_be_done_there(services, name: str, state: str):
    it, capability = in_state(services, state), CAPABILITIES[name]
    who = Actor(capability.roles[0], "somebody")
    assert capability.is_offered(who, it)
    head = services.record.head()
    STEPS[name](services, it, who)
    assert services.record.head() > head


def test_the_document_shows_the_table():
    assert DOCUMENT.read_text() == as_table(), "python -m consult.access > docs/access.md"


SECRETS = {
    "ask_for": "what the command of the act names",
    "erase_again": "a copy of the log, by the operator alone",
    "erase_by_case": "a receipt or an address",
    "erase_by_holder": "a receipt",
    "replace_answers": "a receipt",
    "reset_passkeys": "an address, by the operator alone",
    "take_copy": "a receipt",
    "withdraw_answers": "a receipt",
    "finish": "the first start of a site",
    "form_first_partnership": "what begins",
    "form_partnership": "what begins",
}
"""Commands that name no subject of a partnership, and what opens what they are about."""


def test_every_other_command_names_what_it_is_about():
    unplaced = {
        name.rpartition(".")[2]
        for name, each in COMMANDS.items()
        if not set(NAMES) & set(inspect.signature(each).parameters)
    }
    assert unplaced == set(SECRETS) - {"replace_answers"}


@only("sqlite")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_role_in_one_partnership_does_nothing_in_another(services, two, name: str):
    """Whatever page or program makes the command: it is asked where the command begins."""
    command, head = COMMANDS[name], services.record.head()
    parameters = inspect.signature(command).parameters
    placed = next((each for each in NAMES if each in parameters), None)
    if placed is None:
        return
    given = {
        each.name: None
        for each in parameters.values()
        if each.name not in {"actor", "services"} and each.default is each.empty
    }
    # A function that `needs` has marked.
    capability: Capability = command.capability  # type: ignore[attr-defined]
    for role in capability.roles:
        actor = Actor(role, "somebody", partnership_id=two["here"].partnership_id)
        about = two["there"]
        subject = about.partnership_id if placed == "partnership_id" else about.id
        with pytest.raises(NotYours):
            command(services, **given | {placed: subject}, actor=actor)
    assert services.record.head() == head


@pytest.fixture
def two(services) -> dict[str, Consultation]:
    """A consultation here, and one of another partnership there."""
    elsewhere = builders.partnership(services, "elsewhere")
    drafted = draft_consultation(
        services,
        partnership_id=elsewhere.id,
        draft=Draft("quayside", words("Quayside"), words("Tell us more.")),
        actor=builders.ORGANISER,
    )
    return {"here": builders.consultation(services), "there": drafted}
