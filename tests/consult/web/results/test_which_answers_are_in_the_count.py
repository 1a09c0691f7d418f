"""A result says of which question everybody can count the answers again, and who gave none."""

import io

import pytest
from pypdf import PdfReader

from consult.commands.answers.sheets import Sheet
from consult.commands.results.counting import publish_results
from tests.builders import ORGANISER, close_consultation, consultation
from tests.conftest import only
from tests.kinds import of_kind, send_all

pytestmark = only("sqlite")
TITLE = "Put these in order"


def published(services, *kinds, answers):
    asked = [of_kind(kind) for kind in kinds]
    opened = consultation(services, *asked, fingerprints_accepted=True)
    send_all(services, opened, map(Sheet, answers))
    close_consultation(services, opened.id)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()


@pytest.mark.parametrize(
    ("number", "said", "welsh"),
    [
        (1, "1 response has no answer to it.", "Nid oes ateb iddo mewn 1 ymateb."),
        (3, "3 responses have no answer to it.", "Nid oes ateb iddo mewn 3 ymateb."),
    ],
)
def test_how_many_left_a_counted_question_out_is_said_where_it_is_counted(
    services, resident, number, said, welsh
):
    whole = {"q-ranking": ["a"], "q-single": "a"}
    published(services, "ranking", "single", answers=[whole] * 6 + [{"q-single": "b"}] * number)
    page = resident.open("/c/riverside/results").words
    link = f"All answers to “{TITLE}” without names, to count again (JSON)"
    assert f"{link} {said}" in page
    assert page.count(said) == 2, "beside the question and beside the file"
    assert "Every answer is in the count" not in page
    assert "Every answer to a question that a rule counts is in its count." in page
    count = resident.open("/c/riverside/count").words
    assert "Download the answers that were counted" in count
    assert f"{link} {said}" in count
    assert resident.client.get("/c/riverside/answers.json").get_json()["people"] == 6
    pdf = resident.client.get("/c/riverside/results.pdf").get_data()
    paper = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert said in " ".join(paper.split())
    assert welsh in resident.open("/cy/c/riverside/results").words


def test_where_everybody_answered_every_answer_is_in_the_count(services, resident):
    published(services, "ranking", "single", answers=[{"q-ranking": ["a"], "q-single": "a"}] * 6)
    page = resident.open("/c/riverside/results").words
    assert "Every answer is in the count: 6. The rule was published" in page
    assert "no answer to it" not in page
    assert f"All answers to “{TITLE}” without names" in page


def test_only_where_there_is_one_question_the_file_has_all_answers(services, resident):
    published(services, "basket", answers=[{"q-basket": ["a"]}] * 6)
    for place in ("results", "count"):
        page = resident.open(f"/c/riverside/{place}").words
        assert "All answers without names, to count again (Pabulib)" in page
