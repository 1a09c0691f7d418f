"""Attached files: what they really are, whose they are, and that they go like words."""

import io
import sys
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from consult.commands.answers.attaching import (
    FileEmpty,
    FileInfected,
    FileKindWrong,
    FileTooLarge,
    ScannerUnavailable,
    attach_file,
)
from consult.commands.answers.holding import find_by_receipt
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import replace_answers, submit_answers
from consult.commands.answers.submitting_refusals import ConsultationClosed
from consult.commands.data_protection.copies import disclose
from consult.commands.data_protection.erasure import erase_by_holder
from consult.commands.data_protection.retention import retain
from consult.people import tables
from consult.people.answers import attachments, drafts
from consult.people.answers.attachments import FileGone, TooMuchAttached
from consult.people.answers.file_kinds import KINDS, safe_name, shown_name, sniff
from consult.services import Services
from events.store.record import TooEarly, TooLate
from tests.attached import pdf
from tests.builders import BEGINNING, RANKING, RESIDENT, Clock, consultation, question
from tests.consult.people.erasable import rows

PDF = pdf("Larch Road")
PLAN = question("plan", "file", "Your plan", required=False, bytes_max=2_000)


def archive(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in members:
            file.writestr(name, content)
    return made.getvalue()


ODT_TYPE = b"application/vnd.oasis.opendocument.text"
DOCX = archive(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"))
MACROS = (("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b""))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"\xff\xd8\xff\xe0...", "jpeg"),
        (DOCX, "docx"),
        (archive(("mimetype", ODT_TYPE), ("content.xml", b"")), "odt"),
        ("Tŷ newydd\n".encode(), "txt"),
        (archive(*MACROS, ("word/vbaProject.bin", b"")), None),
        (archive(("[Content_Types].xml", b"macroEnabled"), ("word/document.xml", b"")), None),
        (archive(("mimetype", ODT_TYPE), ("Basic/Standard/x.xml", b"")), None),
        (archive(("game.exe", b"MZ")), None),
        (b"PK\x03\x04 torn", None),
        (b"MZ\x90\x00\x03", None),
        (b"\x00\x01", None),
        (b"", None),
    ],
)
def test_a_file_is_what_it_holds(content, kind):
    assert sniff(content, KINDS) == kind


def test_a_name_is_made_safe():
    assert safe_name("..\\..\\Cynllun tŷ (1).pdf", "pdf") == "Cynllun-ty-1.pdf"
    assert safe_name('a";\r\nX: y.html', "txt") == "a-X-y.txt"
    assert safe_name("..", "png") == "file.png"
    assert shown_name("C:\\Users\\ann\\plan\u202e.pdf") == "plan.pdf"


def attach(services: Services, asked, content=PDF, name="plan.pdf", secret="one", to=PLAN):  # noqa: S107  no password
    return attach_file(services, asked.id, to, draft_secret=secret, name=name, content=content)


def send(services: Services, asked, file: str, voter="ann", key="k"):
    return submit_answers(
        services,
        consultation_id=asked.id,
        voter=voter,
        sheet=Sheet({"order": ["a"]}, files={"plan": file}),
        actor=RESIDENT,
        command_id=key,
    )


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"", "plan.pdf", FileEmpty),
        (PDF * 200, "plan.pdf", FileTooLarge),
        (b"MZ\x90\x00", "plan.pdf", FileKindWrong),
        (PDF, "plan.png", FileKindWrong),
        (b"words", "plan.txt", FileKindWrong),
    ],
)
def test_what_the_question_does_not_take_is_not_kept(services, content, name, refusal):
    plan = replace_kinds(PLAN, "pdf", "png")
    asked = consultation(services, RANKING, plan)
    with pytest.raises(refusal):
        attach(services, asked, content, name, to=plan)
    assert not rows(services, tables.attachment)


def replace_kinds(plan, *kinds):
    from msgspec.structs import replace as changed

    return changed(plan, file_kinds=kinds)


