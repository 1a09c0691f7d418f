"""Codes by letter: one person each, kept as hashes, stopped when lost, and safe in a crash."""

from threading import Barrier, Thread
from typing import Any

import pytest

from consult.commands.answers.letter_codes import (
    CodeElsewhere,
    CodesHandedOut,
    CodeStopped,
    CodeUnknown,
    MadeCodes,
    batch_of,
    check_code,
    issue_codes,
    standing,
    sweep_unissued,
    void_codes,
)
from consult.commands.answers.submitting import (
    Sheet,
    replace_answers,
    submit_answers,
    withdraw_answers,
)
from consult.commands.data_protection.retention import retain, run_retention
from consult.people import tables
from consult.people.proving import letter_codes
from consult.services import Services
from events import Ballot, Consultation
from events.consultations import consultation_refusals as refusals
from events.consultations.codes import NUMBER_MAX
from tests.builders import ORGANISER, RESIDENT, Clock, by_letter, close_consultation
from tests.consult.people.erasable import rows


def issue(services: Services, asked: Consultation, number: int = 3, **how: Any) -> MadeCodes:
    return issue_codes(services, asked.id, number, actor=ORGANISER, **how)


def vote(services: Services, asked: Consultation, code: str, *order: str, key: str = "") -> Any:
    found = letter_codes.find(services.vault, code)
    return submit_answers(
        services,
        consultation_id=asked.id,
        voter=found.voter if found else letter_codes.VOTER + "x" * 22,
        sheet=Sheet({"order": list(order or "a")}, assurance="letter"),
        actor=RESIDENT,
        command_id=key,
    )


def ballots(services: Services) -> int:
    return sum(row.topic == Ballot.Cast.TOPIC for row in services.record.read(0, 10_000))


def issued(services: Services, asked: Consultation) -> list[int]:
    batches = services.record.get(Consultation, asked.id).batches
    return [batch.number for batch in batches.values()]


def test_codes_have_twelve_letters_in_groups_and_no_two_are_alike():
    codes = letter_codes.make(5_000)
    assert len(set(codes)) == 5_000
    assert all(letter_codes.is_whole(code) and code == letter_codes.read(code) for code in codes)
    assert {len(code) for code in codes} == {14}
    assert set("".join(codes)) - {"-"} == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_a_code_is_read_however_it_was_typed_and_misread():
    assert letter_codes.read(" 0o1i-lab c2.v5u7 ") == "0011-1ABC-2V5V-7"
    assert letter_codes.is_whole(letter_codes.read("oOoO iIlL 2345"))
    assert not letter_codes.is_whole(letter_codes.read("0000-1111-234"))
    assert not letter_codes.is_whole(letter_codes.read("0000-1111-23Ŵ4"))


def test_one_code_is_one_ballot_that_can_be_changed_until_closing(services: Services):
    asked = by_letter(services)
    code = issue(services, asked).codes[0]
    first = vote(services, asked, code, "a")
    second = vote(services, asked, letter_codes.read(code.lower()), "b", "a")
    assert (first.subject_id, first.version) == (second.subject_id, 1)
    assert second.is_change
    assert ballots(services) == 1
    assert services.record.get(Ballot, first.subject_id).assurance == "letter"


def test_a_receipt_changes_the_answers_and_keeps_how_they_were_proven(services: Services):
    asked = by_letter(services)
    first = vote(services, asked, issue(services, asked).codes[0])
    services.catch_up()
    replace_answers(
        services,
        code=first.changing_code,
        sheet=Sheet({"order": ["c"]}),
        actor=RESIDENT,
        command_id="k",
    )
    assert services.record.get(Ballot, first.subject_id).assurance == "letter"


def test_different_codes_are_different_people(services: Services):
    asked = by_letter(services)
    for code in issue(services, asked).codes:
        vote(services, asked, code)
    assert ballots(services) == 3


def test_without_a_code_nobody_has_the_assurance_of_a_letter(services: Services):
    asked, other = by_letter(services), by_letter(services, slug="other")
    issue(services, asked)
    foreign = issue(services, other).codes[0]
    for code in ("0000-0000-0000", foreign):
        with pytest.raises(CodeUnknown):
            vote(services, asked, code)
    with pytest.raises(CodeUnknown):
        submit_answers(
            services,
            consultation_id=asked.id,
            voter="device/1",
            sheet=Sheet({"order": ["a"]}, assurance="letter"),
            actor=RESIDENT,
            command_id="1",
        )
    assert ballots(services) == 0


def test_a_lost_batch_is_stopped_and_whoever_had_answered_with_it_can_still_change(
    services: Services,
):
    asked = by_letter(services)
    lost, kept = issue(services, asked), issue(services, asked, 1)
    vote(services, asked, lost.codes[0], "a")
    void_codes(services, asked.id, lost.batch_id, reason="Lost in the post", actor=ORGANISER)
    with pytest.raises(CodeStopped):
        vote(services, asked, lost.codes[1])
    assert vote(services, asked, lost.codes[0], "b").is_change
    vote(services, asked, kept.codes[0])
    assert ballots(services) == 2


