"""Organisers' pages about letter codes: issue a batch for printing, void a lost one."""

from datetime import datetime
from typing import Any

from flask import Response, abort, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from consult.commands.answers.letter_codes import MadeCodes, issue_codes, void_codes
from consult.commands.answers.places import taking_part
from consult.jobs.kinds.letters import LettersWanted, are_many, ask_for_letters, own_letters
from consult.printing import handing_out
from consult.printing.handing_out import BatchNotStopped, BatchStopped, LettersNotMade
from consult.printing.letters import FORMATS, PDF_LETTERS_MAX, Letters, letters_of
from consult.web import services as find_services
from consult.web.accounts import staff_session
from consult.web.accounts.jobs import Shown
from consult.web.forms.choices import OneOf, OneOfList, Option
from consult.web.forms.fields import Line, WholeNumber
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.layout import templating
from consult.web.organising.desk import Desk, find
from consult.web.pages import Room
from consult.wording import figures
from consult.wording.figures import moment
from consult.wording.language import N_, current, said
from consult.wording.language import gettext as _
from events.consultations import states
from events.consultations.codes import NUMBER_MAX
from events.consultations.consultation import VOID_REASON_LENGTH_MAX
from events.consultations.levels import LETTER
from projections import participation
from projections.ballot_box import BallotBox

codes = Room("codes", __name__, url_prefix="/c/<slug>/codes")
ACCEPTING = (states.DRAFT, states.OPEN)
TYPES = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}


class IssueForm(StaffForm):
    """How many codes are made, as which kind of file, and for which ward."""

    number = WholeNumber(
        N_("How many letters?"),
        what=N_("The number of letters"),
        least=1,
        most=NUMBER_MAX,
        needed=N_("Say how many letters you send."),
        look={"width": 10, "inputmode": "numeric", "autocomplete": "off"},
    )
    format = OneOf(N_("What do you need?"), needed=N_("Choose what you need."))
    ward = OneOfList(
        N_("Who gets them?"),
        hint=N_("Only for your own records and for people who check the numbers."),
        nothing=N_("People anywhere in the area"),
    )


class StopForm(StaffForm):
    """Why a batch of codes stops working."""

    reason = Line(
        N_("Reason"),
        hint=N_("Without anybody’s name. For example: the letters were lost in the post."),
        most=VOID_REASON_LENGTH_MAX,
        needed=N_("Say why these codes stop working."),
    )


@codes.route("", methods=["GET", "POST"], title=N_("Codes for letters"))
def batches(slug: str) -> Page | AnyResponse:
    """List the batches, and issue another; the response is its file, available only once.

    Many letters are made by a job, and are handed out on a page of their own.
    """
    one = find_with_letters(slug)
    is_pdf = request.form.get("format") == "pdf"
    form = IssueForm(
        limits={"number": PDF_LETTERS_MAX if is_pdf else NUMBER_MAX},
        choices={"format": _formats(), "ward": _wards(one)},
        format=FORMATS[0],
    )
    made: list[AnyResponse] = []

    def act(key: str) -> None:
        number, kind, ward = form.number.data, form.format.data, form.ward.data
        if find_services().has_background and are_many(number, kind):
            made.append(_asked_for(one, number, kind, ward, key))
        else:
            made.append(_handed_out(one, number, kind, ward, key))

    def draw() -> str:
        # A batch that was made and stopped at once is on the list.
        now = find_with_letters(slug) if request.method == "POST" else one
        return form.draw("organising/running/codes.html", **_context(now))

    page = form.submit(act, draw, one.address("organise.codes.batches"))
    return made[0] if made else page


