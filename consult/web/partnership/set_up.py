"""The first pages of a new site: the one-time link, its first person and its first partnership.

They are there only while the site has no partnership. What follows are pages of the partnership,
in the order of `guide.py`.
"""

import secrets

from flask import abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from consult import access
from consult.commands import setting_up as commands
from consult.commands.accounts.staff import Member
from consult.commands.context import Actor
from consult.people.accounts.setting_up import LinkUnknown, LinkUsedElsewhere
from consult.people.accounts.staff import NAME_LENGTH_MAX
from consult.people.mailboxes.addresses import EMAIL_LENGTH_MAX
from consult.web import services as find_services
from consult.web.accounts import staff_session
from consult.web.forms.fields import Email, Line
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.guarding import limits
from consult.web.organising.draft.short_names import proposed
from consult.web.pages import NOBODY, Room
from consult.web.partnership import guide
from consult.web.partnership.describing_forms import DescribingForm
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events import Partnership, Refused

set_up = Room("set_up", __name__, url_prefix="/set-up", keeps=NOBODY)
TOKEN_LENGTH_MAX = 200
CONFLICT, GONE = 409, 410
_BROWSER = "setting-up"
"""Key of this browser's secret: with the link, whoever lost a reply can go on."""
SLUG = "partnership"
"""The short name of a partnership without a letter that an address can have."""


class PersonForm(StaffForm):
    """Who sets the site up."""

    name = Line(
        N_("Your name"),
        hint=N_("Your colleagues see it. No page for residents shows it."),
        most=NAME_LENGTH_MAX,
        needed=N_("Enter your name."),
        look={"autocomplete": "name"},
    )
    email = Email(
        N_("Your e-mail address"),
        hint=N_("Links for signing in are sent to it."),
        most=EMAIL_LENGTH_MAX,
        needed=N_("Enter your e-mail address."),
        look={"type": "email", "autocomplete": "email", "spellcheck": False},
    )


@set_up.route("/<token>", methods=["GET", "POST"], title=N_("Set up this site"))
def begin(token: str) -> Page:
    """Make the account of whoever has the link, sign them in, and go on to the first step."""
    member = staff_session.member(find_services())
    went_on = _went_on(member)
    if went_on is not None:
        return went_on
    if _is_founder(member):
        return redirect(url_for(".partnership"), 303)
    services, token, browser = find_services(), token[:TOKEN_LENGTH_MAX], _browser()
    limits.count_network("set-up links", limits.SIGN_INS_BY_NETWORK)
    try:
        commands.check_link(services, token, browser)
    except (LinkUnknown, LinkUsedElsewhere) as refused:
        return _refused(refused)
    form = PersonForm()

    def act(_key: str) -> None:
        begun = commands.make_first_person(
            services, token, browser, name=form.name.data, email=form.email.data
        )
        staff_session.begin(services, begun)
        session[_BROWSER] = browser
        session.permanent = True  # whoever closes the browser goes on later

    return form.submit(
        act, lambda: form.draw("partnership/founder.html"), lambda: url_for(".partnership")
    )


@set_up.route("/", methods=["GET", "POST"], title=N_("The partnership"))
def partnership() -> Page:
    """Form the first partnership: its languages, name, area and framework profile."""
    services = find_services()
    member = staff_session.member(services)
    if member is None or not _is_founder(member):
        return _went_on(member) or redirect(url_for("home.index"), 303)
    went_on = None if request.method == "POST" else _went_on(member)
    if went_on is not None:
        return went_on
    form = DescribingForm.empty()
    formed: list[Partnership] = []

    def act(_key: str) -> None:
        formed.append(
            commands.form_first_partnership(
                services,
                member.id,
                slug=proposed(form.name.data) or SLUG,
                **form.described(),
                actor=_actor(member),
            )
        )

    return form.submit(
        act,
        lambda: form.draw("partnership/founding.html"),
        lambda: guide.first_after(formed[0].slug) if formed else url_for(".partnership"),
        _("The partnership is there, and you are its administrator."),
    )


def _is_founder(member: Member | None) -> bool:
    return member is not None and commands.unfinished(find_services(), member.id)


def _went_on(member: Member | None) -> Response | None:
    """Return where an administrator goes on; None before there is a partnership.

    On a site that has one there is nothing here for anybody else: abort with 404.
    """
    services = find_services()
    formed = commands.finish(services, member.id, actor=_actor(member)) if member else None
    if formed is not None:
        return redirect(guide.first_after(formed.slug), 303)
    if not commands.is_set_up(services):
        return None
    own = guide.own(services, member) if member else None
    return redirect(guide.first_after(own), 303) if own else abort(404)


def _actor(member: Member) -> Actor:
    """Return who acts for the operator, whose terminal printed the link."""
    return Actor(access.OPERATOR, member.id.hex)


def _browser() -> str:
    """Return the secret of this browser, made at its first visit and kept when it is closed."""
    held = session.get(_BROWSER)
    if not isinstance(held, str):
        held = session[_BROWSER] = secrets.token_urlsafe(16)
        session.permanent = True
    return held


def _refused(refused: Refused) -> Page:
    code = CONFLICT if isinstance(refused, LinkUsedElsewhere) else GONE
    return render_template("partnership/link_refused.html", reason=says(refused)), code
