"""Questions, options and terms through organisers' pages."""

from typing import Any

import pytest
from flask import Flask

from consult.commands.consultations.drafting import consultation_id
from consult.services import Services
from events import Consultation, Partnership
from events.question import Question
from tests import builders
from tests.consult.web.organisers import Organiser, sign_in

TASKS = "/organise/c/park/"


@pytest.fixture
def organiser(app: Flask, services: Services) -> Organiser:
    builders.partnership(services, wards=True)
    services.catch_up()
    signed_in = sign_in(app, services)
    page = signed_in.open("/organise/new")
    signed_in.send(
        page,
        slug="park",
        **{f"{each}__{code}": "x" for each in ("title", "overview") for code in ("en", "cy")},
    )
    return signed_in


@pytest.fixture
def drafted(services: Services) -> Any:
    id = consultation_id(Partnership.id_for("ashenmoor"), "park")
    return lambda: services.record.get(Consultation, id)


def add(organiser: Organiser, kind: str, *titles: str, **fields: str) -> None:
    page = organiser.send(
        organiser.open(f"{TASKS}questions/new/{kind}"),
        title__en=f"{kind}?",
        title__cy=f"{kind}!",
        **fields,
    )
    if titles:
        text = "\n".join(titles)
        page = organiser.send(page, lines__en=text, lines__cy=text)
    assert page.status == 200, page.summary


@pytest.mark.parametrize(
    ("kind", "fields", "stored"),
    [
        ("single", {"required": None}, {"required": False}),
        ("several", {"picks_max": "2"}, {"picks_max": 2}),
        ("rating", {"scale": "5"}, {"scale": 5}),
        ("text", {"length_max": "500"}, {"length_max": 500}),
        (
            "ranking",
            {"ranks_max": "3", "fixed_order": "yes"},
            {"ranks_max": 3, "fixed_order": True},
        ),
        ("points", {"points": "12"}, {"points": 12}),
        ("approval", {"picks_min": "1"}, {"picks_min": 1}),
        ("basket", {"pot": "60,000", "picks_max": "2"}, {"pot": 6_000_000, "picks_max": 2}),
    ],
)
def test_each_kind_of_question_is_stored_with_its_limits(
    organiser: Organiser, drafted: Any, kind: str, fields: dict[str, Any], stored: dict[str, Any]
):
    add(organiser, kind, **fields)
    question: Question = drafted().questions["q1"]
    assert question.kind == kind
    assert question.title == {"en": f"{kind}?", "cy": f"{kind}!"}
    assert {name: getattr(question, name) for name in stored} == stored
    page = organiser.open(f"{TASKS}questions/q1")
    organiser.send(page)
    assert drafted().questions["q1"] == question


