"""The list of the steps that set a partnership up, and the page of its first people."""

from flask import render_template, url_for

from consult import access
from consult.commands.accounts.members import add_member
from consult.commands.accounts.staff import of_partnership
from consult.web import services as find_services
from consult.web.forms.sending import Page
from consult.web.pages import Room
from consult.web.partnership import guide
from consult.web.partnership.members import NewMemberForm
from consult.web.partnership.partnership_room import find
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.registries.role_words import role_name

steps = Room("steps", __name__, url_prefix="/set-up", who=access.MANAGE_STAFF)


@steps.get("/", title=N_("Set up this site"))
def overview(partnership_slug: str) -> str:
    """List the steps, and say what is done."""
    room = find(partnership_slug)
    people = of_partnership(find_services(), room.page.id)
    tasks = [
        {
            "id": f"step-{number}",
            "name": f"{number + 1}. {_(step.name)}",
            "href": guide.address(number, room.page.slug),
            "hint": "" if is_done or not step.later else _(step.later),
            "done": is_done,
            "missing": _("Not yet"),
        }
        for number, (step, is_done) in enumerate(
            zip(guide.STEPS, guide.done(room.page, len(people)), strict=True)
        )
    ]
    return render_template("partnership/steps.html", room=room, tasks=tasks)


@steps.route("/people", methods=["GET", "POST"], title=N_("The first people"))
def people(partnership_slug: str) -> Page:
    """List who works here, and add somebody."""
    room = find(partnership_slug)
    form = NewMemberForm()

    def act(key: str) -> None:
        add_member(
            find_services(),
            room.page.id,
            email=form.email.data,
            name=form.name.data,
            roles=form.chosen,
            actor=room.actor,
            command_id=key,
        )

    def draw() -> str:
        return form.draw(
            "partnership/first_people.html",
            room=room,
            people=of_partnership(find_services(), room.page.id),
            said=role_name,
            sends_links=find_services().config.sends_mail,
            finish=url_for("organise.index"),
        )

    return form.submit(act, draw, room.here, _("They can sign in now."))
