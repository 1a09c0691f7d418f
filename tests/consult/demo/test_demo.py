"""The demo tells the story it promises, to the pound and to the ballot."""

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader

from consult.commands.answers.desk_references import LookUp, counts, look_up
from consult.commands.consultations.drafting import consultation_id
from consult.commands.context import Actor
from consult.commands.results.working_out import work_out
from consult.config import Config
from consult.demo import ashenmoor, fund, libraries, priorities
from consult.demo.seed import open_stage, seed
from consult.demo.stage import Stage
from consult.people.proving import letter_codes
from consult.web import create_app
from events import Partnership
from events.consultations.terms import CountingTerms
from projections import ALL
from projections.ballot_box import BallotBox
from projections.engine.rebuilding import compare
from projections.participation import by
from projections.partnerships import Partnerships
from projections.results import Results
from projections.seats import Seats
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Resident

TOGETHER = Partnership.id_for("ashenmoor-together")
C1 = consultation_id(TOGETHER, "our-ashenmoor-2031")
C2 = consultation_id(TOGETHER, fund.SLUG)
C3 = consultation_id(TOGETHER, libraries.SLUG)


@pytest.fixture(scope="module")
def stage(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demo, seeded and moved on to the end of the fund."""
    files = tmp_path_factory.mktemp("demo") / "files"
    played = open_stage(Config(database_url=module_database_url, files_folder=files))
    seed(played)
    fund.advance(played, C2)
    played.services.catch_up()
    yield played
    played.services.close()


def test_wards_and_ages_add_up_to_the_borough(stage: Stage):
    with stage.services.views.connect() as db:
        together = stage.services.views.reader(Partnerships).by_id(db, TOGETHER)
    assert together is not None
    assert sum(ward.population for ward in together.wards) == 182_400
    assert sum(ashenmoor.AGE_BANDS.values()) == 182_400
    assert sum(ashenmoor.AGE_BANDS.values()) - ashenmoor.AGE_BANDS["under 16"] == 146_300


def test_the_board_has_17_seats_and_the_page_warns_of_the_vacant_one(stage: Stage):
    with stage.services.views.connect() as db:
        seats = stage.services.views.reader(Seats).of_partnership(db, TOGETHER)
    assert Counter(seat.sector for seat in seats) == {
        "statutory": 7, "private": 3, "voluntary": 3, "community": 4,
    }  # fmt: skip
    assert sum(bool(seat.kept_for) for seat in seats) == 2
    assert [seat.sector for seat in seats if seat.organisation is None] == ["community"]
    page = Resident(create_app(stage.services).test_client()).open(
        "/partnership/ashenmoor-together"
    )
    assert page.faults == []
    assert (
        "It is kept for: people who came here from elsewhere, whose voice is missing" in page.words
    )
    assert "Community 2 4 3 1" in page.words
    assert "Safer Ashenmoor (by law: Crime and Disorder Act 1998)" in page.words


def test_the_fund_has_3180_ballots_with_13417_approvals_none_above_five(stage: Stage):
    box = stage.services.views.reader(BallotBox)
    with stage.services.views.connect() as db:
        groups = box.groups(db, C2, "projects")
        places = by(db, box.turnout, C2, "area")
        channels = by(db, box.turnout, C2, "channel")
    sizes = Counter({})
    for picks, people in groups:
        sizes[len(picks)] += people
    assert sizes == {5: 697, 4: 2_483}
    assert sum(size * people for size, people in sizes.items()) == 13_417
    assert places == {"W03": 1_410, "W11": 980, "W09": 640, "": 150}
    assert channels == {"online": 2_610, "paper": 470, "telephone": 100}


def test_the_fund_spends_242600_and_leaves_7400(stage: Stage):
    with stage.services.views.connect() as db:
        result = stage.services.views.reader(Results).of(db, C2)["projects"]
    outcome = result.outcome
    assert outcome["funded"] == ["P04", "P01", "P02", "P09", "P05", "P07", "P06"]
    assert (outcome["spent"], outcome["left"]) == (242_600_00, 7_400_00)
    approvals = {id: str(number) for id, _, _, _, _, number, *_ in fund.PROJECTS}
    assert outcome["scores"] == approvals


def test_the_tie_between_kitchen_and_trees_is_reported_and_goes_to_the_cheaper(stage: Stage):
    with stage.services.views.connect() as db:
        outcome = stage.services.views.reader(Results).of(db, C2)["projects"].outcome
    (tie,) = outcome["ties"]
    assert sorted(tie["items"]) == ["P03", "P07"]
    assert tie["decided_by"] == "cost"
    assert tie["order"][0] == "P07"


def test_the_other_way_round_the_tie_would_spend_246400(stage: Stage):
    lot = ("P03", "P07", *(id for id, *_ in fund.PROJECTS if id not in {"P03", "P07"}))
    terms = CountingTerms(rule="greedy-skip", tie_chain=("lot",), lot=lot)
    outcome = work_out(stage.services, C2, terms=terms).outcome
    assert outcome.spent == 246_400_00
    assert "P03" in outcome.funded
    assert "P07" not in outcome.funded


def test_the_libraries_show_both_tables_with_and_without_the_campaign(stage: Stage):
    box = stage.services.views.reader(BallotBox)
    with stage.services.views.connect() as db:
        everybody = dict(box.groups(db, C3, "way"))
        without = dict(box.groups(db, C3, "way", without_campaigns=True))
    assert everybody == {"A": 118, "B": 517, "C": 402, "D": 167}
    assert without == {"A": 118, "B": 305, "C": 402, "D": 167}


def test_the_priorities_put_homes_first_and_loneliness_eighth(stage: Stage):
    with stage.services.views.connect() as db:
        result = stage.services.views.reader(Results).of(db, C1)["priorities"]
        box = stage.services.views.reader(BallotBox)
        respondents = by(db, box.turnout, C1, "respondent")
        channels = by(db, box.turnout, C1, "channel")
    places = [option for place in result.outcome["order"] for option in place]
    assert places[:4] == ["homes", "safety", "health", "jobs"]
    assert places[7] == "older"
    assert result.ballots == 2_146
    assert respondents == {"individual": 2_071, "organisation": 61, "group": 14}
    assert channels == {"online": 1_702, "paper": 351, "telephone": 93}


def test_the_codes_of_the_letters_are_the_same_each_time_and_work(stage: Stage):
    codes = fund.codes(stage.services, C2)
    assert len(codes) == fund.LETTERS
    assert codes == fund.codes(stage.services, C2)
    found = [letter_codes.find(stage.services.vault, code) for code in codes]
    assert {each.consultation_id for each in found if each} == {C2}
    assert None not in found


def test_paper_and_telephone_came_through_the_desk_and_nobody_used_a_letter_yet(stage: Stage):
    box = stage.services.views.reader(BallotBox)
    with stage.services.views.connect() as db:
        levels = by(db, box.turnout, C2, "assurance")
    assert levels == {"open": 2_610, "desk": 570}


@pytest.mark.parametrize(("id", "people"), [(C1, 444), (C2, 570), (C3, 212)])
def test_what_came_on_paper_and_by_telephone_was_sent_by_the_account_of_the_desk(
    stage: Stage, id: UUID, people: int
):
    [desk] = counts(stage.services, id)
    assert (desk.name, desk.people, desk.sent) == ("Library desk", people, people)
    assert desk.busiest is not None
    assert desk.busiest <= stage.services.config.desk_answers, "faster than a desk may send"
    box = stage.services.views.reader(BallotBox)
    with stage.services.views.connect() as db:
        assert by(db, box.turnout, id, "assurance")["desk"] == people


def test_the_auditor_sees_what_the_desk_sent_and_can_look_up_a_number_of_its_list(stage: Stage):
    app = create_app(stage.services)
    auditor = sign_in(app, stage.services, "ashenmoor-together", "auditor", "auditor@example.org")
    page = auditor.open(f"/scrutiny/{fund.SLUG}/desks")
    assert "Library desk 570 570" in page.words
    typed = next(form.voter for form in fund.ballots(stage) if form.channel == "telephone")
    wanted = LookUp(references=(typed,))
    audit = look_up(stage.services, C2, wanted, actor=Actor("auditor", "auditor-1"))
    [found] = audit.found
    assert found is not None
    assert found.channel == "telephone"


@pytest.mark.parametrize("language", ["", "/cy"])
@pytest.mark.parametrize("slug", [priorities.SLUG, libraries.SLUG, fund.SLUG])
def test_the_results_of_the_demo_can_be_printed(stage: Stage, slug: str, language: str):
    client = create_app(stage.services).test_client()
    got = client.get(f"{language}/c/{slug}/results.pdf")
    assert got.status_code == 200
    assert len(PdfReader(BytesIO(got.data)).pages) > 1


def test_playing_the_demo_twice_writes_nothing_the_second_time(stage: Stage):
    before = stage.services.record.head()
    seed(stage)
    fund.advance(stage, C2)
    assert stage.services.record.head() == before


@pytest.mark.parametrize("projection", ALL, ids=lambda projection: projection.name)
def test_every_projection_rebuilt_from_nothing_is_the_same_row_for_row(stage: Stage, projection):
    stage.services.catch_up()
    assert compare(stage.services.runner, projection) == []
