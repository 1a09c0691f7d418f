"""Parse what the macro of a ranking posts: its order, and the button that moves a row."""

from collections.abc import Collection
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

Form = MultiDict[str, str]
MOVES = ("add", "up", "down", "remove")
"""What the buttons of a row do."""


@dataclass(frozen=True)
class RankingPosted:
    """A posted ranking: `chosen` best first; `moved` if a row's button was pressed."""

    chosen: tuple[str, ...]
    moved: str | None = None


def ranking(form: Form, name: str, known: Collection[str]) -> RankingPosted:
    """Return the order after the pressed button, if any; unknown and repeated ids are dropped.

    If `moved` is not None the view stores the order and redirects to the same page with that row's
    id as fragment; otherwise Continue was pressed.
    """
    chosen = list(dict.fromkeys(each for each in form.getlist(name) if each in known))
    for action in MOVES:
        option = form.get(f"{name}-{action}")
        if option in known and option is not None:
            return RankingPosted(tuple(_moved(chosen, option, action)), option)
    return RankingPosted(tuple(chosen))


def _moved(chosen: list[str], option: str, action: str) -> list[str]:
    if action == "add":
        return chosen if option in chosen else [*chosen, option]
    if option not in chosen:
        return chosen
    place = chosen.index(option)
    others = [each for each in chosen if each != option]
    if action == "remove":
        return others
    others.insert(max(0, place - 1) if action == "up" else place + 1, option)
    return others
