"""Short names: the permanent address of one consultation each."""

from uuid import UUID

from typing_extensions import override

from events.base import Fact, Subject, derived_id, fact


class ShortName(Subject):
    """One short name. Its id derives from the name, so it can be taken only once.

    Consultations drafted before this fact existed have none.
    """

    TOPIC = "consult.short_name"

    slug: str
    consultation_id: UUID

    @fact("consult.short_name.taken.v1", starts=True)
    class Taken(Fact, frozen=True):
        """A consultation took this short name, which is unique across all partnerships."""

        slug: str
        consultation_id: UUID

        @override
        def apply(self, name: "ShortName") -> None:
            name.slug = self.slug
            name.consultation_id = self.consultation_id

    @staticmethod
    def id_for(slug: str) -> UUID:
        """Return the id of a short name."""
        return derived_id("short name", slug)
