"""The page of whoever looks after a site: its health, its backups, erased bytes, and commands."""

from typing import Any, NamedTuple

from flask import abort, render_template, url_for

from consult import access
from consult.access import Capability
from consult.commands import kept_backups
from consult.commands.context import Actor, fresh_command_id
from consult.health import health_of
from consult.jobs.job import DONE, FAILED, Job
from consult.jobs.kinds import site_care
from consult.jobs.words import STATES, reason
from consult.web import services as find_services
from consult.web.accounts.jobs import progress_of
from consult.web.accounts.staff_access import member
from consult.web.forms.sending import Page, press
from consult.web.pages import NOBODY, Room
from consult.wording.language import N_
from consult.wording.language import gettext as _

this_site = Room(
    "this_site",
    __name__,
    url_prefix="/this-site",
    keeps=NOBODY,
    who=access.SEE_SITE,
    work=N_("This site"),
    refusing="organising/not_yours.html",
)
SHOWN_MAX = 10
"""Backups that are listed."""
KINDS = {kind.name: kind for kind in (site_care.BACKUP, site_care.SCRUB)}


class Command(NamedTuple):
    """What is done at the command line only: what for, the command, and why not here."""

    what: str
    command: str
    why: str


COMMANDS = (
    Command(
        N_("Restore a backup"),
        "consult restore FOLDER",
        N_("It puts the databases in their place, so no site may run meanwhile."),
    ),
    Command(
        N_("Change the key of the public log"),
        "consult log-key rotate",
        N_("The key is a file of the machine, and the site is stopped before."),
    ),
    Command(
        N_("Go on without the site’s secret, if every copy of it is lost"),
        "consult init --new-secret",
        N_("Receipts and letters of before stop working for good."),
    ),
    Command(
        N_("Erase again what a restored backup does not know to be erased"),
        "consult erase-again FOLDER",
        N_("It is done before the doors open."),
    ),
    Command(
        N_("Build what pages show anew from the record"),
        "consult rebuild --later",
        N_("It is needed after a fault of the program only."),
    ),
    Command(
        N_("Record votes of another election"),
        "consult import FILE",
        N_("The file is on the machine."),
    ),
    Command(
        N_("Form another partnership on this site"),
        'consult partnership form SHORT-NAME --name "NAME" --area "AREA"',
        N_("Whoever runs the site decides who is on it."),
    ),
    Command(
        N_("Let somebody in who gets no mail"),
        "consult sign-in ADDRESS",
        N_("Whoever has the link is that person, so it is not shown on a page."),
    ),
)


class Work:
    """The latest job of a kind, as the page shows it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.state = _(STATES[job.state].title)
        self.tag = {DONE: "green", FAILED: "red"}.get(job.state, "blue")
        self.reason = reason(job) if job.state == FAILED else ""
        self.is_over = job.has_ended


@this_site.get("/")
def index() -> str:
    """Show how the site stands, and what can be done here and at the command line."""
    services = find_services()
    there = kept_backups.kept(services.config)
    return render_template(
        "site/index.html",
        health=health_of(services),
        folder=services.config.backup_folder,
        backups=there[:SHOWN_MAX],
        number=len(there),
        may_back_up=_actor(access.BACK_UP) is not None,
        may_scrub=_actor(access.SCRUB) is not None,
        work={name: _work(name) for name in KINDS},
        commands=COMMANDS,
        command_id=fresh_command_id(),
    )


@this_site.post("/backup", who=access.BACK_UP)
def backing_up() -> Page:
    """Have a backup made."""
    actor = _actor(access.BACK_UP) or abort(403)
    return press(
        lambda _key: site_care.ask_for_backup(find_services(), actor=actor),
        url_for(".index"),
        _("A backup is being made. This page says when it is there."),
    )


@this_site.post("/scrub", who=access.SCRUB)
def scrubbing() -> Page:
    """Have erased bytes made unreadable."""
    actor = _actor(access.SCRUB) or abort(403)
    return press(
        lambda _key: site_care.ask_for_scrub(find_services(), actor=actor),
        url_for(".index"),
        _("It is being done. This page says when it is over."),
    )


@this_site.get("/work/<name>")
def status(name: str) -> dict[str, object]:
    """Return how far the latest job of a kind is, for the script of the page."""
    job = site_care.last_of(find_services(), KINDS[name]) if name in KINDS else None
    return progress_of(job or abort(404))


def _work(name: str) -> Work | None:
    job = site_care.last_of(find_services(), KINDS[name])
    return Work(job) if job else None


def _actor(capability: Capability) -> Actor | None:
    """Return who acts for the whole site, with a role of any partnership on it."""
    held: set[Any] = {role for roles in member().roles.values() for role in roles}
    role = capability.role_of(held)
    return Actor(role, member().id.hex) if role else None
