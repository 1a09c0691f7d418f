"""Sign in with a passkey, without an e-mail."""

from flask import Response, redirect, request

from consult.commands.accounts import passkeys as commands
from consult.web import services as find_services
from consult.web.accounts import device, sign_in, staff_home, staff_session
from consult.web.forms.sending import Page
from consult.web.guarding import limits
from consult.web.pages import NOBODY, Room
from consult.wording.refusals import says
from events import Refused

passkey_sign_in = Room("passkey_sign_in", __name__, url_prefix="/passkeys/sign-in", keeps=NOBODY)
ANSWER = "passkey"
UNPROCESSABLE = 422


@passkey_sign_in.get("/options")
def options() -> Response:
    """Return what the browser is asked to sign somebody in with."""
    return Response(commands.sign_in_options(find_services()), mimetype="application/json")


@passkey_sign_in.post("")
def use() -> Page:
    """Begin a session for the owner of the passkey."""
    limits.count_network("passkeys", limits.SIGN_INS_BY_NETWORK)
    services, answer = find_services(), request.form.get(ANSWER, "")
    try:
        member, token = commands.sign_in_with_passkey(services, answer, device=device.described())
    except Refused as refused:
        return sign_in.ask_page(problem=says(refused)), UNPROCESSABLE
    staff_session.begin(services, token)
    return redirect(staff_home.address_of(member), 303)
