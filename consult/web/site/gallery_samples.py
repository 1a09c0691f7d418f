"""Sample contents of the gallery: one set of values per pattern and state."""

from datetime import UTC, datetime
from typing import Any

import segno
from markupsafe import Markup

QUESTION_STATES = ("empty", "filled", "error")
STATES: dict[str, tuple[str, ...]] = {
    "start": ("open",),
    "radios": QUESTION_STATES,
    "checkboxes": QUESTION_STATES,
    "text": QUESTION_STATES,
    "rating": QUESTION_STATES,
    "ranking": (*QUESTION_STATES, "full"),
    "points": QUESTION_STATES,
    "approval": QUESTION_STATES,
    "basket": QUESTION_STATES,
    "check": ("filled",),
    "receipt": ("sent",),
    "results": ("ranking",),
    "budget": ("counted",),
    "counted": ("published",),
    "progress": ("running",),
    "organiser": ("draft", "error"),
    "strips": ("all",),
}

VISITS = (
    *(("daily", "Most days"), ("weekly", "About once a week"), ("monthly", "About once a month")),
    *(("less", "Less often"), ("never", "I have never visited")),
)
USES = (
    ("walk", "Walking or wheeling"),
    ("play", "Playing with children", "Includes the toddler corner"),
    ("sport", "Sport or exercise"),
    ("rest", "Sitting and meeting people"),
)
IDEAS = (
    ("paths", "Wider, lit paths", "Safe for wheelchairs, buggies and evening walks"),
    ("trees", "Plant 400 trees", "Native trees along the river and the school edge"),
    ("play", "New play area", "Swings, climbing frame and a toddler corner"),
    ("cafe", "Community café", "A small kiosk run by volunteers"),
    ("toilets", "Public toilets", "Two accessible toilets, open 8am to 8pm"),
)
STREETS = (
    *(("buses", "More frequent buses"), ("cycle", "Safer cycle routes")),
    *(("paving", "Repair pavements"), ("air", "Cleaner air near schools")),
)
STATEMENTS = (
    ("safe", "I feel safe in the park after dark"),
    ("clean", "The park is clean"),
    ("easy", "It is easy to get to the park"),
)
GRADES = ((1, "Disagree"), (2, "Partly disagree"), (3, "Partly agree"), (4, "Agree"))
_PROJECTS = (
    ("P01", "Towpath lights, Lock 4 to the Basin", 4_800_000, "Canal Side"),
    ("P02", "Youth club, three evenings for a year", 3_650_000, "Kilnbank"),
    ("P03", "Community kitchen fit-out", 2_780_000, "Ironstone"),
    ("P04", "Pocket park on Tannery Street", 6_200_000, "Canal Side"),
    ("P05", "Furnace Lane school crossing", 4_100_000, "Ironstone"),
    ("P06", "Repair café and tool library", 1_240_000, "Kilnbank"),
    ("P07", "Sixty street trees", 2_400_000, "Ironstone"),
    ("P08", "Digital drop-in at Kilnbank library", 960_000, "Kilnbank"),
    ("P09", "Winter warm hub", 1_870_000, "Ironstone"),
    ("P10", "Games court resurfacing", 5_500_000, "Kilnbank"),
    ("P11", "Canal mural and heritage trail", 1_550_000, "Canal Side"),
    ("P12", "Community minibus (part cost)", 3_300_000, "All wards"),
)
_VOTES = (1412, 1388, 1105, 1530, 1271, 964, 1105, 742, 1340, 1018, 655, 887)
_FUNDED = {"P04", "P01", "P02", "P09", "P05", "P07", "P06"}
POT = 25_000_000


def projects() -> list[dict[str, Any]]:
    """Return twelve projects in the shape of the basket macro."""
    about = "Built by local firms and kept up for ten years, with a say for the people nearby."
    return [
        {"id": id_, "name": name, "cost": cost, "about": about, "place": f"{place}."}
        | {"picture": None, "details": about if id_ == "P01" else None}
        for id_, name, cost, place in _PROJECTS
    ]


