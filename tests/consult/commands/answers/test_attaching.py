"""A file is looked at before it is kept: its size, its real kind, and what a virus scanner says."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consult.commands.answers import attaching
from consult.commands.answers.attaching import (
    FileDamaged,
    FileEmpty,
    FileInfected,
    FileKindWrong,
    FileTooLarge,
    ScannerUnavailable,
    attach_file,
)
from consult.people import tables
from consult.people.answers.drafts import draft_id
from consult.services import Services
from tests import builders
from tests.attached import pdf
from tests.builders import RANKING, question
from tests.conftest import only
from tests.consult.people.erasable import rows

pytestmark = only("sqlite")

PDF = pdf()
SECRET = "s" * 32
DAMAGED = (
    "“plan.pdf” cannot be used, because it is damaged, holds macros, or is of another kind than "
    "its name says. Save it again as one of these kinds, and choose it: PDF, TXT."
)
PLAN = question("plan", "file", "Your plan", file_kinds=("pdf", "txt"), bytes_max=1_000)


@pytest.fixture
def asked(services: Services) -> Any:
    return builders.consultation(services, RANKING, PLAN)


def attach(services: Services, asked: Any, content: bytes = PDF, name: str = "plan.pdf") -> Any:
    return attach_file(services, asked.id, PLAN, draft_secret=SECRET, name=name, content=content)


def kept(services: Services) -> list[Any]:
    return rows(services, tables.attachment)


def scanner(services: Services, folder: Path, program: str) -> None:
    """Let a program of the tests' own be the scanner."""
    path = folder / "scanner.py"
    path.write_text(program)
    services.config = replace(services.config, scan_command=f"'{sys.executable}' '{path}'")


def test_a_file_is_kept_with_the_draft_as_what_it_is(services, asked, clock):
    attached = attach(services, asked, name="C:\\Plans\\my plan.pdf")
    assert attached._asdict() == {
        "commitment": attached.commitment,
        "question_id": "plan",
        "name": "my plan.pdf",
        "kind": "pdf",
        "size_bytes": len(PDF),
        "scan": "unscanned",
        "kept_at": clock.now,
    }
    [row] = kept(services)
    assert (row.commitment, row.draft_id, row.subject_id, bytes(row.content)) == (
        attached.commitment,
        draft_id(SECRET),
        None,
        PDF,
    )
    later = attach(services, asked, b"In words", "plan.txt")
    assert [(row.commitment, row.kind) for row in kept(services)] == [(later.commitment, "txt")]


@pytest.mark.parametrize(
    ("content", "name", "refusal", "says"),
    [
        (b"", "plan.pdf", FileEmpty, "“plan.pdf” is empty. Choose another file."),
        (
            pdf(size_bytes=1_001),
            "plan.pdf",
            FileTooLarge,
            "Your file for “Your plan” can be at most 1 kB large.",
        ),
        (
            b"GIF89a",
            "plan.gif",
            FileKindWrong,
            "“plan.gif” cannot be used. Choose a file of one of these kinds: PDF, TXT.",
        ),
        (
            b"GIF89a\0",
            "plan.pdf",
            FileDamaged,
            DAMAGED,
        ),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence_and_not_kept(
    services, asked, content, name, refusal, says
):
    with pytest.raises(refusal) as told:
        attach(services, asked, content, name)
    assert type(told.value) is refusal
    assert str(told.value) == says
    assert kept(services) == []


def test_a_file_may_be_as_large_as_the_question_says_to_the_byte(services, asked):
    attached = attach(services, asked, pdf(size_bytes=1_000))
    assert attached.size_bytes == 1_000
    attached = attach(services, asked, b"a", "plan.txt")
    assert attached.size_bytes == 1


@pytest.mark.parametrize(
    ("ends_with", "refusal"),
    [(0, None), (1, FileInfected), *((code, ScannerUnavailable) for code in (2, 3, 50, 255))],
)
def test_only_a_scanner_that_says_clean_lets_a_file_in(
    services, asked, tmp_path, ends_with, refusal
):
    scanner(services, tmp_path, f"raise SystemExit({ends_with})")
    if refusal is None:
        assert attach(services, asked).scan == "clean"
        assert [row.scan for row in kept(services)] == ["clean"]
        return
    with pytest.raises(refusal) as told:
        attach(services, asked)
    assert type(told.value) is refusal
    assert "“plan.pdf”" in str(told.value)
    assert kept(services) == []


def test_the_scanner_is_given_the_whole_file_and_nothing_else(services, asked, tmp_path):
    seen = tmp_path / "seen"
    scanner(
        services,
        tmp_path,
        f"import sys; open({str(seen)!r}, 'wb').write(sys.stdin.buffer.read() + str(sys.argv[1:])"
        ".encode())",
    )
    assert attach(services, asked).scan == "clean"
    assert seen.read_bytes() == PDF + b"[]"


def test_a_scanner_that_is_not_there_or_never_ends_refuses_the_file(
    services, asked, tmp_path, monkeypatch, caplog
):
    services.config = replace(services.config, scan_command=str(tmp_path / "no-such-scanner"))
    with pytest.raises(ScannerUnavailable):
        attach(services, asked)
    assert "did not run: FileNotFoundError" in caplog.text
    assert attaching.SCAN_SECONDS_MAX == 60, "as it is shipped"
    monkeypatch.setattr(attaching, "SCAN_SECONDS_MAX", 0.2)
    scanner(services, tmp_path, "import time; time.sleep(30)")
    with pytest.raises(ScannerUnavailable) as told:
        attach(services, asked)
    assert str(told.value) == (
        "We could not check “plan.pdf” for viruses just now. Try again in a few minutes."
    )
    assert "did not run: TimeoutExpired" in caplog.text
    scanner(services, tmp_path, "raise SystemExit(2)")
    with pytest.raises(ScannerUnavailable):
        attach(services, asked)
    assert "ended with 2" in caplog.text
    assert kept(services) == []
