"""The acts that need two people: what each does, and whose agreement it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints

import msgspec

from consult import access
from consult.access import Capability
from consult.commands.accounts.members import grant_administrator
from consult.commands.data_protection.retention import lift_legal_hold


@dataclass(frozen=True)
class Act:
    """An act that needs two people. `command`: what does it; `agreeing`: who may be the second."""

    command: Callable[..., Any]
    agreeing: Capability

    @property
    def id(self) -> str:
        """Return its name in facts."""
        name: str = self.command.act  # type: ignore[attr-defined]  # set by `needs_second`
        return name

    @property
    def asking(self) -> Capability:
        """Return what whoever asks must be allowed to do."""
        capability: Capability = self.command.capability  # type: ignore[attr-defined]  # `needs`
        return capability

    def arguments(self, content: str) -> dict[str, Any]:
        """Return the arguments of the command, from what was agreed to."""
        hints = get_type_hints(self.command)
        found: dict[str, Any] = msgspec.json.decode(content)
        return {name: msgspec.convert(value, hints[name]) for name, value in found.items()}


ACTS = {
    each.id: each
    for each in (
        Act(grant_administrator, access.AGREE_ABOUT_PEOPLE),
        Act(lift_legal_hold, access.AGREE_ABOUT_DATA),
    )
}
"""Every act that needs two people, by its name in facts, which is never changed."""
