"""Pages about a partnership's staff: list, add, change and remove, for administrators."""

from uuid import UUID

from flask import abort, render_template, request

from consult import access
from consult.access import STAFF
from consult.commands.accounts import members as commands
from consult.commands.accounts.staff import Colleague, of_partnership
from consult.commands.approvals.asking import ask_for
from consult.people.accounts.staff import NAME_LENGTH_MAX
from consult.web import services as find_services
from consult.web.accounts import approvals
from consult.web.forms.choices import Ticks
from consult.web.forms.fields import Line
from consult.web.forms.sending import Page, not_there, press
from consult.web.forms.staff_form import StaffForm
from consult.web.pages import Room
from consult.web.partnership.partnership_room import PartnershipRoom, find
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.registries.role_words import DOES, ROLES, role_name

members = Room("members", __name__, url_prefix="/members", who=access.MANAGE_STAFF)


def _name() -> Line:
    needed = N_("Enter their name.")
    look = {"autocomplete": "off"}
    return Line(N_("Name"), most=NAME_LENGTH_MAX, needed=needed, look=look)


def _roles() -> Ticks:
    choices = [(str(number), ROLES[role], DOES[role]) for number, role in enumerate(STAFF)]
    needed = N_("Choose at least one role.")
    return Ticks(N_("What they may do"), choices, stem="role", needed=needed)


class MemberForm(StaffForm):
    """What somebody is called, and their roles by their place in the list of them."""

    name = _name()
    roles = _roles()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the roles that were ticked."""
        return tuple(STAFF[int(number)] for number in self.roles.data)

    @property
    def alone(self) -> tuple[str, ...]:
        """Return those of them that one person gives alone."""
        return tuple(role for role in self.chosen if role != access.ADMINISTRATOR)


class NewMemberForm(MemberForm):
    """The same below an address, to which links for signing in are sent."""

    email = Line(
        N_("E-mail address"),
        needed=N_("Enter their e-mail address."),
        look={"type": "email", "autocomplete": "off", "spellcheck": False},
    )
    name = _name()
    roles = _roles()


@members.get("/", title=N_("People who work here"))
def index(partnership_slug: str) -> str:
    """List the staff with their roles."""
    room = find(partnership_slug)
    people = of_partnership(find_services(), room.page.id)
    return render_template("partnership/members.html", room=room, people=people, said=role_name)


@members.route("/new", methods=["GET", "POST"], title=N_("Add somebody"))
def adding(partnership_slug: str) -> Page:
    """Create an account with roles."""
    room = find(partnership_slug)
    form = NewMemberForm()

    def act(key: str) -> None:
        id = commands.add_member(
            find_services(),
            room.page.id,
            email=form.email.data,
            name=form.name.data,
            roles=form.alone,
            actor=room.actor,
            command_id=key,
        )
        if form.alone != form.chosen:
            _ask(room, id, key)

    return form.submit(
        act,
        lambda: form.draw("partnership/member.html", room=room, one=None),
        lambda: _list(room) if form.alone == form.chosen else approvals.address_of(room.page.id),
        _("They can sign in now."),
    )


def _ask(room: PartnershipRoom, id: UUID, key: str) -> None:
    """Ask for what nobody does alone: that somebody becomes administrator."""
    ask_for(
        find_services(),
        commands.GRANT_ADMINISTRATOR,
        actor=room.actor,
        command_id=key,
        partnership_id=room.page.id,
        staff_id=id,
    )


@members.route("/<person>", methods=["GET", "POST"], title="%(name)s")
def changing(partnership_slug: str, person: str) -> Page:
    """Change a person's name and roles."""
    room = find(partnership_slug)
    one = _known(room, person) or not_there(_list(room))
    ticked = tuple(str(STAFF.index(role)) for role in one.roles if role in STAFF)
    form = MemberForm(name=one.name, roles=ticked)

    def act(key: str) -> None:
        commands.change_member(
            find_services(),
            room.page.id,
            one.id,
            name=form.name.data,
            roles=roles(),
            actor=room.actor,
            command_id=key,
        )
        if roles() != form.chosen:
            _ask(room, one.id, key)

    def roles() -> tuple[str, ...]:
        return form.chosen if access.ADMINISTRATOR in one.roles else form.alone

    return form.submit(
        act,
        lambda: form.draw("partnership/member.html", room=room, one=one),
        lambda: _list(room) if roles() == form.chosen else approvals.address_of(room.page.id),
        _("It is saved, and holds at once."),
    )


@members.route("/<person>/remove", methods=["GET", "POST"], title=N_("Remove %(name)s"))
def removing(partnership_slug: str, person: str) -> Page:
    """Ask for confirmation, then remove a person and end their sessions."""
    room = find(partnership_slug)
    one, done = _known(room, person), _("They are removed, and signed out everywhere.")
    if one is None:  # pressed twice: they are removed already
        after = _list(room)
        return press(lambda _key: None, after, done) if request.method == "POST" else abort(404)
    form = StaffForm()

    def act(key: str) -> None:
        commands.remove_member(
            find_services(), room.page.id, one.id, actor=room.actor, command_id=key
        )

    return form.submit(
        act,
        lambda: form.draw("partnership/member_remove.html", room=room, one=one),
        _list(room),
        done,
    )


def _list(room: PartnershipRoom) -> str:
    return room.address("organise.partnership.members.index")


def _known(room: PartnershipRoom, person: str) -> Colleague | None:
    people = of_partnership(find_services(), room.page.id)
    return next((one for one in people if one.id.hex == person), None)
