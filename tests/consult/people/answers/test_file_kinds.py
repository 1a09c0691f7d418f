"""Files made to cost a lot or to break something: refused in little memory, never an error."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.formats import archive
from consult.formats.archive import Archive, ArchiveError
from consult.people.answers.file_kinds import KINDS, sniff
from tests.attached import pdf
from tests.consult.people import bombs
from tests.consult.printing.test_characters_of_paper import made_document

OTHERS = {"logo", "wholes", "damaged", "pieces"}


@pytest.fixture(scope="module")
def taken() -> dict[str, object]:
    """What every such file is taken for by a process that may use 80 MB for all of it."""
    done = subprocess.run(
        [sys.executable, str(Path(bombs.__file__))], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr[-2_000:]
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_no_file_expands_beyond_the_memory_there_is_whatever_it_is_packed_with(taken):
    made = {name: kind for name, kind in taken.items() if name not in OTHERS}
    assert len(made) > 20
    assert not any(made.values())
    assert taken["logo"] is None


def test_documents_are_taken_stored_and_deflated_and_packed_in_no_other_way(taken):
    assert taken["wholes"] == ["docx", "docx", None, None, "odt", "odt", None, None]


def test_damage_anywhere_is_a_no_and_never_an_error(taken):
    # What is changed in a time stamp or a comment that nobody reads leaves the document whole.
    assert int(str(taken["pieces"])) > 10_000
    assert int(str(taken["damaged"])) < int(str(taken["pieces"])) // 8


@given(st.data())
def test_a_document_changed_in_any_places_is_whole_or_refused(data):
    content = bytearray(bombs.document(data.draw(st.sampled_from(["docx", "odt"]))))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(st.binary(max_size=8))
        content[at : at + data.draw(st.integers(0, 8))] = piece
    assert sniff(bytes(content), KINDS) in {None, "docx", "odt"}


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"PK\x05\x06"]))
def test_any_bytes_are_a_kind_or_none(content, begins):
    assert sniff(begins + content, KINDS) in {None, *KINDS}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf(), "pdf"),
        (pdf(size_bytes=2_000_000), "pdf"),
        (pdf() + b"\r\n" * 400, "pdf"),
        (pdf() + b"\0" * 1_024, None),
        (pdf()[:-1], "pdf"),
        (pdf(size_bytes=2_000_000)[:1_000_000], None),
        (b"%PDF-", None),
        (b"%PDF-1.7 nothing else", None),
        (b"%PDF-1.7\n%%EOF\n", None),
        (b"MZ" + pdf(), None),
    ],
)
def test_a_pdf_begins_and_ends_as_one(content, kind):
    assert sniff(content, ("pdf", "png")) == kind


def test_what_is_typeset_here_is_a_pdf():
    assert sniff(made_document("Tŷ newydd"), KINDS) == "pdf"


def test_only_the_kinds_that_are_allowed_are_looked_for(monkeypatch):
    opened = []
    monkeypatch.setattr(archive.Archive, "__init__", lambda _self, content: opened.append(content))
    assert sniff(bombs.document(), ("pdf", "png", "jpeg", "txt")) is None
    assert not opened


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_macros_are_seen_in_every_encoding_of_the_list_of_types(tmp_path, encoding):
    path = tmp_path / "macros.docx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(
            "[Content_Types].xml", "application/vnd.ms-word.MacroEnabled".encode(encoding)
        )
        file.writestr("word/document.xml", b"")
    assert sniff(path.read_bytes(), KINDS) is None


@pytest.mark.parametrize(
    "strange",
    [
        b"MZ" + bombs.document(),
        bombs.document() + b"more",
        bombs.renumbered(bombs.document(), 12),
        bombs.resized(bombs.document(), 3),
        bombs.crowded(5_001, 5_001),
        bombs.overlapping(2),
        bombs.huge("docx", zipfile.ZIP_DEFLATED, 3 * bombs.MEGABYTE),
    ],
    ids=["prefix", "suffix", "method", "size", "members", "twice", "ratio"],
)
def test_an_archive_is_refused_that_documents_never_are(strange):
    with pytest.raises(ArchiveError):
        Archive(strange).check()


@given(st.lists(st.binary(max_size=4_000), min_size=1, max_size=5, unique=True))
def test_an_archive_gives_back_what_was_put_into_it(contents):
    made = bombs.packed({f"folder/{place}": each for place, each in enumerate(contents)})
    opened = Archive(made)
    opened.check()
    assert [opened.read(name, 4_000) for name in opened.members] == contents
