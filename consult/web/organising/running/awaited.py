"""Preconditions that a step still lacks, in words and with a link."""

from typing import NamedTuple

from consult.web import services as find_services
from consult.web.organising.desk import Desk
from consult.wording.language import gettext as _
from consult.wording.lot_words import beacon_name, beacon_of
from consult.wording.refusals import says
from events.consultations.beacon import BeaconTooEarly
from events.consultations.consultation_refusals import PeriodTooShort
from events.frameworks import days_min
from projections.results import Results


class Awaited(NamedTuple):
    """A missing precondition. `href`: where it is fulfilled, once that is possible."""

    sentence: str
    href: str | None
    label: str = ""


def draw_awaited(desk: Desk) -> Awaited | None:
    """Return the draw that must be entered before counting; None if none is missing."""
    beacon = beacon_of(desk.page)
    if beacon is None or desk.page.lot is not None or not desk.page.counted_questions:
        return None
    name = beacon_name(beacon)
    if find_services().clock() < beacon.due_at:
        words = _("The draw that decides ties is awaited: {name}. Enter it after that, "
                  "then count and publish.")  # fmt: skip
        return Awaited(words.format(name=name), None)
    words = _("The draw that decides ties has taken place: {name}. Enter it first, "
              "then count and publish.")  # fmt: skip
    return Awaited(
        words.format(name=name), desk.address("organise.lot.entering"), _("Enter the draw")
    )


def not_yet_time(desk: Desk) -> list[tuple[str, str | None]]:
    """Return which terms of a draft are out of date, each with the address to correct it."""
    if desk.page.source:
        return []
    now = find_services().clock()
    found: list[tuple[str, str | None]] = []
    days = days_min(desk.partnership.profile)
    if desk.page.closes_too_soon(days, now):
        address = desk.address("organise.terms.promises", _anchor="closes")
        found.append((says(PeriodTooShort(days=days)), address))
    if desk.page.is_draw_overtaken(now):
        address = desk.address("organise.lot.naming", _anchor="due")
        found.append((says(BeaconTooEarly()), address))
    return found


def is_counted(desk: Desk) -> bool:
    """Return whether the questions with a rule are counted, published or not."""
    results = find_services().views.reader(Results)
    with find_services().views.connect() as db:
        return bool(results.of(db, desk.id, published_only=False))


def is_published(desk: Desk) -> bool:
    """Return whether the results are public."""
    views = find_services().views
    with views.connect() as db:
        return desk.id in views.reader(Results).are_published(db, [desk.id])
