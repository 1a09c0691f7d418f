"""The text of a checkpoint: which log, how many entries, which root (C2SP tlog-checkpoint)."""

from dataclasses import dataclass

from events.log.encoding import SIZE_MAX, from_base64, from_decimal, to_base64
from events.log.errors import MalformedError, TooLargeError
from events.log.leaf import require_hash
from events.log.merkle import TreeHead

ORIGIN_BYTES_MAX = 255  # an ML-DSA cosignature carries the length in one byte
EXTENSIONS_MAX = 16
BODY_BYTES_MAX = 4_096


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head of the log called `origin`; `root` is 32 bytes.

    `extensions` are opaque further lines. We write none (nobody can audit them) but sign and
    check what others wrote. Raises MalformedError on construction.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_name(self.origin, "The origin")
        require_hash(self.root, "The checkpoint's root")
        if not 0 <= self.size <= SIZE_MAX:
            raise MalformedError("The checkpoint's size is not from 0 to 2^63-1.")
        if not all(self.extensions) or any("\n" in line for line in self.extensions):
            raise MalformedError("A checkpoint's extension line is empty or broken in two.")

    @property
    def head(self) -> TreeHead:
        """Size and root together."""
        return TreeHead(self.size, self.root)

    @property
    def body(self) -> bytes:
        """The text that is signed, with its final newline."""
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines).encode()


def parse_body(body: bytes) -> Checkpoint:
    """Parse a checkpoint's text. Raises MalformedError for anything but its canonical form."""
    if len(body) > BODY_BYTES_MAX:
        raise TooLargeError(f"The checkpoint is over {BODY_BYTES_MAX} bytes.")
    try:
        lines = body.decode().split("\n")
    except UnicodeDecodeError:
        raise MalformedError("The checkpoint is not UTF-8.") from None
    if len(lines) < 4 or lines.pop() != "":  # noqa: PLR2004 - three lines, each ended
        raise MalformedError("A checkpoint has three lines: origin, size and root.")
    origin, size, root, *extensions = lines
    if len(extensions) > EXTENSIONS_MAX:
        raise TooLargeError(f"The checkpoint has over {EXTENSIONS_MAX} extension lines.")
    return Checkpoint(
        origin,
        from_decimal(size, "The checkpoint's size"),
        from_base64(root, "The checkpoint's root"),
        tuple(extensions),
    )


def require_name(name: str, what: str) -> None:
    """Check that a key name or origin is valid in a signed note. Raises MalformedError.

    Names are 1 to 255 bytes without spaces, plus signs or control characters. C2SP only
    recommends this for origins; ours double as key names, so both are held to it.
    """
    if not 1 <= len(name.encode("utf-8", "replace")) <= ORIGIN_BYTES_MAX:
        raise MalformedError(f"{what} is not 1 to {ORIGIN_BYTES_MAX} bytes long.")
    if "+" in name or any(c.isspace() or c < " " or c == "\x7f" for c in name):
        raise MalformedError(f"{what} has a space, plus sign or control character.")