def context(name: str, state: str) -> dict[str, Any]:
    """Return the template context of a pattern in a state."""
    filled = state in {"filled", "full", "error"}
    made: dict[str, Any] = {"page_title": name.capitalize(), "state": state, "error": None}
    made |= globals().get(f"_{name}", lambda _filled, _state: {})(filled, state)
    if made["error"]:
        made["errors"] = [(made.pop("target"), made["error"])]
    return made


def _radios(filled: bool, state: str) -> dict[str, Any]:
    wrong = state == "error"
    error = "Select how often you visit Riverside Park" if wrong else None
    return {
        "page_title": "How often do you visit Riverside Park?",
        "options": VISITS,
        "value": "weekly" if filled and not wrong else None,
        "error": error,
        "target": "visits",
    }


def _checkboxes(filled: bool, state: str) -> dict[str, Any]:
    error = "Select at most 2 uses" if state == "error" else None
    values = ("walk", "play", "rest") if state == "error" else ("walk",) if filled else ()
    return {"options": USES, "values": values, "error": error, "target": "uses"}


def _text(filled: bool, state: str) -> dict[str, Any]:
    error = "Enter a postcode, like AM1 4QT" if state == "error" else None
    return {"filled": filled, "error": error, "target": "postcode"}


def _rating(filled: bool, state: str) -> dict[str, Any]:
    error = "Select how far you agree that the park is clean" if state == "error" else None
    return {
        "statements": STATEMENTS,
        "words": GRADES,
        "values": {"safe": 3, "easy": 4} if filled else {},
        "error": error,
        "target": "views-clean",
        "statement_errors": {"clean": error} if error else {},
    }


def _ranking(filled: bool, state: str) -> dict[str, Any]:
    error = "Add at least one idea to your order" if state == "error" else None
    ids = [idea[0] for idea in IDEAS]
    chosen = {"filled": ids[:3], "full": ids}.get(state, [])
    made = {"options": IDEAS, "chosen": chosen, "moved": None}
    return made | {"page_title": "Put the ideas in your order", "error": error, "target": "order"}


def _points(filled: bool, state: str) -> dict[str, Any]:
    error = (
        "You have shared out 13 points and there are 10. Take away 3" if state == "error" else None
    )
    values = {"buses": 4, "cycle": 2, "paving": 7 if error else 3} if filled else {}
    made = {"options": STREETS, "values": values, "used": sum(values.values())}
    return made | {"page_title": "Share out 10 points", "error": error, "target": "streets"}


def _approval(filled: bool, state: str) -> dict[str, Any]:
    error = "Select up to 2 ideas" if state == "error" else None
    values = ("paths", "trees", "play") if error else ("paths", "cafe") if filled else ()
    return {"options": IDEAS, "values": values, "error": error, "target": "support"}


def _basket(filled: bool, state: str) -> dict[str, Any]:
    every = projects()
    chosen = {each["id"] for each in every} - {"P05", "P09"} if state == "error" else set()
    chosen = chosen or ({"P01", "P04", "P06"} if filled else set())
    spent = sum(each["cost"] for each in every if each["id"] in chosen)
    error = "Your projects cost £73,800 more than the budget. Remove one or more projects"
    made = {"projects": every, "chosen": chosen, "spent": spent, "pot": POT, "target": "projects"}
    return made | {"error": error if state == "error" else None}


def _check(_filled: bool, _state: str) -> dict[str, Any]:
    trio = [idea[1] for idea in IDEAS[:3]]
    change = "/gallery/radios/filled"
    chosen = ["Repair café and tool library, £12,400", "Winter warm hub, £18,700"]
    return {
        "rows": [
            {"key": "How often you visit", "value": "About once a week", "change": change},
            {"key": "Your order", "value": trio, "ordered": True, "change": change},
            {"key": "Your points", "value": ["More frequent buses: 4"], "change": change},
            {"key": "Anything else", "value": "", "change": change},
            {"key": "Your projects", "value": chosen, "change": change}
            | {"total": "Total £31,100 of £60,000"},
        ]
    }


