"""Organisers' pages about the lot: name the public draw that breaks ties, and enter its result."""

from collections.abc import Callable
from contextlib import suppress

from flask import flash, redirect, request, url_for

from consult import drand
from consult.commands.consultations.drawing import (
    SOURCE_LENGTH_MAX,
    announced_draw,
    drand_round,
    enter_draw,
    enter_round,
    fetch_round,
    name_beacon,
)
from consult.web import services as find_services
from consult.web.forms.reader import (
    WORDS_LENGTH_MAX,
    Problem,
    Reader,
    Typed,
    typed_moment,
    typed_words,
)
from consult.web.forms.sending import Page, draw_form, submit
from consult.web.organising.desk import Desk, find, find_draft
from consult.web.organising.running.awaited import is_counted
from consult.web.pages import Room
from consult.wording.figures import moment
from consult.wording.language import current
from consult.wording.language import gettext as _
from consult.wording.lot_words import beacon_name, beacon_of
from consult.wording.refusals import says
from events.consultations.beacon import (
    CHAINS,
    DRAND,
    DRAW,
    VALUE_LENGTH_MAX,
    Beacon,
    DrawnTwice,
    Lot,
    LotCounted,
    NotTheDraw,
    draw_of,
    drawn_twice,
)
from events.consultations.readiness import needs_draw

lot = Room("lot", __name__, url_prefix="/c/<slug>/lot")
RUNNING = ("open", "closed")
Command = Callable[[str], object]


@lot.route("/", methods=["GET", "POST"])
def naming(slug: str) -> Page:
    """Name the draw, which must take place after the opening."""
    desk = find_draft(slug)
    terms = desk.page.terms
    if terms is None:
        return redirect(url_for("organise.terms.promises", slug=slug), 303)

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form("organise/beacon.html", typed, problems, desk=desk)

    if terms.beacon is None and not needs_draw(terms, desk.page.questions):
        return redirect(desk.address(), 303)
    known = beacon_of(desk.page)
    due_at = known.due_at if known else terms.closes_at
    typed = {**typed_moment("due", "clock", due_at), "kind": known.kind if known else DRAW}
    typed |= typed_words("name", known.name) if known else {}
    if request.method == "GET":
        return draw(typed, [])
    return submit(
        lambda form: _read_beacon(form, desk),
        lambda beacon, key: name_beacon(
            find_services(), desk.id, beacon, actor=desk.actor, command_id=key
        ),
        draw,
        desk.address(),
        _("The draw is named."),
    )


@lot.route("/drawn", methods=["GET", "POST"])
def entering(slug: str) -> Page:
    """Enter the result, or fetch it from the network; a correction needs a reason."""
    desk = find(slug)
    beacon = beacon_of(desk.page)
    if beacon is None or desk.page.state not in RUNNING:
        return redirect(desk.address(), 303)
    if request.method == "GET" and desk.page.lot is not None and _stands(desk, desk.page.lot):
        return redirect(desk.address(), 303)
    by_network = beacon.kind == DRAND and desk.page.lot is None

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form(
            "organise/draw.html",
            typed,
            problems,
            desk=desk,
            name=beacon_name(beacon),
            is_due=find_services().clock() >= beacon.due_at,
            due=moment(beacon.due_at, current()),
            by_network=by_network,
            address=_round_address(beacon),
            lot=desk.page.lot,
        )

    if request.method == "GET":
        return draw({}, [])
    act = _network if by_network and not request.form.get("numbers") else _numbers
    return submit(
        lambda form: act(form, desk),
        lambda command, key: command(key),
        draw,
        desk.address(),
        _("The draw is entered."),
    )


def _stands(desk: Desk, lot: Lot) -> bool:
    """Flash the reason and return True if the lot cannot be replaced."""
    if lot.is_final:
        flash(_("The draw is entered and stands: nothing can take its place."), "problem")
        return True
    if is_counted(desk):
        flash(says(LotCounted()), "problem")
        return True
    return False


def _read_beacon(form: Reader, desk: Desk) -> Beacon:
    kind = form.choice("kind", (DRAW, DRAND), needed=_("Choose what kind of draw it is."))
    due_at = form.moment("due", "clock")
    now = find_services().clock()
    if due_at is not None and due_at <= now:
        form.wrong("due", _("That time has passed. Choose a later one."))
    due_at = due_at or now
    if kind == DRAND:
        return drand_round(due_at)
    languages = desk.page.languages
    name = form.words("name", languages, most=WORDS_LENGTH_MAX)
    for code in languages:
        if kind == DRAW and not form.raw(f"name-{code}"):
            form.wrong(f"name-{code}", _("Say which draw it is, in every language."))
    return announced_draw(due_at, name)


def _network(form: Reader, desk: Desk) -> Command:
    """Return the command that fetches the round, or that enters a pasted one."""
    services, actor, id = find_services(), desk.actor, desk.id
    published = form.raw("published")
    if published:
        return lambda key: enter_round(
            services, id, published=published, actor=actor, command_id=key
        )
    return lambda key: fetch_round(services, id, actor=actor, command_id=key)


def _numbers(form: Reader, desk: Desk) -> Command:
    """Parse the numbers of a draw, their source and, for a correction, the reason."""
    numbers = form.line("numbers", most=VALUE_LENGTH_MAX, needed=_("Write the numbers drawn."))
    source = form.line(
        "source", most=SOURCE_LENGTH_MAX, needed=_("Say where the numbers are published.")
    )
    reason = form.words("reason", desk.page.languages, most=WORDS_LENGTH_MAX)
    is_repeated = bool(form.raw("repeated"))
    with suppress(NotTheDraw):  # the command reports it
        twice = drawn_twice(draw_of(numbers))
        if twice and not is_repeated:
            form.wrong("repeated", _(DrawnTwice.says).format(number=twice))
    return lambda key: enter_draw(
        find_services(),
        desk.id,
        numbers=numbers,
        source=source,
        reason=reason,
        is_repeated=is_repeated,
        actor=desk.actor,
        command_id=key,
    )


def _round_address(beacon: Beacon) -> str:
    if beacon.kind != DRAND:
        return ""
    return drand.address_of(find_services().config.drand_url, CHAINS[beacon.chain], beacon.round)
