"""Every answer to every question leaves in one file; words only when they are asked for."""

import csv
import io
import json
import tracemalloc
from datetime import date, datetime

import msgspec
import openpyxl
import pytest
from sqlalchemy import event

from consult.commands.answers.attaching import attach_file
from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.submitting import Sheet, submit_answers, withdraw_answers
from consult.commands.context import Actor
from consult.commands.data_protection.erasure import erase_by_holder
from consult.commands.files.answer_rows import Wish
from consult.commands.files.exporting import StillSecret
from consult.commands.files.exporting_answers import export_answers
from consult.formats.responses import Labels
from consult.formats.workbook import writing
from events import DataProtectionCase, Response
from events.errors import ReadModelsBehind
from events.question import Option
from projections.ballot_box import BallotBox
from projections.writings import Writings
from tests.attached import pdf
from tests.builders import (
    EVERY_KIND,
    ORGANISER,
    RESIDENT,
    close_consultation,
    consultation,
    question,
    words,
)
from tests.conftest import only
from tests.kinds import of_kind, send_all

QUESTIONS = (
    *EVERY_KIND,
    question("place", "single", "Where?", "Park", "Quay", required=False, other=True),
    question("hours", "number", "How long?", required=False, decimals=1, unit=words("hours")),
    question("day", "date", "Which day?", required=False),
    question("grid", "matrix", "How is it?", "Good", "Bad", required=False),
    question("ward", "area", "Which ward?", required=False),
    question("plan", "file", "A drawing?", required=False),
)
GRID = (Option("p", words("Paths")), Option("l", words("Lights")))
ANSWERS = {
    "visit": "d",
    "uses": ["p", "w"],
    "views": {"s": 3, "c": 4},
    "order": ["c", "a"],
    "share": {"b": 4, "p": 6},
    "support": ["a", "c"],
    "money": ["k", "l"],
    "place": "other",
    "hours": "2.5",
    "day": "2026-11-22",
    "grid": {"p": "g"},
    "ward": "W03",
}
NASTY = '=HYPERLINK("http://evil.example","Click")'
PDF = pdf()
SPENT = "Spend £600: spent (GBP)"
FORMATS = ("csv", "json", "xlsx")


@pytest.fixture
def asked(services):
    questions = [
        msgspec.structs.replace(each, statements=GRID) if each.id == "grid" else each
        for each in QUESTIONS
    ]
    return consultation(services, *questions, wards=True)


@pytest.fixture
def send(services, asked):
    def answer(voter, text="", *, file="", area="", channel="online", **answers):
        texts = {"place": f"{voter}'s lock"} if "place" not in answers else {}
        files = {}
        if file:
            plan = asked.questions["plan"]
            kept = attach_file(services, asked.id, plan, draft_secret=voter, name=file, content=PDF)
            files["plan"] = kept.commitment
        return submit_answers(
            services,
            consultation_id=asked.id,
            voter=voter,
            sheet=Sheet(
                ANSWERS | answers,
                texts=texts | ({"more": text} if text else {}),
                area=area,
                files=files,
            ),
            actor=Actor("resident", channel=channel),
            command_id=voter,
        )

    return answer


def export(services, asked, format, *, with_words=False):
    wish = Wish(format, with_words)
    return b"".join(export_answers(services, asked.id, wish, actor=ORGANISER))


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_campaign_has_its_name_in_the_language_of_the_file(
    services, asked, send, format, language
):
    names = {"en": "Cards", "cy": "Cardiau"}
    group_campaign(services, asked.id, [send("ann").subject_id], name=names, actor=ORGANISER)
    group_campaign(services, asked.id, [send("bob").subject_id], name="Old", actor=ORGANISER)
    close_consultation(services, asked.id)
    wish = Wish(format, labels=Labels(language=language))
    rows = rows_of(b"".join(export_answers(services, asked.id, wish, actor=ORGANISER)), format)
    assert {row["Campaign"] for row in rows} == {names[language], "Old"}
    found = json.loads(export(services, asked, "json"))["responses"]
    assert {each["campaign"]: each.get("campaign_names") for each in found} == {
        "Cards": names,
        "Old": None,
    }


def rows_of(content, format):
    """Headings and cells of a file, by heading, as an outside program reads them."""
    if format == "csv":
        text = content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    heading, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def exported(services):
    return [
        row
        for row in services.record.read(0, 100_000)
        if row.topic == DataProtectionCase.WordsExported.TOPIC
    ]


