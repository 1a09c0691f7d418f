"""Zip archives from outside: read members within bounds, and refuse damaged archives.

`zipfile` creates an object for each entry before anybody can count them, expands BZIP2 and LZMA
without a bound, and raises many kinds of exceptions on damage. Documents need none of that: their
members are stored or deflated, and their central directory is at the end.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

STORED, DEFLATED = 0, 8
METHODS = frozenset({STORED, DEFLATED})
"""The only methods that documents use, and the only ones whose expansion can be bounded."""

MEMBERS_MAX = 5_000
EXPANDED_BYTES_MAX = 100_000_000
"""Limit of the expanded size of all members together, in bytes."""
RATIO_MAX = 200
"""Limit of expanded size over packed size; a document's text expands about tenfold."""
FREE_BYTES = 1_000_000
"""Expanded size allowed for any archive, however small its packed size."""
PIECE_BYTES = 65_536

_END = struct.Struct("<4s4H2IH")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_END_MARK, _ENTRY_MARK, _LOCAL_MARK = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_COMMENT_BYTES_MAX = 65_535
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000


class ArchiveError(ValueError):
    """The archive is damaged, too large, or packed in a way that documents are not."""


class Member(NamedTuple):
    """One entry of the central directory. `at`: offset of its local header."""

    name: str
    method: int
    check: int
    packed_bytes: int
    size_bytes: int
    at: int


class Archive:
    """An archive in memory, with its directory read and bounded. Raises ArchiveError."""

    def __init__(self, content: bytes) -> None:
        self._content = memoryview(content)
        self.members: Mapping[str, Member] = MappingProxyType(_listed(content))
        size = sum(member.size_bytes for member in self.members.values())
        if size > min(EXPANDED_BYTES_MAX, max(FREE_BYTES, RATIO_MAX * len(content))):
            raise ArchiveError
        for member in self.members.values():
            self._data(member)

    def read(self, name: str, bytes_max: int) -> bytes:
        """Return the content of a member. Raises ArchiveError, also if it exceeds `bytes_max`."""
        member = self.members[name]
        if member.size_bytes > bytes_max:
            raise ArchiveError
        pieces: list[bytes] = []
        self._expand(member, pieces)
        return b"".join(pieces)

    def check(self) -> None:
        """Expand every member without keeping it; check size and checksum. Raises ArchiveError."""
        for member in self.members.values():
            self._expand(member, None)

    def _expand(self, member: Member, pieces: list[bytes] | None) -> None:
        """Expand a member in pieces, never past its declared, bounded size. Raises ArchiveError."""
        data = self._data(member)
        left, check = member.size_bytes, 0
        for piece in _stored(data) if member.method == STORED else _inflated(data):
            left -= len(piece)
            if left < 0:
                raise ArchiveError
            check = zlib.crc32(piece, check)
            if pieces is not None:
                pieces.append(piece)
        if left or check != member.check:
            raise ArchiveError

    def _data(self, member: Member) -> memoryview:
        """Return the packed bytes of a member, whose local header must match the directory."""
        try:
            mark, _, flags, method, *_, name_bytes, extra_bytes = _LOCAL.unpack_from(
                self._content, member.at
            )
        except struct.error:
            raise ArchiveError from None
        name_at = member.at + _LOCAL.size
        begins = name_at + name_bytes + extra_bytes
        name = bytes(self._content[name_at : name_at + name_bytes])
        data = self._content[begins : begins + member.packed_bytes]
        is_same = (mark, method, _name(name)) == (_LOCAL_MARK, member.method, member.name)
        if not is_same or flags & _ENCRYPTED or len(data) != member.packed_bytes:
            raise ArchiveError
        return data


def _listed(content: bytes) -> dict[str, Member]:
    """Read the central directory, whose size is bounded before the first entry is read."""
    at = content.rfind(_END_MARK, max(0, len(content) - _END.size - _COMMENT_BYTES_MAX))
    if at < 0 or len(content) - at < _END.size:
        raise ArchiveError
    _, disk, list_disk, here, count, list_bytes, list_at, comment = _END.unpack_from(content, at)
    is_whole = (disk, list_disk, here) == (0, 0, count) and at + _END.size + comment == len(content)
    if not is_whole or not 0 < count <= MEMBERS_MAX or list_at + list_bytes != at:
        raise ArchiveError
    found: dict[str, Member] = {}
    for _ in range(count):
        member, list_at = _entry(content, list_at, at)
        if member.name in found:
            raise ArchiveError  # programs could disagree about which one is valid
        found[member.name] = member
    if list_at != at:
        raise ArchiveError
    return found


def _entry(content: bytes, at: int, until: int) -> tuple[Member, int]:
    """Read one directory entry; return it and the offset of the next one."""
    if at + _ENTRY.size > until:
        raise ArchiveError
    fields = _ENTRY.unpack_from(content, at)
    mark, flags, method, check = fields[0], fields[3], fields[4], fields[7]
    packed_bytes, size_bytes, lengths, header_at = fields[8], fields[9], fields[10:13], fields[16]
    if mark != _ENTRY_MARK or method not in METHODS or flags & _ENCRYPTED:
        raise ArchiveError
    name_at = at + _ENTRY.size
    name = content[name_at : name_at + lengths[0]]
    after = name_at + sum(lengths)
    if not name or after > until:
        raise ArchiveError
    return Member(_name(name), method, check, packed_bytes, size_bytes, header_at), after


def _name(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")


def _stored(data: memoryview) -> list[bytes]:
    return [bytes(data)]


def _inflated(data: memoryview) -> Iterator[bytes]:
    """Inflate pieces of bounded size into pieces of bounded size. Raises ArchiveError."""
    packed = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(data), PIECE_BYTES):
            waiting: bytes | memoryview = data[at : at + PIECE_BYTES]
            if packed.eof:
                raise ArchiveError
            while waiting:
                yield packed.decompress(waiting, PIECE_BYTES)
                waiting = packed.unconsumed_tail
        if not packed.eof:
            yield packed.flush(PIECE_BYTES)
    except zlib.error:
        raise ArchiveError from None
    if not packed.eof or packed.unused_data:
        raise ArchiveError
