"""A budget to share out, from the draft to the verifier, through pages and without scripts."""

import csv
import io
from typing import Any

import pytest

from consult.commands.answers.sheets import Sheet
from consult.commands.consultations.drafting import consultation_id
from consult.commands.results.counting import publish_results
from consult.verifier import folkmoot_verify
from events import Consultation, Partnership
from tests import builders
from tests.builders import ORGANISER, close_consultation, consultation
from tests.consult.sealing.test_tallies_sealed import states
from tests.consult.web.organisers import main_form, sign_in
from tests.consult.web.results.test_hidden_numbers_are_explained import places
from tests.kinds import answer_all, of_kind, send_all

HERE = "/c/riverside/q/q-allocation"
ASKED = of_kind("allocation", required=True)


def fields(a: str = "", b: str = "", c: str = "") -> dict[str, str]:
    return {f"q-q-allocation-{id}": text for id, text in (("a", a), ("b", b), ("c", c))}


def post(resident: Any, **typed: str) -> Any:
    changes = {name.replace("-", "__"): text for name, text in fields(**typed).items()}
    return resident.send(resident.open(HERE), **changes)


def test_organisers_say_how_much_there_is_and_in_which_steps(app, services):
    builders.partnership(services, wards=True)
    services.catch_up()
    organiser = sign_in(app, services)
    page = organiser.open("/organise/new")
    both = {f"{each}__{code}": "x" for each in ("title", "overview") for code in ("en", "cy")}
    organiser.send(page, slug="park", **both)
    page = organiser.open("/organise/c/park/questions/new/allocation")
    assert "A budget to share out".lower() in page.heading
    wrong = organiser.send(page, title__en="Share?", pot="1,000", step="300")
    assert wrong.summary == [("step", "Choose a step that divides the money, at most 1,000 times.")]
    assert organiser.send(page, title__en="Share?").summary == [
        ("pot", "Say how much money there is to share out."),
        ("step", "Say in which steps the money is shared out."),
    ]
    organiser.send(wrong, step="250")
    id = consultation_id(Partnership.id_for("ashenmoor"), "park")
    question = services.record.get(Consultation, id).questions["q1"]
    assert (question.kind, question.pot, question.step) == ("allocation", 100_000, 25_000)
    again = main_form(organiser.open("/organise/c/park/questions/q1"))[1]
    assert (again["pot"], again["step"]) == ("1,000", "250")


def test_people_share_it_out_check_it_and_get_a_receipt(services, resident, submissions):
    consultation(services, ASKED)
    page = resident.open(HERE)
    assert "Share out all of £600, in steps of £100." in page.words
    assert "£0 of £600 shared out" in page.words
    boxes = [each for each in page.tree.iter("input") if each.get("inputmode")]
    assert [(box.get("type"), box.get("inputmode")) for box in boxes] == [("text", "numeric")] * 3
    post(resident, a="£400", b=" 200.00 ")
    check = resident.open("/c/riverside/check")
    assert "Allotments: £400" in check.words
    assert "Buses: £200" in check.words
    assert "Clinics" not in check.words
    assert resident.send(check).heading == "Answers sent"
    [given] = submissions()
    assert given.answers == {"q-allocation": {"a": 40_000, "b": 20_000}}


def test_steps_of_less_than_a_pound_get_keys_with_a_point(services, resident):
    consultation(services, of_kind("allocation", pot=5_000, step=50))
    boxes = [each for each in resident.open(HERE).tree.iter("input") if each.get("inputmode")]
    assert [(box.get("type"), box.get("inputmode")) for box in boxes] == [("text", "decimal")] * 3


def test_what_people_paste_is_shared_out(services, resident, submissions):
    consultation(services, ASKED)
    resident.open(HERE)
    post(resident, a="£ 400 pounds", b="\u00a3200.00\u00a0")
    resident.send(resident.open("/c/riverside/check"))
    assert submissions()[0].answers == {"q-allocation": {"a": 40_000, "b": 20_000}}


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"a": "500"}, "", "You shared out £500 of £600. Share out the £100 that is left."),
        ({"a": "500", "b": "300"}, "", "You shared out £800, and there is £600. Take away £200."),
        (
            {"a": "450", "b": "150"},
            "-a",
            "You gave “Allotments” £450. Give it a whole number of steps of £100.",
        ),
        ({"b": "some"}, "-b", "“Buses”: “some” is not a number. Write it in digits, like 12.50."),
        ({"b": "-100"}, "-b", "“Buses”: The least that you can give is £0."),
        ({}, "", "Answer the question “Share out £600”."),
    ],
)
def test_what_does_not_make_up_the_pot_is_said_and_what_was_typed_stays(
    services, resident, typed, field, sentence
):
    consultation(services, ASKED)
    page = post(resident, **typed)
    assert page.status == 422
    assert sentence in [message for _target, message in page.summary]
    ids = {each.get("id") for each in page.tree.iter("input")} | {"q-q-allocation"}
    assert all(target in ids for target, _message in page.summary), page.summary
    values = page.form()[1]
    for name, text in fields(**typed).items():
        assert values[name] == text


