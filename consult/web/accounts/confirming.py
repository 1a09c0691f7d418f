"""Acts that somebody confirms: the page asks for it, keeps what was typed, and then does the act.

Whoever acts sends the form; a command that needs a passkey refuses it with `NotConfirmed`; the
same form comes back with the question to confirm. What confirms it is bound to this session, to the
address and to every field, so it is good for this act alone.
"""

import hashlib
from typing import Any

import msgspec
from flask import Response, g, render_template, request

from consult import access
from consult.access import NotConfirmed
from consult.commands.accounts import confirming as commands
from consult.commands.mailing import Letter
from consult.config import CONFIRMS_WITH_MAIL, CONFIRMS_WITH_NOTHING
from consult.people.accounts import passkeys
from consult.people.mailboxes import addresses
from consult.web import services as find_services
from consult.web.accounts import staff_session
from consult.web.forms.sending import Page
from consult.web.guarding import limits
from consult.web.pages import NOBODY, Room
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from consult.wording.registries.act_words import SENTENCES
from events import Refused

confirming = Room(
    "confirming", __name__, url_prefix="/account/confirm", keeps=NOBODY, who=access.KEEP_OWN_ACCOUNT
)
ANSWER, TICKET, CODE = "confirm-answer", "confirm-ticket", "confirm-code"
NOT_THE_ACT = {ANSWER, TICKET, CODE, "csrf_token"}
"""Fields that confirm an act and are no part of it."""
FORM = "confirm"
UNPROCESSABLE = 422
TITLE = N_("Confirm that it is you")


def is_confirmed() -> bool:
    """Return whether the signed-in person has confirmed what this request does."""
    if find_services().config.confirms_with == CONFIRMS_WITH_NOTHING:
        return True
    if "is_confirmed" not in g:
        g.is_confirmed = _check()
    return bool(g.is_confirmed)


@confirming.get("/options")
def options() -> Response:
    """Return what the browser is asked to confirm an act with."""
    about = _about(request.args.get("act", "")[:64])
    asked = commands.confirmation_options(find_services(), g.member, about)
    return Response(asked, mimetype="application/json")


def _check() -> bool:
    """Check what came with the form; leave the reason for the page if it does not confirm it."""
    if request.method != "POST":
        return False
    services, form = find_services(), request.form
    about = _about(_act())
    try:
        if services.config.confirms_with == CONFIRMS_WITH_MAIL:
            if not form.get(TICKET):
                return False
            typed = form.get(CODE, "")
            commands.confirm_with_code(services, g.member, form[TICKET], typed, about)
        elif not form.get(ANSWER):
            return False
        else:
            token = staff_session.token()
            commands.confirm_with_passkey(services, g.member, token, form[ANSWER], about)
    except Refused as refused:
        g.not_confirmed = says(refused)
        return False
    return True


@confirming.app_errorhandler(NotConfirmed)
def ask(needed: NotConfirmed) -> Page:
    """Render the page that asks for it; a code is sent, unless one is on its way."""
    services = find_services()
    config, member = services.config, g.member
    by_mail = config.confirms_with == CONFIRMS_WITH_MAIL
    ticket = request.form.get(TICKET, "") if by_mail else ""
    if by_mail and config.sends_mail and not ticket:
        ticket = _send()
    problem = g.get("not_confirmed", "")
    page = render_template(
        "own_account/confirm.html",
        page_title=_(TITLE),
        says=_(SENTENCES[needed.capability]),
        errors=[(CODE if by_mail else FORM, problem)] if problem else [],
        kept=[(name, value) for name, value in _fields() if name != "csrf_token"],
        action=f"{request.script_root}{request.full_path}".rstrip("?"),
        act=_act(),
        ticket=ticket,
        by_mail=by_mail,
        sends_mail=config.sends_mail,
        has_passkey=bool(passkeys.of_person(services.vault, member.id)),
        origin=config.origin,
        form_id=FORM,
        answers_form=FORM,
        names=(ANSWER, TICKET, CODE),
    )
    return page, UNPROCESSABLE


def _send() -> str:
    member = g.member
    mailbox = addresses.mailbox(member.email)
    limits.count_mailbox("confirmations", mailbox, limits.CONFIRMATIONS_BY_MAILBOX)

    def write(code: str) -> Letter:
        subject = _("%(code)s is your code to confirm", code=code)
        return Letter(subject, render_template("email/confirm.txt", code=code), {})

    return commands.send_confirmation_code(find_services(), member, _about(_act()), write)


def _fields() -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name not in NOT_THE_ACT
    ]


def _act() -> str:
    """Return the digest of the act: the address and every field of the form."""
    told: Any = [request.path, request.query_string.decode("latin-1"), sorted(_fields())]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def _about(act: str) -> str:
    return f"{staff_session.handle()}\0{act}"
