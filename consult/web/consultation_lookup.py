"""Find the consultation named in an address, and cache what its pages share.

Pages are requested far more often than consultations change, so what was read is cached briefly,
and what was rendered is cached as long as the consultation has the same version.
"""

import time
from collections.abc import Iterable

from flask import abort, current_app, g

from consult.services import Services
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import states
from projections.consultations import ConsultationPage, Consultations
from projections.partnerships import PartnershipPage, Partnerships

FRESH_SECONDS = 0.25
"""How long pages may use the cached state; sending is checked against the record."""
KEPT_MAX = 1_000
NOT_SHOWN = frozenset({states.DRAFT})


def find(slug: str) -> ShownConsultation:
    """Return the consultation with this short name, or abort with 404."""
    kept: dict[str, ShownConsultation] = current_app.extensions.setdefault("asked", {})
    asked = kept.get(slug)
    now = time.monotonic()
    if asked is None or now - asked.read_at > FRESH_SECONDS:
        if asked is not None:
            asked.read_at = now  # one thread reads again, the others use the cache meanwhile
        asked = _read(slug, asked)
        if asked is None:
            abort(404)
        if len(kept) >= KEPT_MAX:
            kept.clear()
        kept[slug] = asked
    g.partnership = asked.partnership
    return asked


def all_of(pages: Iterable[ConsultationPage]) -> list[ShownConsultation]:
    """Return consultations from their pages, with all partnerships read in one query."""
    services: Services = current_app.extensions["services"]
    views = services.views
    with views.connect() as db:
        known = {one.id: one for one in views.reader(Partnerships).all(db)}
    now = time.monotonic()
    return [
        ShownConsultation(page, known.get(page.partnership_id, PartnershipPage()), now)
        for page in pages
    ]


def _read(slug: str, before: ShownConsultation | None) -> ShownConsultation | None:
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
    return ShownConsultation(page, partnership, now)
