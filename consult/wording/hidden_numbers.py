"""Words shown on pages and in files in place of numbers that are too small to show."""

from collections.abc import Iterable
from typing import Any

from consult.counting.kinds.cells import FEW, HIDDEN
from consult.counting.small_numbers import Shown
from consult.wording import figures
from consult.wording.language import gettext as _


def too_few(title: str) -> dict[str, Any]:
    """Return the replacement for a chart of which nothing can be shown."""
    return {"title": title, "rows": [], "longest": 1, "numbers": None, "hidden": ""}


def few(least: int) -> str:
    """Return the replacement for a number that is too small to show."""
    return _("fewer than %(least)s", least=least)


def why_hidden(least: int) -> str:
    """Return the note under a table on why some numbers are hidden."""
    return _(
        "Here numbers from 1 to under %(least)s are hidden, and those that would give one of them "
        "away, so that nobody can be recognised.",
        least=least,
    )


def note(shown: Iterable[Shown], least: int) -> str:
    """Return `why_hidden` if one of these counts is hidden, else ""."""
    return why_hidden(least) if any(each.people is None for each in shown) else ""


def shown_number(shown: Shown, least: int) -> str:
    """Return a count, or its replacement."""
    if shown.people is not None:
        return figures.number(shown.people)
    return few(least) if shown.is_few else _("hidden")


def shown_cell(cell: int | str, least: int) -> str:
    """Return a cell of published tallies in words."""
    if cell == FEW:
        return few(least)
    return _("hidden") if cell == HIDDEN else figures.number(int(cell))
