"""A partnership: its area with wards and populations, its members and its sub-partnerships."""

from typing import Any
from uuid import UUID

import msgspec
from typing_extensions import override

from events.base import By, Fact, Subject, derived_id, fact
from events.errors import Refused
from events.frameworks import check_profile
from events.particulars import Particulars
from events.question import Text, check_ids
from events.theme import Look

TIERS = ("unitary", "county", "district", "none")
"""Of the council whose area it is; "none" where the area is no council's."""
SECTORS = ("statutory", "private", "voluntary", "community")


class UnknownSector(Refused):
    """The sector of a member is not one of SECTORS."""

    says = "“{sector}” is not a sector. Use statutory, private, voluntary or community."


class ConstitutionUnwritten(Refused):
    """A text about what the partnership is or decides is missing in a language."""

    says = "Say in {language} too what the partnership is and what it decides. Nothing was changed."


class UnknownTier(Refused):
    """The tier of the council is not one of TIERS."""

    says = "“{tier}” is not a tier of councils. Nothing was changed."


class NameMissing(Refused):
    """The name of the partnership is missing in a language."""

    says = "Give the partnership a name in {language}. Nothing was changed."


class NoSuchOrganisation(Refused):
    """No member organisation has this id."""

    says = "This organisation is no member of the partnership. Nothing was changed."


