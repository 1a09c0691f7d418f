"""Builds what tests need by giving commands, as people do."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from consult.commands.accounts.members import add_member
from consult.commands.consultations.drafting import (
    Draft,
    draft_consultation,
    fix_terms,
    lot_of,
    put_question,
)
from consult.commands.consultations.drawing import announced_draw, enter_draw
from consult.commands.consultations.opening import close_consultation as close
from consult.commands.consultations.opening import open_consultation
from consult.commands.context import Actor
from consult.commands.partnerships import form_partnership
from consult.commands.wards import define_area
from consult.people.accounts.staff import find_by_email
from consult.services import Services
from events import Consultation, Partnership
from events.consultations.beacon import Lot
from events.consultations.readiness import needs_draw
from events.consultations.terms import CountingTerms, Terms
from events.frameworks import FREE, framework_of, shipped
from events.particulars import Particulars, Place
from events.partnership import Ward
from events.question import Option, Question

ORGANISER = Actor("organiser", "organiser-1")
RESIDENT = Actor("resident")
ADMINISTRATOR = Actor("administrator", "administrator-1")
OPERATOR = Actor("operator")
KEEPER = Actor("data protection officer", "keeper-1")
AUDITOR = Actor("auditor", "auditor-1")
BEGINNING = datetime(2026, 11, 2, 9, 0, 41, 204_917, tzinfo=UTC)
"""Never a round time: what a real clock says has seconds and microseconds."""
WARDS = (
    Ward("W03", {"en": "Canal Side", "cy": "Glan y Gamlas"}, 16_400),
    Ward("W09", {"en": "Ironstone", "cy": "Carreg Haearn"}, 16_900),
)
SHORT = "short"
"""A profile of the tests alone, under which a consultation can be as short as a test needs."""

shipped()[SHORT] = replace(
    framework_of(FREE), id=SHORT, consultation=replace(framework_of(FREE).consultation, days_min=0)
)
LOTTERY = {"en": "the county lottery, all balls", "cy": "loteri'r sir, pob pêl"}
NUMBERS = "12 45 3 17 50 8"
RULES = {
    "ranking": "points-3",
    "points": "points-sum",
    "approval": "approval",
    "basket": "greedy-skip",
    "rating": "rating",
}


class Clock:
    """A clock that a test can move."""

    def __init__(self, now: datetime = BEGINNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def member(services: Services, *, email: str, name: str, partnership_id: UUID, role: str) -> UUID:
    """Somebody's account with a role more in a partnership; `name`: of a new account."""
    called = "" if find_by_email(services.vault, email) else name
    return add_member(
        services, partnership_id, email=email, name=called, roles=(role,), actor=OPERATOR
    )


def words(text: str) -> dict[str, str]:
    """The same words in both languages, told apart."""
    return {"en": text, "cy": f"{text} (cy)"}


def options(*titles: str, **costs: int) -> tuple[Option, ...]:
    """Options whose id is the first letter of their title, in small."""
    return tuple(
        Option(title[0].lower(), words(title), cost=costs.get(title[0].lower())) for title in titles
    )


def question(id: str, kind: Any, title: str, *titles: str, **limits: Any) -> Question:
    """A question with options from titles. `costs`: by option id, in pence."""
    costs = limits.pop("costs", {})
    return Question(id, kind, words(title), options=options(*titles, **costs), **limits)


RANKING = question("order", "ranking", "Put these in order", "Allotments", "Buses", "Clinics")
EVERY_KIND = (
    question("visit", "single", "How often do you visit?", "Daily", "Weekly", "Never"),
    question(
        "uses",
        "several",
        "What do you do there?",
        "Walk",
        "Play",
        "Sport",
        picks_max=2,
        required=False,
    ),
    question("views", "rating", "How much do you agree?", "Safe", "Clean"),
    RANKING,
    question("share", "points", "Share out 10 points", "Buses", "Cycling", "Pavements", points=10),
    question("support", "approval", "What do you support?", "Allotments", "Benches", "Café"),
    question(
        "money",
        "basket",
        "Spend £600",
        "Lights",
        "Kitchen",
        "Trees",
        pot=60_000,
        picks_max=2,
        costs={"l": 30_000, "k": 20_000, "t": 45_000},
    ),
    question("more", "text", "Anything else?", required=False, length_max=100),
)
"""One question of each kind; the last is free text."""


PARTICULARS = Particulars(
    email="together@ashenmoor.example",
    telephone="01632 960 001",
    post="Town Hall\nAshenmoor AS1 1AA",
    controller=words("Ashenmoor Council"),
    officer=words("Data protection officer of Ashenmoor Council"),
    officer_email="dpo@ashenmoor.example",
    lawful_basis=words("a task carried out in the public interest"),
    regulator=words("the Information Commissioner"),
    accessibility_regulator=words("the Equality and Human Rights Commission"),
    answer_days=10,
    has_paper=True,
    has_telephone=True,
    places=(
        Place(
            words("Ironstone library"), "Furnace Lane, AS3 7QT", words("Weekdays, 9 to 5"), "W09"
        ),
    ),
)
"""Everything that a partnership states before it opens a consultation."""


