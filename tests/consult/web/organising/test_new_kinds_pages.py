"""Organisers write the newer kinds of questions, facts, other, and whom a question is asked."""

import io
from typing import Any

import pytest
from flask import Flask
from msgspec.structs import replace

from consult.commands.answers.attaching import attach_file
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.consultations.drafting import consultation_id, put_question
from consult.services import Services
from events import Consultation, Partnership
from events.consultations.terms import CountingTerms
from events.question import Condition, Details, Option
from tests import builders
from tests.attached import pdf
from tests.consult.web.organisers import Organiser, sign_in
from tests.kinds import of_kind

TASKS = "/organise/c/park/"
PDF = pdf("plan")


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


def new(organiser: Organiser, kind: str, **fields: Any):
    page = organiser.open(f"{TASKS}questions/new/{kind}")
    return organiser.send(page, title__en=f"{kind}?", title__cy=f"{kind}!", **fields)


BOTH = {"en": "One", "cy": "Un"}
TWO = {"en": "Two", "cy": "Dau"}


@pytest.mark.parametrize(
    ("kind", "fields", "stored"),
    [
        ("single", {"other": "yes", "shuffled": "yes"}, {"other": True, "shuffled": True}),
        ("several", {"other": "yes"}, {"other": True, "shuffled": False}),
        (
            "number",
            {"decimals": "2", "least": "-1,000.5", "most": "12", "unit__en": "miles"},
            {"decimals": 2, "least": "-1000.5", "most": "12", "unit": {"en": "miles"}},
        ),
        (
            "date",
            {"least__day": "1", "least__month": "2", "least__year": "2020"},
            {"least": "2020-02-01", "most": ""},
        ),
        (
            "matrix",
            {"statements__en": "One\nTwo", "statements__cy": "Un\nDau"},
            {"statements": (Option("1", BOTH), Option("2", TWO))},
        ),
        (
            "file",
            {"kind__docx": None, "kind__odt": None, "kind__txt": None, "megabytes": "1.5"},
            {"file_kinds": ("pdf", "png", "jpeg"), "bytes_max": 1_500_000},
        ),
    ],
)
def test_what_is_written_is_stored_and_shown_again(organiser, drafted, kind, fields, stored):
    page = new(organiser, kind, **fields)
    assert page.status == 200, page.summary
    question = drafted().questions["q1"]
    assert question.kind == kind
    assert {name: getattr(question, name) for name in stored} == stored
    organiser.send(organiser.open(f"{TASKS}questions/q1"))
    assert drafted().questions["q1"] == question


def test_an_area_has_the_wards_to_choose_from(organiser, drafted):
    page = organiser.open(f"{TASKS}questions/new/area")
    assert "Canal Side, Ironstone, Somewhere else." in page.words
    new(organiser, "area")
    assert [option.id for option in drafted().questions["q1"].options] == ["W03", "W09"]
    assert drafted().questions["q1"].options[0].title["cy"] == "Glan y Gamlas"