def test_a_file_is_in_the_vault_and_only_a_commitment_in_the_record(services):
    asked = consultation(services, RANKING, PLAN)
    file = attach(services, asked)
    assert (file.name, file.kind, file.scan) == ("plan.pdf", "pdf", "unscanned")
    receipt = send(services, asked, file.commitment)
    stored = b"".join(row.state for row in services.record.read(0, 1_000))
    assert b"Larch" not in stored
    assert b"plan.pdf" not in stored
    assert file.commitment.encode() in stored
    assert attachments.content_of(services.vault, asked.id, file.commitment) == PDF
    shown = str(disclose(services, find_by_receipt(services, receipt.code)))
    assert "plan.pdf" in shown


def test_a_file_is_taken_by_one_person_only(services):
    asked = consultation(services, RANKING, PLAN)
    file = attach(services, asked).commitment
    first = send(services, asked, file)
    with pytest.raises(FileGone):
        send(services, asked, file, voter="bob", key="k2")
    changed = replace_answers(
        services,
        code=first.changing_code,
        sheet=Sheet({"order": ["b"]}, files={"plan": file}),
        actor=RESIDENT,
        command_id="k3",
    )
    assert changed.version == 2
    with pytest.raises(FileGone):
        send(services, asked, "nothing", voter="eve", key="k4")


def test_a_second_file_takes_the_place_of_the_first_and_all_have_one_limit(services, monkeypatch):
    asked = consultation(services, RANKING, PLAN)
    attach(services, asked)
    second = attach(services, asked, PDF + b"more")
    [row] = rows(services, tables.attachment)
    assert row.commitment == second.commitment
    other = question("photo", "file", "A photo", required=False)
    monkeypatch.setattr(attachments, "FILES_BYTES_MAX", 60)
    with pytest.raises(TooMuchAttached):
        attach(services, asked, PDF * 2 + b"0" * 20, to=other)
    assert len(rows(services, tables.attachment)) == 1


def test_a_file_may_fill_the_room_that_there_is_for_files(services, monkeypatch):
    asked = consultation(services, RANKING, PLAN)
    monkeypatch.setattr(attachments, "FILES_BYTES_MAX", len(PDF))
    attach(services, asked, PDF)
    with pytest.raises(TooMuchAttached):
        attach(services, asked, PDF + b" ")
    assert len(rows(services, tables.attachment)) == 1


def test_erasing_takes_the_file_and_keeps_those_of_others(services):
    asked = consultation(services, RANKING, PLAN)
    mine = send(services, asked, attach(services, asked).commitment)
    send(services, asked, attach(services, asked, secret="two").commitment, "bob", "k2")
    erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    [left] = rows(services, tables.attachment)
    assert left.subject_id != mine.subject_id


def test_files_never_sent_go_after_a_month_and_those_that_never_arrived_after_a_day(
    services: Services, clock: Clock
):
    asked = consultation(services, RANKING, PLAN, days=100)
    sent = attach(services, asked).commitment
    send(services, asked, sent)
    draft, lost = attach(services, asked, secret="two"), attach(services, asked, secret="three")
    attachments.bind(
        services.vault,
        asked.id,
        asked.id,
        {"plan": lost.commitment},
        questions={"plan": PLAN},
        now=clock(),
    )

    def left() -> set[str]:
        retain(services)
        return {row.commitment for row in rows(services, tables.attachment)}

    assert left() == {sent, draft.commitment, lost.commitment}
    clock.move(days=2)
    assert left() == {sent, draft.commitment}
    clock.move(days=30)
    assert left() == {sent}


CLOSED = (TooEarly(), TooLate(not_after=BEGINNING, moment=BEGINNING))


def refusing(services: Services, monkeypatch: pytest.MonkeyPatch, refusal: Exception) -> None:
    def save(*_: Any, **__: Any) -> None:
        raise refusal

    monkeypatch.setattr(services.record, "save", save)


def untouched(services: Services) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in rows(services, tables.attachment))


