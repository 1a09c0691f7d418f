"""Sharing: addresses, posters, preview images, and an embeddable panel."""

import hashlib

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from consult.counting.units import VOTES
from consult.printing.card import card
from consult.web import services as find_services
from consult.web.consultation_lookup import find
from consult.web.guarding.headers import FOR_OTHER_SITES
from consult.web.layout import templating
from consult.web.layout.addresses import public
from consult.web.pages import Room
from consult.web.results import published
from consult.web.results.published import Published, View
from consult.web.site import offers
from consult.wording import figures
from consult.wording.language import N_, current, said
from consult.wording.language import gettext as _
from consult.wording.outcomes import campaigns, verdicts
from consult.wording.outcomes import charts as pictures
from consult.wording.outcomes.counted import Counted
from consult.wording.shown_consultation import ShownConsultation

sharing = Room("sharing", __name__, url_prefix="/c/<slug>")
KEPT = "public, max-age=300"
PANEL_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors *"
)
"""Any site may frame the panel; it has no form, script or cookie."""
ROWS_MAX = 5
PNG = "image/png"


@sharing.get("/share", is_listed=True, title=N_("Help others take part"))
def show(slug: str) -> str:
    """Show what groups, libraries or neighbours can pass on."""
    asked, services = find(slug), find_services()
    return render_template(
        "sharing/share.html",
        asked=asked,
        is_open=asked.is_open(services.clock()),
        is_paused=asked.is_paused(services.clock()),
        has_results=published.find(services, asked) is not None,
        address=public(f"/c/{asked.slug}"),
        offered=offers.offered(asked.partnership.particulars),
        is_in_many=len(asked.page.languages) > 1 and current() in asked.page.languages,
    )


@sharing.get("/embed", title=N_("Results: %(title)s"), link=N_("Results panel for other sites"))
def panel(slug: str) -> Response:
    """Return the published result as a small panel for other sites; 404 before publication."""
    asked, found = _published(slug)
    key = ("panel", current(), request.script_root, repr(templating.theme()), tuple(found.digests))
    body = found.pages.get(key)
    if body is None:
        questions = _questions(asked, found)
        body = render_template(
            "sharing/embed.html",
            asked=asked,
            questions=questions,
            people=verdicts.who_took_part(asked, found.tallies),
            is_counted=bool(found.results),
            address=public(f"/c/{asked.slug}/results"),
        ).encode()
        found.keep(key, body)
    response = _answer(body, "text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = PANEL_POLICY
    return response


@sharing.get("/picture.png", is_file=True)
def picture(slug: str) -> Response:
    """Return the preview image of the start page."""
    asked = find(slug)
    is_running = asked.keeps_drafts(find_services().clock())
    key = ("picture", current(), repr(templating.theme()), is_running)
    body = asked.ready.get(key)
    if not isinstance(body, bytes):
        ended = _("Stopped") if asked.is_stopped else _("Closed")
        kicker = _("Have your say") if is_running else ended
        body = _drawn(asked, said(asked.page.overview), kicker)
        asked.ready[key] = body
    return _answer(body, PNG)


@sharing.get("/results.png", is_file=True)
def results_picture(slug: str) -> Response:
    """Return the preview image of the results."""
    asked, found = _published(slug)
    key = ("picture", current(), repr(templating.theme()), tuple(found.digests))
    body = found.pages.get(key)
    if body is None:
        words = " ".join(published.headlines(asked, found))
        body = _drawn(asked, words, _("Results"))
        found.keep(key, body)
    return _answer(body, PNG)


def _drawn(asked: ShownConsultation, words: str, kicker: str) -> bytes:
    theme = templating.theme()
    return card(
        name=said(theme.name),
        kicker=kicker,
        title=asked.title,
        words=words,
        language=current(),
        colour=theme.brand,
    )


def _questions(asked: ShownConsultation, found: Published) -> list[dict[str, object]]:
    """Return every question in the order asked: the outcome of its rule, or its tally."""
    counted = {one.question.id: one for one in published.counted(asked, found)}
    others = published.others(asked, found)
    shown: list[dict[str, object]] = []
    for id in asked.page.questions:
        if id in counted:
            shown.append(_question(counted[id]))
        shown += [_tallied(one) for one in others if one["id"] == id]
    return shown


def _tallied(one: View) -> dict[str, object]:
    """Return the first rows of a tally, or its figures or sentence."""
    words = one["says"] or " ".join(f"{name}: {number}." for name, number in one["facts"])
    rows = one["rows"]
    return {"title": one["title"], "verdict": words, "hidden": one["hidden"]} | _cut(rows)


def _cut(rows: list[View]) -> dict[str, object]:
    """Limit the rows to what fits into a panel, and state how many more there are."""
    return {
        "rows": rows[:ROWS_MAX],
        "longest": max((row["value"] for row in rows), default=0),
        "more": figures.number(len(rows) - ROWS_MAX) if len(rows) > ROWS_MAX else "",
    }


def _question(one: Counted) -> dict[str, object]:
    """Return the outcome in a sentence, and the first rows of its chart."""
    if one.is_budget:
        rows = [
            {
                "name": row["name"],
                "shown": _(
                    N_("%(votes)s votes, %(cost)s")
                    if one.unit is VOTES
                    else N_("%(votes)s points, %(cost)s"),
                    votes=figures.number(row["votes"]),
                    cost=one.money(row["cost"]),
                )
                if row["funded"]
                else _("Not funded"),
                "value": row["votes"],
                "answer": row["funded"],
            }
            for row in pictures.projects(one)
        ]
    else:
        rows = pictures.scores(one)["rows"] if one.outcome["scores"] else []
    verdict = campaigns.statement(one)
    title = said(one.question.title)
    return {"title": title, "verdict": verdict, "hidden": ""} | _cut(rows)


def _published(slug: str) -> tuple[ShownConsultation, Published]:
    asked = find(slug)
    found = published.find(find_services(), asked)
    if found is None:
        abort(404)
    return asked, found


def _answer(body: bytes, kind: str) -> Response:
    response = Response(body, content_type=kind)
    response.headers["Cache-Control"] = KEPT
    response.headers["Cross-Origin-Resource-Policy"] = FOR_OTHER_SITES
    response.set_etag(hashlib.sha256(body).hexdigest()[:24])
    return response.make_conditional(request.environ)
