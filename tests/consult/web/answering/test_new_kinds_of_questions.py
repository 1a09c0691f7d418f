"""Other, routing, facts, numbers, dates, grids, places and files, without scripts."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.commands.answers.attaching import attach_file
from consult.people import tables
from consult.people.answers.texts import words_of
from tests.attached import pdf
from tests.builders import consultation, question
from tests.consult.people.erasable import rows
from tests.consult.web.residents import Page
from tests.routed import BUS_STORED, BY_BUS, ROUTED

PDF = pdf("my plan")
SHARED = question("share", "points", "Share out", "Allotments", "Buses", points=10)


def walk(resident, answers: dict[str, dict[str, Any]]) -> list[Page]:
    """Answer page after page until the answers are to be checked."""
    page = resident.open("/c/riverside/q/visit")
    pages = [page]
    while "Check your answers" not in page.title:
        page = resident.send(page, **answers.get(page.address.rpartition("/")[2], {}))
        assert not page.summary, (page.address, page.summary)
        pages.append(page)
        assert len(pages) < 20
    return pages


def everything(answers: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {name: value for each in answers.values() for name, value in each.items()}


def test_people_are_asked_what_follows_from_their_answers(services, resident, submissions):
    consultation(services, *ROUTED, wards=True)
    pages = walk(resident, BY_BUS)
    asked = [page.address.rpartition("/")[2] for page in pages]
    assert asked == ["visit", "stop", "uses", "since", "views", "plan", "more", "place", "check"]
    assert "Question 2 Where do you get on?" in pages[1].heading
    assert " of " not in pages[1].heading
    assert "What do you do here? (optional)" in pages[2].heading
    assert all(each in pages[2].words for each in ("What there is today", "Two goals."))
    check = pages[-1]
    for shown in ("Canal Side", "Play", "Other: Kites", "7 March 2019", "The paths: Good"):
        assert shown in check.words
    assert "How far do you drive?" not in check.words
    assert resident.send(check).heading == "Answers sent"
    [given] = submissions()
    assert given.answers == BUS_STORED
    assert sorted(given.texts) == ["more", "uses"]
    [row] = {row.subject_id for row in rows(services, tables.free_text)}
    assert words_of(services.vault, row) == {
        given.texts["more"]: "More trees",
        given.texts["uses"]: "Kites",
    }


def test_the_form_on_one_page_stores_the_same_and_leaves_out_what_is_not_asked(
    services, resident, submissions
):
    consultation(services, *ROUTED, wards=True)
    page = resident.open("/c/riverside/all")
    assert "Answer this only if you answered “Bus” to “How do you come here?”." in page.words
    assert "“Car” or “Other”" in page.words
    sent = resident.send(page, **everything(BY_BUS), q__park="nonsense")
    assert sent.heading == "Answers sent", sent.summary
    [given] = submissions()
    assert given.answers == BUS_STORED
    assert sorted(given.texts) == ["more", "uses"]


def test_answers_to_what_is_no_longer_asked_are_left_out_and_that_is_said(
    services, resident, submissions
):
    consultation(services, *ROUTED, wards=True)
    walk(resident, BY_BUS)
    again = resident.open("/c/riverside/q/visit?then=check")
    values = again.form()[1]
    values.setlist("q-visit", ["c"])
    opened = resident.client.post("/c/riverside/q/visit?then=check", data=values)
    assert opened.headers["Location"] == "/c/riverside/q/park?then=check"
    park = resident.open("/c/riverside/q/park?then=check")
    values = park.form()[1]
    values["q-park"] = "3"
    back = resident.client.post("/c/riverside/q/park?then=check", data=values)
    assert back.headers["Location"] == "/c/riverside/check"
    check = resident.open("/c/riverside/check")
    assert "left out, because these questions are asked only of people who" in check.words
    assert "Where do you get on?" in check.words
    assert "3.0 miles" in check.words or "3 miles" in check.words
    assert "W03" not in check.form()[1]["answers"]
    resident.send(check)
    assert submissions()[0].answers == {
        **{id: it for id, it in BUS_STORED.items() if id != "stop"},
        "visit": "c",
        "park": "3.0",
    }


def test_a_page_that_is_not_asked_leads_to_checking(services, resident):
    consultation(services, *ROUTED, wards=True)
    resident.send(resident.open("/c/riverside/q/visit"), q__visit="w")
    assert "Check your answers" in resident.open("/c/riverside/q/stop").title


@pytest.mark.parametrize(
    ("id", "typed", "target", "message"),
    [
        ("visit", {"q-visit": "other"}, "q-visit-other", "Say what you mean."),
        ("visit", {"q-visit": "other", "q-visit-other": "x" * 201}, "q-visit-other", "too long"),
        ("park", {"q-park": "far"}, "q-park", "“far” is not a number. Write it in digits, like"),
        ("park", {"q-park": "0.4"}, "q-park", "must be 0.5 miles or more"),
        ("park", {"q-park": "101"}, "q-park", "must be 100 miles or less"),
        ("since", {"q-since-day": "31", "q-since-month": "2", "q-since-year": "2020"}, "q-since",
         "February 2020 has 29 days, so there is no day 31."),
        ("since", {"q-since-day": "3", "q-since-month": "2", "q-since-year": "20"}, "q-since",
         "“20” is not a year. Write it with four digits, like 2026."),
        ("since", {"q-since-day": "3", "q-since-month": "Mach", "q-since-year": "2020"}, "q-since",
         "“Mach” is not a month."),
        ("since", {"q-since-day": "3"}, "q-since", "The date has no month and no year."),
        ("park", {"q-park": "2.55"}, "q-park", "“2.55” has 2 decimals. Write it with up to 1"),
        ("since", {"q-since-day": "1", "q-since-month": "2", "q-since-year": "1980"}, "q-since",
         "must be 1 January 1990 or later"),
        ("since", {"q-since-day": "2", "q-since-month": "11", "q-since-year": "2026"}, "q-since",
         "must be 1 November 2026 or earlier"),
        ("views", {"q-views-1": "g"}, "q-views-2", "Choose an answer for “The lights”."),
        ("views", {}, "q-views-1", "Choose an answer for “The paths”."),
        ("stop", {"q-stop": "W77"}, "q-stop", "Choose from the list"),
        ("stop", {}, "q-stop", "Answer the question"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(services, resident, id, typed, target, message):
    consultation(services, *ROUTED, wards=True)
    first = {"stop": "b", "park": "c"}.get(id, "w")
    if id != "visit":
        resident.send(resident.open("/c/riverside/q/visit"), q__visit=first)
    if id == "since":
        resident.send(resident.open("/c/riverside/q/uses"), q__uses=["p"])
    page = resident.open(f"/c/riverside/q/{id}")
    address, values = page.form()
    answer = Page(resident.client.post(address, data={**values.to_dict(flat=False), **typed}))
    assert answer.status == 422
    found, said = answer.summary[0]
    assert (found, message in said) == (target, True), said
    assert f'id="{target}"' in answer.text
    for name, value in typed.items():
        assert value == "W77" or value in answer.form()[1].getlist(name)
    assert not answer.faults


def test_what_people_paste_is_taken_as_they_meant_it(services, resident, submissions):
    consultation(services, *ROUTED, SHARED, wards=True)
    pasted = {
        **BY_BUS,
        "visit": {"q__visit": "c"},
        "park": {"q__park": "\u200b\u00a012.50 Miles"},
        "since": {"q__since__day": "7th", "q__since__month": "Mawrth", "q__since__year": " 2019"},
        "share": {"q__share__a": "10.0", "q__share__b": "\uff10\u00a0"},
    }
    pages = walk(resident, pasted)
    for shown in ("12.5 miles", "7 March 2019", "Allotments: 10"):
        assert shown in pages[-1].words
    resident.send(pages[-1])
    answers = submissions()[0].answers
    assert (answers["park"], answers["since"], answers["share"]) == (
        "12.5",
        "2019-03-07",
        {"a": 10},
    )


def test_words_without_a_tick_are_an_answer_too(services, resident):
    consultation(services, *ROUTED, wards=True)
    page = resident.send(resident.open("/c/riverside/q/visit"), q__visit__other="By boat")
    assert page.address.endswith("/q/park"), "other opens the question about driving"
    assert "Other: By boat" in resident.open("/c/riverside/check").words


def test_a_file_is_attached_removed_and_sent(services, resident, submissions):
    consultation(services, question("plan", "file", "Your plan"), wards=True)
    empty = resident.send(resident.open("/c/riverside/q/plan"))
    assert empty.summary == [("q-plan", "Answer the question “Your plan”.")]
    page = resident.open("/c/riverside/q/plan")
    wrong = resident.attach(page, "plan.exe", b"MZ\x90\x00")
    assert "“plan.exe” cannot be used." in wrong.summary[0][1]
    resident.attach(page, "my plan.pdf", PDF)
    page = resident.open("/c/riverside/q/plan")
    assert f"my plan.pdf ({len(PDF)} bytes)" in page.words
    address, values = page.form()
    values["q-plan-remove"] = "yes"
    gone = resident.client.post(address, data=values, follow_redirects=True)
    assert "my plan.pdf" not in gone.get_data(as_text=True)
    resident.attach(page, "b.pdf", PDF)
    check = resident.open("/c/riverside/check")
    assert "b.pdf" in check.words
    assert resident.send(check).heading == "Answers sent"
    [given] = submissions()
    assert list(given.texts) == ["plan"]
    [row] = rows(services, tables.attachment)
    assert (row.commitment, bytes(row.content)) == (given.texts["plan"], PDF)


def test_a_file_on_the_one_page_form_stays_when_something_else_is_wrong(
    services, resident, submissions
):
    plan, more = question("plan", "file", "Your plan"), question("why", "text", "Why?")
    consultation(services, plan, more)
    page = resident.open("/c/riverside/all")
    again = resident.attach(page, "b.pdf", PDF)
    assert [target for target, _ in again.summary] == ["q-why"]
    assert "b.pdf" in again.words
    assert resident.send(again, q__why="Because").heading == "Answers sent"
    assert sorted(submissions()[0].texts) == ["plan", "why"]


def test_only_a_request_with_a_file_may_be_large(services, resident):
    plan = question("plan", "file", "Your plan", required=False, bytes_max=3_000_000)
    consultation(services, plan, question("why", "text", "Why?", required=False))
    page = resident.open("/c/riverside/q/plan")
    assert (
        "can be at most 3 MB large"
        in resident.attach(page, "b.pdf", pdf(size_bytes=3_000_001)).summary[0][1]
    )
    far = resident.attach(page, "b.pdf", pdf(size_bytes=9_000_000))
    assert (far.status, far.summary[0][0]) == (413, "q-plan")
    resident.attach(page, "b.pdf", pdf(size_bytes=2_500_000))
    assert "b.pdf (2.5 MB)" in resident.open("/c/riverside/q/plan").words
    why = resident.open("/c/riverside/q/why")
    big = resident.attach(why, "b.pdf", b"0" * 2_500_000)
    assert big.status == 413


def test_nobody_sends_a_file_of_somebody_else(services, resident, somebody_else):
    opened = consultation(services, question("plan", "file", "Your plan"))
    resident.attach(resident.open("/c/riverside/q/plan"), "b.pdf", PDF)
    resident.send(resident.open("/c/riverside/check"))
    [row] = rows(services, tables.attachment)
    attach_file(
        services, opened.id, opened.questions["plan"], draft_secret="x", name="c.pdf", content=PDF
    )
    somebody_else.attach(somebody_else.open("/c/riverside/q/plan"), "d.pdf", PDF)
    check = somebody_else.open("/c/riverside/check")
    stolen = check.form()[1]["answers"]
    mine = next(
        each for each in rows(services, tables.attachment) if each.name == "d.pdf"
    ).commitment
    refused = somebody_else.send(check, answers=stolen.replace(mine, row.commitment))
    assert refused.status == 422
    assert "The file for “Your plan” is no longer here." in refused.words


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    visit=st.sampled_from("bcw"),
    other=st.sampled_from(("", "By boat")),
    uses=st.lists(st.sampled_from("ps"), unique=True),
    far=st.sampled_from(("0.5", "1,0", "12", "100.0")),
    since=st.dates(min_value=date(1990, 1, 1), max_value=date(2026, 11, 1)),
    grid=st.tuples(st.sampled_from("bfg"), st.sampled_from("bfg")),
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_page_by_page_and_on_one_page_store_the_same(
    app, services, submissions, visit, other, uses, far, since, grid
):
    from tests.consult.web.residents import Resident

    if services.record.head() == 0:
        consultation(services, *ROUTED, wards=True)
    typed = {
        "visit": {"q__visit": visit if not other else "other", "q__visit__other": other},
        "stop": {"q__stop": "other"},
        "park": {"q__park": far if "," not in far else "10"},
        "uses": {"q__uses": uses},
        "since": {
            "q__since__day": since.day,
            "q__since__month": since.month,
            "q__since__year": since.year,
        },
        "views": {"q__views__1": grid[0], "q__views__2": grid[1]},
    }
    before = len(submissions())
    step, whole = Resident(app.test_client()), Resident(app.test_client())
    assert step.send(walk(step, typed)[-1]).heading == "Answers sent"
    sent = whole.send(whole.open("/c/riverside/all"), **everything(typed))
    assert sent.heading == "Answers sent", sent.summary
    one, other_one = submissions()[before:]
    assert one.answers == other_one.answers
    assert sorted(one.texts) == sorted(other_one.texts)
