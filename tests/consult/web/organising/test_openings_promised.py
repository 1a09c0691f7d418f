"""Who sees single ballots: chosen with the terms, told before answering, and kept to after."""

import pytest
from msgspec.structs import replace

from consult.cli import main
from consult.commands.consultations.drafting import fix_terms
from consult.commands.consultations.opening import open_consultation
from consult.commands.results.counting import publish_results
from events import Consultation
from tests.builders import ORGANISER, close_consultation, draft, partnership, question
from tests.consult.sealing.audits import RESIDENT
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Resident

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NINE = question("order", "ranking", "Put these in order", *"ABCDEFGHI", ranks_max=5)
RECOGNISED = "there are so many ways to answer"
AUDITOR = "single ballots are not published; after we close"
EVERYBODY = "every ballot is published without a name"


@pytest.fixture
def resident(app):
    return Resident(app.test_client())


def opened(services, **terms) -> Consultation:
    drafted = draft(services, NINE)
    fix_terms(services, drafted.id, replace(drafted.terms, **terms), actor=ORGANISER)
    found = open_consultation(services, drafted.id, actor=ORGANISER)
    services.catch_up()
    return found


@pytest.fixture
def ended(services, seal):
    """Runs a consultation of nine options to its end."""

    def run(**terms) -> Consultation:
        from consult.commands.answers.submitting import Sheet, submit_answers

        about = opened(services, **terms)
        for voter in ("Ada", "Bea", "Cai"):
            sheet = Sheet(answers={"order": ["a", "i", "e"]})
            submit_answers(
                services,
                consultation_id=about.id,
                voter=voter,
                sheet=sheet,
                actor=RESIDENT,
                command_id=voter,
            )
        close_consultation(services, about.id, actor=ORGANISER, goes_on=True)
        publish_results(services, about.id, actor=ORGANISER)
        services.catch_up()
        seal()
        return about

    return run


@pytest.mark.parametrize(
    ("terms", "told", "untold"),
    [
        ({}, [AUDITOR], [EVERYBODY, RECOGNISED]),
        ({"fingerprints_accepted": True}, [EVERYBODY, RECOGNISED], [AUDITOR]),
        ({"ballots_public": False}, [AUDITOR], [EVERYBODY, RECOGNISED]),
    ],
)
def test_people_are_told_before_they_answer(services, resident, terms, told, untold):
    opened(services, **terms)
    page = resident.open("/c/riverside")
    assert page.faults == []
    assert all(words in page.text for words in told)
    assert not any(words in page.text for words in untold)


def test_an_ordinary_ranking_is_open_to_everybody_and_nobody_is_alarmed(services, resident):
    open_consultation(services, draft(services).id, actor=ORGANISER)
    services.catch_up()
    page = resident.open("/c/riverside")
    assert EVERYBODY in page.text
    assert RECOGNISED not in page.text


def test_the_organiser_chooses_and_sees_how_many_ballots_there_can_be(app, services):
    partnership(services)
    drafted = draft(services, NINE)
    organiser = sign_in(app, services)
    page = organiser.open("/organise/c/riverside/terms/")
    assert page.faults == []
    assert "18,730 different ballots" in page.text
    assert services.record.get(Consultation, drafted.id).terms.fingerprints_accepted is False
    words = {"eligibility__en": "All", "eligibility__cy": "Pawb"}
    words |= {"decides__en": "Us", "decides__cy": "Ni"}
    for way, public, accepted in (
        ("accepted", True, True),
        ("auditor", False, False),
        ("safe", True, False),
    ):
        page = organiser.open("/organise/c/riverside/terms/")
        organiser.send(page, openings=way, **words)
        terms = services.record.get(Consultation, drafted.id).terms
        assert (terms.ballots_public, terms.fingerprints_accepted) == (public, accepted)
        page = organiser.open("/organise/c/riverside/terms/")
        assert f'value="{way}" checked' in page.text


