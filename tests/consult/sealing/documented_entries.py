"""What docs/log-entries.md says of every member of every entry, read from its tables."""

import re
from pathlib import Path
from typing import NamedTuple

DOCUMENT = Path(__file__).parents[3] / "docs" / "log-entries.md"


class Member(NamedTuple):
    """The kind of its values, and whether every entry has it."""

    kind: str
    is_always: bool


def members() -> dict[str, dict[str, Member]]:
    """By kind of entry, then by member."""
    found: dict[str, dict[str, Member]] = {}
    rows = re.findall(r"^\| `([a-z_.]+)` \| `([a-z_]+)` \| (.+) \| (.+) \|$", text(), re.MULTILINE)
    for entry, member, kind, when in rows:
        plain = kind if '"' in kind else kind.strip("`")
        found.setdefault(entry, {})[member] = Member(plain, when.startswith("always"))
    return found


def kinds() -> set[str]:
    """The kinds of value that have a row of their own, or more than one in it."""
    rows = re.findall(
        r"^\| ((?:`[a-z0-9]+` ?)+)\|", text().partition("## Members")[0], re.MULTILINE
    )
    return {kind for row in rows for kind in re.findall(r"`([a-z0-9]+)`", row)}


def text() -> str:
    return DOCUMENT.read_text()
