"""Reads back what the question macros post: ranking moves, points, ratings, ticks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

Form = MultiDict[str, str]
_NUMBER_DIGITS_MAX = 6


@dataclass(frozen=True)
class RankingPosted:
    """A ranking form as it came: `chosen` best first; `moved` when a row's button was pressed."""

    chosen: tuple[str, ...]
    moved: str | None = None


def ranking(form: Form, name: str, known: Collection[str]) -> RankingPosted:
    """The order after the pressed button, if any; unknown and repeated ids are dropped.

    When `moved` is not None the view stores the order and redirects to the same page
    with that row's id as fragment; otherwise Continue was pressed.
    """
    chosen = list(dict.fromkeys(each for each in form.getlist(name) if each in known))
    for action in ("add", "up", "down", "remove"):
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


@dataclass(frozen=True)
class PointsPosted:
    """Points as typed. `values` are those given; `unclear` holds ids whose text is no number."""

    typed: Mapping[str, str]
    values: Mapping[str, int]
    unclear: tuple[str, ...]

    @property
    def used(self) -> int:
        """The sum of what could be read."""
        return sum(self.values.values())


def points(form: Form, name: str, known: Sequence[str]) -> PointsPosted:
    """Whole numbers from 0; an empty box means nothing given."""
    typed = {each: form.get(f"{name}-{each}", "").strip() for each in known}
    values = {}
    unclear = []
    for option, text in typed.items():
        if text.isascii() and text.isdigit() and len(text) <= _NUMBER_DIGITS_MAX:
            if int(text):
                values[option] = int(text)
        elif text:
            unclear.append(option)
    return PointsPosted(typed, values, tuple(unclear))


def rating(form: Form, name: str, known: Sequence[str], grades: Collection[int]) -> dict[str, int]:
    """The grade given to each statement that has one."""
    given = {}
    for statement in known:
        text = form.get(f"{name}-{statement}", "")
        if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) in grades:  # noqa: PLR2004
            given[statement] = int(text)
    return given


def ticked(form: Form, name: str, known: Collection[str]) -> tuple[list[str], list[str]]:
    """The ticked ids sorted, and apart from them those that are not on the form."""
    posted = sorted(set(form.getlist(name)))
    return [each for each in posted if each in known], [
        each for each in posted if each not in known
    ]
