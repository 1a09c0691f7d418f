"""Letters are handed out whole, or no code of them works: by the command line and by the page."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

import hatch_build
from consult.cli import main
from consult.printing import handing_out, typesetting
from consult.web import create_app
from events import Consultation
from tests.builders import by_letter
from tests.conftest import only
from tests.consult.web.organisers import sign_in

pytestmark = only("sqlite")
CODES = "/organise/c/riverside/codes"
WHY = "the typesetter has no ink"


@pytest.fixture(scope="module", autouse=True)
def built():
    return hatch_build.build(Path(__file__).parents[3])


@pytest.fixture
def asked(services):
    return by_letter(services)


@pytest.fixture
def consult(services, monkeypatch, tmp_path):
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", services.config.database_url)
    monkeypatch.setenv("FOLKMOOT_PUBLIC_URL", "https://haveyoursay.example.org")
    file = tmp_path / "letters"

    def run(kind):
        asked_for = ("--count", "2", "--format", kind, "--output", str(file))
        return CliRunner().invoke(main, ["codes", "riverside", *asked_for]), file

    return run


@pytest.fixture
def ann(services, asked):
    return sign_in(create_app(services), services)


def are_void(services, asked):
    batches = services.record.get(Consultation, asked.id).batches.values()
    return [batch.is_void for batch in batches]


def fail(monkeypatch, kind, at, error):
    """Let the making of letters fail at its first or its second time."""
    place, name = (typesetting, "as_pdf") if kind == "pdf" else (handing_out, "as_csv")
    real, times = getattr(place, name), []

    def failing(*arguments):
        times.append(1)
        if len(times) == at:
            raise error
        return real(*arguments)

    monkeypatch.setattr(place, name, failing)


@pytest.mark.parametrize("kind", ["csv", "pdf"])
@pytest.mark.parametrize("error", [RuntimeError(WHY), AssertionError(), OSError(28, WHY)])
@pytest.mark.parametrize(("at", "left"), [(1, []), (2, [True])])
def test_a_command_whose_letters_fail_leaves_no_live_code_and_no_file(
    services, asked, consult, monkeypatch, kind, error, at, left
):
    fail(monkeypatch, kind, at, error)
    done, file = consult(kind)
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)  # said in words
    assert (WHY if str(error) else "AssertionError") in done.stderr
    assert ("no codes were issued" if at == 1 else "The batch was stopped") in done.stderr
    assert are_void(services, asked) == left
    assert not file.exists()


@pytest.mark.parametrize("kind", ["csv", "pdf"])
@pytest.mark.parametrize(("at", "left"), [(1, []), (2, [True])])
def test_a_page_whose_letters_fail_says_so_and_leaves_no_live_code(
    services, asked, ann, monkeypatch, kind, at, left
):
    page = ann.open(CODES)
    fail(monkeypatch, kind, at, RuntimeError(WHY))
    again = ann.fill(page, number="2", format=kind)
    assert again.status_code == 422
    assert WHY in again.text
    assert ("no codes were issued" if at == 1 else "The batch was stopped") in again.text
    assert ("Stopped" in again.text) is bool(left)
    assert are_void(services, asked) == left


def test_an_interrupt_stops_the_batch_too(services, asked, consult, monkeypatch):
    fail(monkeypatch, "pdf", 2, KeyboardInterrupt())
    done, file = consult("pdf")
    assert done.exit_code == 1
    assert are_void(services, asked) == [True]
    assert not file.exists()


def test_a_batch_that_cannot_be_stopped_is_named(services, asked, consult, monkeypatch):
    def away(*_arguments, **_options):
        raise RuntimeError("nobody is there")

    fail(monkeypatch, "pdf", 2, RuntimeError(WHY))
    monkeypatch.setattr(handing_out, "void_codes", away)
    done, file = consult("pdf")
    [batch] = services.record.get(Consultation, asked.id).batches
    for said in (WHY, batch, "nobody is there", "Stop it as soon as you can"):
        assert said in done.stderr
    assert not file.exists()


@pytest.mark.parametrize("kind", ["csv", "pdf"])
def test_a_title_that_no_font_has_still_gets_its_letters(services, consult, kind):
    by_letter(services, title="Buses ✓ 😀 中文")
    done, file = consult(kind)
    assert done.exit_code == 0, done.output
    if kind == "pdf":
        pages = [page.extract_text() for page in PdfReader(file).pages]
        assert len(pages) == 2
        assert all("Buses + ? ??" in page and "could not be shown" in page for page in pages)
