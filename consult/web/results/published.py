"""Published results of a consultation as shown by pages, cached while they are valid."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from consult.commands.results.tallying import tallies_of_page
from consult.counting import digest, find_rule
from consult.rendered import Rendered
from consult.services import Services
from consult.web.results import tallied_answers
from consult.web.results.as_at import Stop
from consult.wording import follow_up_words
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.outcomes import (
    campaigns,
    charts,
    explanations,
    how_counted,
    imported,
    left_out,
    participants,
    verdicts,
    weeks,
)
from consult.wording.outcomes.counted import Counted
from consult.wording.outcomes.participants import Turnout
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import states
from events.kinds.kind import KINDS
from events.question import in_order_asked
from projections import participation
from projections.ballot_box import BallotBox
from projections.follow_ups import FollowUps, Shown
from projections.results import Result, Results

KEPT_IN = "published"
TALLIED = "tallied"
FRESH_SECONDS = 2.0
"""Published results do not change; a later count may take this long to appear."""
PAGES_MAX = 32
SHOWN = frozenset({states.CLOSED, states.WITHDRAWN})
"""What was published stands, also where an earlier version let it be stopped after that."""
View = dict[str, Any]


@dataclass
class Published:
    """The published results of one consultation.

    `results`: of the questions that a rule counts, if any. `tallies`: of every question, as in
    docs/tallies.md. `pages`: cache of rendered pages. `stops`: earlier moments, computed on first
    use.
    """

    results: Mapping[str, Result]
    tallies: Mapping[str, Any]
    published_at: datetime
    turnout: Turnout
    days: Mapping[date, int]
    follow_ups: tuple[Shown, ...]
    position: int
    read_at: float
    pages: Rendered = field(default_factory=lambda: Rendered(PAGES_MAX))
    stops: list[Stop] | None = None

    @cached_property
    def digests(self) -> list[str]:
        """Return the digests of all results and of the tallies, which identify this state."""
        return [*(one.result_digest for one in self.results.values()), digest(self.tallies)]

    @property
    def people(self) -> int:
        """Return how many people took part."""
        return self.turnout.people

    def keep(self, key: object, page: Any) -> None:
        """Cache something rendered; the oldest entry is evicted."""
        self.pages[key] = page


def find(services: Services, asked: ShownConsultation) -> Published | None:
    """Return the published results of a consultation; None while there are none.

    Reads result rows and small tallies, and nothing if nothing has changed since.
    """
    kept = asked.ready.get(KEPT_IN)
    now = time.monotonic()
    if asked.page.state not in SHOWN or (asked.is_stopped and asked.page.is_import):
        return None  # what was thrown away is shown no more
    if isinstance(kept, Published) and now - kept.read_at < FRESH_SECONDS:
        return kept
    position = services.views.position(Results, BallotBox, FollowUps, fresh_seconds=FRESH_SECONDS)
    if isinstance(kept, Published) and kept.position == position:
        kept.read_at = now
        return kept
    found = _read(services, asked, position)
    if found is None:
        asked.ready.forget(KEPT_IN)
        return None
    if isinstance(kept, Published) and _same(kept, found):
        kept.position, kept.read_at = position, now
        return kept
    asked.ready[KEPT_IN] = found
    return found


def counted(asked: ShownConsultation, published: Published) -> list[Counted]:
    """Return the counted questions in the order asked."""
    return [
        Counted(asked, question, result.outcome, compared(asked, result))
        for id, question in asked.page.questions.items()
        if (result := published.results.get(id)) is not None
    ]


def compared(asked: ShownConsultation, result: Result) -> Mapping[str, Any]:
    """Return what is shown beside a result; another rule only where the terms say so.

    Older versions applied the other rule regardless of the terms.
    """
    terms = asked.page.terms
    found = campaigns.without_few(result.comparison, result.ballots)
    # Earlier versions wrote into the terms of a file what nobody had asked for.
    if terms is not None and terms.other_rule_shown and not asked.page.is_import:
        return found
    kept = (campaigns.COMPARED, campaigns.FEW, "enough")
    return {name: it for name, it in found.items() if name in kept}


def headlines(asked: ShownConsultation, published: Published) -> list[str]:
    """Return the outcome: one sentence per counted question, or one if there are none."""
    questions = counted(asked, published)
    if not questions:
        return [verdicts.without_rule(len(asked.page.questions))]
    return campaigns.statements(questions)


def view(asked: ShownConsultation, published: Published) -> View:
    """Return everything the results page shows, in the language of the page."""
    questions = counted(asked, published)
    return {
        "asked": asked,
        "lead": headlines(asked, published),
        "people": verdicts.who_took_part(asked, published.tallies),
        "ballots": published.tallies["responses"],
        "in_count": left_out.in_count(published.results, published.tallies),
        "left_out": left_out.sentences(published.results, published.tallies),
        "questions": [question(one) for one in questions],
        "campaigns_few": {one.question.id: campaigns.few(one) for one in questions},
        "others": others(asked, published),
        "wards": participants.ward_chart(asked, published.turnout),
        "weeks": weeks.chart(asked, published.days),
        "splits": participants.splits(asked, published.turnout),
        "imported": imported.rule() if asked.page.is_import else "",
        "unsaid": imported.participants() if asked.page.is_import else "",
        "did": follow_up_words.rows(published.follow_ups),
        "did_sums": follow_up_words.sums(published.follow_ups),
    }


def question(one: Counted) -> View:
    """Return the view of one counted question: charts, reasons, ties and comparisons."""
    shown: View = {
        "id": one.question.id,
        "title": said(one.question.title),
        "verdict": campaigns.statement(one),
        "rule": how_counted.title(one),
        "how": how_counted.sentences(one)[0],
        "losers": explanations.losers(one),
        "ties": explanations.ties(one),
        "campaign": campaigns.view(one),
        "kind": "scores",
    }
    if one.is_budget:
        return shown | _budget(one)
    if not one.outcome["scores"]:
        return shown | {"kind": "nothing"}
    drawn = find_rule(one.rule).drawn
    if drawn == "rounds":
        return shown | {"kind": "rounds", "rounds": charts.rounds(one)}
    if drawn == "pairs":
        return shown | {"kind": "pairs", "pairs": charts.comparisons(one)}
    return shown | {"chart": charts.scores(one), "grades": charts.grades(one)}


def _budget(one: Counted) -> View:
    shares = one.rule == "equal-shares"
    served = one.outcome["tables"].get("ballots_with_a_funded_choice", 0)
    return {
        "kind": "budget",
        "pot": one.pot,
        "spent": one.outcome["spent"],
        "projects": charts.projects(one),
        "awards": charts.awards(one),
        "served": served,
        "all": one.outcome["ballots"],
        "other": _other_rule(one),
        "votes_title": _(one.unit.title),
        "is_shares": shares,
    }


def _other_rule(one: Counted) -> View | None:
    """Return what the other main rule would have funded with the same ballots, or None."""
    other = one.comparison
    if not other.get("rule"):
        return None
    ours, theirs = set(one.chosen), set(other["funded"])
    title = verdicts.rule_title(other["rule"])
    if ours == theirs:
        finding = _("“%(rule)s” would fund the same projects", rule=title)
    else:
        finding = _("“%(rule)s” would fund other projects", rule=title)
    return {
        "finding": finding,
        "title": title,
        "added": [one.name(id) for id in one.ranked if id in theirs - ours],
        "dropped": [one.name(id) for id in one.ranked if id in ours - theirs],
        "spent": other["spent"],
    }


def others(asked: ShownConsultation, published: Published) -> list[View]:
    """Return the view of every question without a counting rule."""
    return [
        view | {"id": tally["id"]}
        for tally in published.tallies["questions"]
        if tally["id"] not in published.results
        for view in tallied_answers.views(
            asked,
            asked.page.questions[tally["id"]],
            tally,
            hidden_under(asked, tally, published.tallies["hidden_under"]),
        )
    ]


def hidden_under(asked: ShownConsultation, tally: Mapping[str, Any], least: int) -> int:
    """Return the threshold below which a tally hides numbers; 1 if public ballots show them."""
    return 1 if asked.page.are_ballots_public and not KINDS[tally["kind"]].is_written else least


def _read(services: Services, asked: ShownConsultation, position: int) -> Published | None:
    views, id = services.views, asked.id
    results, box = views.reader(Results), views.reader(BallotBox)
    with views.connect() as db:
        publication = results.published(db, id)
        if publication is None:
            return None
        found = in_order_asked(asked.page.questions, results.of(db, id))
        people = {
            name: participation.by(db, box.turnout, id, name) for name in participation.DIMENSIONS
        }
        days = participation.days(db, box.day, id)
        told = tuple(views.reader(FollowUps).of(db, id))
    return Published(
        found,
        publication.tallies or _tallied_now(services, asked),
        publication.published_at,
        Turnout(**people),
        days,
        told,
        position,
        time.monotonic(),
    )


def _tallied_now(services: Services, asked: ShownConsultation) -> Mapping[str, Any]:
    """Tally a result that an older version published without tallies; cached, as it is final."""
    kept: dict[str, Any] | None = asked.ready.get(TALLIED)
    if kept is None:
        kept = tallies_of_page(services, asked.page)
        asked.ready[TALLIED] = kept
    return kept


def _same(kept: Published, found: Published) -> bool:
    return (kept.digests, kept.turnout, kept.days, kept.follow_ups) == (
        found.digests,
        found.turnout,
        found.days,
        found.follow_ups,
    )
