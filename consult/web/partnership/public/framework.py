"""The public page of the rules that partnerships work under, each statement with its source."""

from flask import render_template

from consult.web import services as find_services
from consult.web.pages import Room
from consult.wording.language import N_
from events.frameworks import IMPORTS_ONLY, Framework, find_framework
from projections.partnerships import PartnershipPage, Partnerships

framework = Room("framework", __name__, url_prefix="/framework")


@framework.get("", is_listed=True, title=N_("The rules we work under"))
def show() -> str:
    """Show each framework profile in use, with the partnerships that follow it."""
    views = find_services().views
    with views.connect() as db:
        partnerships = views.reader(Partnerships).all(db)
    asking = [page for page in partnerships if page.profile != IMPORTS_ONLY]
    return render_template("partnership/framework.html", told=_by_framework(asking))


def _by_framework(
    partnerships: list[PartnershipPage],
) -> list[tuple[Framework | None, list[PartnershipPage]]]:
    """Return the profiles in the order of the partnerships; None for those not known here."""
    found: dict[str, list[PartnershipPage]] = {}
    for page in partnerships:
        found.setdefault(page.profile, []).append(page)
    return [(find_framework(profile), pages) for profile, pages in found.items()]
