"""A consultation with every newer kind of question, whose way depends on the answers."""

from typing import Any

from events.question import Condition, Details, Option
from tests.builders import question, words

ROUTED = (
    question("visit", "single", "How do you come here?", "Bus", "Car", "Walking", other=True),
    question(
        "stop",
        "area",
        "Where do you get on?",
        asked_when=Condition("visit", ("b",)),
    ),
    question(
        "park",
        "number",
        "How far do you drive?",
        asked_when=Condition("visit", ("c", "other")),
        decimals=1,
        least="0.5",
        most="100",
        unit=words("miles"),
    ),
    question(
        "uses",
        "several",
        "What do you do here?",
        "Play",
        "Sport",
        other=True,
        required=False,
        details=(
            Details(words("What there is today"), words("A field.\n\nTwo goals.")),
            Details(words("What it costs"), words("£2,000 a year.")),
        ),
    ),
    question(
        "since",
        "date",
        "Since when?",
        asked_when=Condition("uses", ("p", "s")),
        least="1990-01-01",
        most="2026-11-01",
    ),
    question(
        "views",
        "matrix",
        "How is it?",
        "Bad",
        "Fair",
        "Good",
        statements=(Option("1", words("The paths")), Option("2", words("The lights"))),
    ),
    question("plan", "file", "Your own plan", required=False, bytes_max=50_000),
    question("more", "text", "Anything else?", required=False, length_max=200),
)
"""Asked with wards, of which the area takes its options."""

BY_BUS: dict[str, Any] = {
    "visit": {"q__visit": "b"},
    "stop": {"q__stop": "W03"},
    "uses": {"q__uses": ["p", "other"], "q__uses__other": "Kites"},
    "since": {"q__since__day": "7", "q__since__month": "3", "q__since__year": "2019"},
    "views": {"q__views__1": "g", "q__views__2": "b"},
    "more": {"q__more": "More trees"},
    "place": {"area": "W09"},
}
BUS_STORED = {
    "visit": "b",
    "stop": "W03",
    "uses": ["other", "p"],
    "since": "2019-03-07",
    "views": {"1": "g", "2": "b"},
}
