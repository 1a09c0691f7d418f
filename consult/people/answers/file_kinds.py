"""Detect the kind of a file by its content, and make file names safe."""

import codecs
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from typing import Literal, NamedTuple

from consult.formats.archive import Archive, ArchiveError

Kind = str
Scan = Literal["clean", "unscanned"]


class About(NamedTuple):
    """A kind of file: its name, its media type, and its file name extensions."""

    title: str
    media_type: str
    endings: tuple[str, ...]


KINDS: Mapping[Kind, About] = {
    "pdf": About("PDF", "application/pdf", ("pdf",)),
    "png": About("PNG", "image/png", ("png",)),
    "jpeg": About("JPEG", "image/jpeg", ("jpg", "jpeg")),
    "docx": About(
        "Word (DOCX)",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ("docx",),
    ),
    "odt": About("OpenDocument (ODT)", "application/vnd.oasis.opendocument.text", ("odt",)),
    "txt": About("TXT", "text/plain", ("txt",)),
}
"""The kinds that can be attached, by the names that questions use."""

NAME_LENGTH_MAX = 60
MEMBER_BYTES_MAX = 200_000
"""The size limit of an archive member that is read; real ones have a fiftieth of it."""
TEXT_PIECE_BYTES = 65_536
PDF_END_BYTES = 1_024
"""Readers look for the end of a PDF within so many bytes, and so do we."""
_PDF_ENDS = re.compile(rb"startxref\s+[0-9]+\s+%%EOF")
_CONTROLS_OF_TEXT = str.maketrans("", "", "\t\r\n\f")
TYPES = "[Content_Types].xml"
_ODT = KINDS["odt"].media_type.encode()
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def sniff(content: bytes, allowed: Collection[Kind]) -> Kind | None:
    """Return the allowed kind of a file by its content, or None.

    Kinds that are not allowed are not checked. A document that is damaged, has macros, or
    would expand to many times its size is of no kind.
    """
    return next(
        (kind for kind, is_it in _LOOKS.items() if kind in allowed and is_it(content)), None
    )


def has_ending(kind: Kind, name: str) -> bool:
    """Return whether a file name has an extension of its kind."""
    return name.rpartition(".")[2].lower() in KINDS[kind].endings


def safe_name(name: str, kind: Kind) -> str:
    """Return a safe file name: ASCII letters, digits and . _ -, with the extension of its kind."""
    plain = unicodedata.normalize("NFKD", name.replace("\\", "/").rpartition("/")[2])
    stem = plain.rpartition(".")[0] or plain
    letters = _UNSAFE.sub("-", stem.encode("ascii", "ignore").decode()).strip(".-_")
    return f"{letters[:NAME_LENGTH_MAX] or 'file'}.{KINDS[kind].endings[0]}"


def shown_name(name: str) -> str:
    """Return the original file name, without folders and unprintable characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in last if each.isprintable()).strip() or "file"


def _is_pdf(content: bytes) -> bool:
    """Return whether content begins as a PDF does and has the end that every reader looks for.

    What comes between is not parsed: nothing of ours opens it, and staff get it as a download.
    """
    return content.startswith(b"%PDF-") and bool(_PDF_ENDS.search(content[-PDF_END_BYTES:]))


def _is_docx(content: bytes) -> bool:
    archive = _opened(content)
    if archive is None or not {"word/document.xml", TYPES} <= archive.members.keys():
        return False
    # In any encoding of the list of types.
    types = archive.read(TYPES, MEMBER_BYTES_MAX).replace(b"\0", b"").lower()
    return b"macroenabled" not in types


def _is_odt(content: bytes) -> bool:
    archive = _opened(content)
    if archive is None or next(iter(archive.members)) != "mimetype":
        return False
    has_macros = any(name.startswith(("Basic/", "Scripts/")) for name in archive.members)
    return archive.read("mimetype", MEMBER_BYTES_MAX) == _ODT and not has_macros


def _opened(content: bytes) -> Archive | None:
    """Return the archive, or None if it has macros or is none. Raises ArchiveError."""
    if not content.startswith(b"PK\x03\x04"):
        return None
    archive = Archive(content)
    archive.check()
    has_macros = any("vbaproject" in name.lower() for name in archive.members)
    return None if has_macros else archive


def _is_text(content: bytes) -> bool:
    """Return whether content is UTF-8 text without control characters, checked piece by piece."""
    reader = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        for at in range(0, len(content), TEXT_PIECE_BYTES):
            text = reader.decode(content[at : at + TEXT_PIECE_BYTES])
            if not text.translate(_CONTROLS_OF_TEXT).isprintable():
                return False
        reader.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return bool(content)


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signatures)


def _whole(is_it: Callable[[bytes], bool]) -> Callable[[bytes], bool]:
    """Wrap a check to return False for a damaged archive."""

    def answer(content: bytes) -> bool:
        try:
            return is_it(content)
        except ArchiveError:
            return False

    return answer


_LOOKS: Mapping[Kind, Callable[[bytes], bool]] = {
    "pdf": _is_pdf,
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    "jpeg": _begins(b"\xff\xd8\xff"),
    "docx": _whole(_is_docx),
    "odt": _whole(_is_odt),
    "txt": _is_text,
}
