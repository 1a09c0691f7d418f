"""The public log over HTTP: every address, what it holds, how long it may be kept, what is 404."""

import hashlib
import json

import msgspec
import pytest
from sqlalchemy import update

from consult.commands.results.counting import publish_results
from consult.counting.outcome import canonical_bytes, digest
from consult.sealing import sealer as sealer_module
from consult.sealing.public_entries.packs import opening_lines
from consult.sealing.running import open_sealer
from events import Count
from events.log.bundle import parse_bundle
from events.log.commitment import parse_opening, tracker_of
from events.log.keys import parse_vkey
from events.log.leaf import leaf_hash
from events.log.policy import parse_policy
from events.log.signed_checkpoint import open_checkpoint
from projections.results import Results
from tests.builders import ORGANISER, close_consultation, consultation, question
from tests.consult.sealing.audits import answer
from tests.kinds import from_draft_to_published

FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def about(services, seal):
    about = consultation(services)
    for voter in ("Ada", "Ben", "Cy"):
        answer(services, about, voter, "a", "b")
    answer(services, about, "Ben", "c")
    seal()
    return about


def close(services, about):
    return close_consultation(services, about.id, actor=ORGANISER)


def entries(client):
    size = int(client.get("/log/checkpoint").text.split("\n")[1])
    return [
        json.loads(entry)
        for entry in parse_bundle(client.get(f"/log/tile/entries/000.p/{size}").data, size)
    ]


def test_before_anything_is_sealed_there_is_nothing(client, log):
    for path in ("checkpoint", "vkey", "policy", "tile/0/000.p/1", "archive/checkpoint/0"):
        response = client.get(f"/log/{path}")
        assert (response.status_code, response.mimetype) == (404, "text/plain")


def test_the_checkpoint_is_signed_by_the_served_key(client, about):
    response = client.get("/log/checkpoint")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=5"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response.headers
    key = parse_vkey(client.get("/log/vkey").text.strip())
    opened = open_checkpoint(response.data, [key]).checkpoint
    assert opened.origin == key.name == "127.0.0.1:8000/log"
    policy = parse_policy(client.get("/log/policy").data)
    assert [known.key.vkey for known in policy.logs] == [key.vkey]
    assert policy.quorum == "none"


def test_tiles_and_bundles_can_be_kept_for_ever(client, about):
    size = len(entries(client))
    tile = client.get(f"/log/tile/0/000.p/{size}")
    bundle = client.get(f"/log/tile/entries/000.p/{size}")
    for response in (tile, bundle):
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Cache-Control"] == FOR_EVER
    hashes = [leaf_hash(entry) for entry in parse_bundle(bundle.data, size)]
    assert tile.data == b"".join(hashes)
    assert client.get("/log/tile/0/000.p/2").data == tile.data[:64], "earlier widths too"


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/200",
        "tile/0/0",
        "tile/0/x000/000.p/1",
        "tile/00/000.p/1",
        "tile/8/000.p/1",
        "tile/1/000.p/1",
        "tile/-1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/1",
        "tile/data/000.p/1",
        "tile/0/000.p/1/",
        "tile/0/999999999999999999999",
        "tile/0/000.p/1?x=1",
        "archive/checkpoint/999",
        "archive/checkpoint/01",
        "archive/checkpoint/-1",
        "archive/timestamp/1",
        "c/nothing/manifest.json",
        "c/36C8E0ED-2623-5b3f-9841-eddd7604cb1d/manifest.json",
        "c/36c8e0ed-2623-5b3f-9841-eddd7604cb1d/manifest.json",
        "checkpoint/",
        "",
    ],
)
def test_anything_else_is_not_found(client, about, path):
    response = client.get(f"/log/{path}")
    assert (response.status_code, response.mimetype) == (404, "text/plain")


def test_the_log_is_in_no_language(client, about):
    assert client.get("/cy/log/checkpoint").status_code == 404


def test_what_is_stored_but_not_signed_is_not_served(
    client, services, log, seal, about, monkeypatch
):
    size = len(entries(client))
    answer(services, about, "Dee")

    def crash(*_):
        raise RuntimeError

    monkeypatch.setattr(sealer_module, "sign_checkpoint", crash)
    with pytest.raises(RuntimeError):
        seal()
    assert log.stored().head.size == size + 1
    assert client.get(f"/log/tile/entries/000.p/{size + 1}").status_code == 404
    assert client.get(f"/log/tile/0/000.p/{size + 1}").status_code == 404


