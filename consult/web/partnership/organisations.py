"""Pages about the member organisations of a partnership: list, admit, and note that one left."""

from flask import abort, render_template, request

from consult import access
from consult.commands.partnerships import admit_member, release_member
from consult.web import services as find_services
from consult.web.forms.choices import OneOf, Tick
from consult.web.forms.fields import Words
from consult.web.forms.sending import Page, press
from consult.web.forms.staff_form import StaffForm
from consult.web.organising.draft.short_names import proposed
from consult.web.pages import Room
from consult.web.partnership.partnership_room import PartnershipRoom, find
from consult.wording.language import N_
from consult.wording.language import gettext as _
from events.partnership import SECTORS, Organisation
from events.question import Text

organisations = Room(
    "organisations", __name__, url_prefix="/organisations", who=access.DESCRIBE_PARTNERSHIP
)
SECTOR_WORDS = {
    "statutory": N_("Public body"),
    "private": N_("Business"),
    "voluntary": N_("Voluntary organisation"),
    "community": N_("Community group"),
}


class OrganisationForm(StaffForm):
    """An organisation that becomes a member."""

    name = Words(N_("Name"), in_each=N_("Name the organisation, in every language."))
    sector = OneOf(
        N_("What it is"),
        [(sector, SECTOR_WORDS[sector]) for sector in SECTORS],
        needed=N_("Choose what it is."),
    )
    duty = Tick(N_("The law obliges it to work with the partnership"))


@organisations.get("/", title=N_("Member organisations"))
def index(partnership_slug: str) -> str:
    """List the members."""
    room = find(partnership_slug)
    sectors = {sector: _(words) for sector, words in SECTOR_WORDS.items()}
    return render_template("partnership/organisations.html", room=room, sectors=sectors)


@organisations.route("/new", methods=["GET", "POST"], title=N_("Admit an organisation"))
def admitting(partnership_slug: str) -> Page:
    """Admit an organisation."""
    room = find(partnership_slug)
    form = OrganisationForm(languages=room.page.languages)

    def act(key: str) -> None:
        name = form.name.data
        one = Organisation(_fresh_id(room, name), name, form.sector.data, form.duty.data)
        admit_member(find_services(), room.page.id, one, actor=room.actor, command_id=key)

    return form.submit(
        act,
        lambda: form.draw("partnership/organisation.html", room=room),
        _list(room),
        _("It is a member now, and everybody can read that in the log."),
    )


@organisations.route(
    "/<organisation>/leave", methods=["GET", "POST"], title=N_("%(name)s has left")
)
def leaving(partnership_slug: str, organisation: str) -> Page:
    """Ask for confirmation, then note that an organisation has left."""
    room, done = find(partnership_slug), _("It is recorded that it has left.")
    one = room.page.members.get(organisation)
    if one is None:  # pressed twice: it has left already
        after = _list(room)
        return press(lambda _key: None, after, done) if request.method == "POST" else abort(404)
    form = StaffForm()

    def act(key: str) -> None:
        release_member(find_services(), room.page.id, one.id, actor=room.actor, command_id=key)

    return form.submit(
        act,
        lambda: form.draw("partnership/organisation_leave.html", room=room, one=one),
        _list(room),
        done,
    )


def _list(room: PartnershipRoom) -> str:
    return room.address("organise.partnership.organisations.index")


def _fresh_id(room: PartnershipRoom, name: Text) -> str:
    """Return an id from the name that no member has: facts name an organisation by it."""
    short, number = proposed(name) or "organisation", 1
    while (f"{short}-{number}" if number > 1 else short) in room.page.members:
        number += 1
    return f"{short}-{number}" if number > 1 else short
