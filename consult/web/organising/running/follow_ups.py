"""Organisers' pages about follow-ups: what came of the results, one row per theme."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request

from consult.commands.results.follow_up import (
    NotPublishedYet,
    change_follow_up,
    publish_follow_up,
)
from consult.web import services as find_services
from consult.web.forms.choices import OneOf
from consult.web.forms.fields import Day, Words
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.organising.desk import Desk, find
from consult.web.pages import Room
from consult.wording import follow_up_words
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events.follow_up import DONE, NOT_DONE, WORDS_LENGTH_MAX, Row
from projections.follow_ups import FollowUps, Shown
from projections.results import Results

follow_ups = Room("follow_ups", __name__, url_prefix="/c/<slug>/follow-ups")


def _text(label: str, **declared: Any) -> Words:
    return Words(label, most=WORDS_LENGTH_MAX, is_whole=True, **declared)


class FollowUpForm(StaffForm):
    """What came of one theme; every language is needed, and a reason if nothing was done."""

    theme = _text(
        N_("Theme"),
        hint=N_("A few words, like “Buses that turn up”."),
        needed=N_("Say which theme this is about."),
    )
    asked = _text(N_("We asked"), needed=N_("Say what you asked."), look={"rows": 2})
    said = _text(
        N_("You said"),
        hint=N_("In plain words and without anybody’s name."),
        needed=N_("Say what people told you."),
        look={"rows": 3},
    )
    status = OneOf(
        N_("How far has it come?"),
        tuple((each, words.title) for each, words in follow_up_words.STATUSES.items()),
        needed=N_("Choose how far it has come."),
    )
    did = _text(
        N_("We did, or did not"),
        needed=N_("Say what was done, or that it was not."),
        look={"rows": 3},
    )
    why = _text(N_("Why"), hint=N_("Needed when it is not done."), look={"rows": 3})
    owner = _text(
        N_("Who answers for it"),
        hint=N_("A role and an organisation, never a person’s name."),
        needed=N_("Say which role answers for it."),
    )
    on = Day(N_("When it was done, is to be done, or was decided"))

    def validate_why(self, why: Words) -> None:
        """Ask for the reason why nothing was done."""
        if self.status.data == NOT_DONE and not why.data:
            why.refuse(_("Say why it is not done. People are owed the reason."))


@follow_ups.get("/", title=N_("We asked, you said, we did"))
def index(slug: str) -> Page:
    """List the published follow-ups."""
    desk = find(slug)
    if not _has_results(desk):
        return redirect(desk.address(), 303)
    told = _told(desk)
    ids = [one.id for one in told]
    return render_template(
        "organising/running/follow_ups.html",
        desk=desk,
        rows=list(zip(ids, follow_up_words.rows(told), strict=True)),
    )


@follow_ups.route("/new", methods=["GET", "POST"], title=N_("Add a theme"))
def new(slug: str) -> Page:
    """Publish what came of one theme."""
    desk = find(slug)
    if request.method != "POST" and not _has_results(desk):
        flash(says(NotPublishedYet()), "problem")
        return redirect(desk.address(), 303)
    first = next((one for one in _told(desk)), None)
    return _answer(
        desk,
        FollowUpForm(
            languages=desk.page.languages, status=DONE, asked=first.row.asked if first else {}
        ),
        lambda row, key: publish_follow_up(
            find_services(), desk.id, row, actor=desk.actor, command_id=key
        ),
        is_new=True,
    )


@follow_ups.route("/<uuid:id>", methods=["GET", "POST"], title=N_("Change a theme"))
def one(slug: str, id: UUID) -> Page:
    """Update a row; its earlier text stays in the public log."""
    desk = find(slug)
    shown = next((each for each in _told(desk) if each.id == id), None) or abort(404)
    return _answer(
        desk,
        FollowUpForm(shown.row, languages=desk.page.languages),
        lambda row, key: change_follow_up(
            find_services(), id, row, actor=desk.actor, command_id=key
        ),
        is_new=False,
    )


def _answer(
    desk: Desk, form: FollowUpForm, act: Callable[[Row, str], object], *, is_new: bool
) -> Page:
    return form.submit(
        lambda key: act(Row(**form.data), key),
        lambda: form.draw("organising/running/follow_up.html", desk=desk, is_new=is_new),
        desk.address("organise.follow_ups.index"),
        _("It is published.") if is_new else _("The change is published."),
    )


def _told(desk: Desk) -> list[Shown]:
    views = find_services().views
    with views.connect() as db:
        return views.reader(FollowUps).of(db, desk.id)


def _has_results(desk: Desk) -> bool:
    views = find_services().views
    with views.connect() as db:
        return desk.id in views.reader(Results).are_published(db, [desk.id])