def test_a_process_that_knew_the_batch_before_it_was_stopped_does_not_take_its_codes(
    services: Services,
):
    asked = by_letter(services)
    lost = issue(services, asked)
    elsewhere = Services.open(services.config, services.clock)
    elsewhere.record.refresh(Consultation, asked.id)
    void_codes(services, asked.id, lost.batch_id, reason="Lost", actor=ORGANISER)
    with pytest.raises(CodeStopped):
        vote(elsewhere, asked, lost.codes[0])
    elsewhere.close()


def test_stopping_needs_a_batch_that_works_and_a_reason(services: Services):
    asked = by_letter(services)
    batch = issue(services, asked).batch_id
    for reference, reason, refusal in (
        ("nothing", "Lost", refusals.NoSuchBatch),
        (batch, "  ", refusals.VoidReasonMissing),
        (batch, "x" * 501, refusals.VoidReasonMissing),
    ):
        with pytest.raises(refusal):
            void_codes(services, asked.id, reference, reason=reason, actor=ORGANISER)
    void_codes(services, asked.id, batch, reason="Lost", actor=ORGANISER)
    with pytest.raises(refusals.BatchAlreadyVoid):
        void_codes(services, asked.id, batch, reason="Lost", actor=ORGANISER)


def never_drawn(_bytes: int) -> bytes:
    raise AssertionError("codes were made")


@pytest.mark.parametrize("number", [0, -1, NUMBER_MAX + 1])
def test_a_batch_that_is_refused_is_refused_before_a_code_is_made(services: Services, number: int):
    asked, other = by_letter(services), by_letter(services, slug="other", identity=("open",))
    ended = by_letter(services, slug="ended")
    close_consultation(services, ended.id, actor=ORGANISER)
    how = {"actor": ORGANISER, "draw": never_drawn}
    with pytest.raises(refusals.BadNumberOfCodes):
        issue_codes(services, asked.id, number, **how)
    with pytest.raises(refusals.CodesNotAccepted):
        issue_codes(services, other.id, 3, **how)
    with pytest.raises(refusals.NotOpen):
        issue_codes(services, ended.id, 3, **how)
    issue(services, asked, command_id="once")
    with pytest.raises(CodesHandedOut):
        issue_codes(services, asked.id, 3, command_id="once", **how)


def test_a_batch_says_what_it_is_and_a_typed_code_leads_to_it(services: Services, clock: Clock):
    asked = by_letter(services, wards=True)
    other = by_letter(services, slug="other")
    batch = issue(services, asked, 2, ward="W03")
    stored = services.record.get(Consultation, asked.id).batches[batch.batch_id]
    assert (stored.number, stored.ward, stored.level) == (2, "W03", "letter")
    assert (stored.issued_at, stored.is_void) == (clock.now, False)
    assert (batch.consultation_id, len(batch.codes)) == (asked.id, 2)
    found = check_code(services, asked.id, batch.codes[0].lower())
    assert (found.consultation_id, found.batch_id) == (asked.id, batch.batch_id)
    assert batch_of(services, asked.id, found.voter) == batch.batch_id
    with pytest.raises(CodeUnknown):
        batch_of(services, other.id, found.voter)
    with pytest.raises(CodeElsewhere) as told:
        check_code(services, other.id, batch.codes[0])
    assert told.value.values == {"slug": "riverside", "title": asked.title}
    for typed in ("", "0000", "0000-0000-0000", batch.codes[0][:-1]):
        with pytest.raises(CodeUnknown):
            check_code(services, asked.id, typed)


def test_a_stopped_code_works_for_nobody_but_whoever_has_answered_with_it(services: Services):
    asked = by_letter(services)
    batch = issue(services, asked)
    used, withdrawn, unused = batch.codes
    found = check_code(services, asked.id, used)
    assert standing(services, asked.id, found.voter) == ""
    vote(services, asked, used)
    assert standing(services, asked.id, found.voter) == "given"
    back = vote(services, asked, withdrawn)
    withdraw_answers(services, holder=back.holder, actor=RESIDENT, command_id="back")
    void_codes(services, asked.id, batch.batch_id, reason="Lost", actor=ORGANISER)
    assert check_code(services, asked.id, used).voter == found.voter
    gone = check_code(services, asked.id, withdrawn)
    assert standing(services, asked.id, gone.voter) == "withdrawn"
    with pytest.raises(CodeStopped):
        check_code(services, asked.id, unused)


def test_hashes_without_a_batch_go_after_a_day_to_the_second_and_those_with_one_stay(
    services: Services, clock: Clock
):
    asked = by_letter(services)
    issue(services, asked, 2)
    letter_codes.keep(services.vault, asked.id, "never", letter_codes.make(5), clock())
    clock.move(days=1, seconds=-1)
    assert sweep_unissued(services) == 0
    clock.move(seconds=2)
    assert sweep_unissued(services) == 5
    assert len(rows(services, tables.letter_code)) == 2
    assert sweep_unissued(services) == 0