@codes.route("/<batch>/stop", methods=["GET", "POST"], title=N_("Stop this batch"))
def stop(slug: str, batch: str) -> Page:
    """Void a lost batch, with a reason."""
    one = find_with_letters(slug)
    if batch not in one.page.batches:
        abort(404)
    after = one.address("organise.codes.batches")
    may_stop = one.page.state in ACCEPTING and not one.page.batches[batch].is_void
    if request.method != "POST" and not may_stop:
        return redirect(after, 303)

    form = StopForm()

    def act(key: str) -> None:
        reason = form.reason.data
        void_codes(find_services(), one.id, batch, reason=reason, actor=one.actor, command_id=key)

    return form.submit(
        act,
        lambda: form.draw(
            "organising/running/stop_codes.html", desk=one, batch=one.page.batches[batch]
        ),
        after,
        _("The batch is stopped. Codes of it that nobody has used do not work any more."),
    )


def find_with_letters(slug: str) -> Desk:
    """Return a consultation that accepts letter codes, or abort with 404."""
    one = find(slug)
    if not accepts_letters(one):
        abort(404)
    return one


def accepts_letters(one: Desk) -> bool:
    """Return whether the terms accept letter codes."""
    return one.page.terms is not None and LETTER in one.page.terms.identity


def _formats() -> list[Option]:
    """Return the kinds of file, each with its title and what is in it."""
    letters = _("One page for each letter, in every language of the consultation. Up to %(most)s "
                "letters.", most=figures.number(PDF_LETTERS_MAX))  # fmt: skip
    row = _("A row for each letter: number, code, address to type, text of the QR code.")
    return [
        ("csv", _("A table for a mail house (CSV)"), row),
        ("pdf", _("Letters to print (PDF)"), letters),
    ]


def _wards(one: Desk) -> list[Option]:
    known = taking_part(one.partnership.wards, one.page.terms)
    return [(ward.code, said(ward.name)) for ward in known]


def _context(one: Desk) -> dict[str, Any]:
    services = find_services()
    with services.views.connect() as db:
        turnout = services.views.reader(BallotBox).turnout
        people = participation.by(db, turnout, one.id, "assurance").get(LETTER, 0)
    wards = {ward.code: said(ward.name) for ward in one.partnership.wards}
    return {
        "desk": one,
        "people": people,
        "may_issue": one.page.state in ACCEPTING,
        "waiting": [Shown(each, one.page) for each in own_letters(services, one.id, one.actor)],
        "batches": [
            (id, _day(batch.issued_at), batch.number, wards.get(batch.ward, ""), batch.is_void)
            for id, batch in one.page.batches.items()
        ],
    }


def _day(at: datetime) -> str:
    return moment(at, current())


def _handed_out(one: Desk, number: int, kind: str, ward: str, key: str) -> Response:
    """Issue a batch and return its file. Raises Refused: then no code of it works."""
    services = find_services()
    ours = letters_of(
        one.page, one.partnership, services.config.public_url, templating.theme().brand
    )
    try:
        batch = issue_codes(
            services,
            one.id,
            number,
            actor=one.actor,
            ward=ward,
            command_id=key,
            ready=lambda: handing_out.rehearse(ours, kind),
        )
        with handing_out.or_stopped(services, batch, one.actor):
            return _file(one, ours, batch, kind)
    except (LettersNotMade, BatchStopped, BatchNotStopped):
        current_app.logger.exception("letters of %s", one.slug)
        raise


def _asked_for(one: Desk, number: int, kind: str, ward: str, key: str) -> AnyResponse:
    """Have many letters made by a job, and lead to where they will be. Raises Refused."""
    asked = LettersWanted(
        consultation_id=one.id,
        asked_by=one.actor.reference,
        command_id=key,
        number=number,
        format=kind,
        ward=ward,
        colour=templating.theme().brand,
        address=staff_session.envelope_address(),
    )
    job = ask_for_letters(find_services(), asked, actor=one.actor)
    return redirect(one.address("organise.letters.show", id=job.id), 303)


def _file(one: Desk, ours: Letters, batch: MadeCodes, kind: str) -> Response:
    return letters_file(one, batch.batch_id, handing_out.made(ours, batch.codes, kind), kind)


def letters_file(one: Desk, batch_id: str, whole: bytes, kind: str) -> Response:
    """Return the file of a batch to be downloaded."""
    name = f"codes-{one.slug}-{batch_id[:8]}.{kind}"
    response = Response(whole, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