def test_fingerprints_are_counted_again_by_the_auditor_alone(
    ended, verified, resident, tmp_path, monkeypatch, services
):
    from click.testing import CliRunner

    about = ended()
    for path in (f"/log/c/{about.id}/openings.ndjson", "/c/riverside/answers.json"):
        assert resident.client.get(path).status_code == 404
    code, report = verified()
    assert code == 3, "nobody says that it was counted again"
    assert [line["state"] for line in report["summary"]] == [
        "holds",
        "restricted",
        "not run",
        "not run",
    ]
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", services.config.database_url)
    monkeypatch.setenv("FOLKMOOT_KEY_FILE", str(services.config.key_file))
    handed = CliRunner().invoke(main, ["openings", "riverside"])
    file = tmp_path / "openings.ndjson"
    file.write_bytes(handed.stdout_bytes)
    only = ("--openings", str(file), "--consultation", str(about.id))
    code, report = verified(*only)
    assert code == 0, report["steps"]
    assert report["recounts"][0]["outcome"]["ballots"] == 3
    file.write_bytes(handed.stdout_bytes.replace(rb"\"a\",\"i\"", rb"\"i\",\"a\"", 1))
    assert verified(*only)[0] == 1
    file.write_bytes(b"".join(handed.stdout_bytes.splitlines(keepends=True)[1:]))
    assert verified(*only)[0] == 1


def test_where_it_was_accepted_everybody_counts_again(ended, verified):
    ended(fingerprints_accepted=True)
    assert verified()[0] == 0


def survey(services, **terms) -> Consultation:
    """Opens a ranking and a choice that no rule counts, which one of twelve answers so."""
    from consult.commands.answers.submitting import Sheet, submit_answers

    ranked = question("order", "ranking", "Put these in order", "Path", "Bridge")
    drafted = draft(services, ranked, question("deaf", "single", "Are you deaf?", "Yes", "No"))
    fix_terms(services, drafted.id, replace(drafted.terms, **terms), actor=ORGANISER)
    about = open_consultation(services, drafted.id, actor=ORGANISER)
    for number in range(12):
        submit_answers(
            services,
            consultation_id=about.id,
            voter=f"resident/{number}",
            sheet=Sheet(answers={"order": ["p"], "deaf": "n" if number else "y"}),
            actor=RESIDENT,
            command_id=f"key-{number}",
        )
    services.catch_up()
    return about


def finish(services, about, seal) -> None:
    close_consultation(services, about.id, actor=ORGANISER, goes_on=True)
    publish_results(services, about.id, actor=ORGANISER)
    services.catch_up()
    seal()


def test_ballots_that_would_show_small_numbers_are_for_the_auditor(
    services, seal, resident, verified
):
    about = survey(services)
    assert AUDITOR in resident.open("/c/riverside").text
    finish(services, about, seal)
    for path in (f"/log/c/{about.id}/openings.ndjson", "/c/riverside/answers.json"):
        assert resident.client.get(path).status_code == 404
    tallies = resident.client.get(f"/log/c/{about.id}/tallies.json").get_json()
    assert tallies["questions"][-1]["options"] == {"n": "hidden", "y": "few"}
    assert verified()[1]["summary"][1]["state"] == "restricted"


def test_where_everybody_may_add_small_numbers_up_they_are_told_and_nothing_is_hidden(
    services, seal, resident, verified
):
    about = survey(services, fingerprints_accepted=True)
    assert "also where it is only one" in resident.open("/c/riverside").text
    finish(services, about, seal)
    assert resident.client.get(f"/log/c/{about.id}/ballots.ndjson").status_code == 200
    tallies = resident.client.get(f"/log/c/{about.id}/tallies.json").get_json()
    assert tallies["questions"][-1]["options"] == {"n": 11, "y": 1}
    assert "Too few" not in resident.open("/c/riverside/results/").text
    assert verified()[0] == 0
