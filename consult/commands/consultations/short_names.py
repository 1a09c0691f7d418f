"""Short names of consultations: which can stand in an address, and that each is taken once."""

import re
from datetime import datetime
from uuid import UUID

from consult.services import Services
from events import By, Refused, ShortName
from projections.consultations import Consultations

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LENGTH_MAX = 60


class BadSlug(Refused):
    """The short name cannot stand in an address."""

    says = "“{slug}” cannot be used as an address. Use small letters, digits and hyphens."


class ShortNameTaken(Refused):
    """An address leads to one consultation."""

    says = "There is already a consultation at the address “{slug}”. Choose another."


def check_slug(slug: str) -> None:
    """Refuse a short name that cannot stand in an address. Raises BadSlug."""
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_LENGTH_MAX:
        raise BadSlug(slug=slug[:SLUG_LENGTH_MAX])


def taken(
    services: Services, slug: str, consultation_id: UUID, *, at: datetime, by: By
) -> ShortName:
    """Return a short name to store together with the consultation that gets it.

    The record refuses the second of two at once, because the id derives from the name. Raises
    ShortNameTaken.
    """
    # Consultations of earlier versions took no name in the record: they are looked up.
    with services.whole(Consultations) as (db, consultations):
        known = consultations.by_slug(db, slug)
    if known is not None and known.id != consultation_id:
        raise ShortNameTaken(slug=slug)
    fact = ShortName.Taken(at=at, by=by, slug=slug, consultation_id=consultation_id)
    return ShortName.begin(ShortName.id_for(slug), fact)