def test_every_question_has_its_columns_and_every_response_its_row(services, asked, send):
    send("ann", "Keep the trees", area="W03", file="lock.pdf")
    send("bob", channel="paper")
    close_consultation(services, asked.id, actor=ORGANISER)
    for format in ("csv", "xlsx"):
        rows = rows_of(export(services, asked, format), format)
        assert len(rows) == 2
        for each in asked.questions.values():
            title = each.title["en"]
            assert any(heading.startswith(title) for heading in rows[0]), title
        ann = next(row for row in rows if row["Where they live"] == "Canal Side")
        told = {heading: str(value) for heading, value in ann.items()}
        expected = {
            "How often do you visit?": "Daily",
            "What do you do there?: Walk": "1",
            "What do you do there?: Sport": "0",
            "How much do you agree?: Clean": "4",
            "Put these in order: Clinics": "1",
            "Put these in order: Allotments": "2",
            "Share out 10 points: Pavements": "6",
            "What do you support?: Benches": "0",
            "Spend £600: Lights (300.00 GBP)": "1",
            "Where?": "Other",
            "How long? (hours)": "2.5",
            "How is it?: Paths": "Good",
            "Which ward?": "Canal Side",
            "How they took part": "online",
        }
        assert {heading: told[heading] for heading in expected} == expected
    assert {row["How they took part"] for row in rows} == {"online", "paper"}


def test_a_workbook_has_real_numbers_and_days_and_money_in_its_unit(services, asked, send):
    send("ann")
    close_consultation(services, asked.id, actor=ORGANISER)
    [row] = rows_of(export(services, asked, "xlsx"), "xlsx")
    assert row[SPENT] == 500
    assert row["How long? (hours)"] == 2.5
    assert row["Share out 10 points: Buses"] == 4
    assert row["Which day?"] == datetime(2026, 11, 22)  # noqa: DTZ001 - a workbook has no zones
    assert row["Day"] == datetime(2026, 11, 2)  # noqa: DTZ001  a spreadsheet has no zones
    [row] = rows_of(export(services, asked, "csv"), "csv")
    assert row[SPENT] == "500.00"
    assert row["Which day?"] == "2026-11-22"
    document = json.loads(export(services, asked, "json"))
    [response] = document["responses"]
    assert response["answers"]["money"] == {
        "answer": ["k", "l"],
        "spent": {"amount": "500.00", "currency": "GBP"},
    }
    [money] = [each for each in document["questions"] if each["id"] == "money"]
    assert money["options"][0]["cost"] == {"amount": "300.00", "currency": "GBP"}
    assert response["answers"]["hours"] == {"answer": "2.5"}


def test_who_shares_out_money_gives_nothing_to_what_they_do_not_name(services):
    """The average of a column is the one on the page; who did not answer has empty cells."""
    asked = consultation(services, of_kind("allocation"), of_kind("single"))
    answers = {"q-allocation": {"a": 20_000, "b": 40_000}}
    send_all(services, asked, [Sheet(answers), Sheet({"q-single": "a"})])
    close_consultation(services, asked.id, actor=ORGANISER)
    options = ("Allotments", "Buses", "Clinics")
    headings = [f"Share out £600: {option} (GBP)" for option in options]
    for format, named, blank in (("csv", ["200.00", "400.00", "0.00"], ""),
                                 ("xlsx", [200, 400, 0], None)):  # fmt: skip
        rows = rows_of(export(services, asked, format), format)
        cells = [[row[heading] for heading in headings] for row in rows]
        assert sorted(cells, key=str) == sorted([named, [blank] * 3], key=str)
    document = json.loads(export(services, asked, "json"))
    [shared] = [one["answers"]["q-allocation"] for one in document["responses"]
                if "q-allocation" in one["answers"]]  # fmt: skip
    assert [shared["amounts"][id]["amount"] for id in "abc"] == ["200.00", "400.00", "0.00"]


def test_a_file_says_for_how_many_people_an_organisation_speaks(services, asked, send):
    send("ann")
    submit_answers(
        services,
        consultation_id=asked.id,
        voter="the growers",
        sheet=Sheet(ANSWERS | {"place": "p"}, respondent="organisation", members=340),
        actor=RESIDENT,
        command_id="growers",
    )
    close_consultation(services, asked.id, actor=ORGANISER)
    column = "For how many they speak"
    for format, empty in (("csv", ""), ("xlsx", None)):
        rows = rows_of(export(services, asked, format), format)
        said = {row["Who they answered for"]: row[column] for row in rows}
        assert said == {"individual": empty, "organisation": "340" if format == "csv" else 340}
    responses = json.loads(export(services, asked, "json"))["responses"]
    assert {each["respondent"]: each["members"] for each in responses} == {
        "individual": None,
        "organisation": 340,
    }


