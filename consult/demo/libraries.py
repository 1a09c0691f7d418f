"""C3, "Eight libraries": opening hours, with a campaign and the result without it."""

import random
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.sheets import Sheet
from consult.commands.consultations.drafting import (
    Draft,
    draft_consultation,
    fix_terms,
    put_question,
)
from consult.commands.consultations.opening import (
    close_consultation,
    extend_consultation,
    open_consultation,
)
from consult.commands.results.counting import publish_results
from consult.demo.arrivals import arrivals, dealt
from consult.demo.ashenmoor import WARDS
from consult.demo.stage import OFFICER, Form, Stage
from events import Consultation
from events.channels import ONLINE, PAPER
from events.consultations import levels, states
from events.consultations.terms import CountingTerms, Terms
from events.question import Option, Question

SLUG = "eight-libraries"
ANSWERS = (("A", 118), ("B", 517), ("C", 402), ("D", 167))
CAMPAIGN = {"en": "Postcards for the Eight", "cy": "Cardiau post dros yr Wyth"}
POSTCARDS = 212
BUNDLES = ((-103, 74), (-82, 91), (-60, 47))
"""Days on which postcards were handed in, and their number."""
NEAR = (("W11", 118), ("W09", 74), ("W05", 20))
USE = {"W03": 1.5, "W08": 1.4, "W11": 1.3, "W07": 0.5, "W10": 0.6, "W02": 0.7}
"""Relative library use by ward: higher with a branch, lower without one."""
SEED = 8
EXTENDED_ON = -80

# id, English, Welsh
OPTIONS = (
    ("A", "Close two branches, keep hours elsewhere",
     "Cau dwy gangen, cadw oriau mewn mannau eraill"),
    ("B", "Shorter staffed hours in all eight",
     "Oriau byrrach gyda staff ym mhob un o’r wyth"),
    ("C", "Long self-service hours with fewer staffed",
     "Oriau hunanwasanaeth hir gyda llai o oriau â staff"),
    ("D", "Hand two branches to community trusts",
     "Trosglwyddo dwy gangen i ymddiriedolaethau cymunedol"),
)  # fmt: skip


def draft(stage: Stage, partnership_id: UUID) -> Consultation:
    """Set it up, and open it 128 days before D."""
    services = stage.services
    stage.go(-140)
    consultation = draft_consultation(
        services,
        partnership_id=partnership_id,
        draft=Draft(
            slug=SLUG,
            title={"en": "Eight libraries: opening hours", "cy": "Wyth llyfrgell: oriau agor"},
            overview={
                "en": "Tell us which way of keeping our eight libraries you prefer.",
                "cy": "Dywedwch wrthym pa ffordd o gadw ein hwyth llyfrgell sydd orau gennych.",
            },
        ),
        actor=OFFICER,
        command_id="demo/c3",
    )
    if consultation.state != states.DRAFT:
        return consultation
    question = Question(
        id="way",
        kind="single",
        title={"en": "Which way do you prefer?", "cy": "Pa ffordd sydd orau gennych?"},
        options=tuple(Option(id, {"en": english, "cy": welsh}) for id, english, welsh in OPTIONS),
        fixed_order=True,
    )
    put_question(services, consultation.id, question, actor=OFFICER, command_id="demo/c3/q")
    fix_terms(services, consultation.id, terms(stage), actor=OFFICER, command_id="demo/c3/t")
    stage.go(-128)
    return open_consultation(services, consultation.id, actor=OFFICER, command_id="demo/c3/open")


def extend(stage: Stage, consultation: Consultation) -> Consultation:
    """Extend it by fourteen days."""
    stage.go(EXTENDED_ON)
    return extend_consultation(
        stage.services,
        consultation.id,
        closes_at=stage.at(-58, 23, 59),
        reason={
            "en": "The leaflet printed the wrong web address for nine days.",
            "cy": "Roedd y daflen yn dangos y cyfeiriad gwe anghywir am naw diwrnod.",
        },
        actor=OFFICER,
        command_id="demo/c3/extend",
    )


def terms(stage: Stage) -> Terms:
    """Return the terms: a count of answers that informs but does not decide."""
    return Terms(
        closes_at=stage.at(-72, 23, 59),
        counting={"way": CountingTerms(rule="plurality", tie_chain=("lot",))},
        eligibility={
            "en": "Anyone who uses a library in Ashenmoor, or might.",
            "cy": "Unrhyw un sy’n defnyddio llyfrgell yn Ashenmoor, neu a allai wneud hynny.",
        },
        decides={
            "en": "The council's Cabinet decides. This is not a referendum.",
            "cy": "Cabinet y cyngor sy’n penderfynu. Nid refferendwm yw hwn.",
        },
        identity=(levels.OPEN, levels.DESK),
        minutes=3,
        beacon=stage.draw(-55),
    )


def responses(stage: Stage) -> Iterator[Form]:
    """Yield the responses in order; 212 of those for B are postcards, in three bundles."""
    drawn = random.Random(SEED)  # noqa: S311  the same every time, not a secret
    numbers = dict(ANSWERS)
    numbers["B"] -= POSTCARDS
    people = sum(numbers.values())
    moments = arrivals(drawn, stage.at(-128), stage.at(-58, 23), people, stage.at(-58, 23, 59))
    wards = [ward.code for ward in WARDS]
    users = [ward.population * USE.get(ward.code, 1.0) for ward in WARDS]
    near, likely = [code for code, _ in NEAR], [weight for _, weight in NEAR]
    forms = []
    for i, (option, at) in enumerate(zip(dealt(drawn, numbers), moments, strict=True)):
        sheet = Sheet({"way": option}, area=drawn.choices(wards, users)[0])
        forms.append(Form(f"c3/{option}/{i}", sheet, ONLINE, at))
    for i, day in enumerate(day for day, number in BUNDLES for _ in range(number)):
        sheet = Sheet({"way": "B"}, area=drawn.choices(near, likely)[0])
        at = stage.at(day, 11) + timedelta(seconds=drawn.uniform(0, 21_600))
        forms.append(Form(f"c3/postcard/{i}", sheet, PAPER, at))
    yield from sorted(forms, key=lambda form: form.at)


def play(stage: Stage, partnership_id: UUID) -> Consultation:
    """Open, cast, extend, close, group the campaign, count and publish."""
    services = stage.services
    consultation = draft(stage, partnership_id)
    if consultation.is_open:
        forms = list(responses(stage))
        before = sum(form.at < stage.at(EXTENDED_ON) for form in forms)
        ids = stage.hand_in(consultation, forms[:before])
        consultation = extend(stage, consultation)
        ids += stage.hand_in(consultation, forms[before:])
        stage.go(-58, 23, 59)
        close_consultation(services, consultation.id, actor=OFFICER, command_id="demo/c3/close")
        stage.go(-54, 10)
        stage.enter(consultation, "19 2 37 41 5 28")
        stage.go(-40, 10)
        postcards = [
            id for id, form in zip(ids, forms, strict=True) if form.voter.startswith("c3/post")
        ]
        group_campaign(services, consultation.id, postcards, name=CAMPAIGN, actor=OFFICER)
        stage.go(-26, 10)  # before the fund begins: the record goes by time
        publish_results(services, consultation.id, actor=OFFICER)
    return services.record.get(Consultation, consultation.id)
