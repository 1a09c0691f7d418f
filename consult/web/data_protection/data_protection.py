"""Pages of the data protection officer: erasure, copies of a person's data, and legal holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from flask import Response, abort, g, render_template, request, url_for

from consult import access
from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.commands.context import Actor
from consult.commands.data_protection.copy_files import as_file
from consult.commands.data_protection.erasure import erase_by_case
from consult.commands.data_protection.retention import lift_legal_hold, set_legal_hold
from consult.commands.data_protection.takings import take_copy
from consult.web import services as find_services
from consult.web.accounts.staff_access import actor_for, partnerships_of
from consult.web.organising.desk import Page, draw_form, fresh_views, submit
from consult.web.organising.drafting_forms import Problem, Reader, Typed
from consult.web.pages import NOBODY, Room
from consult.web.receipts.receipts import consultation_of, find_receipt
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
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
    refusing="organise/not_yours.html",
)
FORBIDDEN = 403
REASON_LENGTH_MAX = 1_000
REFERENCE_LENGTH_MAX = 60
T = TypeVar("T")


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


@data_protection.errorhandler(FORBIDDEN)
def not_yours(_error: Exception) -> Page:
    """Explain that another partnership's data are not shown."""
    return render_template("organise/not_yours.html"), FORBIDDEN


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
            if page.state != "draft"
        ]
        held = views.reader(DataProtection).held(db, [page.id for page in pages])
    cases = [Case(page, actors[page.partnership_id], page.id in held) for page in pages]
    return render_template("data_protection/index.html", cases=cases)


@data_protection.get("/<slug>/")
def show(slug: str) -> str:
    """Show the possible actions, and the legal holds."""
    case = _find(slug)
    return render_template("data_protection/show.html", case=case, holds=_holds(case))


@data_protection.route("/<slug>/hold", methods=["GET", "POST"])
def holding(slug: str) -> Page:
    """Set a legal hold."""
    case = _find(slug)

    def act(reason: str, key: str) -> None:
        set_legal_hold(find_services(), case.id, reason=reason, actor=case.actor, command_id=key)

    return _reasoned(case, None, act, _("Nothing of this consultation is erased from now on."))


@data_protection.route("/<slug>/hold/<uuid:case_id>", methods=["GET", "POST"])
def lifting(slug: str, case_id: UUID) -> Page:
    """Lift a legal hold."""
    case = _find(slug)
    hold = next((one for one in _holds(case) if one.case_id == case_id), None)
    if hold is None or hold.lifted_at is not None:
        abort(404)

    def act(reason: str, key: str) -> None:
        lift_legal_hold(find_services(), case_id, reason=reason, actor=case.actor, command_id=key)

    return _reasoned(case, hold, act, _("The legal hold ended"))


@data_protection.route("/<slug>/erase", methods=["GET", "POST"])
def erasing(slug: str) -> Page:
    """Erase the data of somebody whom the officer has identified."""
    case = _find(slug)

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form("data_protection/erase.html", typed, problems, case=case)

    def read(form: Reader) -> dict[str, str]:
        needed = _("Write the reference of the case, like DP/2026-014.")
        given = {"reference": form.line("reference", most=REFERENCE_LENGTH_MAX, needed=needed)}
        for name in ("code", "email", "approved_by"):
            given[name] = form.line(name, most=254)
        if bool(given["code"]) == bool(given["email"]):
            form.wrong("code", _("Write their receipt code or their e-mail address."))
        elif given["code"] and not _is_of(case, given["code"]):
            form.wrong("code", _(UnknownReceipt.says))
        return given

    def act(given: dict[str, str], key: str) -> None:
        erase_by_case(
            find_services(),
            reference=given["reference"],
            actor=case.actor,
            code=given["code"],
            email=(case.id, given["email"]) if given["email"] else None,
            approved_by=given["approved_by"],
            command_id=key,
        )

    done = _("Erased. What can still be read in files goes with the command “consult scrub”.")
    return _answered(case, read, act, draw, done)


@data_protection.route("/<slug>/copy", methods=["GET", "POST"])
def disclosing(slug: str) -> Page:
    """Return a copy of everything about the person of a receipt; the taking is recorded.

    If the person sent files, the copy is an archive that includes them.
    """
    case = _find(slug)
    given: list[tuple[bytes, str]] = []

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form("data_protection/disclose.html", typed, problems, case=case)

    def read(form: Reader) -> str:
        code = form.line("code", most=60, needed=_("Write their receipt code."))
        if code and not _is_of(case, code):
            form.wrong("code", _(UnknownReceipt.says))
        return code

    def act(code: str, _key: str) -> None:
        services = find_services()
        given.append(as_file(services, code, take_copy(services, code, actor=case.actor)))

    answer = _answered(case, read, act, draw, "")
    if not given:
        return answer
    ((content, ending),) = given
    headers = {"Content-Disposition": f'attachment; filename="copy-{case.page.slug}.{ending}"'}
    return Response(content, content_type=f"application/{ending}", headers=headers)


def _reasoned(case: Case, hold: Hold | None, act: Callable[[str, str], None], done: str) -> Page:
    """Ask for a reason and call `act` with it."""

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form("data_protection/hold.html", typed, problems, case=case, hold=hold)

    def read(form: Reader) -> str:
        return form.line("reason", most=REASON_LENGTH_MAX, needed=_("Write the reason."))

    return _answered(case, read, act, draw, done)


def _answered(
    case: Case,
    read: Callable[[Reader], T],
    act: Callable[[T, str], None],
    draw: Callable[[Typed, list[Problem]], str],
    done: str,
) -> Page:
    if request.method == "GET":
        return draw({}, [])
    return submit(read, act, draw, url_for(".show", slug=case.page.slug), done)


def _actor_in(partnership_id: UUID) -> Actor | None:
    return actor_for(access.KEEP_PERSONAL_DATA, partnership_id)


def _find(slug: str) -> Case:
    """Return the consultation of an address; abort with 404, or 403 without the role."""
    views = fresh_views().views
    with views.connect() as db:
        page = views.reader(Consultations).by_slug(db, slug)
        if page is None or page.state == "draft":
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