@pytest.mark.parametrize("format", FORMATS)
def test_who_takes_a_file_without_words_is_recorded_too(services, asked, send, format):
    send("ann")
    close_consultation(services, asked.id, actor=ORGANISER)
    head = services.record.head()
    export(services, asked, format)
    [row] = services.record.read(head)
    assert row.topic == DataProtectionCase.FileTaken.TOPIC
    taken = json.loads(row.state)
    assert taken["by"]["actor"] == ORGANISER.reference
    told = {name: taken[name] for name in ("what", "format", "number", "position")}
    assert told == {"what": "answers", "format": format, "number": 1, "position": head}


@pytest.mark.parametrize("format", FORMATS)
def test_without_the_wish_no_word_and_no_name_of_a_file_is_in_it(services, asked, send, format):
    send("ann", "Keep the trees", file="lock.pdf")
    close_consultation(services, asked.id, actor=ORGANISER)
    shown = str(readable(export(services, asked, format), format))
    for secret in ("Keep the trees", "ann's lock", "lock.pdf"):
        assert secret not in shown
    assert not exported(services)


@pytest.mark.parametrize("format", FORMATS)
def test_with_the_wish_words_are_in_it_and_the_record_says_so(services, asked, send, format):
    send("ann", "Keep the trees", file="lock.pdf")
    close_consultation(services, asked.id, actor=ORGANISER)
    head = services.record.head()
    shown = str(readable(export(services, asked, format, with_words=True), format))
    for said in ("Keep the trees", "ann's lock", "lock.pdf"):
        assert said in shown
    [fact] = exported(services)
    stored = json.loads(fact.state)
    assert stored["format"] == format
    assert (stored["responses"], stored["position"]) == (1, head)
    assert stored["by"] == {
        "role": "organiser",
        "actor": "organiser-1",
        "command_id": stored["by"]["command_id"],
    }
    export(services, asked, format, with_words=True)
    assert len(exported(services)) == 2, "each one is recorded"


def readable(content, format):
    return json.loads(content) if format == "json" else rows_of(content, format)


@pytest.mark.parametrize("format", FORMATS)
def test_erased_words_and_answers_taken_back_are_never_in_it(services, asked, send, format):
    gone = send("ann", "I live at Lock 4", file="lock4.pdf", place="p")
    back = send("bob", "Never mind")
    send("eve", "Old thought")
    submit_answers(
        services,
        consultation_id=asked.id,
        voter="eve",
        sheet=Sheet(ANSWERS | {"place": "p"}, texts={"more": "New thought"}),
        actor=RESIDENT,
        command_id="eve again",
    )
    withdraw_answers(services, holder=back.holder, actor=RESIDENT, command_id="back")
    erase_by_holder(services, holder=gone.holder, actor=RESIDENT)
    close_consultation(services, asked.id, actor=ORGANISER)
    for with_words in (True, False):
        content = readable(export(services, asked, format, with_words=with_words), format)
        shown = str(content)
        for secret in ("Lock 4", "lock4", "Never mind", "Old thought", gone.code):
            assert secret not in shown
        assert ("New thought" in shown) == with_words
        assert ("erased" in shown) == with_words
        rows = content["responses"] if format == "json" else content
        assert len(rows) == 2


def test_formulas_stay_text(services, asked, send):
    for voter, text in (("ann", NASTY), ("bob", "+1"), ("eve", "@SUM(A1)"), ("cai", "{=1+1}")):
        send(voter, text)
    close_consultation(services, asked.id, actor=ORGANISER)
    table = export(services, asked, "csv", with_words=True).decode("utf-8-sig")
    shown = {row["Anything else?"] for row in rows_of(table.encode(), "csv")}
    assert f"'{NASTY}" in shown
    assert "'@SUM(A1)" in shown
    content = export(services, asked, "xlsx", with_words=True)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if cell.value}
    assert cells[NASTY] == cells["@SUM(A1)"] == cells["{=1+1}"] == "s"
    assert not [kind for kind in cells.values() if kind == "f"]
    assert not sheet._hyperlinks


def test_rows_come_in_an_order_that_says_nothing(services, asked, send):
    for number in range(12):
        send(f"voter {number}", f"Thought {number:02}")
    close_consultation(services, asked.id, actor=ORGANISER)
    content = export(services, asked, "json", with_words=True)
    order = [each["answers"]["more"]["words"] for each in json.loads(content)["responses"]]
    assert sorted(order) == [f"Thought {number:02}" for number in range(12)]
    assert order != sorted(order)
    for secret in (
        "pseudonym",
        "receipt",
        "commitment",
        services.vault.pseudonym(asked.id, "voter 1"),
    ):
        assert secret not in content.decode()


