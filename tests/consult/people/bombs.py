"""Files that were made to cost a lot, and the ways a file can be damaged; run as a program, it
reads each kind of them under a limit of memory and prints what it was taken for.
"""

import io
import json
import resource
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from itertools import product

from consult.formats import png
from consult.people.answers.file_kinds import KINDS, sniff

MEGABYTE = 1_000_000
ROOM_BYTES = 80 * MEGABYTE
"""What reading may take beyond what the process has: far less than any of them expands to."""
METHODS = {
    "stored": zipfile.ZIP_STORED,
    "deflate": zipfile.ZIP_DEFLATED,
    "bzip2": zipfile.ZIP_BZIP2,
    "lzma": zipfile.ZIP_LZMA,
}
OTHER_METHODS = (1, 6, 9, 93, 95, 97, 98, 99)
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
WORDS = b"<w:document/>" * 40
ODT = KINDS["odt"].media_type.encode()


def document(kind: str = "docx", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a small DOCX or ODT."""
    if kind == "odt":
        return packed({"mimetype": ODT, "content.xml": WORDS}, method)
    return packed({"[Content_Types].xml": TYPES, "word/document.xml": WORDS}, method)


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        for name, held in members.items():
            file.writestr(name, held)
    return made.getvalue()


def huge(kind: str, method: int, size_bytes: int) -> bytes:
    """Return a document whose looked-at member expands to very much."""
    made = io.BytesIO()
    first = "mimetype" if kind == "odt" else "[Content_Types].xml"
    with zipfile.ZipFile(made, "w", method) as file:
        with file.open(first, "w", force_zip64=False) as member:
            for _ in range(size_bytes // MEGABYTE):
                member.write(bytes(MEGABYTE))
        file.writestr("word/document.xml" if kind == "docx" else "content.xml", WORDS)
    return made.getvalue()


def renumbered(content: bytes, method: int) -> bytes:
    """Say in every header that another method was used."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = changed.find(mark)
        while at >= 0:
            struct.pack_into("<H", changed, at + offset, method)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def resized(content: bytes, size_bytes: int) -> bytes:
    """Say in every header that members have another size than they have."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = changed.find(mark)
        while at >= 0:
            struct.pack_into("<I", changed, at + offset, size_bytes)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def crowded(entries: int, said: int) -> bytes:
    """Return an archive with very many empty members; `said`: how many its end speaks of."""
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"x"
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0
    )
    listed = (entry + b"x") * entries
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, said, said, len(listed), len(local), 0)
    return local + listed + end


def overlapping(times: int) -> bytes:
    """Return an archive whose list names one large member again and again."""
    plain = bytes(20 * MEGABYTE)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = packer.compress(plain) + packer.flush()
    check = zlib.crc32(plain)
    sizes = (check, len(data), len(plain))
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, *sizes, 1, 0) + b"x" + data
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, *sizes, 1, *[0] * 6)
    listed = b"".join(entry + f"{number:03}"[:1].encode() for number in range(times))
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, times, times, len(listed), len(local), 0)
    return local + listed + end


def picture_of_nothing() -> bytes:
    """Return a PNG of 20 KB whose picture expands to 20 MB."""
    body = zlib.compress(bytes(20 * MEGABYTE), 9)
    header = struct.pack(">IIBBBBB", 1_200, 1_200, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    return png.SIGNATURE + b"".join(
        struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))
        for kind, held in chunks
    )


def damaged(content: bytes) -> Iterator[bytes]:
    """Cut a file at each place, and turn each of its bytes into three others."""
    for at in range(len(content)):
        yield content[:at]
        for change in (0x01, 0x80, 0xFF):
            yield content[:at] + bytes([content[at] ^ change]) + content[at + 1 :]


def bombs() -> Iterator[tuple[str, bytes]]:
    """Every file that costs far more to open than to send, by what it is."""
    for name in ("deflate", "bzip2", "lzma"):
        yield f"docx of 120 MB, {name}", huge("docx", METHODS[name], 120 * MEGABYTE)
    yield "odt of 120 MB", huge("odt", METHODS["bzip2"], 120 * MEGABYTE)
    for number, kind in product(OTHER_METHODS, ("docx", "odt")):
        yield f"{kind} with method {number}", renumbered(document(kind), number)
    deflated = huge("docx", zipfile.ZIP_DEFLATED, 90 * MEGABYTE)
    yield "docx that lies about its size", resized(deflated, 1_000)
    yield "docx that promises 4 GB", resized(document(), 0xFFFFFFF0)
    yield "200,000 members", crowded(200_000, 65_535)
    yield "200,000 members, said to be 10", crowded(200_000, 10)
    yield "a member named again and again", overlapping(9)
    yield "text of 20 MB", "\U0001f600".encode() * (5 * MEGABYTE) + b"\0"


def main() -> None:
    """Read everything, and print what it was taken for."""
    made = [(name, content) for name, content in bombs()]
    logo = picture_of_nothing()
    wholes = [document(kind, method) for kind in ("docx", "odt") for method in METHODS.values()]
    pieces = [each for whole in wholes for each in damaged(whole)]
    used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()  # noqa: PTH123, SIM115  in as few steps as can be
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM_BYTES, used + ROOM_BYTES))
    found: dict[str, object] = {name: sniff(content, KINDS) for name, content in made}
    try:
        png.cleaned(logo, 200_000)
        found["logo"] = "taken"
    except png.NotAPicture:
        found["logo"] = None
    found["wholes"] = [sniff(each, KINDS) for each in wholes]
    found["damaged"] = sum(sniff(each, KINDS) is not None for each in pieces)
    found["pieces"] = len(pieces)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