@pytest.mark.parametrize("refusal", CLOSED, ids=["too early", "too late"])
def test_a_file_whose_answers_the_stores_clock_refuses_is_attached_to_the_draft_again(
    services, clock, monkeypatch, refusal
):
    photo = question("photo", "file", "A photo", required=False)
    asked = consultation(services, RANKING, PLAN, photo)
    files = {"plan": attach(services, asked).commitment}
    files["photo"] = attach(services, asked, to=photo).commitment
    other = attach(services, asked, secret="two").commitment
    before = untouched(services)
    clock.move(hours=1)
    with monkeypatch.context() as patched:
        refusing(services, patched, refusal)
        with pytest.raises(ConsultationClosed):
            submit_answers(
                services,
                consultation_id=asked.id,
                voter="ann",
                sheet=Sheet({"order": ["a"]}, files=files),
                actor=RESIDENT,
                command_id="k",
            )
    assert untouched(services) == before
    found = attachments.of_draft(services.vault, drafts.draft_id("one"), asked.id)
    assert {id: file.commitment for id, file in found.items()} == files
    receipt = send(services, asked, files["plan"])
    bound = {row.commitment: row.subject_id for row in rows(services, tables.attachment)}
    assert bound == {files["plan"]: receipt.subject_id, files["photo"]: None, other: None}


def test_a_file_that_was_sent_stays_with_its_answers_when_a_change_comes_too_late(
    services, monkeypatch
):
    asked = consultation(services, RANKING, PLAN)
    file = attach(services, asked).commitment
    send(services, asked, file)
    [before] = rows(services, tables.attachment)
    with monkeypatch.context() as patched:
        refusing(services, patched, CLOSED[1])
        with pytest.raises(ConsultationClosed):
            send(services, asked, file, key="k2")
    assert [row.subject_id for row in rows(services, tables.attachment)] == [before.subject_id]
    whose = {"questions": {"plan": PLAN}, "now": BEGINNING}
    again = attachments.bind(services.vault, asked.id, before.subject_id, {"plan": file}, **whose)
    assert again == [], "nothing was taken from a draft, so nothing is given back to one"


def test_a_file_that_took_the_place_meanwhile_stays_there(services, monkeypatch):
    asked = consultation(services, RANKING, PLAN)
    first, later = attach(services, asked), []

    def save(*_: Any, **__: Any) -> None:
        later.append(attach(services, asked, PDF + b"later"))
        raise CLOSED[1]

    monkeypatch.setattr(services.record, "save", save)
    with pytest.raises(ConsultationClosed):
        send(services, asked, first.commitment)
    found = attachments.of_draft(services.vault, drafts.draft_id("one"), asked.id)
    assert found["plan"].commitment == later[0].commitment


def test_a_file_stays_with_answers_that_were_recorded_by_the_same_press_sent_twice(
    services, monkeypatch
):
    """The first is told that the consultation is paused; the second was recorded before."""
    asked = consultation(services, RANKING, PLAN)
    file = attach(services, asked).commitment
    save = services.record.save

    def twice(*given: Any, **how: Any) -> None:
        save(*given, **how)
        raise CLOSED[1]

    monkeypatch.setattr(services.record, "save", twice)
    with pytest.raises(ConsultationClosed):
        send(services, asked, file)
    monkeypatch.undo()
    [row] = rows(services, tables.attachment)
    assert row.subject_id is not None
    assert send(services, asked, file).version == 1


def test_a_draft_that_is_forgotten_takes_its_files_along(services):
    asked = consultation(services, RANKING, PLAN)
    sent = attach(services, asked).commitment
    send(services, asked, sent)
    attach(services, asked)
    drafts.delete(services.vault, "one", asked.id)
    assert [row.commitment for row in rows(services, tables.attachment)] == [sent]


@pytest.mark.parametrize(
    ("script", "refusal"),
    [
        ("import sys; sys.exit('Larch' not in sys.stdin.read())", None),
        ("import sys; sys.exit(1)", FileInfected),
        ("import sys; sys.exit(2)", ScannerUnavailable),
    ],
)
def test_a_scanner_is_given_the_file_and_believed(services, script, refusal):
    import shlex

    asked = consultation(services, RANKING, PLAN)
    command = f"{shlex.quote(sys.executable)} -c {shlex.quote(script)}"
    services.config = replace(services.config, scan_command=command)
    if refusal is None:
        assert attach(services, asked).scan == "clean"
        return
    with pytest.raises(refusal):
        attach(services, asked)
    assert not rows(services, tables.attachment)


def test_a_scanner_that_is_not_there_refuses(services):
    asked = consultation(services, RANKING, PLAN)
    services.config = replace(services.config, scan_command="/nowhere/scanner")
    with pytest.raises(ScannerUnavailable):
        attach(services, asked)
