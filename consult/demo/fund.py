"""C2, "The Three Wards Fund": a participatory budget, open until `demo advance`."""

import hmac
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from consult.commands.answers.letter_codes import issue_codes
from consult.commands.answers.sheets import Sheet
from consult.commands.consultations.drafting import (
    Draft,
    consultation_id,
    draft_consultation,
    fix_terms,
    put_question,
)
from consult.commands.consultations.opening import close_consultation, open_consultation
from consult.commands.results.counting import publish_results
from consult.demo.arrivals import arrivals, channels, dealt
from consult.demo.stage import ORGANISER, Form, Stage
from consult.people.proving import letter_codes
from consult.services import Services
from events import Consultation, Partnership
from events.channels import ONLINE, PAPER, TELEPHONE
from events.consultations import levels, states
from events.consultations.terms import CountingTerms, Terms
from events.question import Option, Question

SLUG = "three-wards-fund"
ID = consultation_id(Partnership.id_for("ashenmoor-together"), SLUG)
SEED = 250_000
POT = 250_000_00
BALLOTS = 3_180
PICKS_MAX = 5

# id, English, Welsh, ward, pounds, approvals, a sentence in English and in Welsh
PROJECTS = (
    ("P01", "Towpath lights, Lock 4 to the Basin", "Goleuadau llwybr tynnu, Loc 4 i’r Basn",
     "W03", 48_000, 1_412,
     "Low lamps along 900 metres of dark towpath, on until midnight.",
     "Lampau isel ar hyd 900 metr o lwybr tywyll, ynghyn tan hanner nos."),
    ("P02", "Youth club, three evenings for a year", "Clwb ieuenctid, tair noson am flwyddyn",
     "W11", 36_500, 1_388,
     "Two trained workers, hot food and a music room for ages 11 to 18.",
     "Dau weithiwr cymwys, bwyd poeth ac ystafell gerdd i rai 11 i 18 oed."),
    ("P03", "Community kitchen fit-out", "Gosod cegin gymunedol",
     "W09", 27_800, 1_105,
     "A kitchen for cooking classes and shared meals in the old chapel hall.",
     "Cegin ar gyfer gwersi coginio a phrydau ar y cyd yn hen neuadd y capel."),
    ("P04", "Pocket park on Tannery Street", "Parc bach ar Tannery Street",
     "W03", 62_000, 1_530,
     "Trees, seats and a small play space on the empty corner plot.",
     "Coed, seddi a lle chwarae bach ar y llain wag ar y gornel."),
    ("P05", "Furnace Lane school crossing", "Croesfan ysgol Furnace Lane",
     "W09", 41_000, 1_271,
     "A raised crossing and slower traffic outside the primary school.",
     "Croesfan uchel a thraffig arafach y tu allan i’r ysgol gynradd."),
    ("P06", "Repair café and tool library", "Caffi trwsio a llyfrgell offer",
     "W11", 12_400, 964,
     "Mend it together on Saturdays, and borrow a drill for the weekend.",
     "Trwsio gyda’n gilydd ar ddydd Sadwrn, a benthyg dril dros y penwythnos."),
    ("P07", "Sixty street trees", "Chwe deg o goed stryd",
     "W09", 24_000, 1_105,
     "Sixty trees on streets without any, watered for three years.",
     "Chwe deg o goed ar strydoedd heb yr un, wedi’u dyfrio am dair blynedd."),
    ("P08", "Digital drop-in at Kilnbank library", "Galw heibio digidol yn llyfrgell Kilnbank",
     "W11", 9_600, 742,
     "Help with phones, forms and passwords, two mornings a week.",
     "Help gyda ffonau, ffurflenni a chyfrineiriau, dau fore’r wythnos."),
    ("P09", "Winter warm hub", "Hafan gynnes y gaeaf",
     "W09", 18_700, 1_340,
     "A warm room with soup and advice, every day from November to March.",
     "Ystafell gynnes gyda chawl a chyngor, bob dydd o Dachwedd i Fawrth."),
    ("P10", "Games court resurfacing", "Ailwynebu’r cwrt chwaraeon",
     "W11", 55_000, 1_018,
     "A new surface, hoops and floodlights on the cracked court.",
     "Wyneb newydd, cylchoedd a llifoleuadau ar y cwrt sydd wedi cracio."),
    ("P11", "Canal mural and heritage trail", "Murlun y gamlas a llwybr treftadaeth",
     "W03", 15_500, 655,
     "A mural made with residents and twelve signs about the wharves.",
     "Murlun gyda thrigolion a deuddeg arwydd am y glanfeydd."),
    ("P12", "Community minibus (part cost)", "Bws mini cymunedol (rhan o’r gost)",
     "", 33_000, 887,
     "Part of the cost of an accessible minibus shared by all three wards.",
     "Rhan o gost bws mini hygyrch a rennir gan y tair ward."),
)  # fmt: skip

