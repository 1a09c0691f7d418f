"""Where two refusals are possible, people are told the one that comes first on their way."""

from collections.abc import Callable
from dataclasses import replace as other_settings
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from consult.commands.accounts.members import (
    NoRoleLeft,
    UnknownRole,
    add_member,
    change_member,
)
from consult.commands.answers.attaching import FileEmpty, FileKindWrong, FileTooLarge, attach_file
from consult.commands.answers.holding import Holder
from consult.commands.answers.letter_codes import CodesHandedOut, issue_codes, void_codes
from consult.commands.answers.sheets import Sheet, UnknownQuestion
from consult.commands.answers.submitting import replace_answers, submit_answers, withdraw_answers
from consult.commands.answers.submitting_refusals import (
    ConsultationClosed,
    ConsultationPaused,
    LevelNotAccepted,
    UnknownReceipt,
)
from consult.commands.consultations.drawing import BadSource, SourceMissing, enter_draw
from consult.commands.consultations.opening import (
    close_consultation,
    extend_consultation,
    open_consultation,
    pause_consultation,
    resume_consultation,
    withdraw_consultation,
)
from consult.commands.data_protection.erasure import UnderLegalHold, erase_by_case, erase_by_holder
from consult.commands.data_protection.retention import lift_legal_hold, set_legal_hold
from consult.commands.files.exporting_answers import StillSecret, Wish, export_answers
from consult.commands.partnerships import set_look
from consult.commands.results.counting import count_consultation, publish_results
from consult.commands.results.counting_refusals import (
    LotNotDrawn,
    NeverOpened,
    NothingToCount,
    StillOpen,
    WithdrawnUncounted,
)
from consult.commands.results.follow_up import NotPublishedYet, publish_follow_up
from consult.formats.png import NotAPicture
from consult.people.mailboxes.addresses import BadEmail
from consult.services import Services
from events.consultations.beacon import BeaconNotDue, NoBeacon, NotTheDraw
from events.consultations.consultation_refusals import (
    AlreadyPaused,
    CodesNotAccepted,
    FrozenAtOpening,
    NeverShorter,
    NoSuchBatch,
    NotOpen,
    NotPaused,
    NotReady,
    NotYetOver,
    PeriodTooShort,
    ReasonMissing,
)
from events.data_protection import BadReference, HoldReasonMissing, NoHold
from events.follow_up import FollowUpUnwritten
from events.theme import UnreadableColour
from tests import builders
from tests.builders import (
    ADMINISTRATOR,
    KEEPER,
    NUMBERS,
    ORGANISER,
    RANKING,
    RESIDENT,
    question,
    words,
)
from tests.consult.commands.results.test_follow_up import ROW
from tests.events.consultations.test_beacon import LOT

BAD = {"nobody-asked": ["a"]}
STOPPED = words("There were complaints.")
PLAN = question("plan", "file", "Your plan", file_kinds=("pdf",), bytes_max=1_000)
UNWRITTEN = replace(ROW, did={})


def extend(services: Services, it: Any, days: float, reason: Any) -> Any:
    closes_at = it.terms.closes_at + timedelta(days=days)
    return extend_consultation(services, it.id, closes_at=closes_at, reason=reason, actor=ORGANISER)


def pause(services: Services, it: Any, reason: Any) -> Any:
    return pause_consultation(services, it.id, reason=reason, actor=ORGANISER)


def withdraw(services: Services, it: Any, reason: Any) -> Any:
    return withdraw_consultation(services, it.id, reason=reason, actor=ORGANISER)


def draw(services: Services, it: Any, numbers: str, source: str = "https://x.example") -> Any:
    return enter_draw(services, it.id, numbers=numbers, source=source, actor=ORGANISER)


def follow_up(services: Services, it: Any, row: Any) -> Any:
    return publish_follow_up(services, it.id, row, actor=ORGANISER)


def export(services: Services, it: Any) -> Any:
    return list(export_answers(services, it.id, Wish("csv", with_words=True), actor=ORGANISER))


def send(services: Services, asked: Any, answers: Any = None, level: str = "open") -> Any:
    return submit_answers(
        services,
        consultation_id=asked.id,
        voter="ann",
        sheet=Sheet(BAD if answers is None else answers, assurance=level),
        actor=RESIDENT,
        command_id="k",
    )


def test_somebody_who_answers_is_told_of_the_door_before_what_they_carry(services, clock):
    asked = builders.consultation(services, RANKING)
    with pytest.raises(UnknownQuestion):
        send(services, asked)
    with pytest.raises(LevelNotAccepted):
        send(services, asked, level="email")
    pause_consultation(services, asked.id, reason=STOPPED, actor=ORGANISER)
    services.record.refresh(type(asked), asked.id)
    with pytest.raises(ConsultationPaused):
        send(services, asked, level="email")
    clock.now = asked.terms.closes_at
    close_consultation(services, asked.id, actor=ORGANISER)
    services.record.refresh(type(asked), asked.id)
    with pytest.raises(ConsultationClosed) as told:
        send(services, asked, level="email")
    assert not isinstance(told.value, ConsultationPaused)


