"""The page "We asked, you said, we did"."""

from flask import render_template
from werkzeug.wrappers import Response

from consult.web import services as find_services
from consult.web.consultation_lookup import find
from consult.web.pages import Room
from consult.web.results import published
from consult.wording.follow_up_words import rows, sums
from consult.wording.language import N_
from consult.wording.outcomes import how_tallied

follow_up = Room("follow_up", __name__, url_prefix="/c/<slug>")


@follow_up.get("/what-we-did", is_listed=True, title=N_("We asked, you said, we did"))
def show(slug: str) -> Response:
    """Show for each theme what was asked, what people said, and what came of it."""
    asked = find(slug)
    found = published.find(find_services(), asked)
    told = found.follow_ups if found is not None else ()
    response = Response(
        render_template(
            "results/follow_up.html",
            asked=asked,
            has_results=found is not None,
            count_page=how_tallied.heading(asked, is_published=found is not None),
            sums=sums(told),
            told=rows(told),
        ),
        content_type="text/html; charset=utf-8",
    )
    response.headers["Cache-Control"] = "public, no-cache" if found else "no-store"
    return response
