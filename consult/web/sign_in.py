"""Signing in by a link that works once, and signing out."""

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult.people.staff import LinkUsedOrOld, use_sign_in_token
from consult.web import language, limits, staff_session
from consult.web import services as find_services
from consult.web.refusals import says

sign_in = Blueprint("sign_in", __name__)
Page = str | tuple[str, int] | AnyResponse
TOKEN_LENGTH_MAX = 200
GONE = 410


@sign_in.after_request
def keep_private(response: Response) -> Response:
    """The address holds a secret: no cache keeps it, and no other page learns it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@sign_in.get("/sign-in")
def ask() -> Page:
    """Say how to get a link."""
    services = find_services()
    if staff_session.member(services) is not None:
        return redirect(url_for("organise.index"), 303)
    return render_template("sign_in/ask.html", is_over=staff_session.has_begun())


@sign_in.get("/sign-in/<token>")
def offer(token: str) -> Page:
    """Show one button. Opening the address uses nothing up: mail scanners open every link."""
    return render_template("sign_in/offer.html", token=token[:TOKEN_LENGTH_MAX])


@sign_in.post("/sign-in/<token>")
def use(token: str) -> Page:
    """Use the link up and begin a session."""
    asked = language.switch_asked()
    if asked:
        return redirect(language.same_page(asked), 303)
    limits.count_network("sign-in links", limits.SIGN_INS_BY_NETWORK)
    services = find_services()
    now = services.clock()
    try:
        staff_id = use_sign_in_token(services.vault, token[:TOKEN_LENGTH_MAX], now)
    except LinkUsedOrOld as refused:
        return render_template("sign_in/used.html", reason=says(refused)), GONE
    staff_session.begin(staff_id, now)
    return redirect(url_for("organise.index"), 303)


@sign_in.post("/sign-out")
def leave() -> Page:
    """End the session."""
    staff_session.end()
    return redirect(url_for(".left"), 303)


@sign_in.get("/signed-out")
def left() -> Page:
    """Say that nobody is signed in any more."""
    return render_template("sign_in/left.html")