def test_a_receipt_that_nobody_has_is_said_before_that_it_is_closed(services):
    asked = builders.consultation(services, RANKING)
    code = send(services, asked, {"order": ["a"]}).changing_code
    builders.close_consultation(services, asked.id)
    services.record.refresh(type(asked), asked.id)
    for given, refusal in (("AAAA-BBBB-CCCC-DDDD", UnknownReceipt), (code, ConsultationClosed)):
        how = {"actor": RESIDENT, "command_id": "x"}
        with pytest.raises(refusal):
            withdraw_answers(services, holder=Holder(given), **how)
        with pytest.raises(refusal):
            replace_answers(services, code=given, sheet=Sheet(BAD), **how)


def test_a_draft_is_told_what_it_lacks_before_that_time_is_short(services, clock):
    unwritten = replace(RANKING, title={"en": "Put these in order"})
    drafted = builders.draft(services, unwritten, days=0)
    assert drafted.missing()
    clock.move(days=2)  # its closing time has passed as well
    with pytest.raises(NotReady) as told:
        open_consultation(services, drafted.id, actor=ORGANISER)
    assert str(drafted.missing()[0]) in str(told.value)


def test_short_time_is_told_in_days_of_the_law_that_holds(services):
    home = builders.partnership(services, profile="wales")
    drafted = builders.draft(services, RANKING, days=83)
    assert drafted.partnership_id == home.id
    with pytest.raises(PeriodTooShort) as told:
        open_consultation(services, drafted.id, actor=ORGANISER)
    assert "84" in str(told.value)


STEPS: tuple[tuple[str, Callable[..., Any], type[Exception]], ...] = (
    ("draft", lambda s, it: resume_consultation(s, it.id, actor=ORGANISER), NotOpen),
    ("draft", lambda s, it: pause_consultation(s, it.id, reason={}, actor=ORGANISER), NotOpen),
    ("draft", lambda s, it: extend(s, it, -1, {}), NotOpen),
    ("draft", lambda s, it: publish_results(s, it.id, actor=ORGANISER), NeverOpened),
    ("draft", lambda s, it: draw(s, it, ""), NotTheDraw),
    ("draft", lambda s, it: issue_codes(s, it.id, 0, actor=ORGANISER), CodesNotAccepted),
    ("open", lambda s, it: open_consultation(s, it.id, actor=ORGANISER), FrozenAtOpening),
    ("open", lambda s, it: extend(s, it, -1, {}), NeverShorter),
    ("open", lambda s, it: extend(s, it, 1, {}), ReasonMissing),
    ("open", lambda s, it: resume_consultation(s, it.id, actor=ORGANISER), NotPaused),
    ("open", lambda s, it: close_consultation(s, it.id, actor=ORGANISER), NotYetOver),
    ("open", lambda s, it: count_consultation(s, it.id, actor=ORGANISER), StillOpen),
    ("open", lambda s, it: draw(s, it, NUMBERS), NoBeacon),
    ("open", lambda s, it: void_codes(s, it.id, "b", reason="", actor=ORGANISER), NoSuchBatch),
    ("open", lambda s, it: follow_up(s, it, UNWRITTEN), NotPublishedYet),
    ("open", export, StillSecret),
    ("paused", lambda s, it: pause(s, it, {}), AlreadyPaused),
    ("paused", lambda s, it: close_consultation(s, it.id, actor=ORGANISER), NotYetOver),
    ("closed", lambda s, it: pause(s, it, {}), NotOpen),
    ("closed", lambda s, it: void_codes(s, it.id, "b", reason="", actor=ORGANISER), NotOpen),
    ("closed", lambda s, it: issue_codes(s, it.id, 0, actor=ORGANISER), NotOpen),
    ("closed", lambda s, it: follow_up(s, it, UNWRITTEN), NotPublishedYet),
    ("withdrawn", lambda s, it: withdraw(s, it, {}), NotOpen),
    ("withdrawn", lambda s, it: publish_results(s, it.id, actor=ORGANISER), WithdrawnUncounted),
    ("published", lambda s, it: follow_up(s, it, UNWRITTEN), FollowUpUnwritten),
)


@pytest.mark.parametrize(
    ("state", "step", "refusal"), STEPS, ids=[f"{s}-{n}" for n, (s, *_) in enumerate(STEPS)]
)
def test_a_step_at_the_wrong_time_is_told_of_the_time_and_not_of_its_form(
    services, state, step, refusal
):
    drafted = builders.draft(services, RANKING)
    if state != "draft":
        open_consultation(services, drafted.id, actor=ORGANISER)
    if state == "paused":
        pause(services, drafted, STOPPED)
    if state == "withdrawn":
        withdraw(services, drafted, STOPPED)
    if state in {"closed", "published"}:
        builders.close_consultation(services, drafted.id)
    if state == "published":
        publish_results(services, drafted.id, actor=ORGANISER)
    head = services.record.head()
    with pytest.raises(refusal) as told:
        step(services, drafted)
    assert type(told.value) is refusal
    assert services.record.head() == head


