"""Elections in files: small ones of our own making, and real ones, which are not ours to ship.

Each is pb/NAME.pb or ranked/NAME.KIND in a folder, with what programs that are not ours counted in
reference/NAME.json. Ours are in tests/golden/votes (how they came about: its README.md) and are
always tried; the real ones are tried as well, each on its day (tests/turns.py), where
FOLKMOOT_FIELD_DATA, or a folder shared/data beside the project, holds them.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = ROOT / "tests" / "golden" / "votes"
REAL = Path(os.environ.get("FOLKMOOT_FIELD_DATA", ROOT.parent / "shared" / "data"))
FIRST_CHOICE = {
    "US_Stanford_Dataset_Merced_Peoples_Budget_Ballot_2019_vote_rankings": "8",
    "ranked_few": "6",
}
"""Where the reference gives a first choice as many points as the longest ballot has ranks."""


def is_real(path: Path) -> bool:
    """Say whether a file is not of our making."""
    return path.is_relative_to(REAL)


def files(
    folder: str,
    *,
    slow: Callable[[Path], bool] = lambda _: False,
    only: Callable[[Path], bool] = lambda _: True,
) -> list[Any]:
    """Every file of a folder, as parameters of a test: ours always, the real ones in turn."""
    marks = (pytest.mark.slow, slow), (pytest.mark.in_turn, is_real)
    found = [path for place in (OURS, REAL) for path in sorted((place / folder).glob("*.*"))]
    return [
        pytest.param(path, id=path.name, marks=[mark for mark, of in marks if of(path)])
        for path in found
        if only(path)
    ]


def named(folder: str, *cases: tuple[Any, ...]) -> list[Any]:
    """Cases that begin with the name of a file, of which those are tried whose file is here."""
    places = {path.stem: path for [path] in (param.values for param in files(folder))}
    return [
        pytest.param(places[name], *rest, id="-".join([name, *(x for x in rest if type(x) is str)]))
        for name, *rest in cases
        if name in places
    ]


def counted_elsewhere(path: Path) -> dict[str, Any]:
    """What other programs counted in a file."""
    place = path.parents[1] / "reference" / f"{path.stem}.json"
    return json.loads(place.read_text(encoding="utf-8"))


def has_result(path: Path) -> bool:
    """Say whether a budget's file declares a rule and what was selected by it."""
    official = counted_elsewhere(path)["official"]
    return official["selected"] is not None and official["rule"] != "unknown"
