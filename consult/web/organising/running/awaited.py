"""What stands in the way of a step that commands would refuse now, in words and with a way on."""

from typing import NamedTuple

from consult.web import services as find_services
from consult.web.organising.desk import Desk
from consult.wording.language import gettext as _
from consult.wording.lot_words import beacon_name, beacon_of
from consult.wording.refusals import says
from events.consultations.beacon import BeaconTooEarly
from events.consultations.consultation_refusals import PeriodTooShort
from events.consultations.terms import PROFILES
from projections.results import Results


class Awaited(NamedTuple):
    """Something that has to come first. `href`: where it is done, once that is possible."""

    sentence: str
    href: str | None
    label: str = ""


def draw_awaited(desk: Desk) -> Awaited | None:
    """Say which draw has to be entered before anything is counted; None where none is missing."""
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
    """Say what in the terms of a draft has been overtaken by time, and where to mend it."""
    if desk.page.source:
        return []
    now = find_services().clock()
    found: list[tuple[str, str | None]] = []
    days = PROFILES[desk.partnership.profile].days_min
    if desk.page.closes_too_soon(days, now):
        address = desk.address("organise.terms.promises", _anchor="closes")
        found.append((says(PeriodTooShort(days=days)), address))
    if desk.page.is_draw_overtaken(now):
        address = desk.address("organise.lot.naming", _anchor="due")
        found.append((says(BeaconTooEarly()), address))
    return found


def is_counted(desk: Desk) -> bool:
    """Say whether the questions with a rule are counted, published or not."""
    results = find_services().views.reader(Results)
    with find_services().views.connect() as db:
        return bool(results.of(db, desk.id, published_only=False))


def is_published(desk: Desk) -> bool:
    """Say whether the results are public."""
    views = find_services().views
    with views.connect() as db:
        return desk.id in views.reader(Results).are_published(db, [desk.id])