@pytest.mark.parametrize("number", [0, -1, NUMBER_MAX + 1])
def test_a_batch_has_a_sensible_size(services: Services, number: int):
    asked = by_letter(services)
    with pytest.raises(refusals.BadNumberOfCodes):
        issue(services, asked, number)
    assert rows(services, tables.letter_code) == []


def test_codes_are_issued_only_where_and_while_they_can_be_used(services: Services):
    with pytest.raises(refusals.CodesNotAccepted):
        issue(services, by_letter(services, slug="by-post", identity=("open",)))
    asked = by_letter(services)
    close_consultation(services, asked.id, actor=ORGANISER)
    with pytest.raises(refusals.NotOpen):
        issue(services, asked)
    assert rows(services, tables.letter_code) == []


def test_the_vault_holds_no_code_and_not_the_order_of_the_letters(services: Services):
    asked = by_letter(services)
    batch = issue(services, asked, 50)
    kept = rows(services, tables.letter_code)
    assert len(kept) == 50
    for code in batch.codes:
        assert code not in str(kept)
        assert code.replace("-", "") not in str(kept)
    assert {column.name for column in tables.letter_code.columns} == {
        "code_hash", "consultation_id", "batch_id", "kept_at",
    }  # fmt: skip


def test_a_process_that_dies_before_the_fact_has_issued_nothing(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    asked = by_letter(services)
    made: list[str] = []

    def dies(*_args: Any, **_more: Any) -> None:
        raise KeyboardInterrupt  # stands for the end of the process: nothing is caught

    monkeypatch.setattr(
        "consult.commands.answers.letter_codes.letter_codes.make",
        lambda number, _draw: made.extend(f"0000-0000-000{n}" for n in range(number)) or made,
    )
    with monkeypatch.context() as broken:
        broken.setattr("consult.commands.answers.letter_codes.change", dies)
        with pytest.raises(KeyboardInterrupt):
            issue(services, asked, command_id="once")
    assert len(rows(services, tables.letter_code)) == 3
    assert issued(services, asked) == []
    with pytest.raises(CodeStopped):
        vote(services, asked, made[0])
    clock.move(hours=23)
    retain(services)
    assert len(rows(services, tables.letter_code)) == 3, "perhaps it is still at work"
    clock.move(hours=2)
    retain(services)
    assert rows(services, tables.letter_code) == []


def test_after_that_the_same_command_issues_once(services: Services, monkeypatch):
    asked = by_letter(services)
    with monkeypatch.context() as broken:
        broken.setattr("consult.commands.answers.letter_codes.change", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            issue(services, asked, command_id="once")
    batch = issue(services, asked, command_id="once")
    assert issued(services, asked) == [3]
    vote(services, asked, batch.codes[0])


def test_a_process_that_dies_after_the_fact_has_issued_codes_that_can_only_be_stopped(
    services: Services, clock: Clock
):
    asked = by_letter(services)
    lost = issue(services, asked, command_id="once")  # and its reply is lost
    with pytest.raises(CodesHandedOut):
        issue(services, asked, command_id="once")
    assert issued(services, asked) == [3]
    assert letter_codes.count(services.vault, lost.batch_id) == 3
    clock.move(days=2)
    retain(services)
    assert letter_codes.count(services.vault, lost.batch_id) == 3
    void_codes(services, asked.id, lost.batch_id, reason="No file", actor=ORGANISER)
    assert len(issue(services, asked, command_id="again").codes) == 3


def test_one_command_given_twice_at_once_issues_one_batch_whose_codes_work(services: Services):
    asked = by_letter(services)
    start, got = Barrier(2), []

    def press() -> None:
        start.wait()
        try:
            got.append(issue(services, asked, command_id="pressed twice"))
        except CodesHandedOut as refused:
            got.append(refused)

    pressed = [Thread(target=press) for _ in range(2)]
    for each in pressed:
        each.start()
    for each in pressed:
        each.join()
    [batch] = [each for each in got if isinstance(each, MadeCodes)]
    assert issued(services, asked) == [3]
    assert len(rows(services, tables.letter_code)) == 3
    for code in batch.codes:
        vote(services, asked, code)


def test_codes_are_wiped_with_the_key_of_the_consultation(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        "consult.commands.data_protection.retention._is_opened_for_all", lambda *_: True
    )
    asked, other = by_letter(services), by_letter(services, slug="other")
    issue(services, asked)
    issue(services, other)
    ended = close_consultation(services, asked.id, actor=ORGANISER)
    assert ended.terms is not None
    clock.now = ended.terms.closes_at
    clock.move(days=365 + 93)
    assert (asked.id, "key") in run_retention(services)
    assert {row.consultation_id for row in rows(services, tables.letter_code)} == {other.id}
