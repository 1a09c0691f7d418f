"""One question of each kind, answers to it, and a whole consultation from draft to published."""

from collections.abc import Iterable
from typing import Any

from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.results.counting import publish_results
from consult.people.answers import attachments
from consult.services import Services
from events import Consultation
from events.question import Option, Question
from tests.builders import ORGANISER, RESIDENT, close_consultation, consultation, question, words

TITLES = {
    "single": "How often do you visit?",
    "several": "What do you do there?",
    "rating": "How much do you agree?",
    "text": "Anything else?",
    "ranking": "Put these in order",
    "points": "Share out 10 points",
    "approval": "What do you support?",
    "basket": "Spend £600",
    "number": "How far is it?",
    "date": "Since when?",
    "matrix": "How is it?",
    "area": "Where do you live?",
    "file": "Have you a picture?",
    "allocation": "Share out £600",
}
KINDS = tuple(TITLES)
_OPTIONS = ("Allotments", "Buses", "Clinics")
_LIMITS: dict[str, dict[str, Any]] = {
    "rating": {"scale": 4},
    "points": {"points": 10},
    "basket": {"pot": 60_000, "costs": {"a": 30_000, "b": 20_000, "c": 45_000}},
    "number": {"decimals": 1},
    "allocation": {"pot": 60_000, "step": 10_000},
    "matrix": {"statements": (Option("1", words("Paths")), Option("2", words("Lights")))},
}
_ANSWERS: dict[str, tuple[Any, ...]] = {
    "single": ("a", "b", "a"),
    "several": (["a", "b"], ["c"], ["a"]),
    "rating": ({"a": 4, "b": 1}, {"b": 2}, {"a": 3, "b": 3, "c": 1}),
    "ranking": (["a", "b"], ["b", "c", "a"], ["a"]),
    "points": ({"a": 7, "b": 3}, {"c": 10}, {"a": 5}),
    "approval": (["a"], ["a", "c"], ["b"]),
    "basket": (["a", "b"], ["c"], ["b"]),
    "number": ("0.5", "2.0", "12.5"),
    "date": ("2026-03-01", "2026-03-28", "2025-12-24"),
    "matrix": ({"1": "a", "2": "b"}, {"1": "a"}, {"2": "c"}),
    "area": ("W03", "W09", "other"),
    "allocation": ({"a": 60_000}, {"a": 20_000, "b": 40_000}, {"b": 10_000, "c": 50_000}),
}


def of_kind(kind: str, **more: Any) -> Question:
    """A question of a kind, which nobody has to answer."""
    titles = () if kind in {"text", "number", "date", "area", "file"} else _OPTIONS
    limits = {"required": False} | _LIMITS.get(kind, {}) | more
    return question(f"q-{kind}", kind, TITLES[kind], *titles, **limits)


def answer_all(services: Services, asked: Consultation, people: int, **more: Any) -> None:
    """So many people answer every question."""
    sheets = (sheet_of(services, asked, number, **more) for number in range(people))
    send_all(services, asked, sheets)


def send_all(services: Services, asked: Consultation, sheets: Iterable[Sheet]) -> None:
    """Somebody else sends each sheet."""
    for number, sheet in enumerate(sheets):
        submit_answers(
            services,
            consultation_id=asked.id,
            voter=f"resident/{number}",
            sheet=sheet,
            actor=RESIDENT,
            command_id=f"key-{number}",
        )


def sheet_of(services: Services, asked: Consultation, number: int, **more: Any) -> Sheet:
    """The answers of one person to every question."""
    answers, texts, files = {}, {}, {}
    for each in asked.questions.values():
        if each.kind == "text":
            texts[each.id] = f"Words of resident {number}"
        elif each.kind == "file":
            files[each.id] = _attached(services, asked, each, number)
        else:
            given = _ANSWERS[each.kind]
            answers[each.id] = given[number % len(given)]
    return Sheet(answers, texts=texts, files=files, **more)


def from_draft_to_published(services: Services, *kinds: str, people: int, **more: Any) -> Any:
    """Draft, open, answer, close and publish a consultation of these kinds of questions."""
    opened = consultation(services, *(of_kind(kind) for kind in kinds), wards=True, **more)
    answer_all(services, opened, people)
    close_consultation(services, opened.id, actor=ORGANISER, goes_on=True)
    counts = publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    return opened, counts


def _attached(services: Services, asked: Consultation, question_: Question, number: int) -> str:
    return attachments.keep(
        services.vault,
        asked.id,
        question_.id,
        f"draft-{number}",
        name=f"picture-{number}.txt",
        kind="txt",
        content=b"a picture in words",
        scan="clean",
        now=services.clock(),
    ).commitment