def test_every_signed_checkpoint_stays_in_the_archive(client, services, seal, about):
    first = client.get("/log/checkpoint").data
    size = len(entries(client))
    answer(services, about, "Dee")
    seal()
    assert client.get("/log/checkpoint").data != first
    assert client.get(f"/log/archive/checkpoint/{size}").data == first


def test_the_manifest_is_what_the_entry_of_the_opening_names(client, about):
    manifest = client.get(f"/log/c/{about.id}/manifest.json")
    assert manifest.headers["Content-Type"] == "application/json"
    (opened,) = [entry for entry in entries(client) if entry["t"] == "opened"]
    assert opened["manifest"] == f"sha256:{hashlib.sha256(manifest.data).hexdigest()}"
    document = manifest.get_json()
    assert document["format"] == "folkmoot/manifest/v1"
    assert document["questions"][0]["options"][0]["id"] == "a"
    assert document["terms"]["counting"]["order"]["tie_chain"] == ["votes"]
    assert canonical_bytes(document) == manifest.data


def test_while_open_there_are_commitments_and_no_openings(client, about):
    for name in ("openings.ndjson", "ballots.ndjson", "result.json", "ballots.pb"):
        assert client.get(f"/log/c/{about.id}/{name}").status_code == 404
    ballots = [entry for entry in entries(client) if entry["t"] == "ballot"]
    assert len(ballots) == 4
    for ballot in ballots:
        changes = {"by"} if ballot["s"] > 1 else set()
        assert set(ballot) - changes == {"t", "v", "c", "b", "s", "cm", "h", "a", "ch", "r", "d"}


