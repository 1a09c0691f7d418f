"""Organisers' pages about letter codes: issue a batch for printing, void a lost one."""

from datetime import datetime
from typing import Any

from flask import Response, abort, current_app, redirect, request

from consult.commands.answers.letter_codes import IssuedCodes, issue_codes, void_codes
from consult.commands.answers.places import taking_part
from consult.printing import handing_out
from consult.printing.handing_out import BatchNotStopped, BatchStopped, LettersNotMade
from consult.printing.letters import FORMATS, PDF_LETTERS_MAX, Letters, letters_of
from consult.web import services as find_services
from consult.web.forms.reader import Problem, Reader, Typed
from consult.web.forms.sending import (
    UNPROCESSABLE,
    Page,
    carry_out,
    draw_form,
    in_other_language,
    submit,
)
from consult.web.layout import templating
from consult.web.organising.desk import Desk, find
from consult.web.pages import Room
from consult.wording.figures import moment
from consult.wording.language import current, said
from consult.wording.language import gettext as _
from events.consultations.codes import LETTER, NUMBER_MAX
from events.consultations.consultation import VOID_REASON_LENGTH_MAX
from events.partnership import Ward
from projections import participation
from projections.ballot_box import BallotBox

codes = Room("codes", __name__, url_prefix="/c/<slug>/codes")
ACCEPTING = ("draft", "open")
TYPES = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}


@codes.route("", methods=["GET", "POST"])
def batches(slug: str) -> Page | Response:
    """List the batches, and issue another; the response is its file, available only once."""
    one = find_with_letters(slug)

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form(
            "organise/codes.html", typed, problems, **_context(find_with_letters(slug))
        )

    if request.method == "GET":
        return draw({"format": FORMATS[0]}, [])
    typed = request.form.to_dict()
    switched = in_other_language(lambda: draw(typed, []))
    if switched is not None:
        return switched
    reader = Reader(typed)
    number, kind, ward = _read(reader, one)
    made: list[Response] = []

    def act(key: str) -> None:
        made.append(_handed_out(one, number, kind, ward, key))

    problems = reader.problems or carry_out(act)
    if problems:
        return draw(typed, problems), UNPROCESSABLE
    return made[0]


@codes.route("/<batch>/stop", methods=["GET", "POST"])
def stop(slug: str, batch: str) -> Page:
    """Void a lost batch, with a reason."""
    one = find_with_letters(slug)
    if batch not in one.page.batches:
        abort(404)
    after = one.address("organise.codes.batches")
    may_stop = one.page.state in ACCEPTING and not one.page.batches[batch].is_void
    if request.method == "GET" and not may_stop:
        return redirect(after, 303)

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form(
            "organise/stop_codes.html",
            typed,
            problems,
            desk=one,
            batch=one.page.batches[batch],
        )

    if request.method == "GET":
        return draw({}, [])
    return submit(
        lambda form: form.line(
            "reason", most=VOID_REASON_LENGTH_MAX, needed=_("Say why these codes stop working.")
        ),
        lambda reason, key: void_codes(
            find_services(), one.id, batch, reason=reason, actor=one.actor, command_id=key
        ),
        draw,
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


def _read(reader: Reader, one: Desk) -> tuple[int, str, str]:
    kind = reader.choice("format", FORMATS, needed=_("Choose what you need."))
    most = PDF_LETTERS_MAX if kind == "pdf" else NUMBER_MAX
    number = reader.number("number", _("The number of letters"), least=1, most=most)
    if not number and not reader.problems:
        reader.wrong("number", _("Say how many letters you send."))
    return number, kind, reader.choice("ward", [ward.code for ward in _taking_part(one)])


def _taking_part(one: Desk) -> tuple[Ward, ...]:
    return taking_part(one.partnership.wards, one.page.terms)


def _context(one: Desk) -> dict[str, Any]:
    services = find_services()
    with services.views.connect() as db:
        turnout = services.views.reader(BallotBox).turnout
        people = participation.by(db, turnout, one.id, "assurance").get(LETTER, 0)
    wards = {ward.code: said(ward.name) for ward in one.partnership.wards}
    return {
        "desk": one,
        "wards": [(ward.code, said(ward.name)) for ward in _taking_part(one)],
        "people": people,
        "may_issue": one.page.state in ACCEPTING,
        "batches": [
            (id, _day(batch.issued_at), batch.number, wards.get(batch.ward, ""), batch.is_void)
            for id, batch in one.page.batches.items()
        ],
        "pdf_most": PDF_LETTERS_MAX,
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


def _file(one: Desk, ours: Letters, batch: IssuedCodes, kind: str) -> Response:
    whole = handing_out.made(ours, batch.codes, kind)
    name = f"codes-{one.slug}-{batch.batch_id[:8]}.{kind}"
    response = Response(whole, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