def test_what_is_not_drawn_yet_is_said_before_what_is_wrong_with_the_numbers(services, clock):
    asked = builders.consultation(services, RANKING, counting=LOT)
    with pytest.raises(BeaconNotDue):
        draw(services, asked, NUMBERS)
    with pytest.raises(NotTheDraw):
        draw(services, asked, "no numbers", source="")
    with pytest.raises(SourceMissing):
        draw(services, asked, NUMBERS, source=" ")
    for nowhere in ("ftp//x", "ftp://x.example", "https//x.example", "https://x", "javascript:x"):
        with pytest.raises(BadSource):
            draw(services, asked, NUMBERS, source=nowhere)
    for known in ("19:30 on BBC One", "Page 4: The Gazette", "https://www.example.org/draws"):
        with pytest.raises(BeaconNotDue):  # it is the time that is wrong, and not the source
            draw(services, asked, NUMBERS, source=known)
    clock.now = asked.terms.beacon.due_at
    close_consultation(services, asked.id, actor=ORGANISER)
    with pytest.raises(LotNotDrawn):
        count_consultation(services, asked.id, actor=ORGANISER)


def test_that_nothing_is_counted_is_said_only_after_it_has_closed(services):
    asked = builders.consultation(services, question("why", "text", "Why?"))
    with pytest.raises(StillOpen):
        count_consultation(services, asked.id, actor=ORGANISER)
    builders.close_consultation(services, asked.id)
    with pytest.raises(NothingToCount):
        count_consultation(services, asked.id, actor=ORGANISER)
    assert publish_results(services, asked.id, actor=ORGANISER) == []


def test_a_batch_that_was_made_is_said_before_that_it_has_closed(services):
    asked = builders.by_letter(services, RANKING)
    issue_codes(services, asked.id, 2, actor=ORGANISER, command_id="batch")
    builders.close_consultation(services, asked.id)
    with pytest.raises(CodesHandedOut):
        issue_codes(services, asked.id, 2, actor=ORGANISER, command_id="batch")
    with pytest.raises(NotOpen):
        issue_codes(services, asked.id, 2, actor=ORGANISER)


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("plan.exe", b"", FileEmpty),
        ("plan.exe", b"MZ" * 600, FileTooLarge),
        ("plan.exe", b"MZ", FileKindWrong),
    ],
)
def test_of_a_file_its_size_is_told_before_its_kind(services, name, content, refusal):
    services.config = other_settings(services.config, scan_command="false")
    asked = builders.consultation(services, PLAN)
    with pytest.raises(refusal) as told:
        attach_file(services, asked.id, PLAN, draft_secret="s" * 32, name=name, content=content)
    assert type(told.value) is refusal


def test_an_erasure_is_told_of_its_reference_then_of_the_receipt_then_of_the_hold(services):
    asked = builders.consultation(services, RANKING)
    receipt = send(services, asked, {"order": ["a"]})
    code, changing = receipt.code, receipt.changing_code
    case = set_legal_hold(services, asked.id, reason="A court", actor=KEEPER)
    for reference, given, refusal in (
        ("for Ann", "AAAA", BadReference),
        ("DP/1", "AAAA-BBBB-CCCC-DDDD", UnknownReceipt),
        ("DP/1", code, UnderLegalHold),
    ):
        with pytest.raises(refusal):
            erase_by_case(services, reference=reference, code=given, actor=KEEPER)
    with pytest.raises(UnderLegalHold):
        erase_by_holder(services, holder=Holder(changing), actor=RESIDENT)
    with pytest.raises(HoldReasonMissing):
        lift_legal_hold(services, case.id, reason="", actor=KEEPER)
    lift_legal_hold(services, case.id, reason="Over", actor=KEEPER)
    with pytest.raises(NoHold):
        lift_legal_hold(services, case.id, reason="", actor=KEEPER)


def test_a_member_is_told_of_the_address_before_the_role_and_of_the_role_before_the_rest(services):
    home = builders.partnership(services)
    how = {"name": "Ann", "actor": builders.OPERATOR}
    ann = {"email": "ann@example.org", **how}
    with pytest.raises(UnknownRole):
        add_member(services, home.id, email="ann", roles=("queen",), **how)
    with pytest.raises(BadEmail):
        add_member(services, home.id, email="ann", roles=("desk",), **how)
    staff_id = add_member(services, home.id, roles=("desk",), **ann)
    with pytest.raises(NoRoleLeft):
        change_member(services, home.id, staff_id, roles=(), **how)
    with pytest.raises(UnknownRole):
        change_member(services, home.id, staff_id, roles=("queen",), **how)


def test_a_picture_that_is_none_is_told_before_a_colour_that_nobody_can_read(services):
    home = builders.partnership(services)
    with pytest.raises(NotAPicture):
        set_look(services, home.id, picture=b"GIF", brand="#ffffff", actor=ADMINISTRATOR)
    with pytest.raises(UnreadableColour):
        set_look(services, home.id, brand="#ffffff", actor=ADMINISTRATOR)