def test_after_closing_each_ballot_that_counts_is_listed_once_and_leads_to_no_entry(
    client, services, seal, about
):
    close(services, about)
    seal()
    response = client.get(f"/log/c/{about.id}/ballots.ndjson")
    assert response.headers["Content-Type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in response.data.splitlines()]
    assert all(set(line) == {"t", "x"} for line in lines)
    assert [line["t"] for line in lines] == sorted(line["t"] for line in lines)
    assert sorted(line["x"] for line in lines) == [
        '{"order":["a","b"]}',
        '{"order":["a","b"]}',
        '{"order":["c"]}',
    ]
    assert client.get(f"/log/c/{about.id}/openings.ndjson").status_code == 404


def test_the_auditors_openings_make_the_same_list(client, services, log, seal, about):
    close(services, about)
    seal()
    openings = [parse_opening(line + b"\n") for line in opened(log, about)]
    listed = entries(client)
    assert [opening.index for opening in openings] == sorted(o.index for o in openings)
    for opening in openings:
        assert opening.opens(listed[opening.index]["cm"])
    found = client.get(f"/log/c/{about.id}/ballots.ndjson").data
    lines = {(line["t"], line["x"]) for line in map(json.loads, found.splitlines())}
    assert lines == {(tracker_of(opening.salt), opening.value) for opening in openings}


def opened(log, about) -> list[bytes]:
    return b"".join(opening_lines(log, about.id)).splitlines()


def test_after_publication_the_result_is_the_one_the_log_names(client, services, seal, about):
    close(services, about)
    publish_results(services, about.id, actor=ORGANISER)
    services.catch_up()
    seal()
    result = client.get(f"/log/c/{about.id}/result.json")
    document = result.get_json()
    assert canonical_bytes(document) == result.data
    order = document["results"]["order"]
    assert digest(order["outcome"]) == order["result_digest"]
    named = {
        entry["t"]: entry for entry in entries(client) if entry["t"] in {"counted", "published"}
    }
    assert named["counted"]["result_digest"] == named["published"]["result_digest"]
    assert named["published"]["result_digest"] == order["result_digest"]
    assert client.get(f"/log/c/{about.id}/ballots.pb").status_code == 404, "not a budget"


def test_at_no_moment_is_a_result_served_that_the_signed_log_does_not_have(
    client, services, log, seal, monkeypatch
):
    about, _counts = from_draft_to_published(services, "ranking", "approval", people=3)
    monkeypatch.setattr(sealer_module, "FACTS_MAX", 1)
    sealer = open_sealer(services.config, services.record, log, services.clock)
    seen = set()
    try:
        while sealer.seal():
            signed = {
                (one["q"], one["result_digest"])
                for one in entries(client)
                if one["t"] == "published"
            }
            seen.add(len(signed))
            response = client.get(f"/log/c/{about.id}/result.json")
            assert response.status_code == (200 if len(signed) == 2 else 404)
            if response.status_code == 200:
                results = response.get_json()["results"].items()
                assert {(id, one["result_digest"]) for id, one in results} == signed
    finally:
        sealer.close()
    assert seen == {0, 1, 2}


def test_a_result_that_takes_the_place_of_another_is_served_once_its_own_publication_is_signed(
    client, services, seal
):
    about, [count] = from_draft_to_published(services, "ranking", people=3)
    seal()
    address = f"/log/c/{about.id}/result.json"
    assert client.get(address).status_code == 200
    [counted] = [
        each.fact
        for each in services.record.events.get(count.id)
        if isinstance(each.fact, Count.Counted)
    ]
    outcome = counted.outcome | {"ballots": 2}
    changed = {"cutoff": counted.cutoff + 1, "ballots": 2, "outcome": outcome}
    changed["result_digest"] = digest(outcome)
    later = Count.id_for(about.id, counted.question_id, counted.cutoff + 1)
    corrected = Count.begin(later, msgspec.structs.replace(counted, **changed))
    corrected.publish(at=services.clock(), by=counted.by)
    services.record.save(corrected)
    services.catch_up()
    assert client.get(address).status_code == 404, "the signed log has another one"
    seal()
    [result] = client.get(address).get_json()["results"].values()
    assert result["result_digest"] == changed["result_digest"]


def test_tallies_are_served_once_the_signed_log_has_their_digest(client, services, log, seal):
    about, _counts = from_draft_to_published(services, "ranking", people=3)
    address = f"/log/c/{about.id}/tallies.json"
    assert client.get(address).status_code == 404
    seal()
    assert client.get(address).status_code == 200
    publication = services.views.reader(Results).publication
    with services.views.write() as db:
        db.execute(update(publication).values(tallies="{}", tallies_digest=digest({})))
    assert client.get(address).status_code == 404, "they are not those that were sealed"


def test_a_budget_also_gives_its_ballots_as_pabulib(client, services, seal):
    from consult.commands.answers.submitting import Sheet, submit_answers
    from consult.commands.context import Actor

    about = consultation(
        services,
        question(
            "money", "basket", "Spend £600", "Lights", "Kitchen", pot=60_000,
            costs={"l": 30_000, "k": 20_000},
        ),
    )  # fmt: skip
    for voter in ("Ada", "Ben"):
        submit_answers(
            services,
            consultation_id=about.id,
            voter=voter,
            sheet=Sheet(answers={"money": ["k", "l"]}),
            actor=Actor("resident"),
            command_id=voter,
        )
    seal()
    assert client.get(f"/log/c/{about.id}/ballots.pb").status_code == 404
    close(services, about)
    seal()
    ballots = client.get(f"/log/c/{about.id}/ballots.pb")
    assert ballots.status_code == 200
    assert ballots.text.startswith("META")
    assert "num_votes;2" in ballots.text


def test_when_the_terms_say_so_openings_are_for_the_auditor_only(client, services, seal):
    from msgspec.structs import replace as changed

    from consult.commands.consultations.drafting import fix_terms
    from consult.commands.consultations.opening import open_consultation
    from tests.builders import draft

    drafted = draft(services)
    fix_terms(services, drafted.id, changed(drafted.terms, ballots_public=False), actor=ORGANISER)
    about = open_consultation(services, drafted.id, actor=ORGANISER)
    answer(services, about, "Ada")
    close(services, about)
    seal()
    assert client.get(f"/log/c/{about.id}/manifest.json").get_json()["openings"] == "auditor"
    for name in ("openings", "ballots"):
        assert client.get(f"/log/c/{about.id}/{name}.ndjson").status_code == 404
