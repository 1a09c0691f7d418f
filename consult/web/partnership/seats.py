"""Pages for staff who set up the seats of a board, and say who fills them."""

from uuid import UUID

from flask import abort, render_template

from consult import access
from consult.commands import seats as commands
from consult.web import services as find_services
from consult.web.forms.choices import OneOf
from consult.web.forms.fields import Day, Words
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.pages import Room
from consult.web.partnership.partnership_room import PartnershipRoom, find
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from consult.wording.registries.sector_words import SECTOR_WORDS
from events.partnership import SECTORS
from events.partnerships.seat import TITLE_LENGTH_MAX
from projections.seats import SeatPage, Seats

seats = Room("seats", __name__, url_prefix="/seats", who=access.KEEP_SEATS)


class SeatForm(StaffForm):
    """What a seat is called, its sector, and whom it is kept for."""

    title = Words(
        N_("What the seat is called"),
        most=TITLE_LENGTH_MAX,
        in_each=N_("Say what it is called, in every language."),
    )
    sector = OneOf(N_("Sector"), needed=N_("Choose the sector."))
    kept_for = Words(
        N_("Whom it is kept for"),
        hint=N_("A group that is often not heard, such as disabled residents. Empty if for none."),
        most=TITLE_LENGTH_MAX,
        is_whole=True,
    )
    on = Day(N_("Since when there is this seat"))


class FillForm(StaffForm):
    """Who fills a seat, and for how long."""

    organisation = OneOf(N_("Organisation"), needed=N_("Choose the organisation."))
    on = Day(N_("First day"))
    term_ends_on = Day(
        N_("Last day of the term"), hint=N_("Leave it empty if no end was set."), is_needed=False
    )


class DayForm(StaffForm):
    """The day on which something happened to a seat."""

    on = Day(N_("First day of it"))


@seats.get("/", title=N_("Seats on the board"))
def index(partnership_slug: str) -> str:
    """List the seats, with what can be done with each."""
    room = find(partnership_slug)
    return render_template("partnership/seats.html", room=room, seats=_all(room))


@seats.route("/new", methods=["GET", "POST"], title=N_("Set up a seat"))
def setting_up(partnership_slug: str) -> Page:
    """Set up a seat."""
    room = find(partnership_slug)
    sectors = [(sector, _(SECTOR_WORDS[sector])) for sector in SECTORS]
    form = SeatForm(languages=room.page.languages, choices={"sector": sectors})

    def act(key: str) -> None:
        commands.set_up_seat(
            find_services(), room.page.id, **form.data, actor=room.actor, command_id=key
        )

    return form.submit(act, lambda: _draw(form, room), _list(room), _("The seat is there."))


@seats.route("/<uuid:id>/fill", methods=["GET", "POST"], title=N_("Fill a seat: %(seat)s"))
def filling(partnership_slug: str, id: UUID) -> Page:
    """Record who fills a seat."""
    room = find(partnership_slug)
    seat = _known(room, id)
    members = [
        (one.id, said(one.name)) for one in room.page.members.values() if one.sector == seat.sector
    ]
    form = FillForm(choices={"organisation": members})

    def act(key: str) -> None:
        told = form.data
        commands.fill_seat(
            find_services(),
            seat.id,
            told["organisation"],
            on=told["on"],
            term_ends_on=told["term_ends_on"],
            actor=room.actor,
            command_id=key,
        )

    return form.submit(
        act,
        lambda: _draw(form, room, seat, is_possible=bool(members)),
        _list(room),
        _("It is recorded, and everybody can read it."),
    )


@seats.route(
    "/<uuid:id>/vacate", methods=["GET", "POST"], title=N_("A seat became vacant: %(seat)s")
)
def vacating(partnership_slug: str, id: UUID) -> Page:
    """Record that a seat became vacant."""
    room = find(partnership_slug)
    seat, form = _known(room, id), DayForm()

    def act(key: str) -> None:
        commands.vacate_seat(
            find_services(), seat.id, on=form.data["on"], actor=room.actor, command_id=key
        )

    done = _("It is recorded, and everybody can read it.")
    return form.submit(act, lambda: _draw(form, room, seat), _list(room), done)


@seats.route("/<uuid:id>/give-up", methods=["GET", "POST"], title=N_("Give up a seat: %(seat)s"))
def giving_up(partnership_slug: str, id: UUID) -> Page:
    """Record that there is no such seat any more."""
    room = find(partnership_slug)
    seat, form = _known(room, id), DayForm()

    def act(key: str) -> None:
        commands.give_up_seat(
            find_services(), seat.id, on=form.data["on"], actor=room.actor, command_id=key
        )

    done = _("It is recorded, and everybody can read it.")
    return form.submit(act, lambda: _draw(form, room, seat), _list(room), done)


def _draw(
    form: StaffForm,
    room: PartnershipRoom,
    seat: SeatPage | None = None,
    *,
    is_possible: bool = True,
) -> str:
    return form.draw("partnership/seat.html", room=room, seat=seat, is_possible=is_possible)


def _list(room: PartnershipRoom) -> str:
    return room.address("organise.partnership.seats.index")


def _all(room: PartnershipRoom) -> list[SeatPage]:
    views = find_services().views
    with views.connect() as db:
        return views.reader(Seats).of_partnership(db, room.page.id)


def _known(room: PartnershipRoom, id: UUID) -> SeatPage:
    """Return a seat of the partnership; abort with 404 if there is none."""
    views = find_services().views
    with views.connect() as db:
        return views.reader(Seats).find(db, room.page.id, id) or abort(404)
