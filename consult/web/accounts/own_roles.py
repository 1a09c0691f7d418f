"""The page of whoever is signed in: their roles, and the one in which they act."""

from dataclasses import dataclass

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from consult import access
from consult.roles.rules import WITHOUT_PAGES
from consult.web import services as find_services
from consult.web.accounts import staff_home, staff_session
from consult.web.accounts.staff_access import member
from consult.web.pages import NOBODY, Room
from consult.wording.language import N_, said
from consult.wording.registries.role_words import role_name, what_it_does
from projections.partnerships import Partnerships

own_roles = Room(
    "own_roles", __name__, url_prefix="/roles", keeps=NOBODY, who=access.KEEP_OWN_ACCOUNT
)
ROLE_LENGTH_MAX = 40


@dataclass(frozen=True)
class Shown:
    """A role as the page shows it. `places`: the partnerships in which the person has it."""

    role: str
    name: str
    does: str
    places: str
    has_pages: bool


@own_roles.get("/", title=N_("Your roles"))
def index() -> str:
    """Show the person's roles, each with what is done in it."""
    mine = member()
    views = find_services().views
    with views.connect() as db:
        pages = {id: views.reader(Partnerships).by_id(db, id) for id in mine.held}
    names = {id: said(page.name) for id, page in pages.items() if page is not None}
    shown = [
        Shown(
            role,
            role_name(role),
            what_it_does(role),
            ", ".join(sorted(names.get(id, "") for id, held in mine.held.items() if role in held)),
            role not in WITHOUT_PAGES,
        )
        for role in mine.all_roles
    ]
    return render_template("own_roles/index.html", roles=shown, acting=mine.role)


@own_roles.post("/")
def choose() -> Response:
    """Act in one of the person's roles from now on."""
    staff_session.choose(request.form.get("role", "")[:ROLE_LENGTH_MAX])
    found = staff_session.member(find_services())
    assert found is not None, "whoever is let in is signed in"
    return redirect(staff_home.address_of(found), 303)