@pytest.mark.parametrize(
    ("kind", "fields", "target"),
    [
        ("number", {"least": "5", "most": "4"}, "most"),
        ("number", {"least": "1.5"}, "least"),
        ("number", {"decimals": "9"}, "decimals"),
        ("date", {"least__day": "30", "least__month": "2", "least__year": "2020"}, "least"),
        ("matrix", {}, "statements-en"),
        ("matrix", {"statements__en": "a\nb", "statements__cy": "a"}, "statements-cy"),
        ("file", {"megabytes": "21"}, "megabytes"),
        ("file", {f"kind__{kind}": None for kind in ("pdf", "png", "jpeg", "docx", "odt", "txt")},
         "kind-pdf"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field(organiser, drafted, kind, fields, target):
    page = new(organiser, kind, **fields)
    assert page.status == 422
    assert [field for field, _ in page.summary] == [target]
    assert f'id="{target}"' in page.text
    assert not page.faults
    assert not drafted().questions


def test_facts_are_added_one_after_the_other_and_taken_away_by_emptying_them(organiser, drafted):
    new(organiser, "text", facts__1__title__en="One", facts__1__title__cy="Un",
        facts__1__words__en="Two", facts__1__words__cy="Dau")  # fmt: skip
    assert drafted().questions["q1"].details == (Details(BOTH, TWO),)
    page = organiser.open(f"{TASKS}questions/q1")
    assert "Facts 2" in page.words
    organiser.send(page, facts__2__title__en="More")
    assert len(drafted().questions["q1"].details) == 2
    assert "Write the facts of question" in organiser.open(TASKS).words
    page = organiser.open(f"{TASKS}questions/q1")
    organiser.send(page, facts__1__title__en="", facts__1__title__cy="",
                   facts__1__words__en="", facts__1__words__cy="")  # fmt: skip
    [left] = drafted().questions["q1"].details
    assert left.title == {"en": "More"}


def test_a_question_is_asked_only_of_some(organiser, drafted):
    page = new(organiser, "single", other="yes")
    organiser.send(page, lines__en="Yes\nNo", lines__cy="Ie\nNa")
    new(organiser, "several")
    organiser.send(
        organiser.open(f"{TASKS}questions/q2/options/"), lines__en="A\nB", lines__cy="A\nB"
    )
    assert "Ask only some people" not in organiser.open(f"{TASKS}questions/q1").words
    new(organiser, "text", when__q1__1="yes", when__q1__other="yes")
    assert drafted().questions["q3"].asked_when == Condition("q1", ("1", "other"))
    assert (
        "only of people who answered “Yes” or “Other” to “single?”" in organiser.open(TASKS).words
    )
    wrong = organiser.send(organiser.open(f"{TASKS}questions/q3"), when__q2__2="yes")
    assert wrong.summary[0][0] == "when-q2-2"
    preview = organiser.open(f"{TASKS}preview/q3")
    assert "Answer this only if you answered" in preview.words
    organiser.press(organiser.open(f"{TASKS}questions/"), "q1/move", way="down")
    organiser.press(organiser.open(f"{TASKS}questions/"), "q1/move", way="down")
    assert "depends on a question that is not asked before it" in organiser.open(TASKS).words


def test_what_people_can_say_other_to_loses_its_rule(services):
    pick = builders.question("pick", "single", "Pick", "Apples", "Bananas")
    rule = CountingTerms("plurality", tie_chain=("votes",))
    drafted = builders.draft(services, pick, counting={"pick": rule})
    assert drafted.terms.counting
    changed = put_question(
        services, drafted.id, replace(pick, other=True), actor=builders.ORGANISER
    )
    assert not changed.terms.counting
    assert changed.missing() == []


def test_files_are_listed_and_saved_by_organisers_only(app, services, client):
    plan = builders.question("plan", "file", "Your plan", required=False)
    opened = builders.consultation(services, builders.RANKING, plan)
    file = attach_file(
        services, opened.id, plan, draft_secret="s", name='ein "plan".pdf', content=PDF
    )
    submit_answers(
        services,
        consultation_id=opened.id,
        voter="ann",
        sheet=Sheet({"order": ["a"]}, files={"plan": file.commitment}),
        actor=builders.RESIDENT,
        command_id="key-1",
    )
    attach_file(services, opened.id, plan, draft_secret="t", name="draft.pdf", content=PDF)
    organiser = sign_in(app, services)
    address = "/organise/c/riverside/written/plan"
    room = organiser.open("/organise/c/riverside/written/")
    assert address in room.links()
    page = organiser.open(address)
    assert "Not scanned" in page.words
    assert "draft.pdf" not in page.words
    [link] = [each for each in page.links() if file.commitment in each]
    given = organiser.client.get(link)
    assert given.data == PDF
    name = given.headers["Content-Disposition"]
    assert name == f'attachment; filename="{file.commitment[:8].strip("-_")}-ein-plan.pdf"'
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Content-Type"] == "application/pdf"
    assert given.headers["Cache-Control"] == "no-store"
    assert "sandbox" in given.headers["Content-Security-Policy"]
    assert client.get(link).status_code == 303, "strangers are asked to sign in"
    assert organiser.open("/organise/c/riverside/written/file/nothing").status == 404


def test_a_preview_takes_a_file_and_forgets_it(organiser, services):
    new(organiser, "file")
    page = organiser.open(f"{TASKS}preview/q1")
    address, values = page.form()
    empty = organiser.client.post(address, data=values)
    assert empty.status_code == 422
    tried = organiser.client.post(
        address,
        data={**values.to_dict(), "q-q1": (io.BytesIO(PDF), "plan.pdf")},
        content_type="multipart/form-data",
    )
    assert tried.status_code == 303
    from consult.people import tables
    from tests.consult.people.erasable import rows

    assert not rows(services, tables.attachment)


@pytest.mark.parametrize("wards", [True, False])
@pytest.mark.parametrize("kind", ["area", "single"])
def test_organisers_are_told_where_people_would_name_their_ward_twice(app, services, kind, wards):
    builders.draft(services, of_kind(kind), wards=wards)
    services.catch_up()
    signed_in, here = sign_in(app, services), "/organise/c/riverside"
    is_twice = kind == "area" and wards
    for page in (f"questions/q-{kind}", "terms", *(["open"] if wards else [])):
        told = "People name their ward twice." in signed_in.open(f"{here}/{page}").words
        assert told == is_twice, page
