"""The results page as a PDF: the same sentences, tables of its numbers, and how to check them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import abort
from werkzeug.wrappers import Response

from consult.counting import digest
from consult.printing import Document, document
from consult.web import services as find_services
from consult.web.consultation_lookup import find
from consult.web.kept_files import kept
from consult.web.layout import templating
from consult.web.layout.addresses import public, typed
from consult.web.pages import Room
from consult.web.results import published
from consult.web.results.published import Published, View
from consult.wording import figures
from consult.wording.language import current, said
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation

results_pdf = Room("results_pdf", __name__, url_prefix="/c/<slug>")
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


@results_pdf.get("/results.pdf", is_file=True)
def file(slug: str) -> Response:
    """Return the published results as a PDF."""
    asked = find(slug)
    found = published.find(find_services(), asked)
    if found is None:
        abort(404)
    key = ("pdf", current(), repr(templating.theme()), tuple(found.digests), found.follow_ups)
    told = (repr(part) for part in (asked.id, asked.page.version, *key))
    response = kept("application/pdf", told, lambda: [_made(asked, found)], ballots=0)
    name = f"results-{asked.slug}-{current()}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _made(asked: ShownConsultation, found: Published) -> bytes:
    view = published.view(asked, found)
    theme = templating.theme()
    title = _("Results: %(title)s", title=asked.title)
    made = document(title, current(), colour=theme.brand, footer=said(theme.name))
    made.heading(title)
    made.paragraph(" ".join([*view["lead"], view["people"]]), "lead")
    if view["imported"]:
        made.paragraph(view["imported"])
    for one in view["questions"]:
        notes = [each.get(one["id"], "") for each in (view["left_out"], view["campaigns_few"])]
        _question(made, asked, one, notes, is_only=len(view["questions"]) == 1)
    for one in view["others"]:
        _other(made, one)
    _who_took_part(made, view)
    if asked.page.terms and asked.page.terms.decides:
        made.heading(_("Who decides"), 2)
        made.paragraph(said(asked.page.terms.decides))
    _follow_up(made, view)
    _how_to_check(made, asked, found)
    return made.as_pdf(asked.page.ended_at or NO_DATE)


def _question(
    made: Document, asked: ShownConsultation, one: View, notes: Sequence[str], *, is_only: bool
) -> None:
    made.heading(one["title"], 2)
    for sentence in filter(None, ("" if is_only else one["verdict"], *notes)):
        made.paragraph(sentence)
    if one["kind"] == "budget":
        _budget(made, asked, one)
    numbers = _numbers(one)
    if numbers:
        _table(made, numbers)
    if one["kind"] != "nothing":
        made.paragraph(one["how"])
    for each in one["rounds"]["deciding"] if one["kind"] == "rounds" else ():
        made.paragraph(each["says"])
    if one["ties"]:
        made.heading(_("Ties, and how they were broken"), 3)
        for sentence in one["ties"]:
            made.paragraph(sentence)
    if one["losers"] and one["kind"] != "nothing":
        made.heading(_why(one), 3)
        made.table(
            [_("Option"), _("Reason")], [list(pair) for pair in one["losers"]], numbers=False
        )
    if one["campaign"]:
        _campaign(made, one["campaign"])


def _campaign(made: Document, shown: View) -> None:
    made.heading(shown["finding"], 3)
    if shown["says"]:
        made.paragraph(shown["says"])
    made.paragraph(_("Many people sent the same answer as part of a campaign:"))
    made.bullets(
        [
            _("“%(name)s”: %(number)s answers", name=name, number=figures.number(number))
            for name, number in shown["campaigns"]
        ]
    )
    made.paragraph(
        _(
            "Answers from a campaign are real answers and they count. "
            "We show both, so that you can judge."
        )
    )
    made.paragraph(shown["caption"])
    made.table(shown["head"], shown["rows"])


def _why(one: View) -> str:
    if one["kind"] == "budget":
        return _("Why were the others not funded?")
    return _("Why did the others not come first?")


def _budget(made: Document, asked: ShownConsultation, one: View) -> None:
    spent = figures.money(one["spent"], asked.unit, asked.decimals)
    pot = figures.money(one["pot"], asked.unit, asked.decimals)
    left = figures.money(one["pot"] - one["spent"], asked.unit, asked.decimals)
    made.paragraph(
        _("%(spent)s of %(pot)s spent", spent=spent, pot=pot)
        + ". "
        + _("%(left)s left", left=left)
        + "."
    )
    rows = [
        [
            row["name"],
            figures.number(row["votes"]),
            figures.money(row["cost"], asked.unit, asked.decimals),
            _("Funded") if row["funded"] else _("Not funded"),
        ]
        for row in one["projects"]
    ]
    made.table([_("Project"), one["votes_title"], _("Cost"), _("Outcome")], rows)


def _numbers(one: View) -> Any:
    if one["kind"] == "scores":
        return one["chart"]["numbers"]
    if one["kind"] == "rounds":
        return one["rounds"]["numbers"]
    if one["kind"] == "pairs":
        return one["pairs"]["numbers"]
    return None


def _other(made: Document, one: View) -> None:
    made.heading(one["title"], 2)
    if one["note"]:
        made.paragraph(one["note"])
    if one["says"]:
        made.paragraph(one["says"])
    else:
        made.table([_("Answer"), _("Responses")], [list(pair) for pair in one["numbers"]])
    _why_hidden(made, one)


def _who_took_part(made: Document, view: View) -> None:
    made.heading(_("Who took part"), 2)
    if view["unsaid"] and not view["splits"]:
        made.paragraph(view["unsaid"])
    if view["wards"]:
        _took_part(made, view["wards"])
        if view["wards"]["numbers"]:
            made.paragraph(
                _(
                    "A ward is under-represented when its share of answers is less than four "
                    "fifths of its share of residents: an index under 0.80."
                )
            )
    for one in view["splits"]:
        if one.get("only"):
            made.paragraph(f"{one['title']}: {one['only']}")
        else:
            _took_part(made, one)
    if view["weeks"]:
        _took_part(made, view["weeks"])


def _took_part(made: Document, one: View) -> None:
    made.heading(one["title"], 3)
    if one["numbers"]:
        if one.get("measure"):
            made.paragraph(one["measure"])
        _table(made, one["numbers"])
    else:
        made.paragraph(_("Too few people took part to show this."))
    _why_hidden(made, one)


def _why_hidden(made: Document, shown: View) -> None:
    if shown["hidden"]:
        made.paragraph(shown["hidden"], "small")


def _follow_up(made: Document, view: View) -> None:
    if not view["did"]:
        return
    made.heading(_("We asked, you said, we did"), 2)
    made.paragraph(f"{view['did_sums']}.")
    for row in view["did"]:
        made.heading(f"{row['theme']}: {row['status']}", 3)
        pairs = [(_("You said"), row["said"])]
        pairs.append((_("We did") if row["is_done"] else _("We did not"), row["did"]))
        pairs += [(_("Why"), row["why"])] if row["why"] else []
        pairs.append((_("Who answers for it"), f"{row['owner']}. {row['day']}"))
        made.bullets([f"{title}: {words}" for title, words in pairs])


def _how_to_check(made: Document, asked: ShownConsultation, found: Published) -> None:
    made.heading(_("Check it yourself"), 2)
    address = public(f"/c/{asked.slug}/count")
    made.paragraph(f"{_check_words(asked, found)}\n{typed(address)}")
    made.qr(address, _("QR code that opens the page on how we counted"), side_mm=30)
    made.paragraph(_("These fingerprints name exactly this result:"), "small")
    titles = asked.page.questions
    made.paragraph(f"{_('How many gave each answer')}\n{digest(found.tallies)}", "small")
    for id, result in found.results.items():
        made.paragraph(f"{said(titles[id].title)}\n{result.result_digest}", "small")


def _check_words(asked: ShownConsultation, found: Published) -> str:
    """Return who can recount this consultation."""
    if not found.results:
        return _("How it went, step by step, and how to check the public log:")
    if asked.page.are_ballots_public:
        return _(
            "Anyone can count this again. The rule, the answers without names and the steps are at:"
        )
    return _(
        "Single answers are not published; an auditor can count again. The rule and the steps are "
        "at:"
    )


def _table(made: Document, numbers: Any) -> None:
    head, rows = numbers[0], numbers[1]
    made.table([str(cell) for cell in head], [[str(cell) for cell in row] for row in rows])