@pytest.mark.parametrize("format", FORMATS)
def test_while_people_answer_nothing_leaves(services, asked, send, format):
    send("ann", "Keep the trees")
    with pytest.raises(StillSecret):
        export(services, asked, format, with_words=True)
    assert not exported(services)


@pytest.mark.parametrize("projection", [BallotBox, Writings])
def test_a_part_never_passes_for_the_whole(services, asked, send, monkeypatch, projection):
    send("ann", "Keep the trees")
    services.catch_up()

    def spoilt(*_anything):
        raise ValueError("this answer is not understood")

    with monkeypatch.context() as patch:
        patch.setattr(projection, "give", spoilt)
        for instance in [services.views.reader(projection)]:
            patch.setitem(instance.bound, Response.Submitted.TOPIC, spoilt)
        send("bob", "More benches")
        services.catch_up()
    close_consultation(services, asked.id, actor=ORGANISER)
    for format in FORMATS:
        with pytest.raises(ReadModelsBehind):
            export(services, asked, format)
    with pytest.raises(ReadModelsBehind):
        export(services, asked, "csv", with_words=True)


def test_nothing_is_cut_off_without_a_word(tmp_path):
    path = tmp_path / "long.xlsx"
    with writing(path) as book:
        book.sheet("Long: [a]/b", ["Words"], [["x" * 40_000]])
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert len(sheet["A2"].value) == 32_767
    assert sheet["A2"].value.endswith("…")


def test_memory_does_not_grow_with_the_rows(tmp_path):
    rows = (["Response", number, date(2026, 11, 2), "words " * 20] for number in range(20_000))
    tracemalloc.start()
    with writing(tmp_path / "large.xlsx") as book:
        book.sheet("Answers", ["a", "b", "c", "d"], rows)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000


def statements(services, act) -> int:
    """How many statements to read models and vault an act takes."""
    found: list[str] = []

    def note(_connection, _cursor, text, *_more):
        found.append(text)

    engines = (services.views.engine, services.vault.engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    act()
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
    return len(found)


@only("sqlite")
@pytest.mark.parametrize("format", FORMATS)
def test_statements_grow_with_hundreds_of_rows_and_never_with_each(
    services, asked, send, monkeypatch, format
):
    monkeypatch.setattr("consult.commands.files.answer_rows.ROWS_AT_ONCE", 20)
    for number in range(20):
        send(f"voter {number}", f"Thought {number}", file="lock.pdf" if number % 5 else "")
    services.catch_up()
    with monkeypatch.context() as patch:
        patch.setattr("consult.commands.files.exporting_answers.ENDED", {"open"})
        few = statements(services, lambda: export(services, asked, format, with_words=True))
    for number in range(20, 40):
        send(f"voter {number}", f"Thought {number}", file="lock.pdf" if number % 5 else "")
    close_consultation(services, asked.id, actor=ORGANISER)
    services.catch_up()
    more = statements(services, lambda: export(services, asked, format, with_words=True))
    assert more - few <= 8, "one portion of rows more, however many rows it has"


ELSEWHERE = {
    "anybody": "Somewhere else",
    "connected": "Somewhere else; I work or study here",
}


@only("sqlite")
@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_people_from_elsewhere_are_called_as_the_question_called_them(services, elsewhere, format):
    more = question("more", "text", "Anything else?", required=False)
    about = consultation(services, more, wards=True, elsewhere=elsewhere)
    for voter, area in (("ann", "W03"), ("bob", "other"), ("eve", "")):
        submit_answers(
            services,
            consultation_id=about.id,
            voter=voter,
            sheet=Sheet({}, texts={"more": voter}, area=area),
            actor=RESIDENT,
            command_id=voter,
        )
    close_consultation(services, about.id)
    rows = rows_of(export(services, about, format, with_words=True), format)
    assert {row["Anything else?"]: row["Where they live"] or "" for row in rows} == {
        "ann": "Canal Side",
        "bob": ELSEWHERE[elsewhere],
        "eve": "",
    }


@only("sqlite")
@pytest.mark.parametrize(
    ("how", "has_names"),
    [
        ({}, False),
        ({"has_organisations": True}, True),
        ({"identity": ("desk",)}, True),
        ({"identity": ("letter",)}, True),
        ({"identity": ("open", "email")}, False),
    ],
)
def test_names_of_organisations_have_a_column_where_somebody_can_give_one(services, how, has_names):
    more = question("more", "text", "Anything else?", required=False)
    about = consultation(services, more, **how)
    close_consultation(services, about.id)
    for with_words in (True, False):
        content = export(services, about, "csv", with_words=with_words).decode("utf-8-sig")
        heading = next(csv.reader(io.StringIO(content)))
        assert ("Name of the organisation or meeting" in heading) == (has_names and with_words)
