"""One consultation in every state, with what people hold of it: visits, codes, drafts, receipts.

Everything is built by the commands and pages that people use, on one clock: what was begun
while a consultation was open is still in somebody's browser after it has ended.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask

from consult.access import STAFF
from consult.commands.answers.letter_codes import issue_codes, void_codes
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.consultations.drafting import Draft, draft_consultation, put_question
from consult.commands.consultations.opening import (
    open_consultation,
    pause_consultation,
    withdraw_consultation,
)
from consult.commands.context import Actor
from consult.commands.data_protection.retention import lift_legal_hold, set_legal_hold
from consult.commands.files.importing import import_votes
from consult.commands.interests import declare_interest, end_interest
from consult.commands.partnerships import admit_member, form_partnership
from consult.commands.results.counting import count_consultation, publish_results
from consult.commands.results.follow_up import publish_follow_up
from consult.commands.seats import fill_seat, set_up_seat
from consult.people.accounts.staff import find_by_email
from consult.people.answers import attachments
from consult.people.mailboxes import contacts
from consult.roles.rules import WITHOUT_PAGES
from consult.services import Services
from events import Consultation, Partnership
from events.follow_up import Row
from events.partnership import Organisation
from events.question import Option, Question
from tests import builders
from tests.attached import pdf
from tests.builders import (
    ADMINISTRATOR,
    OPERATOR,
    ORGANISER,
    RESIDENT,
    Clock,
    close_consultation,
    words,
)
from tests.consult.web.organisers import link_for
from tests.consult.web.residents import ANSWERS, Resident

COLUMNS = (Option("g", words("Good")), Option("b", words("Bad")))
ROWS = (Option("1", words("Paths")), Option("2", words("Lights")))
QUESTIONS = (
    *builders.EVERY_KIND,
    Question("far", "number", words("How far?"), decimals=1, required=False),
    Question("since", "date", words("Since when?"), required=False),
    Question(
        "grid", "matrix", words("How is it?"), options=COLUMNS, statements=ROWS, required=False
    ),
    Question("home", "area", words("Where?"), required=False),
    Question("plan", "file", words("Your plan"), required=False),
)
"""One of each kind."""
SURVEY = (builders.EVERY_KIND[0], builders.EVERY_KIND[-1])
PDF = pdf()
WAYS = ("letter", "desk", "email")
SOON_DAYS = 3 / 24
VOTES = """META
key;value
description;A small one
country;Worldland
unit;Ironstone
instance;2026
num_projects;2
num_votes;2
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;votes;name;selected
p;60;2;Path;1
q;50;1;Quiet corner;0
VOTES
voter_id;vote
1;p,q
2;p
"""
CUSTODIAN = Actor("data protection officer", "officer-1")
OTHERS = "organiser elsewhere"
MIDWAY, ANSWERED, NOBODY = "resident midway", "resident who answered", "nobody"
STATES = (
    *("bare draft", "draft without terms", "draft ready", "withdrawn draft"),
    *("open", "paused", "overdue", "closed", "counted", "published", "withdrawn", "imported"),
    *("open survey", "closed survey", "no such place", "nonsense"),
)
AT_WORK = (*(role for role in STAFF if role not in WITHOUT_PAGES), WITHOUT_PAGES[0])
"""Every role that has pages, and one of those that have none."""
PEOPLE = (NOBODY, MIDWAY, ANSWERED, *AT_WORK, OTHERS)


@dataclass
class Made:
    """A consultation in one state. `tokens`: values of an argument of an address, by its name."""

    slug: str
    id: UUID | None = None
    questions: dict[str, Question] = field(default_factory=dict)
    tokens: dict[str, list[str]] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """Every state by its name, and the cookies of people who are signed in."""

    services: Services
    app: Flask
    clock: Clock
    states: dict[str, Made] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, list[str]] = field(default_factory=dict)


def build(services: Services, app: Flask, clock: Clock, folder: Path) -> World:
    """Build every state; takes some seconds."""
    world = World(services, app, clock)
    builders.partnership(services, wards=True)
    form_partnership(
        services,
        slug="elsewhere",
        name=words("Elsewhere"),
        area=words("Elsewhere"),
        profile="none",
        actor=OPERATOR,
    )
    _drafts(world)
    for state in ("open", "paused", "overdue", "closed", "counted", "published", "withdrawn"):
        days = 14 if state in {"open", "paused", "withdrawn"} else SOON_DAYS
        _opened(world, state, QUESTIONS, days=days, wards=True, identity=WAYS)
    _opened(world, "open survey", SURVEY, days=14, identity=("open",))
    _opened(world, "closed survey", SURVEY, days=SOON_DAYS, identity=("open",))
    clock.move(hours=1)
    for made in list(world.states.values()):
        if made.tokens:
            _taken_part(world, made)
    clock.move(hours=4)
    _ended(world)
    file = folder / "votes.pb"
    file.write_text(VOTES)
    imported = import_votes(services, file)
    _known(world, "imported", services.record.get(Consultation, imported.consultation_id))
    world.states["no such place"] = Made("no-such-place")
    world.states["nonsense"] = Made("ŵ'\"<%00..\u202e")
    _interests(world)
    _seats(world)
    services.catch_up()
    link_for(services, role="scrutiny", email="spare@example.org")
    spare = find_by_email(services.vault, "spare@example.org")
    assert spare is not None
    world.tokens["person"] = [spare.hex]
    for role in (*AT_WORK, OTHERS):
        world.cookies[role] = _signed_in(world, role)
    return world


def cookie_of(person: Resident) -> str:
    """Return what a browser holds."""
    cookie = person.client.get_cookie("folkmoot")
    return cookie.value if cookie else ""


def _known(world: World, state: str, one: Consultation) -> Made:
    made = Made(one.slug, one.id, dict(one.questions))
    world.states[state] = made
    return made


def _interests(world: World) -> None:
    """A member has declared two interests, and one of them has ended."""
    services, id = world.services, Partnership.id_for("ashenmoor")
    trust = Organisation("canal", words("Canal Trust"), "voluntary")
    admit_member(services, id, trust, actor=ADMINISTRATOR)
    day = world.clock.now.date()
    for what in ("A towpath", "A mill"):
        declared = declare_interest(
            services, id, "canal", what=words(what), since=day, actor=ORGANISER
        )
    end_interest(services, declared.id, day, actor=ORGANISER)


def _seats(world: World) -> None:
    """A seat is filled, with a term that has ended, and one is vacant."""
    services, id = world.services, Partnership.id_for("ashenmoor")
    day = world.clock.now.date()
    made = [
        set_up_seat(services, id, title=words(title), sector="voluntary", on=day, actor=ORGANISER)
        for title in ("Seat 1", "Seat 2")
    ]
    fill_seat(services, made[0].id, "canal", on=day, actor=ORGANISER)
    world.tokens["seat"] = [str(seat.id) for seat in made]


def _drafts(world: World) -> None:
    services = world.services
    bare = draft_consultation(
        services,
        partnership_id=Partnership.id_for("ashenmoor"),
        draft=Draft(slug="bare", title={}, overview={}),
        actor=ORGANISER,
    )
    _known(world, "bare draft", bare)
    begun = draft_consultation(
        services,
        partnership_id=Partnership.id_for("ashenmoor"),
        draft=Draft(slug="begun", title=words("Begun"), overview=words("More")),
        actor=ORGANISER,
    )
    for each in QUESTIONS:
        put_question(services, begun.id, each, actor=ORGANISER)
    _known(world, "draft without terms", services.record.get(Consultation, begun.id))
    ready = builders.draft(services, *QUESTIONS, slug="ready", wards=True, identity=WAYS)
    _known(world, "draft ready", ready)
    given_up = builders.draft(services, slug="given-up")
    withdraw_consultation(services, given_up.id, reason=words("No need"), actor=ORGANISER)
    _known(world, "withdrawn draft", services.record.get(Consultation, given_up.id))


def _opened(world: World, state: str, questions: Iterable[Question], **how: Any) -> None:
    services = world.services
    slug = state.replace(" ", "-")
    drafted = builders.draft(services, *questions, slug=slug, **how)
    one = open_consultation(services, drafted.id, actor=ORGANISER)
    made = _known(world, state, one)
    made.tokens["batch"] = []
    if "letter" in how["identity"]:
        kept = issue_codes(services, one.id, 9, actor=ORGANISER)
        stopped = issue_codes(services, one.id, 2, actor=ORGANISER)
        void_codes(services, one.id, stopped.batch_id, reason="Lost", actor=ORGANISER)
        made.tokens["batch"] = [kept.batch_id, stopped.batch_id]
        made.tokens["code"] = [kept.codes[0], kept.codes[-1], stopped.codes[0]]
    services.catch_up()


def _taken_part(world: World, made: Made) -> None:
    """People answer by command and on pages; a desk has helped one and is helping another."""
    services = world.services
    assert made.id is not None
    answers: dict[str, Any] = {
        "visit": "w",
        "order": ["c", "a"],
        "support": ["a"],
        "money": ["k", "l"],
        "views": {"s": 3, "c": 4},
        "share": {"b": 4, "p": 6},
    }
    fitting = {id: answer for id, answer in answers.items() if id in made.questions}
    for number in range(8):
        submit_answers(
            services,
            consultation_id=made.id,
            voter=f"resident/{number}",
            sheet=Sheet(
                fitting,
                texts={"more": f"Words of {number}"},
                area="W03" if "order" in made.questions else "",
                assurance="email" if "code" in made.tokens else "open",
            ),
            actor=RESIDENT,
            command_id=f"key-{number}",
        )
    services.catch_up()
    for who, send in ((MIDWAY, False), (ANSWERED, True)):
        person = Resident(world.app.test_client())
        page = _at_the_questions(person, made, codes=made.tokens.get("code", []), second=send)
        if send:
            page = _send_all(person, made)
            assert page.heading == "Answers sent", page.words
            made.tokens.setdefault("receipt", []).append(person.receipt_code(made.slug))
        made.cookies[who] = cookie_of(person)
    if "plan" in made.questions:
        found = attachments.of_consultation(services.vault, made.id)
        made.tokens["commitment"] = [each.commitment for each in found]
        _helped(world, made)
    kept = [
        contacts.keep(
            services.vault, made.id, made.id, 1, "ada@example.org", "en", services.clock()
        )
        for _ in range(2)
    ]
    made.tokens["contact"] = [str(id) for id in kept]


def _at_the_questions(person: Resident, made: Made, codes: list[str], *, second: bool) -> Any:
    if codes:
        person.send(person.open(f"/c/{made.slug}/letter"), code=codes[int(second)])
    page = person.open(f"/c/{made.slug}/all")
    assert page.status == 200, page.words
    return person.send(person.open(f"/c/{made.slug}/q/visit"), q__visit="w")


def _send_all(person: Resident, made: Made) -> Any:
    fitting = {
        name: answer for name, answer in ANSWERS.items() if name.split("__")[1] in made.questions
    }
    page = person.open(f"/c/{made.slug}/all")
    if "plan" in made.questions:
        address, _values = page.form()
        plain = {name.replace("__", "-"): answer for name, answer in fitting.items()}
        return person.attach(page, "plan.pdf", PDF, address, **plain, area="W03")
    return person.send(page, **fitting)


def _helped(world: World, made: Made) -> None:
    world.clock.move(minutes=5)  # a desk keeps a pace
    clerk = Resident(world.app.test_client())
    clerk.send(clerk.open(link_for(world.services, role="desk", email="desk@example.org")))
    names = []
    for reference in ("LIB 0001", "LIB 0002", "LIB 0003"):
        here = clerk.open(f"/assist/{made.slug}")
        page = clerk.send(here, made.slug, channel="assisted", reference=reference)
        names.append(page.address.rpartition("/")[2])
    first = clerk.open(f"/assist/{made.slug}/{names[0]}")
    sent = clerk.send(first, first.address, area="W03", **ANSWERS)
    assert sent.address.endswith("/receipt"), sent.words
    gone = clerk.open(f"/assist/{made.slug}/{names[1]}")
    clerk.send(gone, "/next")
    made.tokens["name"] = names
    made.cookies["desk"] = cookie_of(clerk)


def _ended(world: World) -> None:
    services, states = world.services, world.states
    for state in ("closed", "counted", "published", "closed survey"):
        close_consultation(services, _id(states[state]), actor=ORGANISER)
    reason = words("The river flooded it")
    pause_consultation(services, _id(states["paused"]), reason=reason, actor=ORGANISER)
    withdraw_consultation(services, _id(states["withdrawn"]), reason=reason, actor=ORGANISER)
    services.catch_up()
    count_consultation(services, _id(states["counted"]), actor=ORGANISER)
    publish_results(services, _id(states["published"]), actor=ORGANISER)
    services.catch_up()
    row = Row(
        theme=words("Buses"),
        asked=words("What first?"),
        said=words("Later buses"),
        did=words("A bus at ten"),
        owner=words("Network manager"),
        status="under_way",
        on=date(2026, 12, 1),
    )
    told = publish_follow_up(services, _id(states["published"]), row, actor=ORGANISER)
    states["published"].tokens["follow_up"] = [str(told.id)]
    for made in states.values():
        if made.tokens:
            holds = []
            for why in ("A case", "Another"):
                world.clock.move(seconds=1)
                holds += [set_legal_hold(services, _id(made), reason=why, actor=CUSTODIAN)]
            lift_legal_hold(services, holds[0].id, reason="It ended", actor=CUSTODIAN)
            made.tokens["case_id"] = [str(hold.id) for hold in holds]


def _id(made: Made) -> UUID:
    assert made.id is not None
    return made.id


def _signed_in(world: World, role: str) -> str:
    """Sign somebody in who holds a role everywhere, or only elsewhere."""
    person = Resident(world.app.test_client())
    email = f"{role.replace(' ', '.')}@example.org"
    plain = "organiser" if role == OTHERS else role
    slugs = ("elsewhere",) if role == OTHERS else ("ashenmoor", "imported-votes")
    for slug in slugs:
        link = link_for(world.services, slug, plain, email)
    person.send(person.open(link))
    world.tokens.setdefault("token", []).append(link.rpartition("/")[2])
    return cookie_of(person)
