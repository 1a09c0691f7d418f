"""Pages of acts that need two people: what waits, what will happen, agreeing and refusing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import msgspec
from flask import abort, render_template, request, url_for

from consult import access
from consult.commands.approvals import asking
from consult.commands.approvals.acts import ACTS
from consult.commands.context import Actor
from consult.people.accounts.staff import accounts
from consult.web import services as find_services
from consult.web.accounts.staff_access import actor_for, member, partnerships_of
from consult.web.forms.command_key import command_key
from consult.web.forms.fields import Line
from consult.web.forms.sending import Page, press
from consult.web.forms.staff_form import StaffForm
from consult.web.pages import NOBODY, Room
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from consult.wording.registries import approval_words
from consult.wording.registries.role_words import role_name
from events import Approval
from events.staff.approvals import EXPIRED, REASON_LENGTH_MAX, WAITING
from projections.approvals import ApprovalPage, Approvals
from projections.consultations import Consultations

approvals = Room(
    "approvals",
    __name__,
    url_prefix="/approvals",
    work=N_("What needs two people"),
    keeps=NOBODY,
    who=access.SEE_APPROVALS,
)


class ReasonForm(StaffForm):
    """Why somebody refuses, takes back, or acts alone."""

    reason = Line(
        N_("Reason"),
        hint=N_("It stays in the record. Name nobody in it."),
        most=REASON_LENGTH_MAX,
        needed=N_("Give the reason."),
        look={"autocomplete": "off"},
    )


@dataclass(frozen=True)
class Shown:
    """An approval as its page shows it. `who`: the name of whoever asked, if still known."""

    page: ApprovalPage
    title: str
    meaning: str
    state: str
    who: str
    role: str
    is_own: bool
    may_agree: bool
    is_open: bool

    @property
    def waits(self) -> bool:
        """Return whether it waits for a second person."""
        return self.is_open and self.page.state == WAITING


def hours() -> int:
    """Return how long an act waits for a second person."""
    return int(asking.WAITS / timedelta(hours=1))


def address_of(partnership_id: UUID) -> str:
    """Return the address of what the sent form asks for."""
    id = Approval.id_for(partnership_id, command_key(request.form) or "")
    return url_for("approvals.show", id=id)


@approvals.get("/")
def index() -> str:
    """List what was asked for where the person may see it: what waits for them first."""
    services = find_services()
    services.catch_up()
    with services.views.connect() as db:
        found = services.views.reader(Approvals).of_partnerships(
            db, partnerships_of(access.SEE_APPROVALS)
        )
    shown = [_shown(page) for page in found]
    shown.sort(key=lambda one: (not one.may_agree, not one.is_open))
    waiting = sum(one.may_agree for one in shown)
    return render_template("approvals/index.html", shown=shown, waiting=waiting)


@approvals.get("/<uuid:id>/", title="%(title)s")
def show(id: UUID) -> str:
    """Show what will happen, and what this person can do about it."""
    return _draw(id, ReasonForm())


@approvals.post("/<uuid:id>/agree")
def agreeing(id: UUID) -> Page:
    """Agree to what was shown, and do it."""
    actor = _found(id)[1]
    digest = request.form.get("digest", "")
    return press(
        lambda key: asking.agree(find_services(), id, digest, actor=actor, command_id=key),
        url_for(".show", id=id),
        _("You agreed, and it is done."),
    )


@approvals.post("/<uuid:id>/finish")
def finishing(id: UUID) -> Page:
    """Do what was agreed to, where that was interrupted."""
    actor = _found(id)[1]
    return press(
        lambda _key: asking.finish(find_services(), id, actor=actor),
        url_for(".show", id=id),
        _("It is done."),
    )


@approvals.route("/<uuid:id>/refuse", methods=["GET", "POST"], title=N_("Refuse, or take back"))
def declining(id: UUID) -> Page:
    """Refuse, or take back what one asked for oneself."""
    return _with_reason(id, asking.decline, "approvals/refuse.html", _("It will not be done."))


@approvals.route("/<uuid:id>/alone", methods=["GET", "POST"], title=N_("Do it alone"))
def alone(id: UUID) -> Page:
    """Do it alone, because nobody else could agree."""
    return _with_reason(id, asking.do_alone, "approvals/alone.html", _("It is done."))


def _with_reason(id: UUID, command: Callable[..., object], template: str, done: str) -> Page:
    page, actor = _found(id)
    form = ReasonForm()

    def act(key: str) -> None:
        command(find_services(), id, form.reason.data, actor=actor, command_id=key)

    return form.submit(
        act,
        lambda: form.draw(template, one=_shown(page)),
        url_for(".show", id=id),
        done,
    )


def _draw(id: UUID, form: ReasonForm) -> str:
    page, _actor = _found(id)
    services = find_services()
    others = asking.others(services, services.record.get(Approval, id))
    return form.draw("approvals/show.html", one=_shown(page), others=others, hours=hours())


def _found(id: UUID) -> tuple[ApprovalPage, Actor]:
    """Return an approval and who acts; abort with 404 where the person may see none."""
    services = find_services()
    services.catch_up()
    with services.views.connect() as db:
        page = services.views.reader(Approvals).by_id(db, id)
    actor = actor_for(access.SEE_APPROVALS, page.partnership_id) if page is not None else None
    if page is None or actor is None:
        abort(404)
    return page, actor


def _shown(page: ApprovalPage) -> Shown:
    services, me = find_services(), member()
    is_own = page.first.actor == me.id.hex
    is_open = page.is_open(services.clock())
    who = accounts(services.vault, [UUID(page.first.actor)]).get(UUID(page.first.actor))
    may = ACTS[page.act].agreeing.roles
    return Shown(
        page,
        approval_words.act_title(page.act),
        approval_words.act_meaning(page.act, _about(page)),
        approval_words.approval_state(page.state) if is_open or page.state != WAITING else _over(),
        who.name if who is not None else "",
        role_name(page.first.role),
        is_own,
        is_open
        and page.state == WAITING
        and not is_own
        and me.role in may
        and me.role != page.first.role,
        is_open,
    )


def _over() -> str:
    return approval_words.approval_state(EXPIRED)


def _about(page: ApprovalPage) -> str:
    """Return the name of the person, or the title of the consultation, that an act is about."""
    services = find_services()
    content = msgspec.json.decode(page.content)
    if "staff_id" in content:
        id = UUID(content["staff_id"])
        known = accounts(services.vault, [id]).get(id)
        return known.name if known is not None else _("Somebody whose account is gone")
    with services.views.connect() as db:
        pages = services.views.reader(Consultations).by_ids(db, {page.consultation_id})
    return "".join(said(each.title) or each.slug for each in pages.values())
