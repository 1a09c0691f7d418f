"""Pages about a partnership's staff: list, add, change and remove, for administrators."""

from flask import abort, render_template, request

from consult import access
from consult.access import STAFF
from consult.commands.accounts import members as commands
from consult.people.accounts import members as colleagues
from consult.people.accounts.members import Colleague
from consult.people.accounts.staff import NAME_LENGTH_MAX
from consult.web import services as find_services
from consult.web.forms.reader import Problem, Reader, Typed
from consult.web.forms.sending import Page, draw_form, submit
from consult.web.pages import Room
from consult.web.partnership.partnership_room import PartnershipRoom, find
from consult.wording.language import N_
from consult.wording.language import gettext as _

members = Room("members", __name__, url_prefix="/members", who=access.MANAGE_STAFF)

ROLE_WORDS = {
    access.ORGANISER: N_("Organiser"),
    access.OFFICER: N_("Council officer"),
    access.DESK: N_("Answers for people at a desk or by telephone"),
    access.CUSTODIAN: N_("Data protection officer"),
    access.SCRUTINY: N_("Scrutiny"),
    access.AUDITOR: N_("Auditor"),
    access.ADMINISTRATOR: N_("Administrator"),
}


@members.get("/")
def index(partnership_slug: str) -> str:
    """List the staff with their roles."""
    room = find(partnership_slug)
    people = colleagues.of_partnership(find_services().vault, room.page.id)
    return render_template("organise/members.html", room=room, people=people, said=said_role)


@members.route("/new", methods=["GET", "POST"])
def adding(partnership_slug: str) -> Page:
    """Create an account with roles."""
    room = find(partnership_slug)

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return _form(room, None, typed, problems)

    def act(value: tuple[str, str, tuple[str, ...]], _key: str) -> None:
        email, name, roles = value
        commands.add_member(
            find_services(), room.page.id, email=email, name=name, roles=roles, actor=room.actor
        )

    if request.method == "GET":
        return draw({}, [])
    return submit(_read_new, act, draw, _list(room), _("They can sign in now."))


@members.route("/<person>", methods=["GET", "POST"])
def changing(partnership_slug: str, person: str) -> Page:
    """Change a person's name and roles."""
    room = find(partnership_slug)
    one = _find(room, person)

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return _form(room, one, typed, problems)

    def act(value: tuple[str, tuple[str, ...]], _key: str) -> None:
        name, roles = value
        commands.change_member(
            find_services(), room.page.id, one.id, name=name, roles=roles, actor=room.actor
        )

    if request.method == "GET":
        ticked = {f"role-{STAFF.index(role)}": "yes" for role in one.roles if role in STAFF}
        return draw({"name": one.name, **ticked}, [])
    return submit(_read_change, act, draw, _list(room), _("It is saved, and holds at once."))


@members.route("/<person>/remove", methods=["GET", "POST"])
def removing(partnership_slug: str, person: str) -> Page:
    """Ask for confirmation, then remove a person and end their sessions."""
    room = find(partnership_slug)
    one = _find(room, person)

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form("organise/member_remove.html", typed, problems, room=room, one=one)

    def act(_nothing: None, _key: str) -> None:
        commands.remove_member(find_services(), room.page.id, one.id, actor=room.actor)

    if request.method == "GET":
        return draw({}, [])
    done = _("They are removed, and signed out everywhere.")
    return submit(lambda _form: None, act, draw, _list(room), done)


def said_role(role: str) -> str:
    """Return the name of a role in the language of the page."""
    return _(ROLE_WORDS.get(role, role))


def _list(room: PartnershipRoom) -> str:
    return room.address("organise.partnership.members.index")


def _form(
    room: PartnershipRoom, one: Colleague | None, typed: Typed, problems: list[Problem]
) -> str:
    return draw_form(
        "organise/member.html",
        typed,
        problems,
        room=room,
        one=one,
        roles=[(f"role-{number}", said_role(role)) for number, role in enumerate(STAFF)],
    )


def _find(room: PartnershipRoom, person: str) -> Colleague:
    people = colleagues.of_partnership(find_services().vault, room.page.id)
    return next((one for one in people if one.id.hex == person), None) or abort(404)


def _read_new(form: Reader) -> tuple[str, str, tuple[str, ...]]:
    email = form.line("email", needed=_("Enter their e-mail address."))
    return email, *_read_change(form)


def _read_change(form: Reader) -> tuple[str, tuple[str, ...]]:
    name = form.line("name", most=NAME_LENGTH_MAX, needed=_("Enter their name."))
    roles = tuple(role for number, role in enumerate(STAFF) if form.is_ticked(f"role-{number}"))
    if not roles:
        form.wrong("role-0", _("Choose at least one role."))
    return name, roles
