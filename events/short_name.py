"""A short name of a consultation: the address that leads to it, and to no other, for ever."""

from uuid import UUID

from typing_extensions import override

from events.base import Fact, Subject, derived_id, fact


class ShortName(Subject):
    """One short name. Its id derives from the name, so it can be taken once.

    Consultations drafted before there was such a fact have none.
    """

    TOPIC = "consult.short_name"

    slug: str
    consultation_id: UUID

    @fact("consult.short_name.taken.v1", starts=True)
    class Taken(Fact, frozen=True):
        """A consultation got this short name, whichever partnership it is of."""

        slug: str
        consultation_id: UUID

        @override
        def apply(self, name: "ShortName") -> None:
            name.slug = self.slug
            name.consultation_id = self.consultation_id

    @staticmethod
    def id_for(slug: str) -> UUID:
        """Return the one id that a short name can have."""
        return derived_id("short name", slug)
