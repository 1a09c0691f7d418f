"""The tallies of every question are in the public log, and the verifier counts them again."""

import json

import msgspec
import pytest
from sqlalchemy import select, update

from consult.commands.results import counting
from consult.commands.results.tallying import tally_everything
from consult.counting import digest
from consult.sealing.public_entries.packs import opening_lines
from projections.results import Results
from tests.conftest import only
from tests.consult.sealing.audits import documents
from tests.kinds import KINDS, from_draft_to_published

pytestmark = only("sqlite")
HOLDS, WRONG, INCOMPLETE = 0, 1, 3


def states(report, state=None):
    """The state of each step, or the steps that have one state."""
    found = {step["id"]: step["state"] for step in report["steps"]}
    return found if state is None else {id for id in found if found[id] == state}


def test_publishing_is_an_entry_with_the_digest_and_the_closing(services, log, seal):
    opened, _counts = from_draft_to_published(services, "single", "text", people=6)
    seal()
    listed = documents(log)
    entry = listed[-1]
    assert (entry["t"], entry["c"]) == ("tallies", str(opened.id))
    assert listed[entry["cutoff"]]["t"] == "closed"
    with services.views.connect() as db:
        shown = services.views.reader(Results).published(db, opened.id)
    assert entry["tallies"] == digest(shown.tallies)


@pytest.fixture
def audited(log, verified, tmp_path):
    """The verifier with the openings of a consultation, as an auditor has them."""

    def run(id):
        file = tmp_path / "openings.ndjson"
        file.write_bytes(b"".join(opening_lines(log, id)))
        return verified("--openings", str(file), "--consultation", str(id))

    return run


@pytest.mark.parametrize("people", [0, 3, 12])
@pytest.mark.parametrize("everybody", [True, False], ids=["everybody", "the auditor"])
def test_the_verifier_counts_the_tallies_again(
    services, log, seal, verified, audited, people, everybody
):
    kinds = ("single", "several", "matrix", "text", "file", "approval")
    opened, _counts = from_draft_to_published(
        services, *kinds, people=people, fingerprints_accepted=everybody
    )
    seal()
    code, report = verified() if everybody else audited(opened.id)
    short = str(opened.id)[:8]
    assert states(report)[f"result.tallies.{short}"] == "holds"
    assert states(report)[f"recount.{short}.tallies"] == "holds"
    assert not states(report, "wrong"), [s for s in report["steps"] if s["findings"]]
    assert code in {HOLDS, INCOMPLETE}


def test_where_only_an_auditor_sees_answers_the_verifier_says_that_it_did_not_count(
    services, log, seal, verified
):
    opened, _counts = from_draft_to_published(services, *KINDS, people=6)
    seal()
    _code, report = verified()
    short = str(opened.id)[:8]
    assert states(report)[f"result.tallies.{short}"] == "holds"
    assert states(report)[f"recount.{short}.tallies"] == "not run"


@pytest.mark.parametrize("change", ["options", "answered", "responses"])
def test_false_tallies_are_found_although_they_are_sealed(
    services, log, seal, audited, monkeypatch, change
):
    def lie(*given):
        told = tally_everything(*given)
        if change == "responses":
            return told | {"responses": told["responses"] + 1}
        several, text = told["questions"]
        if change == "options":
            several["options"]["c"] = 6
        else:
            text["answered"] = 11
        return told

    monkeypatch.setattr(counting, "tally_everything", lie)
    opened, _counts = from_draft_to_published(services, "several", "text", people=15)
    seal()
    code, report = audited(opened.id)
    assert code == WRONG
    step = f"recount.{str(opened.id)[:8]}.tallies"
    assert step in states(report, "wrong")
    by_entries = f"result.tallies.{str(opened.id)[:8]}" in states(report, "wrong")
    assert by_entries == (change != "options"), "who answered follows from the entries alone"


LEFT_OUT = object()


@pytest.mark.parametrize(
    ("place", "name", "instead"),
    [
        ((), "hidden_under", LEFT_OUT),
        ((), "hidden_under", "5"),
        ((), "members", LEFT_OUT),
        ((), "respondents", LEFT_OUT),
        ((), "respondents", [None]),
        ((), "questions", LEFT_OUT),
        ((), "questions", {}),
        ((), "questions", [None, True]),
        (("questions",), 1, None),
        (("questions", 0), "kind", "approval"),
        (("questions", 0), "options", LEFT_OUT),
        (("questions", 0), "options", []),
        (("questions", 0), "more", 1),
    ],
)
def test_tallies_of_another_shape_are_wrong_and_no_puzzle_although_they_are_sealed(
    services, log, seal, audited, monkeypatch, place, name, instead
):
    """Whoever has the key can seal anything: none of it ends as an error of the verifier's own."""

    def other(*given):
        told = tally_everything(*given)
        part = told
        for step in place:
            part = part[step]
        if instead is LEFT_OUT:
            del part[name]
        else:
            part[name] = instead
        return told

    monkeypatch.setattr(counting, "tally_everything", other)
    opened, _counts = from_draft_to_published(services, "several", "text", people=3)
    seal()
    code, report = audited(opened.id)
    short = str(opened.id)[:8]
    assert states(report, "wrong") & {f"result.tallies.{short}", f"recount.{short}.tallies"}
    assert code == WRONG


@pytest.mark.parametrize("change", ["a number", "a hidden number is shown", "who answered"])
def test_tallies_that_were_changed_behind_the_signature_are_found(
    services, log, seal, verified, change
):
    opened, _counts = from_draft_to_published(services, "several", "text", people=12)
    seal()
    results = services.views.reader(Results)
    with services.views.write() as db:
        text = db.execute(select(results.publication.c.tallies)).scalar()
        document = json.loads(text)
        if change == "a number":
            document["questions"][0]["options"]["a"] = 9
        elif change == "who answered":
            document["responses"] = 11
        else:
            document["questions"][0]["options"]["c"] = 1
        db.execute(
            update(results.publication).values(tallies=msgspec.json.encode(document).decode())
        )
    code, report = verified()
    assert code == WRONG
    wrong = {f"result.{of}.{str(opened.id)[:8]}" for of in ("tallies", "export")}
    assert states(report, "wrong") == wrong
