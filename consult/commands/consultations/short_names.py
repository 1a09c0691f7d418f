"""Check short names of consultations: valid in an address, and each taken only once."""

import re
from datetime import datetime
from uuid import UUID

from consult.services import Services
from events import By, Refused, ShortName
from projections.consultations import Consultations

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LENGTH_MAX = 60


class BadSlug(Refused):
    """The short name is not valid in an address."""

    says = "“{slug}” cannot be used as an address. Use small letters, digits and hyphens."


class ShortNameTaken(Refused):
    """Another consultation has this short name."""

    says = "There is already a consultation at the address “{slug}”. Choose another."


def check_slug(slug: str) -> None:
    """Raise BadSlug unless the short name is valid in an address."""
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_LENGTH_MAX:
        raise BadSlug(slug=slug[:SLUG_LENGTH_MAX])


def taken(
    services: Services, slug: str, consultation_id: UUID, *, at: datetime, by: By
) -> ShortName:
    """Return the ShortName subject to append together with its consultation.

    Its id derives from the name, so of two concurrent appends the second one conflicts. Raises
    ShortNameTaken, ReadModelsBehind.
    """
    # Consultations of earlier versions have no ShortName in the record; look them up.
    with services.whole(Consultations) as (db, consultations):
        known = consultations.by_slug(db, slug)
    if known is not None and known.id != consultation_id:
        raise ShortNameTaken(slug=slug)
    fact = ShortName.Taken(at=at, by=by, slug=slug, consultation_id=consultation_id)
    return ShortName.begin(ShortName.id_for(slug), fact)
