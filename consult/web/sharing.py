"""Helping others to take part: the address to pass on, the posters to print, the panel to embed."""

from flask import Blueprint, render_template

from consult.web import services as find_services
from consult.web.addresses import public
from consult.web.asked import find
from consult.web.language import current

sharing = Blueprint("sharing", __name__, url_prefix="/c/<slug>")


@sharing.get("/share")
def show(slug: str) -> str:
    """Offer what a group, a library or a neighbour can pass on."""
    asked, services = find(slug), find_services()
    return render_template(
        "sharing/share.html",
        asked=asked,
        is_open=asked.is_open(services.clock()),
        address=public(f"/c/{asked.slug}"),
        is_in_many=len(asked.page.languages) > 1 and current() in asked.page.languages,
    )
