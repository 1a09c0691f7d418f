"""What stands on pages and in files for numbers that are too small to show."""

from collections.abc import Iterable
from typing import Any

from consult.counting.small_numbers import Shown
from consult.counting.tallies import FEW, HIDDEN
from consult.wording import figures
from consult.wording.language import gettext as _


def too_few(title: str) -> dict[str, Any]:
    """What stands for a chart of which nothing can be shown."""
    return {"title": title, "rows": [], "longest": 1, "numbers": None, "hidden": ""}


def few(least: int) -> str:
    """What stands for a number that is too small to show."""
    return _("fewer than %(least)s", least=least)


def why_hidden(least: int) -> str:
    """Say under a table why some of its numbers are not shown."""
    return _(
        "Here numbers from 1 to under %(least)s are hidden, and those that would give one of them "
        "away, so that nobody can be recognised.",
        least=least,
    )


def note(shown: Iterable[Shown], least: int) -> str:
    """Return `why_hidden` where a table of these counts hides one; else nothing."""
    return why_hidden(least) if any(each.people is None for each in shown) else ""


def shown_number(shown: Shown, least: int) -> str:
    """A count, or what stands for it."""
    if shown.people is not None:
        return figures.number(shown.people)
    return few(least) if shown.is_few else _("hidden")


def shown_cell(cell: int | str, least: int) -> str:
    """A cell of published tallies in words."""
    if cell == FEW:
        return few(least)
    return _("hidden") if cell == HIDDEN else figures.number(int(cell))
