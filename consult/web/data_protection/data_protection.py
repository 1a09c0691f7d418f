"""Pages of the data protection officer: erasure, copies of a person's data, and legal holds."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Response, abort, g, render_template, request, url_for

from consult import access
from consult.commands.answers.holding import find_by_receipt
from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.commands.approvals.asking import ask_for
from consult.commands.context import Actor
from consult.commands.data_protection.copy_files import as_file
from consult.commands.data_protection.erasure import erase_by_case
from consult.commands.data_protection.retention import END_HOLD, set_legal_hold
from consult.commands.data_protection.takings import take_copy
from consult.people.mailboxes.addresses import EMAIL_LENGTH_MAX
from consult.web import services as find_services
from consult.web.accounts import approvals
from consult.web.accounts.staff_access import actor_for, partnerships_of
from consult.web.forms.fields import Line, Lines
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.organising.desk import fresh_views
from consult.web.pages import NOBODY, Room
from consult.web.receipts.receipts import consultation_of, find_receipt
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from events.consultations import states
from projections.consultations import ConsultationPage, Consultations
from projections.data_protection import DataProtection, Hold
from projections.partnerships import Partnerships

data_protection = Room(
    "data_protection",
    __name__,
    url_prefix="/organise/personal-data",
    keeps=NOBODY,
    who=access.KEEP_PERSONAL_DATA,
    work=N_("Personal data"),
    refusing="organising/not_yours.html",
)
FORBIDDEN = 403
REASON_LENGTH_MAX = 1_000
REFERENCE_LENGTH_MAX = 60
RECEIPT_LENGTH_MAX = 60
CODE_LOOK = {"width": 20, "autocomplete": "off"}
RECEIPT_LOOK = {**CODE_LOOK, "spellcheck": False}


@dataclass(frozen=True)
class Case:
    """One consultation, with the officer who looks after its personal data."""

    page: ConsultationPage
    actor: Actor
    is_held: bool = False

    @property
    def id(self) -> UUID:
        """Return the consultation's id."""
        return self.page.id

    @property
    def title(self) -> str:
        """Return its title in the language of the page."""
        return said(self.page.title) or self.page.slug


class HoldForm(StaffForm):
    """Why a legal hold is set or lifted."""

    reason = Lines(
        N_("Reason"),
        hint=N_("Without anybody’s name. It is recorded for good."),
        most=REASON_LENGTH_MAX,
        needed=N_("Write the reason."),
        look={"rows": 3},
    )


class EraseForm(StaffForm):
    """Whose data are erased, by receipt code or e-mail address, and in which case."""

    reference = Line(
        N_("Reference of the case"),
        hint=N_("Like DP/2026-014. No names: it is recorded for good."),
        most=REFERENCE_LENGTH_MAX,
        needed=N_("Write the reference of the case, like DP/2026-014."),
        look=CODE_LOOK,
    )
    code = Line(N_("Their checking code"), most=EMAIL_LENGTH_MAX, look=RECEIPT_LOOK)
    email = Line(
        N_("Or the e-mail address they gave"),
        most=EMAIL_LENGTH_MAX,
        look={"type": "email", "autocomplete": "off", "spellcheck": False},
    )
    approved_by = Line(
        N_("Who else agreed"),
        hint=N_("The reference of a second officer."),
        most=EMAIL_LENGTH_MAX,
        look=CODE_LOOK,
    )

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__()

    def validate_code(self, code: Line) -> None:
        """Ask for one of code and address, and for a code of this consultation."""
        if bool(code.data) == bool(self.email.data):
            code.refuse(_("Write their checking code or their e-mail address."))
        elif code.data and not _is_of(self.case, code.data):
            code.refuse(_(UnknownReceipt.says))


class CopyForm(StaffForm):
    """Of whose data a copy is taken."""

    code = Line(
        N_("Their checking code"),
        most=RECEIPT_LENGTH_MAX,
        needed=N_("Write their checking code."),
        look=RECEIPT_LOOK,
    )

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__()

    def validate_code(self, code: Line) -> None:
        """Refuse a receipt of another consultation."""
        if code.data and not _is_of(self.case, code.data):
            code.refuse(_(UnknownReceipt.says))


@data_protection.errorhandler(FORBIDDEN)
def not_yours(_error: Exception) -> Page:
    """Explain that another partnership's data are not shown."""
    return render_template("organising/not_yours.html"), FORBIDDEN


@data_protection.get("/")
def index() -> str:
    """List the consultations of the officer's partnerships."""
    views = fresh_views().views
    mine = partnerships_of(access.KEEP_PERSONAL_DATA)
    actors = {id: actor for id in mine if (actor := _actor_in(id))}
    with views.connect() as db:
        pages = [
            page
            for id in actors
            for page in views.reader(Consultations).of_partnership(db, id)
            if page.state != states.DRAFT
        ]
        held = views.reader(DataProtection).held(db, [page.id for page in pages])
    cases = [Case(page, actors[page.partnership_id], page.id in held) for page in pages]
    return render_template("data_protection/index.html", cases=cases)


