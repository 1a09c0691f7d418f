"""What people see afterwards, on the demo: outcomes, reasons, who took part, downloads."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from xml.etree import ElementTree as ET

import html5lib
import pytest
from flask.testing import FlaskClient

from consult.commands.consultations.drafting import consultation_id
from consult.config import Config
from consult.counting import digest
from consult.demo import fund, libraries
from consult.demo.seed import open_stage, seed
from consult.demo.stage import Stage
from consult.formats import read
from consult.web import create_app
from events import Partnership
from projections.ballot_box import BallotBox
from projections.consultations import Consultations

TOGETHER = Partnership.id_for("ashenmoor-together")
C2 = consultation_id(TOGETHER, fund.SLUG)
C3 = consultation_id(TOGETHER, libraries.SLUG)
PRIORITIES, FUND, LIBRARIES = "our-ashenmoor-2031", fund.SLUG, libraries.SLUG


@pytest.fixture(scope="module")
def stage(module_database_url: str, tmp_path_factory) -> Iterator[Stage]:
    files = tmp_path_factory.mktemp("files")
    played = open_stage(Config(database_url=module_database_url, files_folder=files))
    seed(played)
    fund.advance(played, C2)
    played.services.catch_up()
    yield played
    played.services.close()


@pytest.fixture(scope="module")
def browser_of(stage: Stage) -> FlaskClient:
    return create_app(stage.services).test_client()


@pytest.fixture(scope="module")
def words(browser_of: FlaskClient) -> Callable[[str], str]:
    """The words of a page, which must be well-formed and have one heading."""

    def read(address: str) -> str:
        response = browser_of.get(address)
        assert response.status_code == 200, address
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree = parser.parse(response.text)
        assert not parser.errors, parser.errors
        assert len(tree.findall(".//h1")) == 1
        assert "style=" not in response.text
        text = unescape(re.sub(r"<[^>]+>", " ", response.text.partition("<main")[2]))
        return " ".join(text.split())

    return read


def test_the_first_sentence_is_the_outcome(words):
    assert "7 of 12 projects are funded. They cost £242,600 of the £250,000. 3,180 people" in words(
        f"/c/{FUND}/results"
    )
    assert "Warm, affordable homes came first, with 5,680 points." in words(
        f"/c/{PRIORITIES}/results"
    )
    assert "Shorter staffed hours in all eight came first, chosen in 517 of 1,204" in words(
        f"/c/{LIBRARIES}/results"
    )


def test_every_unfunded_project_is_explained_with_its_exact_number(words):
    page = words(f"/c/{FUND}/results")
    assert (
        "Why was Community kitchen fit-out not funded? It costs £27,800, and £19,800 was left "
        "when its turn came. It would have been funded with one more person who chooses only it, "
        "or if it had cost £3,800.01 less." in page
    )
    assert page.count("Why was ") == 5


def test_the_tie_and_the_rule_that_broke_it_are_said(words):
    page = words(f"/c/{FUND}/results")
    assert "Community kitchen fit-out and Sixty street trees were level." in page
    assert "So Sixty street trees came before Community kitchen fit-out." in page
    assert "different projects would have been funded" in page


def test_the_same_votes_under_the_other_rule_are_shown_as_information(words):
    page = words(f"/c/{FUND}/results")
    assert "“Equal shares”, would spend £243,600" in page
    assert "funded instead: Community kitchen fit-out" in page


def test_a_campaign_is_shown_with_and_without_side_by_side(words):
    page = words(f"/c/{LIBRARIES}/results")
    assert "without them, Long self-service hours with fewer staffed would have come" in page
    assert "“Postcards for the Eight”: 212 answers" in page
    for row in (
        "Shorter staffed hours in all eight 517 305",
        "Long self-service hours with fewer staffed 402 402",
        "Hand two branches to community trusts 167 167",
        "Close two branches, keep hours elsewhere 118 118",
    ):
        assert row in page


def test_who_took_part_is_compared_with_who_lives_in_the_three_wards(words):
    page = words(f"/c/{FUND}/results")
    assert "Under-represented: Ironstone" in page
    assert "Canal Side 1,410 46.5% 33.9% 1.37" in page
    assert "Kilnbank 980 32.3% 31.2% 1.04" in page
    assert "Ironstone 640 21.1% 34.9% 0.60" in page
    assert "150 more responses came from elsewhere" in page
    assert "By telephone 100 (3%)" in page


def test_when_people_took_part_is_shown_by_week(words):
    page = words(f"/c/{LIBRARIES}/results")
    (most,) = set(re.findall(r"Most responses came in week (\d+)", page))
    weeks = re.findall(r"Week (\d+), from \d+ \w+ ([\d,]+) ", page.partition("Most responses")[2])
    shown = {int(number): int(people) for number, people in weeks}
    assert len(shown) == 11
    assert sum(shown.values()) == 1_204
    assert max(shown, key=lambda week: shown[week]) == int(most)


def test_the_whole_page_is_there_in_welsh(words):
    page = words(f"/cy/c/{FUND}/results")
    assert "Caiff 7 o’r 12 prosiect eu hariannu." in page
    assert "Pam na chafodd Gosod cegin gymunedol ei ariannu?" in page or "Gosod cegin" in page
    for english in ("Who took part", "not funded", "Download", "of residents"):
        assert english not in page


def test_how_we_counted_says_the_rule_the_lot_and_the_digests(words, browser_of):
    page = words(f"/c/{FUND}/count")
    assert "A project that does not fit is passed over." in page
    assert "this comes first: the one that costs less" in page
    assert "the Ashenmoor Lottery's weekly draw" in page
    assert "What was drawn: 31 7 44 12 58 23. Look it up: Ashenmoor Gazette." in page
    result = browser_of.get(f"/c/{FUND}/results.json").json["questions"][0]
    assert result["result_digest"] in page
    assert result["input_digest"] in page
    assert "consult count ID --rule greedy-skip" in page


def test_every_fingerprint_is_that_of_a_line_in_the_download(words, browser_of):
    shown = re.findall(r"Fingerprint ((?:[0-9a-f]{4} ?){3})", words(f"/c/{LIBRARIES}/count"))
    lines = browser_of.get(f"/c/{LIBRARIES}/count.ndjson").data.splitlines()
    digests = [hashlib.sha256(line).hexdigest()[:12] for line in lines]
    assert [print_.replace(" ", "") for print_ in shown] == digests[::-1]
    # Opened, extended, closed, the lot drawn, counted, published, and its tallies.
    assert len(digests) == 7


def test_the_trail_can_be_filtered_and_never_says_when_exactly_somebody_answered(words):
    everything = words(f"/c/{LIBRARIES}/count")
    assert "An answer was marked as part of a campaign (212 entries)" in everything
    residents = words(f"/c/{LIBRARIES}/count?who=residents").partition("Every entry")[2]
    assert "Somebody answered" in residents
    assert not re.search(r"\d(am|pm)", residents)
    officers = words(f"/c/{LIBRARIES}/count?who=officers").partition("Every entry")[2]
    assert "Somebody answered" not in officers
    assert "Consultation opened" in officers


def test_pages_of_the_trail_follow_each_other(browser_of):
    first = browser_of.get(f"/c/{LIBRARIES}/count?who=residents").text
    older = re.search(r'href="([^"]*before=\d+[^"]*)"', first)
    assert older is not None
    assert browser_of.get(unescape(older[1])).status_code == 200


def test_the_json_file_has_outcomes_whose_digest_anyone_can_recompute(browser_of):
    document = json.loads(browser_of.get(f"/c/{PRIORITIES}/results.json").data)
    (question,) = document["questions"]
    assert digest(question["outcome"]) == question["result_digest"]


def test_the_spreadsheet_has_a_row_per_option_with_its_reason(browser_of):
    text = browser_of.get(f"/c/{FUND}/results.csv").data.decode("utf-8-sig")
    rows = {row["option"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == 12
    assert rows["P07"]["won"] == "yes"
    assert "£3,800.01 less" in rows["P03"]["note"]


def test_the_pabulib_file_is_there_for_budgets_only(browser_of):
    file = browser_of.get(f"/c/{FUND}/results.pb")
    assert file.text.startswith("META")
    again = browser_of.get(f"/c/{FUND}/results.pb", headers={"If-None-Match": file.headers["ETag"]})
    assert again.status_code == 304
    assert browser_of.get(f"/c/{LIBRARIES}/results.pb").status_code == 404
    assert len(browser_of.get(f"/c/{LIBRARIES}/answers.json").json["groups"]) == 4


def test_the_pabulib_file_says_what_was_chosen_where_and_in_which_money(browser_of, tmp_path):
    path = tmp_path / "results.pb"
    path.write_bytes(browser_of.get(f"/c/{FUND}/results.pb").data)
    election = read(path)
    assert election.meta["unit"] == "Ashenmoor Together"
    assert (election.meta["country"], election.currency) == ("United Kingdom", "GBP")
    result = browser_of.get(f"/c/{FUND}/results.json").json["questions"][0]["outcome"]
    assert set(election.selected or ()) == set(result["funded"])
    votes = {option.id: str(option.declared_votes) for option in election.options}
    assert votes == result["scores"]


def test_an_earlier_moment_shows_the_count_of_the_answers_up_to_it(words, stage):
    views = stage.services.views
    with views.connect() as db:
        page = views.reader(Consultations).by_id(db, C3)
        position = (page.opened_position + page.closed_position) // 2
        people = views.reader(BallotBox).people(db, C3, as_at=position)
    shown = words(f"/c/{LIBRARIES}/results?as_at={position}")
    assert f"Answers by then: {people:,}." in shown
    assert "This is not the result." in shown
    assert f"Position {position:,} of the record." in shown


def test_positions_outside_the_consultation_show_its_beginning_or_its_end(words):
    assert "Answers by then: 0." in words(f"/c/{LIBRARIES}/results?as_at=-5")
    assert "Answers by then: 1,204." in words(f"/c/{LIBRARIES}/results?as_at={10**30}")
    assert "This is not the result." not in words(f"/c/{LIBRARIES}/results?as_at=soon")


def test_a_page_is_kept_and_has_a_name_for_its_bytes(browser_of):
    page = browser_of.get(f"/c/{FUND}/results")
    again = browser_of.get(f"/c/{FUND}/results", headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    assert browser_of.get(f"/cy/c/{FUND}/results").headers["ETag"] != page.headers["ETag"]


def test_the_feed_has_openings_and_outcomes_in_order(browser_of):
    atom = "{http://www.w3.org/2005/Atom}"
    root = ET.fromstring(browser_of.get("/feed.atom").data)  # noqa: S314  our own
    entries = root.findall(f"{atom}entry")
    moments = [entry.findtext(f"{atom}updated") for entry in entries]
    assert moments == sorted(moments, reverse=True)
    summaries = [entry.findtext(f"{atom}summary") for entry in entries]
    assert "7 of 12 projects are funded. They cost £242,600 of the £250,000." in summaries
    assert len(entries) == 14
    titles = [entry.findtext(f"{atom}title") for entry in entries]
    assert "Not done: Buses that turn up" in titles


def test_the_list_of_results_has_every_outcome(words):
    page = words("/results")
    assert "The Three Wards Fund 7 of 12 projects are funded." in page
    assert "Eight libraries: opening hours" in page
