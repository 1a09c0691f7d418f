"""Sending answers: once, in time, and told the truth about it."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from consult.commands.answers import submitting_refusals as refusals
from consult.commands.answers.holding import Holder, Receipt, given_before
from consult.commands.answers.letter_codes import CodeUnknown
from consult.commands.answers.sheets import (
    BadMembers,
    BadOrganisation,
    NotDeclared,
    Sheet,
    UnknownArea,
    UnknownQuestion,
    UnknownRespondent,
)
from consult.commands.answers.submitting import replace_answers, submit_answers, withdraw_answers
from consult.commands.answers.submitting_refusals import (
    ConsultationClosed,
    ConsultationPaused,
    LevelNotAccepted,
    UnknownReceipt,
)
from consult.commands.consultations.opening import pause_consultation, withdraw_consultation
from consult.commands.data_protection.retention import run_retention
from consult.people import tables
from consult.people.answers.attachments import FileGone
from consult.people.answers.texts import TextTooLong
from consult.people.vault import KeyGone
from consult.services import Services
from events import Ballot, Consultation, Response
from events.kinds.answer_refusals import AnswerMissing, NotAnAnswer, OtherUnwritten, UnknownOption
from events.submission import AlreadyWithdrawn
from tests.builders import (
    ORGANISER,
    RANKING,
    RESIDENT,
    Clock,
    close_consultation,
    consultation,
    question,
    words,
)
from tests.consult.people.erasable import answer, asked


def send(services: Services, id, order, *, voter="resident/1", key="key-1") -> Receipt:
    return submit_answers(
        services,
        consultation_id=id,
        voter=voter,
        sheet=Sheet({"order": order}),
        actor=RESIDENT,
        command_id=key,
    )


def test_the_same_sending_twice_is_one_fact_with_one_receipt(services: Services):
    asked = consultation(services, RANKING)
    first = send(services, asked.id, ["a"])
    head = services.record.head()
    again = send(services, asked.id, ["a"])
    assert (again.code, again.version) == (first.code, 1)
    assert services.record.head() == head


def test_a_repetition_after_the_closing_still_says_that_it_was_in_time(services: Services):
    asked = consultation(services, RANKING)
    first = send(services, asked.id, ["a"])
    close_consultation(services, asked.id, actor=ORGANISER)
    services.record.refresh(Consultation, asked.id)
    assert send(services, asked.id, ["a"]).code == first.code
    with pytest.raises(ConsultationClosed):
        send(services, asked.id, ["b"], key="key-2")


def test_later_answers_replace_earlier_ones_and_get_a_receipt_of_their_own(services: Services):
    asked = consultation(services, RANKING)
    first = send(services, asked.id, ["a"])
    second = send(services, asked.id, ["b"], key="key-2")
    assert second.is_change
    assert second.code != first.code
    ballot = services.record.get(Ballot, second.subject_id)
    assert (ballot.version, ballot.answers) == (2, {"order": ["b"]})


def test_nothing_is_accepted_after_the_hour_even_before_it_is_closed(
    services: Services, clock: Clock
):
    asked = consultation(services, RANKING, days=1)
    clock.move(days=1)
    head = services.record.head()
    with pytest.raises(ConsultationClosed):
        send(services, asked.id, ["a"])
    assert services.record.head() == head


def test_a_draft_takes_no_answers(services: Services):
    from tests.builders import draft

    drafted = draft(services, RANKING)
    with pytest.raises(ConsultationClosed):
        send(services, drafted.id, ["a"])


@pytest.mark.parametrize(
    ("answers", "refusal"),
    [({"order": ["z"]}, UnknownOption), ({"other": ["a"]}, UnknownQuestion)],
)
def test_a_refused_sheet_leaves_no_trace(services: Services, answers, refusal):
    asked = consultation(services, RANKING)
    head = services.record.head()
    with pytest.raises(refusal):
        submit_answers(
            services,
            consultation_id=asked.id,
            voter="resident/1",
            sheet=Sheet(answers),
            actor=RESIDENT,
            command_id="key-1",
        )
    assert services.record.head() == head


def test_answers_are_changed_and_taken_back_with_the_receipt_alone(services: Services):
    asked = consultation(services, RANKING)
    code = send(services, asked.id, ["a"]).changing_code
    misread = code.lower().replace("0", "o").replace("1", "l")
    changed = replace_answers(
        services,
        code=misread,
        sheet=Sheet({"order": ["c"]}),
        actor=RESIDENT,
        command_id="key-2",
    )
    assert changed.version == 2
    withdrawn = withdraw_answers(
        services, holder=changed.holder, actor=RESIDENT, command_id="key-3"
    )
    assert withdrawn.state == "withdrawn"
    with pytest.raises(UnknownReceipt):
        withdraw_answers(
            services, holder=Holder("AAAA-BBBB-CCCC-DDDD"), actor=RESIDENT, command_id="key-4"
        )


def test_two_people_have_two_ballots_and_no_name_is_recorded(services: Services):
    asked = consultation(services, RANKING)
    send(services, asked.id, ["a"], voter="ann@example.org")
    send(services, asked.id, ["b"], voter="bob@example.org")
    stored = b"".join(row.state for row in services.record.read(0, 1_000))
    assert b"example.org" not in stored


def test_what_is_written_in_words_is_not_in_the_record(services: Services):
    more = question("more", "text", "Anything else?", required=False)
    asked = consultation(services, RANKING, more)
    submit_answers(
        services,
        consultation_id=asked.id,
        voter="resident/1",
        sheet=Sheet({"order": ["a"]}, texts={"more": "My neighbour is loud"}),
        actor=RESIDENT,
        command_id="key-1",
    )
    stored = b"".join(row.state for row in services.record.read(0, 1_000))
    assert b"neighbour" not in stored


MORE = question("more", "text", "Anything else?", required=False, length_max=20)
PLACE = question("place", "single", "Where?", "Park", "Quay", required=False, other=True)
PLAN = question("plan", "file", "Have you drawn it?", required=False)
SAID = {"more": "I live at Lock 4"}


def vault_of(services: Services) -> dict[str, list[Any]]:
    """Everything that the vault holds."""
    with services.vault.transaction() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in tables.metadata.sorted_tables
        }


def hand_in(services: Services, id: UUID, sheet: Sheet, voter: str = "ann", key: str = "") -> Any:
    return submit_answers(
        services, consultation_id=id, voter=voter, sheet=sheet, actor=RESIDENT, command_id=key
    )


@pytest.mark.parametrize(
    ("sheet", "refusal"),
    [
        (Sheet({"order": ["z"]}, SAID), UnknownOption),
        (Sheet({"order": "a"}, SAID), NotAnAnswer),
        (Sheet({}, SAID), AnswerMissing),
        (Sheet({"order": ["a"], "else": "a"}, SAID), UnknownQuestion),
        (Sheet({"order": ["a"]}, {"more": "x" * 21}), TextTooLong),
        (Sheet({"order": ["a"]}, {"more": "a\0b"}), NotAnAnswer),
        (Sheet({"order": ["a"], "place": "other"}, SAID), OtherUnwritten),
        (Sheet({"order": ["a"], "place": "other"}, SAID | {"place": "x" * 201}), TextTooLong),
        (Sheet({"order": ["a"]}, SAID, files={"plan": "0" * 64}), FileGone),
        (Sheet({"order": ["a"]}, SAID, "W99"), UnknownArea),
        (Sheet({"order": ["a"]}, SAID, respondent="council"), UnknownRespondent),
        (Sheet({"order": ["a"]}, SAID, members=2), BadMembers),
        (Sheet({"order": ["a"]}, SAID, organisation="Growers"), BadOrganisation),
        (Sheet({"order": ["a"]}, SAID, is_declared=False), NotDeclared),
        (Sheet({"order": ["a"]}, SAID, assurance="email"), LevelNotAccepted),
        (Sheet({"order": ["a"]}, SAID, assurance="letter"), CodeUnknown),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_refusal_leaves_nothing_in_the_record_and_nothing_in_the_vault(services, sheet, refusal):
    has_conditions = refusal is NotDeclared
    questions = (RANKING, MORE, PLACE, PLAN)
    about = consultation(services, *questions, wards=("W03",), is_declared=has_conditions)
    good = Sheet({"order": ["a"]}, {"more": "Fine"}, is_declared=True)
    hand_in(services, about.id, good, "bob")
    before, head = vault_of(services), services.record.head()
    for voter in ("ann", "bob"):
        with pytest.raises(refusal) as told:
            hand_in(services, about.id, sheet, voter)
        assert type(told.value) is refusal
    assert services.record.head() == head
    assert vault_of(services) == before


def paused(services: Services, about: Any, _clock: Clock) -> None:
    pause_consultation(services, about.id, reason=words("Complaints"), actor=ORGANISER)


def closed(services: Services, about: Any, _clock: Clock) -> None:
    close_consultation(services, about.id)


def too_late(_services: Services, about: Any, clock: Clock) -> None:
    """The hour has come, and nobody has closed it yet: the store alone says no."""
    clock.now = about.terms.closes_at


def too_early(_services: Services, about: Any, clock: Clock) -> None:
    """The clock of the store is set back before the opening."""
    clock.now = about.opened_at
    clock.move(seconds=-1)


@pytest.mark.parametrize(
    ("happens", "refusal"),
    [
        (paused, ConsultationPaused),
        (closed, ConsultationClosed),
        (too_late, ConsultationClosed),
        (too_early, ConsultationClosed),
    ],
)
def test_whoever_comes_when_nobody_can_answer_leaves_no_words(services, clock, happens, refusal):
    about = consultation(services, RANKING, MORE)
    about = services.record.get(Consultation, about.id)
    sheet = Sheet({"order": ["a"]}, {"more": "In time"})
    code = hand_in(services, about.id, sheet, "bob").changing_code
    happens(services, about, clock)
    services.record.refresh(Consultation, about.id)
    before, head = vault_of(services), services.record.head()
    late = Sheet({"order": ["b"]}, SAID)
    how = {"actor": RESIDENT, "command_id": "k"}
    for act in (
        lambda: hand_in(services, about.id, late, "ann"),
        lambda: hand_in(services, about.id, late, "bob"),
        lambda: replace_answers(services, sheet=late, code=code, **how),
        lambda: withdraw_answers(services, holder=Holder(code), **how),
    ):
        with pytest.raises(refusal) as told:
            act()
        assert type(told.value) is refusal
    assert services.record.head() == head
    assert vault_of(services) == before


@pytest.mark.parametrize("kind", [Ballot, Response])
def test_whoever_proves_who_they_are_again_gets_the_receipt_of_what_they_gave_last(services, kind):
    about = consultation(services, RANKING, MORE) if kind is Response else None
    about = about or consultation(services, RANKING)
    assert given_before(services, about.id, "ann") is None
    first = hand_in(services, about.id, Sheet({"order": ["a"]}), key="1")
    assert isinstance(services.record.get(kind, first.subject_id), kind)
    second = hand_in(services, about.id, Sheet({"order": ["b"]}), key="2")
    hand_in(services, about.id, Sheet({"order": ["c"]}), "bob")
    found = given_before(services, about.id, "ann")
    assert found == Receipt(second.code, about.id, first.subject_id, 2, second.position)
    assert found.is_change
    assert found.code != first.code
    withdraw_answers(services, holder=second.holder, actor=RESIDENT, command_id="3")
    assert given_before(services, about.id, "ann") is None
    assert given_before(services, about.id, "bob") is not None
    again = hand_in(services, about.id, Sheet({"order": ["a"]}), key="4")
    assert again.version == 4
    assert given_before(services, about.id, "ann").code == again.code


def test_where_the_key_is_gone_nobody_is_told_that_they_gave_nothing(services, clock, monkeypatch):
    about = asked(services)
    answer(services, about.id)
    withdraw_consultation(services, about.id, reason=words("A mistake"), actor=ORGANISER)
    services.catch_up()
    monkeypatch.setattr(
        "consult.commands.data_protection.retention._is_opened_for_all", lambda *_: True
    )
    clock.move(days=1_000)
    assert (about.id, "key") in run_retention(services)
    with pytest.raises(KeyGone):
        given_before(services, about.id, "ann")


def test_a_receipt_is_a_change_from_the_second_version_on():
    id = uuid4()
    said = {version: Receipt("C", id, id, version, None).is_change for version in (1, 2, 3)}
    assert said == {1: False, 2: True, 3: True}


def test_taking_back_is_done_once_however_often_it_is_pressed(services):
    about = asked(services)
    how = {"holder": answer(services, about.id).holder, "actor": RESIDENT}
    first = withdraw_answers(services, **how, command_id="once")
    head = services.record.head()
    again = withdraw_answers(services, **how, command_id="once")
    assert (again.id, again.version, again.state) == (first.id, first.version, "withdrawn")
    assert services.record.head() == head
    with pytest.raises(AlreadyWithdrawn):
        withdraw_answers(services, **how, command_id="another")
    with pytest.raises(AlreadyWithdrawn):
        withdraw_answers(services, **how, command_id="")
    assert services.record.head() == head


def test_every_refusal_at_the_door_says_what_became_of_the_answers():
    said = {each.__name__: each.says for each in vars(refusals).values() if _is_ours(each)}
    assert said == {
        "ConsultationClosed": (
            "This consultation is not open, so your answers were not recorded. "
            "Nobody's answers are counted after it closes."
        ),
        "ConsultationPaused": (
            "This consultation is paused, so nothing was recorded. What was sent before counts. "
            "Try again when it goes on."
        ),
        "LevelNotAccepted": (
            "This consultation asks you to show who you are in one of the ways it names, so your "
            "answers were not recorded. Go to its first page and choose one."
        ),
        "UnknownReceipt": (
            "We do not know this checking code. Check each letter and number, and try again."
        ),
        "UnknownChangingCode": (
            "We do not know this changing code. Check each letter and number, and try again."
        ),
        "CheckingCode": (
            "This is your checking code, which changes nothing. Enter your changing code: it is "
            "the other code of your receipt, the one to keep secret."
        ),
        "CodeReplaced": (
            "You sent other answers after these, with a changing code of their own. Enter that "
            "one: the earlier code changes nothing any more."
        ),
    }


def _is_ours(each: Any) -> bool:
    return isinstance(each, type) and each.__module__ == refusals.__name__ and hasattr(each, "says")