# The lot breaks only those ties that cost does not.

PLACES = (("W03", 1_410), ("W11", 980), ("W09", 640), ("", 150))
LETTERS = 20
"""Number of letter codes, posted to a few streets in Ironstone."""
LETTERS_COMMAND = "demo/c2/letters"

CHANNELS = ((ONLINE, 2_610), (PAPER, 470), (TELEPHONE, 100))


def draft(stage: Stage, partnership_id: UUID) -> Consultation:
    """Set the fund up and open it, 21 days before D."""
    services = stage.services
    stage.go(-30)
    consultation = draft_consultation(
        services,
        partnership_id=partnership_id,
        draft=Draft(
            slug=SLUG,
            title={"en": "The Three Wards Fund", "cy": "Cronfa’r Tair Ward"},
            overview={
                "en": "Help to decide how £250,000 is spent in Canal Side, Ironstone and Kilnbank.",
                "cy": "Helpwch i benderfynu sut y caiff £250,000 ei wario yng Nglan y Gamlas, "
                "Ironstone a Kilnbank.",
            },
        ),
        actor=ORGANISER,
        command_id="demo/c2",
    )
    if consultation.state != states.DRAFT:
        return consultation
    put_question(services, consultation.id, question(), actor=ORGANISER, command_id="demo/c2/q")
    fix_terms(services, consultation.id, terms(stage), actor=ORGANISER, command_id="demo/c2/t")
    stage.go(-25)
    post_letters(services, consultation.id)
    stage.go(-21)
    return open_consultation(services, consultation.id, actor=ORGANISER, command_id="demo/c2/open")


def post_letters(services: Services, consultation_id: UUID) -> None:
    """Issue the letter codes, once; `codes` returns them again."""
    if codes(services, consultation_id):
        return
    for code in letter_codes.make(LETTERS, _draw(services)):
        left = letter_codes.find(services.vault, code)
        if left is not None:  # left by an interrupted seeding
            letter_codes.forget(services.vault, left.batch_id)
    issue_codes(
        services,
        consultation_id,
        LETTERS,
        actor=ORGANISER,
        command_id=LETTERS_COMMAND,
        draw=_draw(services),
    )


def codes(services: Services, consultation_id: UUID) -> list[str]:
    """Return the letter codes, for trying the demo; empty before it is seeded."""
    consultation = services.record.find(Consultation, consultation_id)
    if consultation is None or LETTERS_COMMAND not in consultation.commands:
        return []
    return letter_codes.make(LETTERS, _draw(services))


