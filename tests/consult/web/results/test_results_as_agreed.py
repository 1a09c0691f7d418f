"""Every place that tells a result says what was agreed, in several situations: golden/pages.

`make agreed` renews what is kept; read the difference before it is committed.
"""

from collections.abc import Callable
from typing import Any

import pytest

from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.context import Actor
from consult.commands.results.counting import publish_results
from consult.commands.results.follow_up import publish_follow_up
from consult.services import Services
from events import Consultation
from events.consultations.terms import CountingTerms
from tests.builders import (
    EVERY_KIND,
    ORGANISER,
    RANKING,
    RESIDENT,
    close_consultation,
    consultation,
    question,
)
from tests.conftest import only
from tests.consult.commands.results.test_follow_up import ROW
from tests.consult.web import page_words
from tests.consult.web.agreeing import agree

PLACES = (
    *("/c/riverside/results", "/cy/c/riverside/results", "/c/riverside/results.pdf"),
    *("/cy/c/riverside/results.pdf", "/c/riverside/results.csv", "/cy/c/riverside/results.csv"),
    *("/c/riverside/results.json", "/c/riverside/embed", "/c/riverside/answers.json"),
    *("/c/riverside/count", "/cy/c/riverside/count", "/c/riverside/count.json"),
    *("/c/riverside/results?as_at=1", "/c/riverside/what-we-did", "/results", "/c/riverside"),
)
ORDERS = (["a", "b"], ["b", "a"], ["c", "a"], ["b", "c"], ["c"])
CHANNELS = ("online", "telephone", "paper")
PLACE = question("place", "area", "Where do you live?", required=False)


def answered(services: Services, asked: Consultation, people: int, **more: Any) -> list[Any]:
    """Let people answer every question that there is; returns their receipts."""
    receipts = []
    for number in range(people):
        answers = {
            "visit": "dwn"[number % 3],
            "uses": ["w", "p"][: 1 + number % 2],
            "views": {"s": 1 + number % 4, "c": 3},
            "order": ORDERS[number % len(ORDERS)],
            "share": {"b": 4, "p": 6} if number % 2 else {"c": 10},
            "support": [["a"], ["a", "c"], ["b"]][number % 3],
            "money": [["l", "k"], ["k"], ["t"]][number % 3],
            "place": "W03" if number % 4 else "W09",
        }
        is_one = number < people * 3 // 4
        sheet = Sheet(
            {id: answer for id, answer in answers.items() if id in asked.questions},
            texts={"more": "Trees"} if number % 2 and "more" in asked.questions else {},
            area="W03" if number < people * 2 // 3 else "W09",
            respondent="individual" if is_one else "organisation" if number % 2 else "group",
            members=0 if is_one else 20,
        )
        channel = CHANNELS[number % 3]
        receipts.append(
            submit_answers(
                services,
                consultation_id=asked.id,
                voter=f"{number}",
                sheet=sheet,
                actor=Actor("resident", channel=channel) if channel != "online" else RESIDENT,
                command_id=f"{number}",
            )
        )
    return receipts


def everything(services: Services) -> Consultation:
    """Every kind of question, a campaign, and what was done."""
    asked = consultation(services, *EVERY_KIND, wards=True, fingerprints_accepted=True)
    ours = answered(services, asked, 24)[13:]
    people = [receipt.subject_id for receipt in ours]
    group_campaign(services, asked.id, people, name="Postcards", actor=ORGANISER)
    return asked


def two_people(services: Services) -> Consultation:
    """So few that nearly all is hidden."""
    asked = consultation(services, *EVERY_KIND, PLACE, wards=True)
    answered(services, asked, 2)
    return asked


def nobody(services: Services) -> Consultation:
    """Nobody answered."""
    return consultation(services, *EVERY_KIND)


def two_places(services: Services) -> Consultation:
    """A transferable vote for two places, whose ballots only an auditor sees."""
    counting = {"order": CountingTerms("stv", seats=2, tie_chain=("first-choices",))}
    asked = consultation(services, RANKING, counting=counting, ballots_public=False)
    answered(services, asked, 11)
    return asked


def pairs(services: Services) -> Consultation:
    """Ranked pairs, level in part."""
    counting = {"order": CountingTerms("ranked-pairs", tie_chain=("first-choices",))}
    asked = consultation(services, RANKING, counting=counting)
    answered(services, asked, 8)
    return asked


def shares(services: Services) -> Consultation:
    """Equal shares with another rule beside it."""
    money = [each for each in EVERY_KIND if each.id == "money"]
    counting = {"money": CountingTerms("equal-shares", tie_chain=("votes", "cost"))}
    asked = consultation(services, *money, counting=counting, other_rule_shown=True)
    answered(services, asked, 12)
    return asked


def survey(services: Services) -> Consultation:
    """No rule counts anything."""
    kept = [each for each in EVERY_KIND if each.id in {"visit", "uses", "more"}]
    asked = consultation(services, *kept, PLACE, wards=True)
    answered(services, asked, 19)
    return asked


@only("sqlite")
@pytest.mark.parametrize(
    "situation", [everything, two_people, nobody, two_places, pairs, shares, survey]
)
def test_a_result_is_told_as_agreed(
    services: Services, resident: Any, situation: Callable[[Services], Consultation]
):
    asked = situation(services)
    services.catch_up()
    close_consultation(services, asked.id)
    publish_results(services, asked.id, actor=ORGANISER)
    if situation is everything:
        publish_follow_up(services, asked.id, ROW, actor=ORGANISER)
    services.catch_up()
    parts = []
    for place in PLACES:
        answer = resident.client.get(place, follow_redirects=True)
        parts.append("\n".join([f"== {place}", *page_words.lines_of(answer)]))
        answer.close()
    agree(f"results {situation.__name__}", page_words.same("\n\n".join(parts) + "\n"))
