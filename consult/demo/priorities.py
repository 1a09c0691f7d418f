"""C1, "Our Ashenmoor 2031": priorities for the community strategy, counted and published."""

import random
from collections.abc import Iterator
from uuid import UUID

from consult.commands.answers.sheets import Sheet
from consult.commands.consultations.drafting import (
    Draft,
    draft_consultation,
    fix_terms,
    put_question,
)
from consult.commands.consultations.opening import close_consultation, open_consultation
from consult.commands.results.counting import publish_results
from consult.demo import follow_up
from consult.demo.arrivals import arrivals, channels
from consult.demo.ashenmoor import WARDS
from consult.demo.stage import OFFICER, Form, Stage
from events import Consultation, Count
from events.channels import ONLINE, PAPER, TELEPHONE
from events.consultations import levels, states
from events.consultations.terms import CountingTerms, Terms
from events.question import Option, Question
from events.submission import GROUP, INDIVIDUAL, ORGANISATION

SLUG = "our-ashenmoor-2031"
RESPONSES = 2_146
RANKS_MAX = 5
SEED = 2031

# id, English, Welsh, weight
PRIORITIES = (
    ("homes", "Warm, affordable homes", "Cartrefi cynnes, fforddiadwy", 22),
    ("safety", "Safer streets and estates", "Strydoedd ac ystadau mwy diogel", 19),
    ("health", "Getting to see a GP or nurse", "Cael gweld meddyg teulu neu nyrs", 17),
    ("jobs", "Jobs and apprenticeships here", "Swyddi a phrentisiaethau yma", 12),
    ("young", "Things for young people to do", "Pethau i bobl ifanc eu gwneud", 10),
    ("buses", "Buses that turn up", "Bysiau sy’n cyrraedd", 7),
    ("green", "Clean air and green space", "Aer glân a mannau gwyrdd", 5),
    ("older", "Loneliness and care for older people", "Unigrwydd a gofal i bobl hŷn", 4),
    ("debt", "Debt, food and fuel advice", "Cyngor ar ddyled, bwyd a thanwydd", 3),
    ("arts", "Arts, libraries and heritage", "Celfyddydau, llyfrgelloedd a threftadaeth", 1),
)

MEMBERS = {INDIVIDUAL: (0, 0), ORGANISATION: (8, 240), GROUP: (6, 45)}
"""How many people each kind of respondent speaks for: minimum, maximum."""
RESPONDENTS = ((INDIVIDUAL, 2_071), (ORGANISATION, 61), (GROUP, 14))
CHANNELS = ((ONLINE, 1_702), (PAPER, 351), (TELEPHONE, 93))
TURNOUT = {1: 0.55, 2: 0.8, 3: 1.0, 4: 1.25, 5: 1.4}
"""Relative turnout by deprivation quintile of the ward: lowest in the most deprived."""


def draft(stage: Stage, partnership_id: UUID) -> Consultation:
    """Set it up and open it, 280 days before D."""
    services = stage.services
    stage.go(-300)
    consultation = draft_consultation(
        services,
        partnership_id=partnership_id,
        draft=Draft(
            slug=SLUG,
            title={"en": "Our Ashenmoor 2031", "cy": "Ein Ashenmoor 2031"},
            overview={
                "en": "Which things should the community strategy put first until 2031?",
                "cy": "Pa bethau ddylai ddod gyntaf yn y strategaeth gymunedol hyd at 2031?",
            },
        ),
        actor=OFFICER,
        command_id="demo/c1",
    )
    if consultation.state != states.DRAFT:
        return consultation
    for question in questions():
        put_question(
            services,
            consultation.id,
            question,
            actor=OFFICER,
            command_id=f"demo/c1/{question.id}",
        )
    fix_terms(services, consultation.id, terms(stage), actor=OFFICER, command_id="demo/c1/t")
    stage.go(-280)
    return open_consultation(services, consultation.id, actor=OFFICER, command_id="demo/c1/open")