@data_protection.get("/<slug>/", title=N_("Personal data"))
def show(slug: str) -> str:
    """Show the possible actions, and the legal holds."""
    case = _find(slug)
    return render_template("data_protection/show.html", case=case, holds=_holds(case))


@data_protection.route("/<slug>/hold", methods=["GET", "POST"], title=N_("Set a legal hold"))
def holding(slug: str) -> Page:
    """Set a legal hold."""
    case = _find(slug)

    def act(reason: str, key: str) -> None:
        set_legal_hold(find_services(), case.id, reason=reason, actor=case.actor, command_id=key)

    done = _("Nothing of this consultation is erased from now on.")
    return _reasoned(case, None, act, _address(case), done)


@data_protection.route(
    "/<slug>/hold/<uuid:case_id>", methods=["GET", "POST"], title=N_("End this hold")
)
def lifting(slug: str, case_id: UUID) -> Page:
    """Lift a legal hold."""
    case = _find(slug)
    hold = next((one for one in _holds(case) if one.case_id == case_id), None)
    if hold is None or (hold.lifted_at is not None and request.method != "POST"):
        abort(404)

    def act(reason: str, key: str) -> None:
        wanted = {"case_id": case_id, "reason": reason}
        ask_for(find_services(), END_HOLD, actor=case.actor, command_id=key, **wanted)

    after = approvals.address_of(case.page.partnership_id)
    return _reasoned(case, hold, act, after, _("You asked for it."))


def _reasoned(
    case: Case, hold: Hold | None, act: Callable[[str, str], None], after: str, done: str
) -> Page:
    """Ask for a reason and call `act` with it."""
    form = HoldForm()
    return form.submit(
        lambda key: act(form.reason.data, key),
        lambda: form.draw("data_protection/hold.html", case=case, hold=hold),
        after,
        done,
    )


@data_protection.route(
    "/<slug>/erase", methods=["GET", "POST"], title=N_("Erase one person’s data")
)
def erasing(slug: str) -> Page:
    """Erase the data of somebody whom the officer has identified."""
    case = _find(slug)
    form = EraseForm(case)

    def act(key: str) -> None:
        email = form.email.data
        erase_by_case(
            find_services(),
            reference=form.reference.data,
            actor=case.actor,
            code=form.code.data,
            email=(case.id, email) if email else None,
            approved_by=form.approved_by.data,
            command_id=key,
        )

    return form.submit(
        act,
        lambda: form.draw("data_protection/erase.html", case=case),
        _address(case),
        _("Erased. What can still be read in files goes under “This site”, or with: consult scrub"),
    )


@data_protection.route(
    "/<slug>/copy", methods=["GET", "POST"], title=N_("Give one person a copy of their data")
)
def disclosing(slug: str) -> Page:
    """Return a copy of everything about the person of a receipt; the taking is recorded.

    If the person sent files, the copy is an archive that includes them.
    """
    case = _find(slug)
    form = CopyForm(case)
    given: list[tuple[bytes, str]] = []

    def act(_key: str) -> None:
        services, code = find_services(), form.code.data
        copy = take_copy(services, code, actor=case.actor)
        given.append(as_file(services, find_by_receipt(services, code), copy))

    answer = form.submit(
        act, lambda: form.draw("data_protection/disclose.html", case=case), _address(case)
    )
    if not given:
        return answer
    ((content, ending),) = given
    headers = {"Content-Disposition": f'attachment; filename="copy-{case.page.slug}.{ending}"'}
    return Response(content, content_type=f"application/{ending}", headers=headers)


def _address(case: Case) -> str:
    return url_for(".show", slug=case.page.slug)


def _actor_in(partnership_id: UUID) -> Actor | None:
    return actor_for(access.KEEP_PERSONAL_DATA, partnership_id)


def _find(slug: str) -> Case:
    """Return the consultation of an address; abort with 404, or 403 without the role."""
    views = fresh_views().views
    with views.connect() as db:
        page = views.reader(Consultations).by_slug(db, slug)
        if page is None or page.state == states.DRAFT:
            abort(404)
        g.partnership = views.reader(Partnerships).by_id(db, page.partnership_id)
    actor = _actor_in(page.partnership_id)
    if actor is None:
        abort(FORBIDDEN)
    return Case(page, actor)


def _holds(case: Case) -> list[Hold]:
    views = find_services().views
    with views.connect() as db:
        return views.reader(DataProtection).holds(db, case.id)


def _is_of(case: Case, code: str) -> bool:
    """Return whether a receipt belongs to this consultation; others must not be visible here."""
    found, _is_current = find_receipt(code)
    return found is not None and consultation_of(found).id == case.id