@pytest.fixture
def published(services):
    """The three answers of tests.kinds, each given five times."""
    opened = consultation(services, ASKED, fingerprints_accepted=True)
    answer_all(services, opened, 15)
    close_consultation(services, opened.id, actor=ORGANISER)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    return opened


def publish(services: Any, given: list[tuple[dict[str, int], int]], **terms: Any) -> None:
    """Close and publish a consultation in which so many people gave each of these answers."""
    opened = consultation(services, ASKED, **terms)
    answers = [answer for answer, number in given for _ in range(number)]
    send_all(services, opened, [Sheet({ASKED.id: answer}) for answer in answers])
    close_consultation(services, opened.id, actor=ORGANISER)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()


def test_the_results_tell_averages_middles_and_how_many_gave_each_amount(published, resident):
    page = resident.open("/c/riverside/results").words
    assert "Share out £600" in page
    assert "£266.67; middle £200" in page
    assert "Share out £600 – Allotments" in page
    assert "How many people gave it each amount. £0 5 £200 5 £600 5" in page
    welsh = resident.open("/cy/c/riverside/results").words
    assert "£266.67; canol £200" in welsh
    count = resident.open("/c/riverside/count").words
    assert "how many gave each amount" in count


def test_the_files_of_results_and_answers_hold_money(published, resident):
    lines = list(csv.reader(io.StringIO(resident.open("/c/riverside/results.csv").text)))
    found = {line[2]: line for line in lines}
    assert found["a/average"][5:7] == ["£", "800/3"]
    assert found["a/middle-lower"][6] == "200"
    assert found["a/60000"][4] == "5"


HALF = {"a": 30_000, "b": 30_000}
LITTLE = (
    "Answers: 12. How much was given is not shown: to one of these so little was given that it can "
    "only be from a few people"
)


@pytest.mark.parametrize(
    ("odd", "said", "not_said"),
    [
        ([({"a": 50_000, "b": 10_000}, 1)] * 2 + [({"c": 10_000, "a": 50_000}, 1)],
         LITTLE, "£"),
        ([({"a": 50_000, "b": 10_000}, 1)],
         "How many gave each amount, and the middle, are not shown", "; middle"),
        ([({"a": 60_000}, 8), ({"b": 60_000}, 6)],
         "How many gave each amount is not shown: some amounts", " – Allotments"),
    ],
)  # fmt: skip
def test_what_few_gave_is_not_shown_and_every_place_says_why(
    services, resident, odd, said, not_said
):
    given = [(HALF, 9 if len(odd) != 2 else 3), *odd]
    publish(services, given, ballots_public=False)
    words = places(resident)
    for place, text in words.items():
        assert said in text, place
        assert not_said not in text.partition("Share out £600")[2].partition("Who")[0], place
    lines = list(csv.reader(io.StringIO(resident.open("/c/riverside/results.csv").text)))
    [answered] = [line for line in lines if line[2] == "answered"]
    assert said in answered[-1]


@pytest.mark.parametrize("people", [0, 3, 15])
def test_the_verifier_counts_it_again(services, seal, verified, people):
    opened = consultation(services, ASKED, fingerprints_accepted=True)
    answer_all(services, opened, people)
    close_consultation(services, opened.id, actor=ORGANISER, goes_on=True)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    seal()
    _code, report = verified()
    assert states(report)[f"recount.{str(opened.id)[:8]}.tallies"] == "holds"
    assert not states(report, "wrong")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"a": 40_000, "b": 20_000}, ""),
        ({"a": 45_000, "b": 15_000}, "an amount is not in steps of 10000"),
        ({"a": 50_000}, "50000 is shared out of 60000"),
        ({"a": 70_000}, "70000 is shared out of 60000"),
        ({"z": 60_000}, "what gets money is not on the list"),
    ],
)
def test_the_verifier_finds_an_answer_that_nobody_could_give(answer, says):
    asked = {
        "kind": "allocation",
        "pot": 60_000,
        "step": 10_000,
        "options": [{"id": id} for id in "abc"],
    }
    assert folkmoot_verify.LIMITS["allocation"](asked, {}, answer) == says
