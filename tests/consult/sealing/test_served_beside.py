"""What a site serves beside its log, held against the log by the verifier.

Ballots for other programs, the open data, the figures on the results page.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from werkzeug.serving import make_server

from consult.commands.consultations.opening import pause_consultation, withdraw_consultation
from consult.commands.results.counting import count_consultation, publish_results
from consult.web import create_app
from tests.builders import ORGANISER, close_consultation, consultation, words
from tests.conftest import only
from tests.consult.sealing.audits import set_aside
from tests.kinds import answer_all, from_draft_to_published, of_kind

pytestmark = only("sqlite")
HOLDS, WRONG = 0, 1
BESIDE = ("ballots", "export", "page")
Changes = dict[str, Callable[[bytes], bytes]]


@pytest.fixture
def changes() -> Changes:
    """What somebody with the server makes of what it serves, by the end of the address."""
    return {}


@pytest.fixture
def invented() -> dict[str, bytes]:
    """What somebody with the server serves in place of a whole page, by its address."""
    return {}


@pytest.fixture
def address(services, log, changes, invented) -> Iterator[str]:
    """Where the log is served by whoever changes what is sent."""
    honest = create_app(services)

    def site(environ, start_response):
        kept, path = [], environ["PATH_INFO"]
        body = b"".join(honest(environ, lambda *head: kept.append(head)))
        [(status, headers, *_)] = kept
        for ending, change in changes.items():
            if path.endswith(ending) and status.startswith("200"):
                changed = change(body)
                assert changed != body, ending
                body = changed
        if path in invented:
            status, body = "200 OK", invented[path]
        headers = [one for one in headers if one[0] != "Content-Length"]
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    with closing(server.socket):
        yield f"http://127.0.0.1:{server.server_port}/log"
        server.shutdown()
        thread.join()


def of(report, *names):
    """State and findings of the steps with these names."""
    return {
        step["id"].split(".")[1]: (step["state"], [one["says"] for one in step["findings"]])
        for step in report["steps"]
        if step["id"].startswith("result.") and step["id"].split(".")[1] in (names or BESIDE)
    }


@pytest.mark.parametrize(
    "kinds",
    [
        ("basket", "text"),
        ("ranking", "single", "several"),
        ("approval", "matrix", "date", "number", "area"),
        ("allocation", "basket"),
        ("rating", "points", "allocation"),
    ],
)
def test_what_an_honest_site_serves_is_found_to_say_what_the_log_says(
    services, seal, verified, kinds
):
    from_draft_to_published(services, *kinds, people=30, fingerprints_accepted=True)
    seal()
    code, report = verified()
    found = of(report)
    assert found["export"] == found["page"] == ("holds", [])
    assert found.get("ballots", ("holds", [])) == ("holds", [])
    assert ("ballots" in found) == ("basket" in kinds)
    assert code == HOLDS, [s for s in report["steps"] if s["state"] not in ("holds", "note")]


def test_ballots_set_aside_after_the_closing_stay_among_those_served(services, seal, verified):
    """As in the count: what is set aside later takes nothing out of it."""
    about = consultation(services, of_kind("basket"))
    answer_all(services, about, 9)
    close_consultation(services, about.id, actor=ORGANISER, goes_on=True)
    publish_results(services, about.id, actor=ORGANISER)
    set_aside(services, about, "resident/3")
    services.catch_up()
    seal()
    code, report = verified()
    assert of(report)["ballots"] == ("holds", [])
    assert code == HOLDS


@pytest.fixture
def published(services, seal):
    opened, _ = from_draft_to_published(
        services, "basket", "single", people=30, fingerprints_accepted=True
    )
    seal()
    return opened


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda body: re.sub(old.encode(), new.encode(), body, count=1)


@pytest.mark.parametrize(
    ("step", "where", "change", "says"),
    [
        ("ballots", "/ballots.pb", replaced(r"\nbudget;\d+", r"\nbudget;900"), "the budget is"),
        ("ballots", "/ballots.pb", replaced(r"\nb;200;", r"\nb;210;"), "projects or their costs"),
        ("ballots", "/ballots.pb", replaced(r"\n7;[a-c,]+", r"\n7;a,b,c"), "1 ballots that count"),
        ("ballots", "/ballots.pb", lambda body: body + b"31;a\n", "1 are there that do not"),
        ("ballots", "/ballots.pb", lambda body: body[: body.index(b"VOTES")], "not the form"),
        ("export", "/results.json", replaced(r'"spent":\d+', '"spent":1'), "the outcome of q-ba"),
        ("export", "/results.json", replaced(r'"a":20', '"a":21'), "tallies are not those"),
        ("export", "/results.json", replaced(r"Riverside", "Seaside"), "something else"),
        (
            "export",
            "/results.json",
            replaced(r'"input_digest":"sha256:.', '"input_digest":"sha256:z'),
            "input_digest of q-basket is not that of the log",
        ),
        (
            "page",
            "/results",
            replaced(r'(data-figure="score"[^>]*data-exact=")\d+', r"\g<1>99"),
            "the page says 99",
        ),
        (
            "page",
            "/results",
            replaced(r'(data-figure="score"[^>]*>)\d+<', r"\g<1>99<"),
            "the words “99” do not say",
        ),
        ("page", "/results", replaced('data-won="no"', 'data-won="yes"'), "won: yes"),
        (
            "page",
            "/results",
            replaced(r'(data-figure="tally"[^>]*data-exact=")\d+', r"\g<1>7"),
            "the page says 7 of tally q-single options",
        ),
        (
            "page",
            "/results",
            replaced(r'data-figure="score"[^>]*data-option="b"[^>]*', ""),
            "the page leaves out figures of q-basket",
        ),
        ("page", "/results", replaced('data-figure="responses"', ""), "how many responses"),
        (
            "page",
            "/results",
            replaced(r'data-figure="cost"', 'data-figure="price"'),
            "the page has a figure that the log does not: price",
        ),
    ],
)
def test_what_a_site_serves_otherwise_than_the_log_is_proven_wrong(
    published, verified, changes, step, where, change, says
):
    changes[where] = change
    code, report = verified(command="audit")
    assert code == WRONG
    found = of(report)
    state, findings = found.pop(step)
    assert (state, says in " ".join(findings)) == ("wrong", True), findings
    assert {state for state, _ in found.values()} == {"holds"}


def test_a_page_in_welsh_is_held_against_the_log_too(published, verified, changes):
    changes["/cy/c/riverside/results"] = replaced(r'data-exact="\d+', r'data-exact="99')
    code, report = verified(command="audit")
    assert code == WRONG
    assert of(report)["page"][0] == "wrong"


def test_a_copy_of_the_log_has_no_pages_and_says_that_they_were_not_looked_at(
    published, client, log, verified, tmp_path
):
    width = log.latest().size
    for path in (
        *("checkpoint", f"tile/0/000.p/{width}", f"tile/entries/000.p/{width}"),
        *(f"c/{published.id}/{name}" for name in ("manifest.json", "ballots.ndjson")),
        *(f"c/{published.id}/{name}" for name in ("result.json", "tallies.json")),
    ):
        file = tmp_path / "copy" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(client.get(f"/log/{path}").data)
    code, report = verified(place=str(tmp_path / "copy"))
    assert code == HOLDS
    assert of(report) == {name: ("not due", []) for name in BESIDE}
    [reason] = {one["reason"] for one in report["steps"] if one["id"].startswith("result.page")}
    assert "only with a web address" in reason


STATES = ("open", "paused", "past its hour", "closed", "counted", "stopped")
EARLY_PAGE = b'<p><span data-figure="responses" data-exact="30">30 people took part</span></p>'


def brought_to(services, state: str, **terms):
    """A consultation without a published result, as far as its state says."""
    about = consultation(services, of_kind("basket"), slug="riverside", **terms)
    answer_all(services, about, 12)
    if state == "paused":
        pause_consultation(services, about.id, reason=words("A court asks."), actor=ORGANISER)
    elif state == "past its hour":
        services.clock.now = about.closes_not_before + timedelta(hours=1)
    elif state == "stopped":
        withdraw_consultation(services, about.id, reason=words("It rained."), actor=ORGANISER)
    elif state != "open":
        close_consultation(services, about.id, actor=ORGANISER, goes_on=True)
    if state == "counted":
        count_consultation(services, about.id, actor=ORGANISER)
    services.catch_up()
    return about


def early(report):
    [step] = [step for step in report["steps"] if step["id"].startswith("result.early")]
    return step["state"], " ".join(one["says"] for one in step["findings"])


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("where", "body", "says"),
    [
        ("/c/riverside/results", EARLY_PAGE, "the page shows 1 figure of a result"),
        ("/cy/c/riverside/results", EARLY_PAGE, "the page shows 1 figure of a result"),
        ("/c/riverside/results.json", b"{}", "results.json is there"),
        ("/c/riverside/results.pdf", b"%PDF", "results.pdf is there"),
    ],
)
def test_a_result_on_the_pages_that_the_log_does_not_have_is_wrong_in_every_state(
    services, seal, verified, changes, invented, state, where, body, says
):
    brought_to(services, state)
    seal()
    assert early(verified(command="audit")[1]) == ("holds", "")
    invented[where] = body
    code, report = verified(command="audit")
    found, findings = early(report)
    assert (code, found) == (WRONG, "wrong")
    assert says in findings
    assert "MORE OF A RESULT IS SHOWN" in report["summary"][2]["says"]


def test_how_it_stands_is_no_result_where_the_terms_let_it_be_shown(services, seal, verified):
    brought_to(services, "open", interim="shown")
    seal()
    assert early(verified(command="audit")[1]) == ("holds", "")


def test_a_copy_says_that_nobody_looked_if_pages_show_a_result_early(
    services, seal, client, log, verified, tmp_path
):
    about = brought_to(services, "open")
    seal()
    width = log.latest().size
    for path in (
        *("checkpoint", f"tile/0/000.p/{width}", f"tile/entries/000.p/{width}"),
        f"c/{about.id}/manifest.json",
    ):
        file = tmp_path / "copy" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(client.get(f"/log/{path}").data)
    assert early(verified(command="audit", place=str(tmp_path / "copy"))[1]) == ("not due", "")
