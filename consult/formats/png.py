"""Validate PNG files from outside to the last chunk, and remove all chunks but the picture."""

import struct
import zlib
from collections.abc import Iterator

from events.errors import Refused

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SIDE_MAX = 1_200
"""Pixels."""
_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"IDAT", b"IEND"})
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_HEADER = struct.Struct(">IIBBBBB")


class NotAPicture(Refused):
    """The content cannot be used as a logo."""

    says = (
        "This is not a PNG picture that can be used. Save the logo as PNG, at most 1,200 pixels "
        "on each side and {most} bytes, and try again."
    )


def cleaned(content: bytes, bytes_max: int) -> bytes:
    """Return the picture without comments, times and places. Raises NotAPicture."""
    if len(content) > bytes_max or not content.startswith(SIGNATURE):
        raise NotAPicture(most=f"{bytes_max:,}")
    try:
        chunks = [(kind, body) for kind, body in _chunks(content) if kind in _KEPT]
        _check(chunks)
    except (ValueError, zlib.error, struct.error):
        raise NotAPicture(most=f"{bytes_max:,}") from None
    return SIGNATURE + b"".join(_written(kind, body) for kind, body in chunks)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        (check,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(kind + body) != check:
            raise ValueError
        yield kind, body
        at += 12 + length
        if kind == b"IEND":
            return
    raise ValueError


def _check(chunks: list[tuple[bytes, bytes]]) -> None:
    """Raise ValueError unless the header, chunk order and amount of image data are valid."""
    kinds = [kind for kind, _body in chunks]
    if kinds[0] != b"IHDR" or kinds[-1] != b"IEND" or kinds.count(b"IHDR") != 1:
        raise ValueError
    width, height, depth, colour, method, filtering, interlaced = _HEADER.unpack(chunks[0][1])
    if not (0 < width <= SIDE_MAX and 0 < height <= SIDE_MAX) or (method, filtering) != (0, 0):
        raise ValueError
    if depth not in {1, 2, 4, 8, 16} or interlaced != 0 or colour not in _CHANNELS:
        raise ValueError
    line = 1 + (width * depth * _CHANNELS[colour] + 7) // 8
    packed = zlib.decompressobj()
    data = b"".join(body for kind, body in chunks if kind == b"IDAT")
    if len(packed.decompress(data, line * height + 1)) != line * height:
        raise ValueError


def _written(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
