"""Somebody who works here: which roles they were given in which partnership, and which ended.

Who that is stands in the vault alone: the id of the subject is that of the account.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from typing_extensions import override

from events.base import By, Fact, Subject, fact
from events.errors import Refused


class RolesConflict(Refused):
    """Two roles that one person must not hold in one partnership."""

    says = (
        "Whoever has the role “{held}” in a partnership cannot have the role “{role}” there too, "
        "so nothing was changed. Give it to somebody else, or end the other role first."
    )


class StaffMember(Subject):
    """One person's roles. `roles`: by partnership id, in the order in which they were given.

    All of one person's roles are in one short stream: a request reads it whole to know what
    they may do now, and of two grants at the same moment the second sees the first.
    """

    TOPIC = "consult.staff"

    @override
    def start(self) -> None:
        self.roles: dict[UUID, tuple[str, ...]] = {}

    @fact("consult.staff.account_made.v1", starts=True)
    class AccountMade(Fact, frozen=True):
        """Somebody got an account, which may do nothing until a role is given."""

    @fact("consult.staff.role_granted.v1")
    class RoleGranted(Fact, frozen=True):
        """The person got a role in a partnership."""

        partnership_id: UUID
        role: str

        @override
        def apply(self, person: "StaffMember") -> None:
            held = person.roles.get(self.partnership_id, ())
            person.roles[self.partnership_id] = (*held, self.role)

    @fact("consult.staff.role_ended.v1")
    class RoleEnded(Fact, frozen=True):
        """The person has a role in a partnership no longer."""

        partnership_id: UUID
        role: str

        @override
        def apply(self, person: "StaffMember") -> None:
            held = person.roles.pop(self.partnership_id)
            left = tuple(role for role in held if role != self.role)
            if left:
                person.roles[self.partnership_id] = left

    def holds(self, partnership_id: UUID, role: str) -> bool:
        """Return whether the person has a role in a partnership."""
        return role in self.roles.get(partnership_id, ())

    def grant(
        self, partnership_id: UUID, role: str, beside: Collection[str], *, at: datetime, by: By
    ) -> None:
        """Give a role that is not held yet. `beside`: the roles that exclude it.

        Raises RolesConflict.
        """
        if self.holds(partnership_id, role):
            return
        for held in self.roles.get(partnership_id, ()):
            if held in beside:
                raise RolesConflict(role=role, held=held)
        granted = StaffMember.RoleGranted(at=at, by=by, partnership_id=partnership_id, role=role)
        self.record(granted)

    def end(self, partnership_id: UUID, role: str, *, at: datetime, by: By) -> None:
        """End a role, if it is held."""
        if self.holds(partnership_id, role):
            ended = StaffMember.RoleEnded(at=at, by=by, partnership_id=partnership_id, role=role)
            self.record(ended)
