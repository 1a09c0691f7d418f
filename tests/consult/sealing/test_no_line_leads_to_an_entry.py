"""Whether anything that is public of a closed consultation joins a line of the list to an entry.

One organisation, one person helped at a desk on a day of their own, one who wrote, one set aside,
a campaign of two, one erased, one withdrawn, one who changed their mind: each is alone with what
the log says of them. Whoever collects everything still cannot tell which line is theirs.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from consult import access
from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers, withdraw_answers
from consult.commands.context import Actor
from consult.commands.data_protection.erasure import erase_by_holder
from consult.commands.results.counting import publish_results
from consult.log_store.store import LogStore
from events.consultations.terms import CountingTerms
from tests.builders import ORGANISER, close_consultation, consultation, question
from tests.consult.sealing.audits import RESIDENT, documents, set_aside
from tests.consult.web.residents import Page
from tests.kinds import of_kind

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COSTS = dict.fromkeys("abcdef", 1_000)
POT = question("pot", "basket", "Which of these?", *"abcdef", pot=3_000, costs=COSTS)
TERMS = CountingTerms("greedy-skip", tie_chain=("votes", "cost"))
DESK = Actor(access.DESK, "clerk", "telephone")
RARE = ("desk", "organisation", "wrote", "card 1", "card 2", "erased", "changed")
"""Who counts and is alone, or one of two, with what their entries say."""
COUNTED = 15


def ballots() -> Iterator[list[str]]:
    """Ballots of which no two are alike, so that any line that is found is one person's."""
    for first in "abcdef":
        yield [first]
        yield from ([first, other] for other in "abcdef" if first < other)


@pytest.fixture(params=["with words", "without"])
def world(request, services, seal, clock):
    """The consultation at its end, and what each person chose last.

    Only answers with words can be of a campaign, and only those without be set aside.
    """
    has_words = request.param == "with words"
    asked = (POT, of_kind("text")) if has_words else (POT,)
    about = consultation(services, *asked, counting={"pot": TERMS}, has_organisations=True)
    give, chosen, receipts = ballots(), {}, {}

    def answer(name: str, actor: Actor = RESIDENT, words: str = "", **more: Any) -> None:
        chosen[name] = next(give)
        texts = {"q-text": words} if words and has_words else {}
        receipts[name] = submit_answers(
            services,
            consultation_id=about.id,
            voter=name,
            sheet=Sheet({"pot": chosen[name]}, texts, **more),
            actor=actor,
            command_id=f"{name}/{chosen[name]}",
        )

    for number in range(8):
        answer(f"resident {number}")
    seal()
    clock.move(days=2)
    answer("desk", DESK)
    seal()
    clock.move(days=2)
    answer("organisation", respondent="organisation", organisation="The society", members=9)
    answer("wrote", words="Trees")
    for name in ("card 1", "card 2", "erased", "changed", "aside", "withdrawn"):
        answer(name)
    seal()
    clock.move(days=1)
    answer("changed")
    for name in ("withdrawn", "aside") if has_words else ("withdrawn",):
        withdraw_answers(
            services, holder=receipts[name].holder, actor=RESIDENT, command_id=f"{name}/back"
        )
    erase_by_holder(services, holder=receipts["erased"].holder, actor=RESIDENT)
    if has_words:
        cards = [receipts[name].subject_id for name in ("card 1", "card 2")]
        group_campaign(services, about.id, cards, name="Cards", actor=ORGANISER)
    else:
        set_aside(services, about, "aside")
    close_consultation(services, about.id, actor=ORGANISER, goes_on=True)
    publish_results(services, about.id, actor=ORGANISER)
    services.catch_up()
    seal()
    return about, chosen


def public(app, about) -> dict[str, str]:
    """Every public page and file of the consultation, by address, followed from one to the next."""
    client, found = app.test_client(), {}
    left = ["/", "/c/riverside", "/c/riverside/results", "/c/riverside/count", "/feed.atom"]
    names = ("manifest.json", "ballots.ndjson", "result.json", "tallies.json", "ballots.pb")
    left += [f"/log/c/{about.id}/{name}" for name in (*names, "attestations", "openings.ndjson")]
    left += [f"/c/riverside/results?as_at={position}" for position in range(80)]
    left += [f"/c/riverside/{name}" for name in ("results.pb", "results.json", "answers.json")]
    while left:
        address = left.pop()
        if address in found:
            continue
        answer = client.get(address)
        if answer.status_code != 200:
            continue
        found[address] = "" if answer.mimetype == "application/pdf" else answer.text
        if answer.mimetype == "text/html":
            links = Page(answer).links()
            left += [link for link in links if re.match(r"/(c/riverside|log/c)", link)]
    return found


