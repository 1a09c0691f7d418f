"""Questions for a place offer the wards that take part; all other questions stay as they are."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from consult.commands.answers.places import placed, placed_anew
from events.consultations.terms import Terms
from events.question import Option
from tests.builders import RANKING, WARDS, question, words

PLACE = question("place", "area", "Where?")
OLD = replace(PLACE, options=(Option("W99", words("Gone")),))


def terms(**promised: Any) -> Terms:
    return Terms(closes_at=datetime(2026, 11, 2, tzinfo=UTC), **promised)


@pytest.mark.parametrize(
    ("asked", "wards", "promised", "offered"),
    [
        (PLACE, WARDS, None, ["W03", "W09"]),
        (PLACE, WARDS, {}, ["W03", "W09"]),
        (PLACE, WARDS, {"wards": ("W09",)}, ["W09"]),
        (PLACE, WARDS, {"wards": ("W09", "W77")}, ["W09"]),
        (PLACE, WARDS, {"elsewhere": "nobody"}, ["W03", "W09"]),
        (PLACE, WARDS, {"elsewhere": "connected"}, ["W03", "W09"]),
        (OLD, WARDS, {}, ["W03", "W09"]),
        (OLD, (), {}, ["W99"]),
        (OLD, WARDS, {"wards": ("W77",)}, ["W99"]),
        (PLACE, (), {"elsewhere": "nobody"}, []),
    ],
)
def test_wards_that_take_part_are_offered_and_old_places_stay_where_there_are_none(
    asked, wards, promised, offered
):
    stated = None if promised is None else terms(**promised)
    found = placed(asked, wards, stated)
    assert [option.id for option in found.options] == offered
    assert found.takes_other, "whoever lives here may work elsewhere"
    if wards and offered != ["W99"]:
        names = {ward.code: ward.name for ward in wards}
        assert [option.title for option in found.options] == [names[id] for id in offered]
    assert placed(RANKING, wards, stated) is RANKING


def test_only_what_becomes_another_question_is_changed():
    settled = placed(PLACE, WARDS, terms())
    questions = {each.id: each for each in (RANKING, settled)}
    assert list(placed_anew(questions, WARDS, terms())) == []
    narrow = terms(wards=("W03",))
    assert list(placed_anew(questions, WARDS, narrow)) == [placed(PLACE, WARDS, narrow)]