def _draw(services: Services) -> Callable[[int], bytes]:
    """Return a deterministic source of bytes that differs between installations."""
    key = services.vault.site_key("demo letters")

    def drawn(number: int) -> bytes:
        blocks = -(-number // 32)
        return b"".join(hmac.digest(key, block.to_bytes(4), "sha256") for block in range(blocks))[
            :number
        ]

    return drawn


def question() -> Question:
    """Return the fund's only question."""
    return Question(
        id="projects",
        kind="basket",
        title={"en": "Choose up to five projects", "cy": "Dewiswch hyd at bum prosiect"},
        hint={
            "en": "The projects with the most support are paid for first, as long as there is "
            "enough money left for the whole cost.",
            "cy": "Telir am y prosiectau â’r gefnogaeth fwyaf yn gyntaf, cyn belled â bod digon "
            "o arian ar ôl i dalu’r gost gyfan.",
        },
        options=tuple(
            Option(
                id=id,
                title={"en": english, "cy": welsh},
                summary={"en": about, "cy": about_in_welsh},
                cost=pounds * 100,
                ward=ward,
            )
            for id, english, welsh, ward, pounds, _, about, about_in_welsh in PROJECTS
        ),
        picks_min=1,
        picks_max=PICKS_MAX,
        pot=POT,
    )


def terms(stage: Stage) -> Terms:
    """Return the terms: most approvals first, skip what does not fit; ties by lower cost."""
    return Terms(
        closes_at=stage.at(14, 23, 59),
        counting={"projects": CountingTerms(rule="greedy-skip", tie_chain=("cost", "lot"))},
        eligibility={
            "en": "Anyone aged 11 or over who lives, works or studies in Canal Side, Ironstone "
            "or Kilnbank.",
            "cy": "Unrhyw un 11 oed neu hŷn sy’n byw, yn gweithio neu’n astudio yng Nglan y "
            "Gamlas, Ironstone neu Kilnbank.",
        },
        decides={
            "en": "You do. The network must pay for the projects that win under the rule that was "
            "published.",
            "cy": "Chi sy’n penderfynu. Rhaid i’r rhwydwaith dalu am y prosiectau sy’n ennill o "
            "dan y rheol a gyhoeddwyd.",
        },
        identity=(levels.OPEN, levels.EMAIL, levels.LETTER, levels.DESK),
        open_reason={
            "en": "The network did not want to keep anybody away who has no e-mail address, and "
            "publishes how many votes came in each way.",
            "cy": "Nid oedd y rhwydwaith am gadw neb draw sydd heb gyfeiriad e-bost, ac mae’n "
            "cyhoeddi faint o bleidleisiau a ddaeth ym mhob ffordd.",
        },
        other_rule_shown=True,
        wards=("W03", "W09", "W11"),
        elsewhere="connected",
        is_declared=True,
        beacon=stage.draw(14),
        minutes=4,
    )


def approvals() -> list[list[str]]:
    """Return the ballots: approvals of each project are dealt out in turn."""
    ballots: list[list[str]] = [[] for _ in range(BALLOTS)]
    turn = 0
    for id, *_, number, _about, _about_in_welsh in PROJECTS:
        for _ in range(number):
            ballots[turn % BALLOTS].append(id)
            turn += 1
    return ballots


def ballots(stage: Stage) -> Iterator[Form]:
    """Yield the ballots received by D."""
    drawn = random.Random(SEED)  # noqa: S311  the same every time, not a secret
    moments = arrivals(drawn, stage.at(-21), stage.at(0), BALLOTS, stage.at(14, 23, 59))
    ways = channels(drawn, moments, CHANNELS)
    places = dealt(drawn, dict(PLACES), _turn_out)
    for i, (picks, channel, place) in enumerate(zip(approvals(), ways, places, strict=True)):
        sheet = Sheet(
            {"projects": picks},
            area=place,
            is_declared=True,
        )
        yield Form(f"c2/{i}", sheet, channel, moments[i])


def _turn_out(place: str, when: float) -> float:
    """Return a ward's relative turnout over time: Ironstone came late, after a visit there."""
    return {"W03": 1.3 - when / 2, "W09": 0.4 + 1.2 * when}.get(place, 1.0)


def play(stage: Stage, partnership_id: UUID) -> Consultation:
    """Open the fund and cast the ballots."""
    consultation = draft(stage, partnership_id)
    if consultation.is_open:
        stage.hand_in(consultation, ballots(stage))
    return consultation


def advance(stage: Stage, consultation_id: UUID) -> None:
    """Close the fund at its closing time, count it, and publish the result the next morning."""
    services = stage.services
    consultation = services.record.get(Consultation, consultation_id)
    assert consultation.terms is not None
    closed_at = consultation.terms.closes_at
    stage.clock.now = closed_at
    if consultation.is_open:
        consultation = close_consultation(
            services, consultation_id, actor=ORGANISER, command_id="demo/c2/close"
        )
    stage.clock.now = published_at(closed_at) - timedelta(hours=1)
    stage.enter(consultation, "31 7 44 12 58 23")
    stage.clock.now += timedelta(hours=1)
    publish_results(services, consultation_id, actor=ORGANISER)


def closes_at(services: Services) -> datetime | None:
    """Return when the open fund closes; None if it is not open."""
    consultation = services.record.find(Consultation, ID)
    if consultation is None or not consultation.is_open or consultation.terms is None:
        return None
    return consultation.terms.closes_at


def published_at(closes_at: datetime) -> datetime:
    """Return when the result of a fund with this closing time is published."""
    return closes_at + timedelta(hours=10, minutes=1)