TOGETHER = {"en": "Ashenmoor Together", "cy": "Ashenmoor Ynghyd"}


def partnership(
    services: Services,
    slug: str = "ashenmoor",
    *,
    wards: bool = False,
    particulars: Particulars = PARTICULARS,
    profile: str = SHORT,
    name: Mapping[str, str] = TOGETHER,
) -> Partnership:
    """Form a partnership under no minimum period; it has stated everything it has to.

    One that is there already is returned as it is.
    """
    formed = services.record.find(Partnership, Partnership.id_for(slug)) or form_partnership(
        services,
        slug=slug,
        name=name,
        area=words("Ashenmoor"),
        profile=profile,
        particulars=particulars,
        actor=OPERATOR,
    )
    if wards:
        return define_area(services, formed.id, wards=WARDS, source="invented", actor=ORGANISER)
    return formed


def draft(
    services: Services,
    *questions: Question,
    slug: str = "riverside",
    title: str = "Riverside Park",
    overview: str = "Tell us more.",
    wards: bool | tuple[str, ...] = False,
    counting: dict[str, CountingTerms] | None = None,
    days: float = 14,
    identity: tuple[str, ...] = ("open",),
    **promised: Any,
) -> Consultation:
    """Draft a consultation with its terms fixed, ready to open.

    `wards`: whether the area has any, or the codes of those that take part. `promised`: more of
    the terms.
    """
    home = partnership(services, wards=bool(wards))
    drafted = draft_consultation(
        services,
        partnership_id=home.id,
        draft=Draft(slug=slug, title=words(title), overview=words(overview)),
        actor=ORGANISER,
    )
    for each in questions or (RANKING,):
        put_question(services, drafted.id, each, actor=ORGANISER)
    chosen = {
        each.id: CountingTerms(RULES[each.kind], tie_chain=("votes",))
        for each in questions or (RANKING,)
        if each.kind in RULES
    } | (counting or {})
    is_money = any(each.kind == "basket" for each in questions)
    closes_at = services.clock() + timedelta(days=days)
    by_id = {each.id: each for each in questions or (RANKING,)}
    is_drawn = needs_draw(Terms(closes_at, chosen), by_id)
    terms = Terms(
        closes_at=closes_at,
        counting=chosen,
        beacon=announced_draw(closes_at, LOTTERY) if is_drawn else None,
        eligibility=words("Anyone who lives here"),
        identity=identity,
        wards=wards if isinstance(wards, tuple) else (),
        **{
            "decides": words("The council decides"),
            "open_reason": words("The sums are small.") if is_money and "open" in identity else {},
            **promised,
        },
    )
    return fix_terms(services, drafted.id, terms, actor=ORGANISER)


def consultation(services: Services, *questions: Question, **how: Any) -> Consultation:
    """Draft and open a consultation; pages know it when this returns."""
    drafted = draft(services, *questions, **how)
    opened = open_consultation(services, drafted.id, actor=ORGANISER)
    services.catch_up()
    return opened


def close_consultation(
    services: Services,
    id: UUID,
    *,
    actor: Actor = ORGANISER,
    command_id: str = "",
    goes_on: bool = False,
) -> Consultation:
    """Close a consultation at its closing time: nobody closes one early.

    The clock then stands where the test had it, so that sessions and drafts of people are as
    old as the test says; with `goes_on` it goes on from the closing, as clocks do, which the
    verifier asks for.
    """
    clock = services.clock
    closes_at = services.record.get(Consultation, id).closes_not_before
    if closes_at is None or not isinstance(clock, Clock) or clock.now >= closes_at:
        return close(services, id, actor=actor, command_id=command_id)
    before, clock.now = clock.now, closes_at
    try:
        return close(services, id, actor=actor, command_id=command_id)
    finally:
        if not goes_on:
            clock.now = before


def by_letter(services: Services, *questions: Question, **how: Any) -> Consultation:
    """Draft and open a consultation in which people prove by a code that they may answer."""
    return consultation(services, *questions, **({"identity": ("letter",)} | how))


def draw_lot(services: Services, id: UUID, numbers: str = NUMBERS) -> Consultation:
    """Enter the public draw that the terms name, at its time or later."""
    terms = services.record.get(Consultation, id).terms
    assert terms is not None
    assert terms.beacon is not None
    assert isinstance(services.clock, Clock)
    services.clock.now = max(services.clock.now, terms.beacon.due_at)
    return enter_draw(
        services, id, numbers=numbers, source="https://lottery.example", actor=ORGANISER
    )


def numbers_that_draw(services: Services, id: UUID, question: Question, *order: str) -> str:
    """Return numbers of a draw that puts the options of a question into this order."""
    consultation = services.record.get(Consultation, id)
    for first in range(6, 2_000):
        drawn = f"{first} 2 3 4 5"
        consultation.lot = Lot(drawn, "")
        if lot_of(consultation, question) == order:
            return drawn
    raise AssertionError(order)
