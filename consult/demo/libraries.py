"""C3, "Eight libraries": opening hours, with a campaign that is shown with and without."""

from collections.abc import Iterator
from uuid import UUID

from consult.commands.campaigns import group_campaign
from consult.commands.counting import publish_results
from consult.commands.drafting import (
    Draft,
    draft_consultation,
    fix_terms,
    put_question,
)
from consult.commands.opening import (
    close_consultation,
    extend_consultation,
    open_consultation,
)
from consult.commands.submitting import Sheet
from consult.demo.ashenmoor import WARDS
from consult.demo.stage import OFFICER, Form, Stage, spread
from events import Consultation
from events.question import Option, Question
from events.terms import CountingTerms, Terms

SLUG = "eight-libraries"
ANSWERS = (("A", 118), ("B", 517), ("C", 402), ("D", 167))
CAMPAIGN = {"en": "Postcards for the Eight", "cy": "Cardiau post dros yr Wyth"}
POSTCARDS = 212

# id, English, Welsh
OPTIONS = (
    ("A", "Close two branches, keep hours elsewhere",
     "Cau dwy gangen, cadw oriau mewn mannau eraill"),
    ("B", "Shorter staffed hours in all eight",
     "Oriau byrrach gyda staff ym mhob un o'r wyth"),
    ("C", "Long self-service hours with fewer staffed",
     "Oriau hunanwasanaeth hir gyda llai o oriau â staff"),
    ("D", "Hand two branches to community trusts",
     "Trosglwyddo dwy gangen i ymddiriedolaethau cymunedol"),
)  # fmt: skip


def draft(stage: Stage, partnership_id: UUID) -> Consultation:
    """Set it up, open it 128 days before D, and extend it by fourteen days."""
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
    if consultation.state != "draft":
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
    open_consultation(services, consultation.id, actor=OFFICER, command_id="demo/c3/open")
    stage.go(-80)
    return extend_consultation(
        services,
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
    """Return the terms: a count of answers, which informs and does not decide."""
    return Terms(
        closes_at=stage.at(-72, 23, 59),
        counting={"way": CountingTerms(rule="plurality", tie_chain=("lot",))},
        eligibility={
            "en": "Anyone who uses a library in Ashenmoor, or might.",
            "cy": "Unrhyw un sy'n defnyddio llyfrgell yn Ashenmoor, neu a allai wneud hynny.",
        },
        decides={
            "en": "The council's Cabinet decides. This is not a referendum.",
            "cy": "Cabinet y cyngor sy'n penderfynu. Nid refferendwm yw hwn.",
        },
        minutes=3,
        beacon=stage.draw(-55),
    )


def responses(stage: Stage) -> Iterator[Form]:
    """Return the responses; the first 212 for B are the postcards."""
    moments = spread(stage.at(-128, 10), stage.at(-58, 20), sum(n for _, n in ANSWERS))
    number = 0
    for option, people in ANSWERS:
        for i in range(people):
            is_postcard = option == "B" and i < POSTCARDS
            sheet = Sheet({"way": option}, area=WARDS[number % len(WARDS)].code)
            voter = f"c3/{'postcard' if is_postcard else option}/{i}"
            yield Form(voter, sheet, "paper" if is_postcard else "online", moments[number])
            number += 1


def play(stage: Stage, partnership_id: UUID) -> Consultation:
    """Open, hand in, group the campaign, close, count and publish."""
    services = stage.services
    consultation = draft(stage, partnership_id)
    if consultation.is_open:
        forms = list(responses(stage))
        ids = stage.hand_in(consultation, forms)
        stage.go(-58, 23, 59)
        close_consultation(services, consultation.id, actor=OFFICER, command_id="demo/c3/close")
        stage.go(-54, 10)
        stage.enter(consultation, "19 2 37 41 5 28")
        stage.go(-40, 10)
        postcards = [
            id for id, form in zip(ids, forms, strict=True) if form.voter.startswith("c3/post")
        ]
        group_campaign(services, consultation.id, postcards, name=CAMPAIGN, actor=OFFICER)
        stage.go(-20, 10)
        publish_results(services, consultation.id, actor=OFFICER)
    return services.record.get(Consultation, consultation.id)
