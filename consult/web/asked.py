"""Finds the consultation an address names, and keeps what its pages have in common.

Pages are asked for far more often than consultations change, so what was read stays for
a moment, and what was rendered stays as long as the consultation has the same version.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from flask import abort, current_app, g

from consult import access
from consult.commands.places import taking_part
from consult.services import Services
from consult.web.language import said
from consult.web.rendered import Rendered
from events.partnership import Ward
from events.question import Text
from projections.consultations import ConsultationPage, Consultations
from projections.partnerships import PartnershipPage, Partnerships

FRESH_SECONDS = 0.25
"""How long a page may believe what was read before; sending is checked by the record."""
KEPT_MAX = 1_000
SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}
NOT_SHOWN = frozenset({"draft"})


@dataclass
class Asked:
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


def find(slug: str) -> Asked:
    """Return the consultation with this short name, or answer 404."""
    kept: dict[str, Asked] = current_app.extensions.setdefault("asked", {})
    asked = kept.get(slug)
    now = time.monotonic()
    if asked is None or now - asked.read_at > FRESH_SECONDS:
        if asked is not None:
            asked.read_at = now  # one thread reads again, the others go on meanwhile
        asked = _read(slug, asked)
        if asked is None:
            abort(404)
        if len(kept) >= KEPT_MAX:
            kept.clear()
        kept[slug] = asked
    g.partnership = asked.partnership
    return asked


def all_of(pages: Iterable[ConsultationPage]) -> list[Asked]:
    """Return consultations that were read already, with their partnerships, read together."""
    services: Services = current_app.extensions["services"]
    views = services.views
    with views.connect() as db:
        known = {one.id: one for one in views.reader(Partnerships).all(db)}
    now = time.monotonic()
    return [Asked(page, known.get(page.partnership_id, PartnershipPage()), now) for page in pages]


def _read(slug: str, before: Asked | None) -> Asked | None:
    services: Services = current_app.extensions["services"]
    views = services.views
    consultations, partnerships = views.reader(Consultations), views.reader(Partnerships)
    with views.connect() as db:
        page = consultations.by_slug(db, slug)
        if page is None or page.state in NOT_SHOWN or page.is_being_imported:
            return None
        partnership = partnerships.by_id(db, page.partnership_id) or PartnershipPage()
    now = time.monotonic()
    if (
        before is not None
        and (before.page.id, before.page.version) == (page.id, page.version)
        and before.partnership == partnership
    ):
        before.read_at = now
        return before
    return Asked(page, partnership, now)
