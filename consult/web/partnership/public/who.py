"""The public page of what a partnership is: what it decides, its members, its board's balance."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from flask import abort, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from consult.web import services as find_services
from consult.web.pages import Room
from consult.wording.language import N_
from events.frameworks import IMPORTS_ONLY, find_framework
from events.partnership import SECTORS
from projections.partnerships import PartnershipPage, Partnerships
from projections.seats import SeatPage, Seats

who = Room("who", __name__, url_prefix="/partnership")


class Share(NamedTuple):
    """What belongs to one sector: members of the partnership, seats, and those filled."""

    sector: str
    members: int
    seats: int
    filled: int


@who.get("", footer=True, title=N_("Who we are"))
def index() -> str | Response:
    """List the partnerships; where there is one, lead to it."""
    views = find_services().views
    with views.connect() as db:
        found = [each for each in views.reader(Partnerships).all(db) if _asks(each)]
    if len(found) == 1:
        return redirect(url_for(".show", partnership_slug=found[0].slug))
    return render_template("partnership/list.html", partnerships=found)


@who.get("/<partnership_slug>", is_listed=True, title=N_("Who we are: %(name)s"))
def show(partnership_slug: str) -> str:
    """Show what a partnership is."""
    services = find_services()
    views = services.views
    with views.connect() as db:
        page = views.reader(Partnerships).by_slug(db, partnership_slug)
        if page is None or not _asks(page):
            abort(404)
        seats = views.reader(Seats).of_partnership(db, page.id)
    g.partnership = page
    return render_template(
        "partnership/who.html",
        partnership=page,
        framework=find_framework(page.profile),
        seats=seats,
        shares=balance(page, seats),
        vacant=[seat for seat in seats if seat.organisation is None],
        over=[seat for seat in seats if seat.is_over(services.today())],
        unseated=unseated(page, seats),
        population=sum(ward.population for ward in page.wards),
    )


def balance(page: PartnershipPage, seats: Sequence[SeatPage]) -> list[Share]:
    """Return for each sector how many members, seats and filled seats there are."""
    members = Counter(each.sector for each in page.members.values())
    all_seats = Counter(seat.sector for seat in seats)
    filled = Counter(seat.sector for seat in seats if seat.organisation is not None)
    return [Share(sector, members[sector], all_seats[sector], filled[sector]) for sector in SECTORS]


def unseated(page: PartnershipPage, seats: Sequence[SeatPage]) -> list[str]:
    """Return the sectors with members and without any seat on a board that has seats."""
    seated = {seat.sector for seat in seats}
    with_members = {each.sector for each in page.members.values()}
    return [sector for sector in SECTORS if seats and sector in with_members - seated]


def _asks(page: PartnershipPage) -> bool:
    return page.profile != IMPORTS_ONLY