class Ward(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of the area. `population`: residents; `quintile`: 1 is most deprived."""

    code: str
    name: Text
    population: int
    quintile: int = 0


class Organisation(msgspec.Struct, frozen=True, omit_defaults=True):
    """A member of the partnership."""

    id: str
    name: Text
    sector: str
    duty_to_cooperate: bool = False


class Constitution(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a partnership is, in plain words. `tier`: of TIERS; "" not said yet.

    `status`: its legal status. `decides`, `does_not_decide`: what it can and cannot decide.
    """

    tier: str = ""
    status: Text = {}
    decides: Text = {}
    does_not_decide: Text = {}


class Standing:
    """The state that facts of a partnership change, shared by the subject and its page."""

    slug: str
    name: Text
    area: Text
    profile: str
    languages: tuple[str, ...]
    wards: tuple[Ward, ...]
    population_source: str | Text
    members: dict[str, Organisation]
    sub_partnerships: dict[str, Text]
    statutory_bases: dict[str, str]
    constitution: Constitution
    look: Look
    particulars: Particulars


class Partnership(Standing, Subject):
    """One partnership and what belongs to it."""

    TOPIC = "consult.partnership"

    @override
    def start(self) -> None:
        self.wards = ()
        self.population_source = ""
        self.members = {}
        self.constitution = Constitution()
        self.sub_partnerships = {}
        self.statutory_bases = {}
        self.look = Look()
        self.particulars = Particulars()

    @fact("consult.partnership.formed.v1", starts=True)
    class Formed(Fact, frozen=True):
        """The partnership was formed. `slug`: its short name; `profile`: its legal regime.

        `particulars`: its public particulars, which can be completed later.
        """

        slug: str
        name: Text
        area: Text
        profile: str
        languages: tuple[str, ...] = ("en", "cy")
        particulars: Particulars = Particulars()

        @override
        def apply(self, partnership: Standing) -> None:
            partnership.slug = self.slug
            partnership.name = self.name
            partnership.area = self.area
            partnership.profile = self.profile
            partnership.languages = self.languages
            partnership.particulars = self.particulars

    @fact("consult.partnership.redescribed.v1")
    class Redescribed(Fact, frozen=True):
        """The name, the area, the legal regime or the languages changed."""

        name: Text
        area: Text
        profile: str
        languages: tuple[str, ...] = ("en", "cy")

        @override
        def apply(self, partnership: Standing) -> None:
            partnership.name = self.name
            partnership.area = self.area
            partnership.profile = self.profile
            partnership.languages = self.languages

    @fact("consult.partnership.particulars_stated.v1")
    class ParticularsStated(Fact, frozen=True):
        """The public particulars of the partnership changed."""

        particulars: Particulars

        @override
        def apply(self, partnership: Standing) -> None:
            partnership.particulars = self.particulars

    @fact("consult.partnership.constituted.v1")
    class Constituted(Fact, frozen=True):
        """It was said, or said anew, what the partnership is and what it can decide."""

        constitution: Constitution

        @override
        def apply(self, partnership: Standing) -> None:
            partnership.constitution = self.constitution

    @fact("consult.partnership.area_defined.v1")
    class AreaDefined(Fact, frozen=True):
        """The wards and how many people live there.

        `source`: of the figures, with their date; one text, or one in each language.
        """

        wards: tuple[Ward, ...]
        source: str | Text

        @override
        def apply(self, partnership: Standing) -> None:
            partnership.wards = self.wards
            partnership.population_source = self.source

    @fact("consult.partnership.member_joined.v1")
    class MemberJoined(Fact, frozen=True):
        """An organisation became a member."""

        organisation: Organisation

        @override
        def apply(self, partnership: Standing) -> None:
            partnership.members[self.organisation.id] = self.organisation

    @fact("consult.partnership.member_left.v1")
    class MemberLeft(Fact, frozen=True):
        """An organisation is no longer a member."""

        organisation_id: str

        @override
        def apply(self, partnership: Standing) -> None:
            partnership.members.pop(self.organisation_id, None)

    @fact("consult.partnership.sub_partnership_created.v1")
    class SubPartnershipCreated(Fact, frozen=True):
        """A themed group was set up. `statutory_base`: the law behind it, if any."""

        id: str
        theme: Text
        statutory_base: str = ""

        @override
        def apply(self, partnership: Standing) -> None:
            partnership.sub_partnerships[self.id] = self.theme
            if self.statutory_base:
                partnership.statutory_bases[self.id] = self.statutory_base

    @fact("consult.partnership.look_set.v1")
    class LookSet(Fact, frozen=True):
        """The branding changed. `picture`: the new logo as PNG; empty when it is unchanged."""

        look: Look
        picture: bytes = b""

        @override
        def apply(self, partnership: Standing) -> None:
            partnership.look = self.look

    @staticmethod
    def id_for(slug: str) -> UUID:
        """Return the id of the partnership with this short name."""
        return derived_id("partnership", slug)

    def admit(self, organisation: Organisation, *, at: Any, by: By) -> None:
        """Add a member. Raises UnknownSector, UnclearId."""
        check_ids([organisation.id])
        if organisation.sector not in SECTORS:
            raise UnknownSector(sector=organisation.sector)
        self.record(Partnership.MemberJoined(at=at, by=by, organisation=organisation))

    def release(self, organisation_id: str, *, at: Any, by: By) -> None:
        """Note that a member has left. Raises NoSuchOrganisation."""
        if organisation_id not in self.members:
            raise NoSuchOrganisation
        self.record(Partnership.MemberLeft(at=at, by=by, organisation_id=organisation_id))

    def state_particulars(self, particulars: Particulars, *, at: Any, by: By) -> None:
        """Record the particulars if they have changed. Raises BadParticulars."""
        particulars.check()
        if particulars != self.particulars:
            self.record(Partnership.ParticularsStated(at=at, by=by, particulars=particulars))

    def constitute(self, constitution: Constitution, *, at: Any, by: By) -> None:
        """Record what it is, if that has changed. Raises UnknownTier, ConstitutionUnwritten."""
        if constitution.tier not in TIERS:
            raise UnknownTier(tier=constitution.tier[:40])
        for language in self.languages:
            told = (constitution.status, constitution.decides, constitution.does_not_decide)
            if not all(text.get(language, "").strip() for text in told):
                raise ConstitutionUnwritten(language=language)
        if constitution != self.constitution:
            self.record(Partnership.Constituted(at=at, by=by, constitution=constitution))

    def redescribe(
        self,
        *,
        name: Text,
        area: Text,
        profile: str,
        languages: tuple[str, ...],
        at: Any,
        by: By,
    ) -> None:
        """Change the name, area, legal regime or languages. Raises UnknownProfile, NameMissing."""
        check_profile(profile)
        for language in languages:
            if not name.get(language, "").strip():
                raise NameMissing(language=language)
        told = (name, area, profile, languages)
        if told != (self.name, self.area, self.profile, self.languages):
            self.record(
                Partnership.Redescribed(
                    at=at, by=by, name=name, area=area, profile=profile, languages=languages
                )
            )
