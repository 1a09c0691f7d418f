"""The manifest says all that was promised before the first answer, in bytes that never change."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from msgspec.structs import replace

from consult.commands.consultations.drafting import fix_terms
from consult.sealing.public_entries.manifest import FORMAT, manifest_digest, manifest_of
from consult.services import Services
from events import Consultation
from events.consultations.beacon import CHAINS, Beacon
from events.consultations.terms import CountingTerms
from events.question import Condition, Details, Option
from tests import builders
from tests.builders import ORGANISER, RANKING, question, words
from tests.conftest import only
from tests.kinds import KINDS, of_kind

pytestmark = only("sqlite")


def manifest(drafted: Consultation) -> dict[str, Any]:
    return dict(json.loads(manifest_of(drafted)))


def with_terms(services: Services, drafted: Consultation, **changed: Any) -> dict[str, Any]:
    assert drafted.terms is not None
    terms = replace(drafted.terms, **changed)
    return manifest(fix_terms(services, drafted.id, terms, actor=ORGANISER))["terms"]


def test_a_plain_consultation_says_this_and_no_more(services):
    drafted = builders.draft(services, RANKING)
    closes_at = drafted.terms.closes_at
    assert manifest(drafted) == {
        "format": FORMAT,
        "consultation": str(drafted.id),
        "slug": "riverside",
        "title": words("Riverside Park"),
        "overview": words("Tell us more."),
        "languages": ["en", "cy"],
        "money": "pence",
        "currency": "GBP",
        "openings": "trackers",
        "partnership": str(drafted.partnership_id),
        "terms": {
            "closes_at": f"{closes_at:%Y-%m-%dT%H:%M:%SZ}",
            "interim": "hidden",
            "identity": ["open"],
            "counting": {
                "order": {
                    "rule": "points-3",
                    "parameters": {},
                    "seats": 1,
                    "tie_chain": ["votes"],
                    "lot": [],
                    "lot_seed": "",
                }
            },
        },
        "questions": [
            {
                "id": "order",
                "kind": "ranking",
                "title": words("Put these in order"),
                "pot": None,
                "picks_max": None,
                "ranks_max": None,
                "points": None,
                "scale": None,
                "options": [
                    {"id": title[0].lower(), "title": words(title), "cost": None, "group": None}
                    for title in ("Allotments", "Buses", "Clinics")
                ],
            }
        ],
    }
    raw = manifest_of(drafted)
    assert raw == manifest_of(services.record.get(Consultation, drafted.id)), "byte for byte"
    assert manifest_digest(raw) == f"sha256:{sha256(raw).hexdigest()}"


@pytest.mark.parametrize(
    ("promised", "said"),
    [
        ({"wards": ("W03",)}, {"wards": ["W03"]}),
        ({"elsewhere": "connected"}, {"elsewhere": "connected"}),
        ({"elsewhere": "nobody"}, {"elsewhere": "nobody"}),
        ({"elsewhere": "anybody"}, {}),
        ({"is_declared": True}, {"is_declared": True}),
        ({"has_organisations": True}, {"has_organisations": True}),
        ({"open_reason": words("Small")}, {"open_reason": words("Small")}),
        ({"other_rule_shown": True}, {"other_rule_shown": True}),
        ({"cell_min": 9, "minutes": 3}, {}),
    ],
)
def test_a_promise_is_in_the_manifest_where_it_was_made_and_absent_elsewhere(
    services, promised, said
):
    drafted = builders.draft(services, RANKING, wards=True)
    plain = manifest(drafted)["terms"]
    assert with_terms(services, drafted, **promised) == plain | said


def test_a_draw_and_a_network_are_told_with_all_that_a_verifier_needs(services):
    drafted = builders.draft(services, RANKING)
    due_at = drafted.terms.closes_at + timedelta(days=1, microseconds=7)
    due = f"{due_at:%Y-%m-%dT%H:%M:%SZ}"
    lottery = Beacon(kind="draw", due_at=due_at, name=words("the lottery"))
    found = with_terms(services, drafted, beacon=lottery)
    assert found["beacon"] == {"kind": "draw", "due_at": due, "name": words("the lottery")}
    chain, about = next(iter(CHAINS.items()))
    network = Beacon(kind="drand", due_at=due_at, chain=chain, round=77)
    found = with_terms(services, drafted, beacon=network)
    assert found["beacon"] == {
        "kind": "drand",
        "due_at": due,
        "chain": chain,
        "key": about.key,
        "round": 77,
    }


def test_how_it_is_counted_is_told_to_the_last_parameter(services):
    money = of_kind("basket")
    terms = CountingTerms(
        "equal-shares", {"step": "100"}, seats=2, tie_chain=("cost", "lot"),
        lot=("c", "a", "b"), lot_seed="balls",
    )  # fmt: skip
    drafted = builders.draft(services, money, counting={money.id: terms})
    found = manifest(drafted)["terms"]["counting"][money.id]
    assert found == {
        "rule": "equal-shares",
        "parameters": {"step": "100"},
        "seats": 2,
        "tie_chain": ["cost", "lot"],
        "lot": ["c", "a", "b"],
        "lot_seed": "balls",
    }


OWN: dict[str, dict[str, Any]] = {
    "area": {"other": True},
    "points": {"points": 10},
    "basket": {"pot": 60_000},
    "allocation": {"pot": 60_000, "step": 10_000},
    "rating": {"scale": 4},
    "number": {"decimals": 1},
    "matrix": {
        "statements": [
            {"id": "1", "title": words("Paths")},
            {"id": "2", "title": words("Lights")},
        ]
    },
}
PLAIN = dict.fromkeys(("pot", "picks_max", "ranks_max", "points", "scale"))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_question_says_what_only_it_has(services, kind):
    asked = of_kind(kind)
    drafted = builders.draft(services, asked)
    [found] = manifest(drafted)["questions"]
    options = found.pop("options")
    assert [each["cost"] for each in options] == [option.cost for option in asked.options]
    own = OWN.get(kind, {})
    if kind == "file":
        own = {"file_kinds": list(asked.file_kinds), "bytes_max": 5_000_000}
    about = {"id": asked.id, "kind": kind, "title": asked.title}
    assert found == PLAIN | about | own


def test_what_some_questions_have_is_told_of_those(services):
    first = question("visit", "single", "How?", "Bus", "Car", other=True)
    second = question(
        "far",
        "number",
        "How far?",
        asked_when=Condition("visit", ("c", "other")),
        details=(Details(words("Why"), words("We plan routes.")),),
        decimals=2,
        least="0.5",
        most="99",
        unit=words("miles"),
        required=False,
    )
    third = replace(
        of_kind("approval", picks_max=2),
        options=(Option("x", words("X"), group="parks"), Option("y", words("Y"))),
    )
    fourth = replace(RANKING, ranks_max=2)
    visit, far, support, order = manifest(builders.draft(services, first, second, third, fourth))[
        "questions"
    ]
    assert visit["other"] is True
    assert far == PLAIN | {
        "id": "far",
        "kind": "number",
        "title": words("How far?"),
        "options": [],
        "asked_when": {"question": "visit", "options": ["c", "other"]},
        "details": [{"title": words("Why"), "words": words("We plan routes.")}],
        "decimals": 2,
        "least": "0.5",
        "most": "99",
        "unit": words("miles"),
    }
    assert support["picks_max"] == 2
    assert [each["group"] for each in support["options"]] == ["parks", None]
    assert order["ranks_max"] == 2
