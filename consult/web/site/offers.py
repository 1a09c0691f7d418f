"""What a partnership offers beside its pages, in words, exactly as it has stated."""

from consult.web import services as find_services
from consult.wording.language import N_
from consult.wording.language import gettext as _
from events.particulars import Particulars
from projections.partnerships import PartnershipPage, Partnerships

OFFERS = {
    "has_paper": N_("a paper copy"),
    "has_large_print": N_("large print"),
    "has_easy_read": N_("Easy Read"),
    "has_telephone": N_("help by telephone"),
    "places": N_("help at a place near you"),
}


def offered(stated: Particulars) -> str:
    """Return in one sentence what people can ask for; "" without any offer."""
    ways = [_(words) for field, words in OFFERS.items() if getattr(stated, field)]
    return _("You can ask for: %(ways)s.", ways=", ".join(ways)) if ways else ""


def stating() -> list[PartnershipPage]:
    """Return the partnerships that have made a public statement, oldest first."""
    services = find_services()
    with services.views.connect() as db:
        found = services.views.reader(Partnerships).all(db)
    return [each for each in found if each.particulars != Particulars()]
