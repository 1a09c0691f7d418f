"""A consultation with its partnership, as pages, mails and documents show it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from consult.commands.answers.places import taking_part
from consult.rendered import Rendered
from consult.wording.language import said
from consult.wording.option_words import ELSEWHERE, elsewhere_title
from events.consultations import states
from events.partnership import Ward
from events.question import Text
from projections.consultations import ConsultationPage
from projections.partnerships import PartnershipPage

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}


@dataclass
class ShownConsultation:
    """One version of a consultation with its partnership.

    `ready`: cache of what was rendered from this version and does not depend on the visitor.
    """

    page: ConsultationPage
    partnership: PartnershipPage
    read_at: float
    ready: Rendered = field(default_factory=Rendered)

    @property
    def id(self) -> UUID:
        """Return the consultation's id."""
        return self.page.id

    @property
    def slug(self) -> str:
        """Return its short name, as in the address."""
        return self.page.slug

    @property
    def title(self) -> str:
        """Return its title in the language of the page."""
        return said(self.page.title)

    @property
    def wards(self) -> tuple[Ward, ...]:
        """Return the wards that take part; empty if the partnership has none."""
        return taking_part(self.partnership.wards, self.page.terms)

    @property
    def elsewhere(self) -> str:
        """Return who of those living in no ward takes part, as in the terms."""
        return self.page.terms.elsewhere if self.page.terms else "anybody"

    @property
    def areas(self) -> dict[str, str]:
        """Return where people can say that they live: the words by ward code, or `ELSEWHERE`.

        Empty without wards.
        """
        areas = {ward.code: said(ward.name) for ward in self.wards}
        if areas and self.elsewhere != "nobody":
            areas[ELSEWHERE] = elsewhere_title(self.elsewhere)
        return areas

    @property
    def invites_organisations(self) -> bool:
        """Return whether people are asked for whom they answer."""
        return self.page.terms is not None and self.page.terms.has_organisations

    @property
    def conditions(self) -> Text:
        """Return the conditions that people have to declare; empty if there is no declaration."""
        terms = self.page.terms
        return terms.eligibility if terms and terms.is_declared else {}

    @property
    def unit(self) -> str:
        """What stands before an amount of money; nothing where a file names no currency."""
        currency = self.page.currency
        return SYMBOLS.get(currency, f"{currency} ") if currency else ""

    @property
    def decimals(self) -> int:
        """Return the number of decimals of the minor unit."""
        return self.page.money_decimals

    @property
    def closes_at(self) -> datetime | None:
        """Return the closing time in the terms, or None."""
        return self.page.terms.closes_at if self.page.terms else None

    def is_open(self, now: datetime) -> bool:
        """Return whether answers are accepted, as far as this copy knows."""
        return self.page.state_at(now) == states.OPEN

    @property
    def is_stopped(self) -> bool:
        """Say whether it was withdrawn, which ends it for good."""
        return self.page.state == states.WITHDRAWN

    def is_paused(self, now: datetime) -> bool:
        """Return whether answering is suspended."""
        return self.page.state_at(now) == states.PAUSED

    def keeps_drafts(self, now: datetime) -> bool:
        """Return whether it has not ended: drafts are kept during a pause too."""
        return self.page.state_at(now) in states.RUNNING
