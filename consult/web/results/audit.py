"""How we counted: the rule in words, the trail with its digests, and how to recount."""

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from consult.commands.consultations.drafting import lot_of, profile_of, specification_of
from consult.counting.specification import settled
from consult.services import Services
from consult.web import services as find_services
from consult.web.consultation_lookup import find
from consult.web.layout.addresses import asked_position
from consult.web.pages import Room
from consult.web.results import published, trail
from consult.wording import lot_words
from consult.wording.language import N_, said
from consult.wording.outcomes import example_words, how_counted, how_tallied, imported, left_out
from consult.wording.outcomes.counted import Counted
from consult.wording.shown_consultation import ShownConsultation
from events.consultations.terms import CountingTerms
from events.question import Question, in_order_asked
from projections.results import Result, Results

audit = Room("audit", __name__, url_prefix="/c/<slug>")
WHO = ("all", "officers", "residents")


@audit.get("/count", is_listed=True, title="%(heading)s: %(title)s", link=N_("How we counted"))
def show(slug: str) -> str:
    """Show how the consultation is counted, and everything that happened to it."""
    asked, services = find(slug), find_services()
    who = request.args.get("who", "all")
    before = asked_position("before")
    rows = trail.rows(services, asked, who=who if who in WHO else "all", before=before)
    counts = _counts(services, asked)
    is_published = _is_published(services, asked)
    found = published.find(services, asked) if is_published else None
    return render_template(
        "audit/count.html",
        asked=asked,
        heading=how_tallied.heading(asked, is_published=is_published),
        is_published=is_published,
        imported=imported.rule() if asked.page.is_import else "",
        left_out=left_out.sentences(found.results, found.tallies) if found else {},
        tallied=how_tallied.sentences(asked, is_published=is_published),
        questions=_questions(asked, counts),
        timeline=trail.timeline(services, asked),
        rows=trail.grouped(rows[: trail.PAGE]),
        before=before,
        more=rows[trail.PAGE - 1]["position"] if len(rows) > trail.PAGE else None,
        who=who if who in WHO else "all",
    )


@audit.get("/count.ndjson")
def lines(slug: str) -> Response:
    """Return the timeline as the lines whose digests it shows."""
    asked, services = find(slug), find_services()
    response = Response(trail.lines(services, asked), content_type="application/x-ndjson")
    name = f'attachment; filename="{asked.slug}-record.ndjson"'
    response.headers["Content-Disposition"] = name
    response.headers["Cache-Control"] = "no-cache"
    return response


def _is_published(services: Services, asked: ShownConsultation) -> bool:
    results = services.views.reader(Results)
    with services.views.connect() as db:
        return asked.id in results.are_published(db, [asked.id])


def _counts(services: Services, asked: ShownConsultation) -> dict[str, Result]:
    """Return every count; unpublished ones show digests only."""
    results = services.views.reader(Results)
    with services.views.connect() as db:
        return results.of(db, asked.id, published_only=False)


def promised(asked: ShownConsultation) -> list[dict[str, Any]]:
    """Return how each question will be counted, in words, as fixed before opening.

    Each rule is explained once with an example.
    """
    shown = _questions(asked, {})
    explained: set[str] = set()
    for one in shown:
        counted = one.pop("counted")
        # Two questions under one rule share an example.
        one["example"] = None if one["rule"] in explained else example_words.shown(counted)
        explained.add(one["rule"])
    return shown


def _questions(asked: ShownConsultation, counts: dict[str, Result]) -> list[dict[str, Any]]:
    terms = asked.page.terms
    if terms is None:
        return []
    shown = []
    for id, counting in in_order_asked(asked.page.questions, terms.counting).items():
        question = asked.page.questions[id]
        result = counts.get(id)
        known = result is not None and result.is_published
        lot = lot_of(asked.page, question)
        outcome = result.outcome if result and known else _before(question, counting, lot)
        one = Counted(asked, question, outcome)
        shown.append(
            {
                "id": id,
                "title": said(question.title),
                "counted": one,
                "rule": one.rule,
                "rule_title": how_counted.title(one),
                "how": how_counted.sentences(one),
                "ties": how_counted.tie_sentences(one),
                "lot": how_counted.lot_order(one),
                "lot_words": lot_words.sentences(asked.page),
                "lot_seed": counting.lot_seed,
                "result": result,
                "is_budget": question.pot is not None,
                "command": _command(asked, id, outcome),
            }
        )
    return shown


def _before(question: Question, counting: CountingTerms, lot: tuple[str, ...]) -> dict[str, Any]:
    """Return the part of an outcome that is fixed before the count."""
    _rule, specification = settled(profile_of(question, ()), specification_of(counting, lot))
    fixed = specification.as_json()
    return {"rule": fixed["rule"], "specification": fixed, "tables": {}, "spent": None}


def _command(asked: ShownConsultation, question_id: str, outcome: Any) -> str:
    """Return the command that repeats the count from the downloaded answers."""
    fixed = outcome["specification"]
    words = ["consult", "count", "ID", "--rule", outcome["rule"]]
    if fixed["seats"] != 1:
        words += ["--seats", str(fixed["seats"])]
    for name, value in fixed["parameters"].items():
        words += ["--set", f"{name}={value}"]
    if fixed["lot"]:
        words += ["--lot", ",".join(fixed["lot"])]
    if len(asked.page.counted_questions) > 1:
        words += ["--question", question_id]
    return " ".join([*words, "--json"])
