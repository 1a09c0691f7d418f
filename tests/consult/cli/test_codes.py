"""Codes for letters from the command line: one file, handed out once."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from consult.cli import main
from consult.people.proving import letter_codes
from events import Consultation
from tests.builders import by_letter


@pytest.fixture
def consult(services, monkeypatch):
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", services.config.database_url)
    monkeypatch.setenv("FOLKMOOT_PUBLIC_URL", "https://haveyoursay.example.org")

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    return run


def batches(services, id):
    return list(services.record.get(Consultation, id).batches.values())


def test_a_mail_house_gets_a_row_for_each_letter(services, consult, tmp_path: Path):
    asked = by_letter(services, wards=True)
    file = tmp_path / "codes.csv"
    done = consult("codes", "riverside", "--count", "3", "--output", str(file), "--ward", "W03")
    assert done.exit_code == 0, done.output
    assert file.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert [row["number"] for row in rows] == ["1", "2", "3"]
    for row in rows:
        found = letter_codes.find(services.vault, row["code"])
        assert found is not None
        assert found.consultation_id == asked.id
        here = "haveyoursay.example.org"
        assert row["address_en"] == f"{here}/c/riverside/letter"
        assert row["qr_cy"] == f"https://{here}/cy/c/riverside/letter#{row['code']}"
    assert [(batch.number, batch.ward) for batch in batches(services, asked.id)] == [(3, "W03")]


def test_a_letter_is_one_page_in_both_languages(services, consult, tmp_path: Path):
    by_letter(services)
    file = tmp_path / "letters.pdf"
    done = consult("codes", "riverside", "--count", "2", "--format", "pdf", "--output", str(file))
    assert done.exit_code == 0, done.output
    pages = [page.extract_text() for page in PdfReader(file).pages]
    assert len(pages) == 2
    for text in pages:
        assert "Riverside Park (cy)" in text
        assert "haveyoursay.example.org/cy/c/riverside/letter" in text
        assert "Eich cod" in text
    codes = {word for text in pages for word in text.split() if len(word) == 14 and "-" in word}
    assert len([code for code in codes if letter_codes.find(services.vault, code)]) == 2


def test_a_file_that_is_there_is_never_written_over_and_no_codes_are_made(
    services, consult, tmp_path: Path
):
    asked = by_letter(services)
    file = tmp_path / "codes.csv"
    file.write_text("precious")
    done = consult("codes", "riverside", "--count", "3", "--output", str(file))
    assert done.exit_code == 1
    assert file.read_text() == "precious"
    assert batches(services, asked.id) == []


def test_a_refusal_leaves_no_file(services, consult, tmp_path: Path):
    by_letter(services, identity=("open",))
    file = tmp_path / "codes.csv"
    done = consult("codes", "riverside", "--count", "3", "--output", str(file))
    assert done.exit_code == 1
    assert "does not accept codes" in done.output
    assert not file.exists()
    pdf = consult("codes", "riverside", "--count", "501", "--format", "pdf", "--output", str(file))
    assert "mail house" in pdf.output


def test_a_ward_that_is_not_there_or_does_not_take_part_gets_no_codes(
    services, consult, tmp_path: Path
):
    file = str(tmp_path / "codes.csv")
    asked = by_letter(services, wards=("W03",))
    elsewhere = by_letter(services, slug="other")
    for name, ward, reason in (
        ("riverside", "W77", "No ward that takes part has the code W77"),
        ("riverside", "W09", "The codes of the wards are: W03."),
        ("riverside", "w03", "No ward that takes part has the code w03"),
    ):
        before = services.record.head()
        done = consult("codes", name, "--count", "3", "--output", file, "--ward", ward)
        assert done.exit_code == 1
        assert reason in done.stderr
        assert services.record.head() == before
        assert not Path(file).exists()
    assert batches(services, asked.id) == []
    assert batches(services, elsewhere.id) == []
    done = consult("codes", "riverside", "--count", "3", "--output", file, "--ward", "W03")
    assert done.exit_code == 0, done.output


def test_a_partnership_without_wards_gets_no_codes_for_one(services, consult, tmp_path: Path):
    asked = by_letter(services)
    file = tmp_path / "codes.csv"
    done = consult("codes", "riverside", "--count", "3", "--output", str(file), "--ward", "W03")
    assert done.exit_code == 1
    assert "has no wards, so no codes were made" in done.stderr
    assert batches(services, asked.id) == []


def test_a_batch_whose_file_could_not_be_written_is_stopped(
    services, consult, tmp_path: Path, monkeypatch
):
    asked = by_letter(services)

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("consult.cli.codes.os.fsync", full)
    file = tmp_path / "codes.csv"
    done = consult("codes", "riverside", "--count", "3", "--output", str(file))
    assert done.exit_code == 1
    assert "No space left" in done.output
    assert [batch.is_void for batch in batches(services, asked.id)] == [True]
    assert not file.exists()


def test_a_lost_batch_is_stopped_by_its_name(services, consult, tmp_path: Path):
    asked = by_letter(services)
    consult("codes", "riverside", "--count", "3", "--output", str(tmp_path / "codes.csv"))
    [batch] = services.record.get(Consultation, asked.id).batches
    done = consult("stop-codes", "riverside", batch, "--reason", "Lost")
    assert done.exit_code == 0, done.output
    assert [one.is_void for one in batches(services, asked.id)] == [True]
    assert consult("stop-codes", "riverside", batch, "--reason", "Lost").exit_code == 1