def entry_of(log: LogStore, services, about, name: str) -> dict[str, Any]:
    """The last ballot of somebody in the log."""
    pseudonym = services.vault.pseudonym(about.id, name)
    mine = [one for one in documents(log) if one.get("b") == pseudonym and one["t"] == "ballot"]
    return mine[-1]


def listed(app, about) -> list[dict[str, str]]:
    text = app.test_client().get(f"/log/c/{about.id}/ballots.ndjson").text
    return [json.loads(line) for line in text.splitlines()]


def chosen_in(line: dict[str, str]) -> tuple[str, ...]:
    return tuple(json.loads(line["x"])["pot"])


def test_no_file_of_ballots_has_anything_of_an_entry(app, services, log, world):
    about, _ = world
    everything = public(app, about)
    assert len(everything) > 15
    assert f"/log/c/{about.id}/openings.ndjson" not in everything
    secret = set()
    for name in (*RARE, "aside", "withdrawn", "resident 0"):
        entry = entry_of(log, services, about, name)
        secret |= {entry[one] for one in ("b", "cm", "h", "dk") if one in entry}
    for address, text in everything.items():
        if "ballots" in address or "answers" in address or address.endswith((".pb", ".json")):
            assert not [one for one in secret if one in text], address


def test_the_list_has_a_line_for_each_who_counts_and_nothing_but_their_answers(app, world):
    about, chosen = world
    lines = listed(app, about)
    assert all(set(line) == {"t", "x"} for line in lines), "no mark singles anybody out"
    counts = [tuple(one) for name, one in chosen.items() if name not in ("aside", "withdrawn")]
    assert len(lines) == COUNTED
    assert Counter(map(chosen_in, lines)) == Counter(counts)


def test_what_was_set_aside_or_withdrawn_is_in_nothing_that_is_public(app, world):
    """Each ballot differs from all others, so one that is told anywhere is found."""
    about, chosen = world
    lines = set(map(chosen_in, listed(app, about)))
    told = app.test_client().get("/c/riverside/answers.json").text.replace(" ", "")
    for name in ("aside", "withdrawn"):
        assert tuple(chosen[name]) not in lines
        assert json.dumps(chosen[name]).replace(" ", "") not in told


def test_the_order_of_the_lines_is_neither_that_of_the_entries_nor_of_the_answers(
    app, services, log, world
):
    about, chosen = world
    lines = [chosen_in(line) for line in listed(app, about)]
    names = {tuple(one): name for name, one in chosen.items()}
    index = {one["b"]: at for at, one in enumerate(documents(log)) if one["t"] == "ballot"}
    order = [index[services.vault.pseudonym(about.id, names[one])] for one in lines]
    for made in (order, lines):
        assert made != sorted(made)
        assert made != sorted(made, reverse=True)


def scores(text: str) -> list[tuple[tuple[str, int], ...]]:
    """Totals by option in every result that a file shows."""
    shown = re.findall(r'"scores":(\{[^}]*\})', text.replace(" ", ""))
    return [tuple(sorted((o, int(n)) for o, n in json.loads(one).items())) for one in shown]


def test_no_two_results_differ_by_the_ballots_of_few(app, world):
    """With and without a campaign, earlier and later."""
    about, _ = world
    everything = public(app, about)
    seen = {one for text in everything.values() for one in scores(text)}
    assert len(seen) == 1
    people = {COUNTED}
    for address, text in everything.items():
        people |= {int(number) for number in re.findall(r"Answers by then: (\d+)\.", text)}
        assert "Without: " not in text, address
    assert all(later - before >= 5 for before, later in pairwise(sorted(people))), people


def test_each_rare_entry_fits_every_line_by_all_that_they_share(app, services, log, world):
    about, _ = world
    lines = listed(app, about)
    told = {json.dumps(value) for line in lines for value in line.values()}
    for name in RARE:
        entry = entry_of(log, services, about, name)
        assert not {json.dumps(value) for value in entry.values()} & told
        words = entry.get("x", {})
        fits = [line for line in lines if not any(json.loads(line["x"]).get(id) for id in words)]
        assert len(fits) == COUNTED
