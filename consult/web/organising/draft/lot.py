"""Organisers' pages about the lot: name the public draw that breaks ties, and enter its result."""

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
from consult.web.forms.choices import OneOf, Tick
from consult.web.forms.fields import Line, Lines, Moment, Words
from consult.web.forms.reader import WORDS_LENGTH_MAX
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.organising.desk import Desk, find, find_draft
from consult.web.organising.running.awaited import is_counted
from consult.web.pages import Room
from consult.wording.figures import moment
from consult.wording.language import N_, current
from consult.wording.language import gettext as _
from consult.wording.lot_words import beacon_name, beacon_of
from consult.wording.refusals import says
from events.consultations import states
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
RUNNING = (states.OPEN, states.CLOSED)


class BeaconForm(StaffForm):
    """Which public draw breaks ties, and when it takes place."""

    kind = OneOf(
        N_("Which kind of draw?"),
        (
            (
                DRAW,
                N_("A lottery or another draw that others hold and announce"),
                N_("Its numbers are entered after it. At least five numbers are needed."),
            ),
            (
                DRAND,
                N_("A round of drand, a public network for random numbers"),
                N_(
                    "Its value is fetched after it and checked with the public key of the network. "
                    "Nothing has to be typed."
                ),
            ),
        ),
        needed=N_("Choose what kind of draw it is."),
    )
    name = Words(
        N_("Which lottery or draw, and who holds it"),
        hint=N_(
            "For instance: the main draw of the National Lottery, all balls in the order drawn. "
            "Not needed for drand."
        ),
        most=WORDS_LENGTH_MAX,
        look={"rows": 2},
    )
    due_at = Moment(
        N_("Day of the draw"),
        name="due",
        hint=N_(
            "Later than the opening. The first draw after it closes is best: then nobody knows the "
            "order while people answer."
        ),
        clock=N_("Time of the draw"),
        clock_hint=N_("UK time, like 20:00."),
    )

    def validate_name(self, name: Words) -> None:
        """Ask for the name of a draw that others announce, in every language."""
        for code in name.languages:
            if self.kind.data == DRAW and code not in name.data:
                name.refuse(_("Say which draw it is, in every language."), f"{name.name}-{code}")

    def validate_due_at(self, due_at: Moment) -> None:
        """Refuse a time that has passed."""
        if due_at.data is not None and due_at.data <= find_services().clock():
            due_at.refuse(_("That time has passed. Choose a later one."))

    def beacon(self) -> Beacon:
        """Return the draw that is named."""
        assert self.due_at.data is not None, "it was validated"
        if self.kind.data == DRAND:
            return drand_round(self.due_at.data)
        return announced_draw(self.due_at.data, self.name.data)


class NumbersForm(StaffForm):
    """The numbers of a draw, their source and, for a correction, the reason."""

    numbers = Line(
        N_("Numbers, in the order drawn"),
        hint=N_("All of them, with spaces between, like 12 45 3 17 50 8."),
        most=VALUE_LENGTH_MAX,
        needed=N_("Write the numbers drawn."),
        look={"autocomplete": "off"},
    )
    repeated = Tick(N_("It really was drawn twice"))
    source = Line(
        N_("Where they are published"),
        hint=N_("An address or a newspaper, so that everybody can look them up."),
        most=SOURCE_LENGTH_MAX,
        needed=N_("Say where the numbers are published."),
        look={"autocomplete": "off"},
    )
    reason = Words(
        N_("Why these take the place of what was entered before"),
        hint=N_("This is published."),
        most=WORDS_LENGTH_MAX,
        look={"rows": 2},
    )

    def validate_repeated(self, repeated: Tick) -> None:
        """Ask whether a number that stands twice was drawn twice."""
        with suppress(NotTheDraw):  # the command reports it
            twice = drawn_twice(draw_of(self.numbers.data))
            if twice and not repeated.data:
                repeated.refuse(_(DrawnTwice.says).format(number=twice))

    def enter(self, desk: Desk, key: str) -> None:
        """Enter the numbers."""
        enter_draw(
            find_services(),
            desk.id,
            numbers=self.numbers.data,
            source=self.source.data,
            reason=self.reason.data,
            is_repeated=self.repeated.data,
            actor=desk.actor,
            command_id=key,
        )


class FetchForm(StaffForm):
    """What the network published, if it is pasted; without that it is fetched."""

    published = Lines(N_("What the network published"), most=None, look={"rows": 4})

    def enter(self, desk: Desk, key: str) -> None:
        """Enter the pasted round, or fetch it."""
        services, actor, published = find_services(), desk.actor, self.published.data
        if published:
            enter_round(services, desk.id, published=published, actor=actor, command_id=key)
        else:
            fetch_round(services, desk.id, actor=actor, command_id=key)


@lot.route("/", methods=["GET", "POST"], title=N_("The draw that decides ties"))
def naming(slug: str) -> Page:
    """Name the draw, which must take place after the opening."""
    desk = find_draft(slug)
    terms = desk.page.terms
    if terms is None:
        return redirect(url_for("organise.terms.promises", slug=slug), 303)

    if terms.beacon is None and not needs_draw(terms, desk.page.questions):
        return redirect(desk.address(), 303)
    known = beacon_of(desk.page)
    form = BeaconForm(
        languages=desk.page.languages,
        kind=known.kind if known else DRAW,
        name=known.name if known else {},
        due_at=known.due_at if known else terms.closes_at,
    )
    return form.submit(
        lambda key: name_beacon(
            find_services(), desk.id, form.beacon(), actor=desk.actor, command_id=key
        ),
        lambda: form.draw("organising/draft/beacon.html", desk=desk),
        desk.address(),
        _("The draw is named."),
    )


@lot.route("/drawn", methods=["GET", "POST"], title=N_("Enter the draw"))
def entering(slug: str) -> Page:
    """Enter the result, or fetch it from the network; a correction needs a reason."""
    desk = find(slug)
    beacon = beacon_of(desk.page)
    if beacon is None or desk.page.state not in RUNNING:
        return redirect(desk.address(), 303)
    if request.method != "POST" and desk.page.lot is not None and _stands(desk, desk.page.lot):
        return redirect(desk.address(), 303)
    by_network = beacon.kind == DRAND and desk.page.lot is None

    drawn, fetched = NumbersForm(languages=desk.page.languages), FetchForm()
    form = fetched if by_network and "numbers" not in request.form else drawn

    def draw() -> str:
        return form.draw(
            "organising/draft/draw.html",
            desk=desk,
            name=beacon_name(beacon),
            is_due=find_services().clock() >= beacon.due_at,
            due=moment(beacon.due_at, current()),
            by_network=by_network,
            address=_round_address(beacon),
            lot=desk.page.lot,
            drawn=drawn,
            fetched=fetched,
        )

    return form.submit(
        lambda key: form.enter(desk, key), draw, desk.address(), _("The draw is entered.")
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


def _round_address(beacon: Beacon) -> str:
    if beacon.kind != DRAND:
        return ""
    return drand.address_of(find_services().config.drand_url, CHAINS[beacon.chain], beacon.round)
