"""Text that XML can hold: one character that it cannot makes a whole file unreadable."""

import re

UNKNOWN = "\ufffd"
_NEVER = "\ud800-\udfff\ufffe\uffff"
_UNHELD = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f{_NEVER}]")
_UNHELD_ESCAPED = re.compile(f"[{_NEVER}]")


def held(text: str) -> str:
    """Return text with a mark in place of each character that XML 1.0 has no way to write."""
    return _UNHELD.sub(UNKNOWN, text)


def held_escaped(text: str) -> str:
    """Return the same for a writer that has its own way to write control characters."""
    return _UNHELD_ESCAPED.sub(UNKNOWN, text)
