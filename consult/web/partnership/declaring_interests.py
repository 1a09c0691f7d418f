"""Pages for staff who record what member organisations declare, and when it has ended."""

from uuid import UUID

from flask import request

from consult import access
from consult.commands.interests import declare_interest, end_interest
from consult.web import services as find_services
from consult.web.forms.choices import OneOf, OneOfList, Option
from consult.web.forms.fields import Day, Words
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.pages import Room
from consult.web.partnership.partnership_room import PartnershipRoom, find
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from events.partnerships.interest import WHAT_LENGTH_MAX
from projections.consultations import Consultations
from projections.interests import Interests

interests = Room("interests", __name__, url_prefix="/interests", who=access.DECLARE_INTEREST)


class InterestForm(StaffForm):
    """What an organisation declares."""

    organisation = OneOf(N_("Organisation"), needed=N_("Choose the organisation."))
    what = Words(
        N_("What the interest is"),
        most=WHAT_LENGTH_MAX,
        in_each=N_("Say what the interest is, in every language."),
    )
    consultation = OneOfList(N_("Consultation that it is about"), nothing=N_("Another matter"))
    since = Day(N_("Since when"))


class EndForm(StaffForm):
    """Which interest has ended, and when."""

    interest = OneOf(N_("Interest that has ended"), needed=N_("Choose the interest."))
    on = Day(N_("Last day"))


@interests.route("/declare", methods=["GET", "POST"], title=N_("Record an interest of a member"))
def declaring(partnership_slug: str) -> Page:
    """Record what an organisation declares."""
    room = find(partnership_slug)
    members = [(each.id, said(each.name)) for each in room.page.members.values()]
    choices: dict[str, list[Option]] = {
        "organisation": [*members],
        "consultation": _consultations(room),
    }
    form = InterestForm(languages=room.page.languages, choices=choices)

    def act(key: str) -> None:
        told = form.data
        declare_interest(
            find_services(),
            room.page.id,
            told["organisation"],
            what=told["what"],
            since=told["since"],
            consultation_id=UUID(told["consultation"]) if told["consultation"] else None,
            actor=room.actor,
            command_id=key,
        )

    return form.submit(
        act,
        lambda: form.draw("partnership/interest.html", room=room, is_possible=bool(members)),
        room.address(),
        _("It is recorded, and everybody can read it."),
    )


@interests.route("/end", methods=["GET", "POST"], title=N_("Record that an interest has ended"))
def ending(partnership_slug: str) -> Page:
    """Record that an interest has ended."""
    room = find(partnership_slug)
    choices = _that_go_on(room)
    form = EndForm(choices={"interest": choices})

    def act(key: str) -> None:
        told = form.data
        end_interest(
            find_services(), UUID(told["interest"]), told["on"], actor=room.actor, command_id=key
        )

    return form.submit(
        act,
        lambda: form.draw("partnership/interest.html", room=room, is_possible=bool(choices)),
        room.address(),
        _("It is recorded, and everybody can read it."),
    )


def _that_go_on(room: PartnershipRoom) -> list[Option]:
    """Return the interests that have not ended; one that is posted stays, also once it has."""
    views = find_services().views
    with views.connect() as db:
        declared = views.reader(Interests).of_partnership(db, room.page.id)
    posted = request.form.get("interest")
    return [
        (str(each.id), f"{said(each.organisation.name)}: {said(each.what)}")
        for each in declared
        if each.until is None or str(each.id) == posted
    ]


def _consultations(room: PartnershipRoom) -> list[Option]:
    """Return the consultations that have opened, newest first."""
    views = find_services().views
    with views.connect() as db:
        found = views.reader(Consultations).of_partnership(db, room.page.id)
    return [(str(each.id), said(each.title)) for each in found if each.opened_at is not None]
