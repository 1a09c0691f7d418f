"""Watch what pages write: each statement that changes the vault was sent by a command."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from consult.people.vault import Vault

COMMANDS = ("consult.commands", "consult.jobs")
"""What pages write through; to ask for a job is a command too."""
WRITING = ("INSERT", "UPDATE", "DELETE")
BY_ITSELF = "key"
"""The table of secrets, which are made at their first use, whatever uses them."""


@contextmanager
def watched(vault: Vault) -> Iterator[None]:
    """Fail when a page writes to the vault and no command stands between them."""

    def check(_connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        words = statement.replace('"', "").replace("people.", "").split(maxsplit=3)
        if words[0].upper() in WRITING and BY_ITSELF not in words[1:3]:
            place = _who_writes()
            assert place is None, f"{place} writes to the vault, and not through a command"

    event.listen(vault.engine, "before_cursor_execute", check)
    try:
        yield
    finally:
        event.remove(vault.engine, "before_cursor_execute", check)


def _who_writes() -> str | None:
    """Return the page that is closest on the stack, or None if a command is closer, or neither."""
    frame = sys._getframe()
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(COMMANDS):
            return None
        if module.startswith("consult.web"):
            return f"{module}:{frame.f_lineno}"
        frame = frame.f_back
    return None
