"""A consultation as pages, mails and documents show it: with its partnership, in words."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from consult import access
from consult.commands.answers.places import taking_part
from consult.rendered import Rendered
from consult.wording.language import said
from events.partnership import Ward
from events.question import Text
from projections.consultations import ConsultationPage
from projections.partnerships import PartnershipPage

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}


@dataclass
class ShownConsultation:
    """One version of a consultation with its partnership.

    `ready`: whatever was rendered of this version and does not depend on the person.
    """

    page: ConsultationPage
    partnership: PartnershipPage
    read_at: float
    ready: Rendered = field(default_factory=Rendered)

    @property
    def id(self) -> UUID:
        """The consultation's id."""
        return self.page.id

    @property
    def slug(self) -> str:
        """Its short name, as in the address."""
        return self.page.slug

    @property
    def title(self) -> str:
        """Its title in the language of the page."""
        return said(self.page.title)

    @property
    def wards(self) -> tuple[Ward, ...]:
        """The wards that take part, which people may say they live in; none: no wards are named."""
        return taking_part(self.partnership.wards, self.page.terms)

    @property
    def elsewhere(self) -> str:
        """Whether people who live in none of the wards take part, as the terms say."""
        return self.page.terms.elsewhere if self.page.terms else "anybody"

    @property
    def conditions(self) -> Text:
        """What people have to say holds for them; nothing when they say nothing."""
        terms = self.page.terms
        return terms.eligibility if terms and terms.is_declared else {}

    @property
    def unit(self) -> str:
        """What stands before an amount of money."""
        return SYMBOLS.get(self.page.currency, f"{self.page.currency} ")

    @property
    def decimals(self) -> int:
        """How many digits of an amount are the minor unit."""
        return self.page.money_decimals

    @property
    def closes_at(self) -> datetime | None:
        """When it closes, as far as the terms say."""
        return self.page.terms.closes_at if self.page.terms else None

    def is_open(self, now: datetime) -> bool:
        """Say whether answers are accepted, as far as is known here."""
        return self.page.state_at(now) == access.OPEN

    def is_paused(self, now: datetime) -> bool:
        """Say whether nobody can answer for now, and will be able to again."""
        return self.page.state_at(now) == access.PAUSED

    def keeps_drafts(self, now: datetime) -> bool:
        """Say whether it has not ended: what people have typed is kept, also in a pause."""
        return self.page.state_at(now) in access.RUNNING
