"""The outbox of the demo, which sends no mail: every waiting mail, for everybody to read."""

from flask import abort, render_template

from consult.people.mailboxes.outbox import waiting
from consult.web import services as find_services
from consult.web.guarding import hosts
from consult.web.pages import NOBODY, Room

outbox = Room("outbox", __name__, keeps=NOBODY)


@outbox.before_request
def let_in() -> None:
    """Abort with 404 unless the request comes from this machine, not via a proxy."""
    if not hosts.came_from_here():
        abort(404)


@outbox.get("/outbox")
def show() -> str:
    """Show the waiting mails, latest first."""
    mails = [
        (mail, [part.split("\n") for part in mail.text.strip().split("\n\n")])
        for mail in waiting(find_services().vault)
    ]
    return render_template("outbox/index.html", mails=mails)