def questions() -> tuple[Question, ...]:
    """Return the questions: a ranking, and a free text."""
    ranking = Question(
        id="priorities",
        kind="ranking",
        title={"en": "What matters most to you?", "cy": "Beth sydd bwysicaf i chi?"},
        hint={
            "en": "Put up to five in your order, most important first.",
            "cy": "Rhowch hyd at bump yn eich trefn chi, y pwysicaf yn gyntaf.",
        },
        options=tuple(
            Option(id, {"en": english, "cy": welsh}) for id, english, welsh, _ in PRIORITIES
        ),
        ranks_max=RANKS_MAX,
    )
    words = Question(
        id="missing",
        kind="text",
        title={"en": "Is anything missing?", "cy": "Oes rhywbeth ar goll?"},
        required=False,
    )
    return ranking, words


def terms(stage: Stage) -> Terms:
    """Return the terms: 5, 4, 3, 2, 1 points; ties by first choices, then the lot."""
    return Terms(
        fingerprints_accepted=True,  # five of ten priorities may identify people: they are told
        closes_at=stage.at(-196, 23, 59),
        counting={
            "priorities": CountingTerms(
                rule="points-5",
                tie_chain=("first-choices", "lot"),
            )
        },
        eligibility={
            "en": "Anyone who lives, works or studies in Ashenmoor.",
            "cy": "Unrhyw un sy’n byw, yn gweithio neu’n astudio yn Ashenmoor.",
        },
        decides={
            "en": "The council's Cabinet decides, and must give reasons where it departs from "
            "your order.",
            "cy": "Cabinet y cyngor sy’n penderfynu, a rhaid iddo roi rhesymau lle mae’n "
            "gwyro oddi wrth eich trefn chi.",
        },
        identity=(levels.OPEN, levels.DESK),
        minutes=3,
        beacon=stage.draw(-193),
    )


def responses(stage: Stage) -> Iterator[Form]:
    """Yield the responses: rankings drawn by weight from a fixed seed."""
    drawn = random.Random(SEED)  # noqa: S311  the same rankings every time, not a secret
    respondents = [kind for kind, number in RESPONDENTS for _ in range(number)]
    wards = [ward.code for ward in WARDS]
    turnouts = [ward.population * TURNOUT[ward.quintile] for ward in WARDS]
    closes_at = stage.at(-196, 23, 59)
    drawn_members = random.Random(SEED)  # noqa: S311  apart, so that rankings stay as they are
    drawn_times = random.Random(SEED)  # noqa: S311  the same
    moments = arrivals(drawn_times, stage.at(-280), stage.at(-196, 23), RESPONSES, closes_at)
    ways = channels(drawn_times, moments, CHANNELS)
    for i in range(RESPONSES):
        whose = respondents[i * 1_009 % RESPONSES]
        sheet = Sheet(
            {"priorities": ranking(drawn)},
            area=drawn.choices(wards, turnouts)[0],
            respondent=whose,
            members=drawn_members.randint(*MEMBERS[whose]),
        )
        yield Form(f"c1/{i}", sheet, ways[i], moments[i])


def ranking(drawn: random.Random) -> list[str]:
    """Draw two to five priorities, each by weight among the remaining ones."""
    left = {id: weight for id, _, _, weight in PRIORITIES}
    depth = drawn.choices((2, 3, 4, 5), (1, 3, 3, 8))[0]
    order = []
    for _ in range(depth):
        (chosen,) = drawn.choices(list(left), list(left.values()))
        order.append(chosen)
        del left[chosen]
    return order


def play(stage: Stage, partnership_id: UUID) -> Consultation:
    """Open, cast, close, count, publish and follow up; check the expected outcome."""
    services = stage.services
    consultation = draft(stage, partnership_id)
    if consultation.is_open:
        stage.hand_in(consultation, responses(stage))
        stage.go(-196, 23, 59)
        close_consultation(services, consultation.id, actor=OFFICER, command_id="demo/c1/close")
        stage.go(-190, 10)
        stage.enter(consultation, "4 12 23 31 45 58")
        stage.go(-180, 10)
        (result,) = publish_results(services, consultation.id, actor=OFFICER)
        _check(result)
        follow_up.tell(stage, consultation.id)
    return services.record.get(Consultation, consultation.id)


def _check(result: Count) -> None:
    places = [option for place in result.outcome["order"] for option in place]
    assert places[:4] == [id for id, *_ in PRIORITIES[:4]], places
    assert places[7] == "older", places
