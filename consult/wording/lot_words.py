"""Sentences about the lot: which public draw breaks ties, and its result."""

from typing import Protocol

from consult.wording.figures import moment, number
from consult.wording.language import current, said
from consult.wording.language import gettext as _
from events.consultations.beacon import DRAND, Beacon, Lot
from events.consultations.terms import Terms


class Drawn(Protocol):
    """Anything with terms and possibly a lot: a consultation's page."""

    terms: Terms | None
    lot: Lot | None


def beacon_of(page: Drawn) -> Beacon | None:
    """Return the public draw named in the terms, or None."""
    return page.terms.beacon if page.terms else None


def beacon_name(beacon: Beacon) -> str:
    """Return the name of the draw, with its time."""
    when = moment(beacon.due_at, current())
    if beacon.kind == DRAND:
        round = number(beacon.round)
        return _("round %(round)s of the public drand network, %(when)s", round=round, when=when)
    return _("%(name)s, %(when)s", name=said(beacon.name), when=when)


def sentences(page: Drawn) -> list[str]:
    """Return how the last ties are broken; empty if the terms name no draw."""
    beacon = beacon_of(page)
    if beacon is None:
        return []
    if page.lot and page.lot.is_replacement:
        return _replaced(beacon, page.lot)
    found = [
        _(
            "When options are level to the end, a lot decides. It comes from a public draw: "
            "%(draw)s. It takes place after the options are fixed, so nobody can choose the order.",
            draw=beacon_name(beacon),
        )
    ]
    if page.lot is not None:
        value, source = page.lot.value, page.lot.source
        drawn = _("What was drawn: %(value)s. Look it up: %(source)s.", value=value, source=source)
        return [*found, drawn]
    if page.terms is not None and beacon.due_at < page.terms.closes_at:
        found.append(
            _(
                "It takes place before the closing, so from then on the order is known while "
                "people still answer."
            )
        )
    return [*found, _("The draw has not been entered yet.")]


def _replaced(beacon: Beacon, lot: Lot) -> list[str]:
    """Return what took the place of the draw that the terms name, and why."""
    return [
        _(
            "When options are level to the end, a lot decides. The public draw that the terms "
            "name for it: %(draw)s.",
            draw=beacon_name(beacon),
        ),
        _(
            "Another value was entered in place of that draw, or of what was entered first: "
            "%(value)s. Look it up: %(source)s.",
            value=lot.value,
            source=lot.source,
        ),
        _("Why: %(reason)s", reason=said(lot.reason)),
        _("Every value that was entered stays in the public log, with its time."),
    ]
