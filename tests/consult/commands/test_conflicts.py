"""Two people change one thing at the same moment: both changes stand, or one of them is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from consult.commands import partnerships, wards
from consult.commands.answers.letter_codes import issue_codes, void_codes
from consult.commands.consultations import arranging, drafting, drawing, opening
from consult.commands.context import ATTEMPTS_MAX
from consult.services import Services
from events import Conflict, Consultation, Partnership, Refused
from events.consultations.consultation_refusals import AlreadyPaused, FrozenAtOpening, NotOpen
from events.partnership import Organisation
from events.question import Option
from events.theme import FooterLink
from tests import builders
from tests.builders import ADMINISTRATOR, ORGANISER, PARTICULARS, RANKING, WARDS, question, words
from tests.consult.commands.meanwhile import elsewhere_at_once, facts_of, meanwhile
from tests.events.consultations.test_beacon import LOT

__all__ = ["elsewhere_at_once", "meanwhile"]

KEY = "the-command-of-this-test"
BUSES = question("buses", "single", "How many buses?", "One", "Two")
STOPPED = words("There were complaints.")
Command = Callable[..., Any]
OTHER = Organisation("police", words("Police"), "statutory")
LETTERS = ("open", "letter")


def settled_terms(services: Services, id: Any) -> Any:
    terms = services.record.get(Consultation, id).terms
    assert terms is not None
    return replace(terms, eligibility=words("Everybody"))


IN_A_DRAFT: dict[str, Command] = {
    "describe": lambda s, it, **by: drafting.describe_consultation(
        s, it, title=words("Park"), overview=words("Say more."), **by
    ),
    "add a question": lambda s, it, **by: drafting.put_question(s, it, BUSES, **by),
    "change a question": lambda s, it, **by: drafting.put_question(
        s, it, replace(RANKING, title=words("Which first?")), **by
    ),
    "remove a question": lambda s, it, **by: drafting.remove_question(s, it, "order", **by),
    "add an option": lambda s, it, **by: drafting.put_option(
        s, it, "order", Option("d", words("Docks")), **by
    ),
    "change an option": lambda s, it, **by: drafting.put_option(
        s, it, "order", Option("a", words("Gardens")), **by
    ),
    "remove an option": lambda s, it, **by: drafting.remove_option(s, it, "order", "c", **by),
    "add options": lambda s, it, **by: arranging.add_options(
        s, it, "order", [Option("d", words("Docks"))], **by
    ),
    "move a question": lambda s, it, **by: arranging.move_question(s, it, "order", to=1, **by),
    "move an option": lambda s, it, **by: arranging.move_option(s, it, "order", "c", to=0, **by),
    "fix terms": lambda s, it, **by: drafting.fix_terms(s, it, settled_terms(s, it), **by),
    "name the draw": lambda s, it, **by: drawing.name_beacon(
        s, it, drawing.announced_draw(s.clock() + timedelta(days=40), words("A lottery")), **by
    ),
    "open": opening.open_consultation,
    "withdraw": lambda s, it, **by: opening.withdraw_consultation(s, it, reason=STOPPED, **by),
}
WHILE_OPEN: dict[str, Command] = {
    "pause": lambda s, it, **by: opening.pause_consultation(s, it, reason=STOPPED, **by),
    "extend": lambda s, it, **by: opening.extend_consultation(
        s, it, closes_at=s.clock() + timedelta(days=60), reason=STOPPED, **by
    ),
    "withdraw": lambda s, it, **by: opening.withdraw_consultation(s, it, reason=STOPPED, **by),
    "stop a batch": lambda s, it, **by: void_codes(
        s, it, next(iter(s.record.get(Consultation, it).batches)), reason="Lost", **by
    ),
}


def batch(services: Services, id: Any) -> None:
    """Issue a batch of codes: what can happen to a draft and to an open consultation alike."""
    issue_codes(services, id, 3, actor=ORGANISER)


def both_stand(services: Services, kind: Any, returned: Any, stood_at: int) -> list[Any]:
    """Check that a command returned what is stored, after what somebody else had stored."""
    stored = services.record.get(kind, returned.id)
    facts = facts_of(services, stored)
    assert returned.version == stored.version == len(facts)
    ours = [number for number, fact in enumerate(facts) if fact.by.command_id == KEY]
    assert ours, "the command says that it took effect, and nothing of it is stored"
    assert ours == list(range(stood_at + 1, len(facts))), "after the other's, and once"
    return [facts[number] for number in ours]


@pytest.mark.parametrize("name", IN_A_DRAFT)
def test_a_change_of_a_draft_stands_beside_one_that_came_between(
    services, elsewhere_at_once, meanwhile, name
):
    drafted = builders.draft(services, RANKING, question("one", "text", "?"), identity=LETTERS)
    tried = meanwhile(lambda: batch(elsewhere_at_once, drafted.id))
    after = IN_A_DRAFT[name](services, drafted.id, actor=ORGANISER, command_id=KEY)
    both_stand(services, Consultation, after, drafted.version)
    assert len(after.batches) == 1
    assert len(tried) == 2


@pytest.mark.parametrize("name", WHILE_OPEN)
def test_a_change_while_it_is_open_stands_beside_one_that_came_between(
    services, elsewhere_at_once, meanwhile, name
):
    asked = builders.consultation(services, identity=LETTERS)
    batch(services, asked.id)
    meanwhile(lambda: batch(elsewhere_at_once, asked.id))
    after = WHILE_OPEN[name](services, asked.id, actor=ORGANISER, command_id=KEY)
    both_stand(services, Consultation, after, asked.version + 1)
    assert len(after.batches) == 2


def test_going_on_closing_and_the_draw_stand_beside_what_came_between(
    services, elsewhere_at_once, meanwhile, clock
):
    asked = builders.consultation(services, RANKING, identity=LETTERS, counting=LOT)
    opening.pause_consultation(services, asked.id, reason=STOPPED, actor=ORGANISER)

    def beside(other: Callable[[], object], step: Command) -> None:
        before = services.record.get(Consultation, asked.id).version
        meanwhile(other)
        after = step(services, asked.id, actor=ORGANISER, command_id=f"{KEY}-{before}")
        stored = services.record.get(Consultation, asked.id)
        assert after.version == stored.version == before + 2
        assert stored.commands[f"{KEY}-{before}"] == before + 2

    beside(lambda: batch(elsewhere_at_once, asked.id), opening.resume_consultation)
    clock.now = asked.terms.closes_at
    beside(lambda: batch(elsewhere_at_once, asked.id), opening.close_consultation)
    clock.now = asked.terms.beacon.due_at
    draw = {"numbers": builders.NUMBERS, "source": "https://lottery.example"}
    beside(
        lambda: drawing.enter_draw(elsewhere_at_once, asked.id, **draw, actor=ORGANISER),
        lambda s, it, **by: drawing.enter_draw(
            s, it, **draw | {"numbers": "1 2 3 4 5 6"}, reason=words("Misread"), **by
        ),
    )


MEMBERSHIP: dict[str, Command] = {
    "redescribe": lambda s, it, **by: partnerships.redescribe_partnership(
        s, it, name=words("Together"), **by
    ),
    "state particulars": lambda s, it, **by: partnerships.state_particulars(
        s, it, replace(PARTICULARS, telephone="01632 960 555"), **by
    ),
    "set the look": lambda s, it, **by: partnerships.set_look(
        s, it, links=(FooterLink(words("News"), "https://news.example"),), **by
    ),
}
WITHOUT_A_KEY: dict[str, Command] = {
    "define the area": lambda s, it: wards.define_area(
        s, it, wards=WARDS, source="counted", actor=ORGANISER
    ),
    "admit": lambda s, it: partnerships.admit_member(
        s, it, Organisation("college", words("College"), "statutory"), actor=ADMINISTRATOR
    ),
    "set up a group": lambda s, it: partnerships.create_sub_partnership(
        s, it, sub_id="safety", theme=words("Safety"), actor=ADMINISTRATOR
    ),
}


@pytest.mark.parametrize("name", [*MEMBERSHIP, *WITHOUT_A_KEY])
def test_a_change_of_a_partnership_stands_beside_one_that_came_between(
    services, elsewhere_at_once, meanwhile, name
):
    home = builders.partnership(services)
    meanwhile(
        lambda: partnerships.admit_member(elsewhere_at_once, home.id, OTHER, actor=ADMINISTRATOR)
    )
    if name in MEMBERSHIP:
        after = MEMBERSHIP[name](services, home.id, actor=ADMINISTRATOR, command_id=KEY)
        both_stand(services, Partnership, after, home.version)
    else:
        after = WITHOUT_A_KEY[name](services, home.id)
    stored = services.record.get(Partnership, home.id)
    assert after.version == stored.version == home.version + 2
    assert OTHER.id in stored.members


BETWEEN: tuple[tuple[str, Command, Command, type[Refused]], ...] = (
    (
        "a change, it opened",
        IN_A_DRAFT["add a question"],
        opening.open_consultation,
        FrozenAtOpening,
    ),
    ("terms, it opened", IN_A_DRAFT["fix terms"], opening.open_consultation, FrozenAtOpening),
    ("opening, it opened", IN_A_DRAFT["open"], opening.open_consultation, FrozenAtOpening),
)


@pytest.mark.parametrize(("ours", "theirs", "refusal"), [each[1:] for each in BETWEEN])
def test_whoever_is_too_late_is_told_and_nothing_of_theirs_is_stored(
    services, elsewhere_at_once, meanwhile, ours, theirs, refusal
):
    drafted = builders.draft(services)
    meanwhile(lambda: theirs(elsewhere_at_once, drafted.id, actor=ORGANISER))
    with pytest.raises(refusal):
        ours(services, drafted.id, actor=ORGANISER, command_id=KEY)
    assert KEY not in services.record.get(Consultation, drafted.id).commands


@pytest.mark.parametrize(
    ("ours", "theirs", "refusal"),
    [
        ("pause", "pause", AlreadyPaused),
        ("pause", "withdraw", NotOpen),
        ("extend", "withdraw", NotOpen),
    ],
)
def test_whoever_is_too_late_while_it_is_open_is_told_too(
    services, elsewhere_at_once, meanwhile, ours, theirs, refusal
):
    asked = builders.consultation(services)
    meanwhile(lambda: WHILE_OPEN[theirs](elsewhere_at_once, asked.id, actor=ORGANISER))
    with pytest.raises(refusal):
        WHILE_OPEN[ours](services, asked.id, actor=ORGANISER, command_id=KEY)
    assert KEY not in services.record.get(Consultation, asked.id).commands


def test_the_same_command_at_two_servers_takes_effect_once(services, elsewhere_at_once, meanwhile):
    drafted = builders.draft(services)
    add = IN_A_DRAFT["add an option"]
    meanwhile(lambda: add(elsewhere_at_once, drafted.id, actor=ORGANISER, command_id=KEY))
    after = add(services, drafted.id, actor=ORGANISER, command_id=KEY)
    both_stand(services, Consultation, after, drafted.version - 1)
    assert after.version == drafted.version + 1


def test_opening_sees_what_its_partnership_states_at_that_moment(
    services, elsewhere_at_once, meanwhile
):
    drafted = builders.draft(services)
    home = drafted.partnership_id
    meanwhile(
        lambda: partnerships.admit_member(elsewhere_at_once, home, OTHER, actor=ADMINISTRATOR)
    )
    after = opening.open_consultation(services, drafted.id, actor=ORGANISER, command_id=KEY)
    assert after.is_open
    assert services.record.get(Consultation, drafted.id).is_open


def test_a_change_that_never_gets_its_turn_is_refused_and_not_tried_for_ever(
    services, elsewhere_at_once, meanwhile
):
    drafted = builders.draft(services, identity=LETTERS)
    tried = meanwhile(lambda: batch(elsewhere_at_once, drafted.id), times=1_000)
    with pytest.raises(Conflict):
        IN_A_DRAFT["describe"](services, drafted.id, actor=ORGANISER, command_id=KEY)
    assert len(tried) == ATTEMPTS_MAX
    stored = services.record.get(Consultation, drafted.id)
    assert KEY not in stored.commands
    assert len(stored.batches) == ATTEMPTS_MAX


def test_a_change_whose_turn_comes_at_the_last_attempt_stands(
    services, elsewhere_at_once, meanwhile
):
    drafted = builders.draft(services, identity=LETTERS)
    meanwhile(lambda: batch(elsewhere_at_once, drafted.id), times=ATTEMPTS_MAX - 1)
    after = IN_A_DRAFT["describe"](services, drafted.id, actor=ORGANISER, command_id=KEY)
    both_stand(services, Consultation, after, drafted.version + ATTEMPTS_MAX - 2)