@pytest.mark.parametrize(
    ("kind", "fields", "wrong"),
    [
        ("basket", {"pot": ""}, "pot"),
        ("basket", {"pot": "lots"}, "pot"),
        ("basket", {"pot": "0"}, "pot"),
        ("points", {"points": ""}, "points"),
        ("rating", {"scale": "1"}, "scale"),
        ("several", {"picks_min": "3", "picks_max": "2"}, "picks_max"),
        ("several", {"picks_max": "0"}, "picks_max"),
        ("ranking", {"ranks_max": "0"}, "ranks_max"),
        ("text", {"length_max": "9999999999"}, "length_max"),
        ("single", {"title__en": "x" * 301}, "title-en"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_words_are_kept(
    organiser: Organiser, drafted: Any, kind: str, fields: dict[str, str], wrong: str
):
    page = organiser.open(f"{TASKS}questions/new/{kind}")
    page = organiser.send(page, title__cy="Geiriau", **fields)
    assert page.status == 422
    assert wrong in [field for field, _message in page.summary]
    assert "Geiriau" in page.text
    assert f'id="{wrong}"' in page.text
    assert not drafted().questions


def test_projects_are_pasted_with_their_costs_and_changed_one_by_one(
    organiser: Organiser, drafted: Any
):
    add(organiser, "basket", "Lights; 48,000", "Benches; 12500.50", pot="60,000")
    options = drafted().questions["q1"].options
    assert [(option.id, option.cost) for option in options] == [
        ("P01", 4_800_000),
        ("P02", 1_250_050),
    ]
    page = organiser.open(f"{TASKS}questions/q1/options/P02")
    organiser.send(page, cost="12,000", ward="W03", group="either", summary__en="Oak")
    changed = drafted().questions["q1"].option("P02")
    assert (changed.cost, changed.ward, changed.group) == (1_200_000, "W03", "either")
    refused = organiser.send(organiser.open(f"{TASKS}questions/q1/options/P02"), ward="W99")
    assert [field for field, _message in refused.summary] == ["ward"]


def test_pasted_lines_need_their_translations_beside_them(organiser: Organiser, drafted: Any):
    add(organiser, "single")
    page = organiser.open(f"{TASKS}questions/q1/options/")
    page = organiser.send(page, lines__en="Yes\nNo\nPerhaps", lines__cy="Oes\nNac oes")
    assert [field for field, _message in page.summary] == ["lines-cy"]
    assert "Perhaps" in page.text
    page = organiser.send(page, lines__cy="")
    assert "Not in Cymraeg yet" in page.words
    assert drafted().questions["q1"].options[0].title == {"en": "Yes"}


def test_a_pasted_line_that_is_wrong_is_named(organiser: Organiser, drafted: Any):
    add(organiser, "basket", pot="60,000")
    page = organiser.open(f"{TASKS}questions/q1/options/")
    text = "\n".join(["Lights; 48,000", "Benches; 12k", "T" * 301])
    page = organiser.send(page, lines__en=text)
    assert [message for _field, message in page.summary] == [
        "Benches: “12k” is not a number. Write it in digits, like 12.50.",
        "T" * 60 + ": A line is longer than 300 characters. Shorten it.",
    ]
    assert not drafted().questions["q1"].options


def test_a_pasted_cost_that_cannot_be_read_adds_nothing(organiser: Organiser, drafted: Any):
    add(organiser, "basket", pot="60,000")
    page = organiser.open(f"{TASKS}questions/q1/options/")
    page = organiser.send(page, lines__en="Lights; 48000\nTrees; many")
    assert page.status == 422
    assert "“many”" in page.words.replace("“ many”", "“many”")
    assert not drafted().questions["q1"].options


def test_questions_and_options_move_and_go(organiser: Organiser, drafted: Any):
    add(organiser, "single", "Yes", "No")
    add(organiser, "text")
    page = organiser.open(f"{TASKS}questions/")
    organiser.press(page, "/q2/move", way="up")
    assert list(drafted().questions) == ["q2", "q1"]
    page = organiser.open(f"{TASKS}questions/q1/options/")
    organiser.press(page, "/1/move", way="down")
    assert [option.id for option in drafted().questions["q1"].options] == ["2", "1"]
    organiser.send(organiser.open(f"{TASKS}questions/q1/options/2/remove"))
    assert [option.id for option in drafted().questions["q1"].options] == ["1"]
    removing = organiser.open(f"{TASKS}questions/q1/remove")
    organiser.send(removing)
    organiser.send(removing)
    assert list(drafted().questions) == ["q2"]


def test_terms_are_stated_for_people_and_for_the_count(organiser: Organiser, drafted: Any):
    add(organiser, "ranking", "Allotments", "Buses", "Cafe")
    page = organiser.open(f"{TASKS}terms/q1")
    assert page.address == f"{TASKS}terms/", "the closing time comes first"
    page = organiser.send(page, eligibility__en="All", eligibility__cy="Pawb")
    assert page.summary == [("decides-en", "Say who decides, and what the answers count for.")]
    organiser.send(page, decides__en="The council", decides__cy="Y cyngor", minutes="7")
    page = organiser.send(organiser.open(f"{TASKS}terms/q1"))
    assert [field for field, _message in page.summary] == ["rule"]
    page = organiser.send(page, rule="schulze")
    page = organiser.send(page, strength="margins")
    assert page.address == f"{TASKS}lot/"
    page = organiser.send(page)
    assert [field for field, _message in page.summary] == ["name-en", "name-cy"]
    organiser.send(page, name__en="County lottery", name__cy="Loteri’r sir")
    counting = drafted().terms.counting["q1"]
    assert (counting.rule, counting.parameters) == ("schulze", {"strength": "margins"})
    assert counting.tie_chain == ("first-choices", "lot")
    assert drafted().terms.beacon.name["en"] == "County lottery"
    assert drafted().terms.minutes == 7
    assert not drafted().missing()


def test_one_draw_is_named_for_all_questions_and_stays_when_options_change(
    organiser: Organiser, drafted: Any
):
    add(organiser, "approval", "Allotments", "Buses")
    both = {f"{each}__{code}": "x" for each in ("eligibility", "decides") for code in ("en", "cy")}
    organiser.send(organiser.open(f"{TASKS}terms/"), **both)
    page = organiser.open(f"{TASKS}terms/q1")
    assert page.heading.endswith("Most approvals"), "the only rule needs no choosing"
    page = organiser.send(page)
    assert page.address == f"{TASKS}lot/", "a draw has to be named once"
    assert [str(gap) for gap in drafted().missing()] == ["name the public draw that decides ties"]
    organiser.send(page, name__en="County lottery", name__cy="Loteri’r sir")
    assert not drafted().missing()
    page = organiser.open(f"{TASKS}questions/q1/options/new")
    organiser.send(page, title__en="Cafe", title__cy="Caffi")
    assert not drafted().missing()
    assert "County lottery" in organiser.open(TASKS).words


def test_a_choice_may_be_left_uncounted(organiser: Organiser, drafted: Any):
    add(organiser, "single", "Yes", "No")
    both = {f"{each}__{code}": "x" for each in ("eligibility", "decides") for code in ("en", "cy")}
    organiser.send(organiser.open(f"{TASKS}terms/"), **both)
    page = organiser.send(organiser.open(f"{TASKS}terms/q1"), rule="plurality")
    page = organiser.send(page)
    organiser.send(page, name__en="County lottery", name__cy="Loteri")
    assert "q1" in drafted().terms.counting
    organiser.send(organiser.open(f"{TASKS}terms/q1"), rule="none")
    assert drafted().terms.counting == {}


def test_a_closing_time_that_has_passed_is_refused(organiser: Organiser):
    page = organiser.open(f"{TASKS}terms/")
    page = organiser.send(page, closes__year="2025", eligibility__en="x", decides__en="x")
    assert page.summary == [("closes", "That time has passed. Choose a later one.")]


@pytest.mark.parametrize(
    "path",
    [
        "questions/new/poll",
        "questions/q9",
        "questions/q1/options/",
        "questions/q1/options/9",
        "terms/q1/settings/borda",
        "preview/q9",
    ],
)
def test_addresses_of_what_is_not_there_say_so(organiser: Organiser, path: str):
    add(organiser, "text")
    assert organiser.open(f"{TASKS}{path}").status == 404
