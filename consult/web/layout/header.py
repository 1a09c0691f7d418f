"""Page frame: name of the partnership, menu and footer."""

import time
from datetime import datetime
from functools import lru_cache

import msgspec
from flask import current_app, g, url_for

from consult.people.calendar import StoryClock
from consult.services import Services
from consult.web import pages
from consult.web.consultation_lookup import FRESH_SECONDS
from consult.web.layout import page_language
from consult.web.layout.theme import Theme
from consult.wording import language
from consult.wording.language import Words
from consult.wording.language import gettext as _
from events.theme import Look
from projections.partnerships import PartnershipPage, Partnerships

Entry = tuple[str, str, str]


def theme() -> Theme:
    """Return the theme of the partnership that this page belongs to."""
    partnership = g.get("partnership")
    if partnership is None:
        partnership = _only_partnership()
    name: Words = partnership.name if partnership is not None else Theme.name
    look = partnership.look if partnership is not None else Look()
    name = look.short_name or name
    said = tuple(sorted(name.items())) if not isinstance(name, str) else name
    root = page_language.root()
    return _theme(said, language.current(), url_for("home.index"), root, msgspec.json.encode(look))


def navigation() -> list[Entry]:
    """Return the menu: key, label and address of each entry."""
    return [
        (page.menu, _(page.called), url_for(endpoint))
        for endpoint, page in pages.all_of(current_app).items()
        if page.menu
    ]


def story_day() -> datetime | None:
    """Return the date of a demonstration site's calendar; None on any other site."""
    services: Services = current_app.extensions["services"]
    clock = services.clock
    return clock() if isinstance(clock, StoryClock) and clock.days_behind else None


@lru_cache(maxsize=256)
def _theme(
    name: str | tuple[tuple[str, str], ...], _language: str, _home: str, root: str, encoded: bytes
) -> Theme:
    """Build a theme; cached per partnership, language and address prefix."""
    look = msgspec.json.decode(encoded, type=Look)
    links: tuple[tuple[Words, str], ...] = (
        *((link.label, link.address) for link in look.links),
        *(
            (_(page.called), url_for(endpoint))
            for endpoint, page in pages.all_of(current_app).items()
            if page.footer
        ),
    )
    return Theme(
        name=name if isinstance(name, str) else dict(name),
        brand=look.brand or Theme.brand,
        logo=f"{root}/logo/{look.logo}.png" if look.logo else None,
        footer_links=links,
    )


def _only_partnership() -> PartnershipPage | None:
    """Return the only partnership; None if there are several."""
    kept: tuple[PartnershipPage | None, float] | None
    kept = current_app.extensions.get("only partnership")
    found, read_at = kept or (None, float("-inf"))
    if g.get("is_error_page"):
        return found  # cached value: the database may be what failed
    now = time.monotonic()
    if now - read_at > FRESH_SECONDS:
        if read_at > float("-inf"):
            # One thread reads again, the others use the cache meanwhile.
            current_app.extensions["only partnership"] = (found, now)
        found = _read_only_partnership()
        current_app.extensions["only partnership"] = (found, now)
    return found


def _read_only_partnership() -> PartnershipPage | None:
    services: Services = current_app.extensions["services"]
    partnerships = services.views.reader(Partnerships)
    with services.views.connect() as db:
        found = partnerships.all(db, limit=2)
    return found[0] if len(found) == 1 else None
