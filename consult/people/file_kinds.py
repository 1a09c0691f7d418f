"""Which kind of file something really is, by its content; what a file is called afterwards."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from typing import Literal, NamedTuple

Kind = str
Scan = Literal["clean", "unscanned"]


class About(NamedTuple):
    """A kind of file: how it is called, its media type, and how its names may end."""

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
"""The kinds that may be attached at all, by the names that questions use."""

NAME_LENGTH_MAX = 60
MEMBER_BYTES_MAX = 200_000
MEMBERS_MAX = 5_000
_ODT = KINDS["odt"].media_type.encode()
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def sniff(content: bytes) -> Kind | None:
    """Return the kind of a file by its content; None when it is none that may be attached.

    Documents with macros are none.
    """
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    return "txt" if _is_text(content) else None


def has_ending(kind: Kind, name: str) -> bool:
    """Say whether a file is called as files of its kind are."""
    return name.rpartition(".")[2].lower() in KINDS[kind].endings


def safe_name(name: str, kind: Kind) -> str:
    """Return a name that is safe to save under: plain letters, and the ending of its kind."""
    plain = unicodedata.normalize("NFKD", name.replace("\\", "/").rpartition("/")[2])
    stem = plain.rpartition(".")[0] or plain
    letters = _UNSAFE.sub("-", stem.encode("ascii", "ignore").decode()).strip(".-_")
    return f"{letters[:NAME_LENGTH_MAX] or 'file'}.{KINDS[kind].endings[0]}"


def shown_name(name: str) -> str:
    """Return the name a file was chosen under, without folders and what cannot be shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in last if each.isprintable()).strip() or "file"


def _zipped(content: bytes) -> Kind | None:
    """Look into an archive: only at its list of members and at one small one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MEMBERS_MAX or any("vbaproject" in name.lower() for name in names):
                return None
            if names and names[0] == "mimetype" and _member(archive, "mimetype") == _ODT:
                return None if any(name.startswith("Basic/") for name in names) else "odt"
            if "word/document.xml" in names and "[Content_Types].xml" in names:
                types = _member(archive, "[Content_Types].xml").lower()
                return None if b"macroenabled" in types else "docx"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return None
    return None


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(MEMBER_BYTES_MAX)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text) and all(each.isprintable() or each in "\t\r\n\f" for each in text)