def _receipt(_filled: bool, _state: str) -> dict[str, Any]:
    code = "K7QM2XHD9FTA"
    qr = segno.make(f"https://ashenmoor.example/r/{code}", error="m")
    drawn = qr.svg_inline(svgclass=None, lineclass=None, omitsize=True, border=0)
    return {
        "code": code,
        "sent_at": datetime(2026, 11, 20, 19, 42, tzinfo=UTC),
        "qr": Markup(drawn.replace("<svg", '<svg role="img" aria-label="QR code"', 1)),  # noqa: S704  drawn by our own QR code
    }


def _results(_filled: bool, _state: str) -> dict[str, Any]:
    first = (412, 388, 251, 205, 98)
    shares = (("East", 31, 24), ("Central", 27, 22), ("North", 18, 20), ("South", 9, 16))
    later = ((520, 489, 345), (702, 652))
    says = (
        "No idea had more than half. Public toilets had the fewest votes and dropped out.",
        "Wider, lit paths had more than half of the votes still in, so it comes first.",
    )
    return {
        "first_choices": [
            {"name": idea[1], "value": votes, "shown": None, "answer": votes == max(first)}
            for idea, votes in zip(IDEAS, first, strict=True)
        ],
        "rounds": [
            {
                "says": sentence,
                "rows": [
                    {"name": idea[1], "value": votes, "answer": votes > 677, "tick": 677}  # noqa: PLR2004  the sample of the answer
                    for idea, votes in zip(IDEAS, votes_now, strict=False)
                ],
            }
            for sentence, votes_now in zip(says, later, strict=True)
        ],
        "wards": [
            {"name": ward, "value": part, "shown": f"{part}%", "tick": live}
            | {"answer": ward == "South", "note": f"{live}% of residents live here"}
            for ward, part, live in shares
        ],
    }


def _budget(_filled: bool, _state: str) -> dict[str, Any]:
    rows = [
        {"name": name, "cost": cost, "votes": votes, "funded": id_ in _FUNDED}
        for (id_, name, cost, _ward), votes in zip(_PROJECTS, _VOTES, strict=True)
    ]
    return {"rows": sorted(rows, key=lambda row: -row["votes"]), "pot": POT, "spent": 24_260_000}


def _counted(_filled: bool, _state: str) -> dict[str, Any]:
    def entry(title: str, day: int, about: str, proof: str | None) -> dict[str, Any]:
        return {"title": title, "at": datetime(2026, 11, day, 17, 4, tzinfo=UTC)} | {
            "about": about,
            "proof": proof,
        }

    return {
        "entries": [
            entry("Results published", 22, "Counted twice, same answer.", "9f2c 41d0 77ae"),
            entry("Count finished", 21, "1,354 responses counted.", "1b7e c0a4 5d19"),
            entry("Closed", 21, "Nothing can be added or changed after this point.", None),
        ]
    }


def _progress(_filled: bool, _state: str) -> dict[str, Any]:
    steps = [("Lock the responses", "done"), ("Check every receipt", "doing")]
    return {"steps": [*steps, ("Count, then count again", "waiting")]}


def _organiser(_filled: bool, state: str) -> dict[str, Any]:
    error = "Enter the question in Welsh" if state == "error" else None
    tasks: list[dict[str, Any]] = [
        {"id": "about", "name": "What this is about", "hint": None, "done": True, "missing": None},
        {"id": "questions", "name": "Questions and options", "hint": "4 questions", "done": False}
        | {"missing": "Welsh missing: 2"},
        {"id": "open", "name": "Open it", "hint": None, "done": False, "missing": None},
    ]
    for task in tasks:
        task["href"] = None if task["id"] == "open" else "/gallery/"
    pair = {
        "en": "How often do you visit?",
        "cy": "" if error else "Pa mor aml ydych chi’n ymweld?",
    }
    return {"tasks": tasks, "pair": pair, "error": error, "target": "question-cy"} | {
        "pair_errors": {"cy": error} if error else {}
    }
