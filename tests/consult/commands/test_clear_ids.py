"""Ids that nobody could tell apart are refused when they are written, as the verifier does it."""

import pytest
from msgspec.structs import replace

from consult.commands.consultations.drafting import put_option, put_question
from consult.commands.partnerships import admit_member
from consult.verifier.folkmoot_verify import are_clear
from events.partnership import Organisation
from events.question import Option, UnclearId, check_ids
from tests.builders import ADMINISTRATOR, ORGANISER, RANKING, draft, partnership, words

CLEAR = (
    ["a", "b", "other"],
    ["P01", "BO.D10.1/23", "Łódź-3", "10", "9"],
    ["tŷ", "Dŵr", "ẃyn", "Glyn-y-môr", "ty"],
    ["park land", "park-land", "50% off!"],
    [],
)
SEEN_BY_NOBODY = (
    "\ufe0f\u034f\u115f\u1160\u17b4\u180b\u2800\u3164\uffa0\U000e0061\U000e0100\u2065\ufff0"
)
UNCLEAR = {
    "a letter of another script": ["park", "p\u0430rk"],
    "another script beside it": ["a", "\u0430"],
    "no width": ["a", "a\u200b"],
    "a mark that turns the text": ["\u202ea"],
    "a soft hyphen": ["pa\u00adrk"],
    "a control": ["a\x07"],
    "a space at the end": ["a "],
    "two spaces": ["a  b"],
    "a space of another width": ["a\u00a0b"],
    "a wide letter": ["\uff41"],
    "nothing": [""],
    "a letter in two parts": ["e\u0301"],
    "another script alone": ["\u043f\u0430\u0440\u043a"],
    "a letter of Lisu": ["par\ua4d1"],
    "a letter of Cherokee": ["\u13a0"],
    "a mathematical letter": ["\U0001d41a"],
    "a dotless letter": ["r\u0131ver"],
    "a letter of phonetics": ["p\u0251rk"],
    "a digit of another script": ["P\u0661"],
    **{f"unseen: U+{ord(one):04X}": [f"park{one}"] for one in SEEN_BY_NOBODY},
    "nothing but a blank": ["\u2800"],
}


@pytest.mark.parametrize("ids", CLEAR)
def test_ids_that_people_can_tell_apart_are_taken_and_read(ids):
    check_ids(ids)
    assert are_clear(ids)


@pytest.mark.parametrize("why", UNCLEAR)
def test_ids_that_nobody_can_tell_apart_are_refused_when_written_and_when_read(why, services):
    ids = UNCLEAR[why]
    assert not are_clear(ids)
    drafted = draft(services)
    with pytest.raises(UnclearId) as refused:
        put_question(
            services,
            drafted.id,
            replace(RANKING, id="second", options=tuple(Option(id, words("X")) for id in ids)),
            actor=ORGANISER,
        )
    assert all(one.isprintable() for one in str(refused.value))
    *before, last = ids
    for id in before:
        put_option(services, drafted.id, RANKING.id, Option(id, words(why)), actor=ORGANISER)
    with pytest.raises(UnclearId):
        put_option(services, drafted.id, RANKING.id, Option(last, words(why)), actor=ORGANISER)


def test_a_group_of_options_that_looks_like_another_is_refused(services):
    drafted = draft(services)
    option = Option("third", words("X"), group="p\u0430rk")
    with pytest.raises(UnclearId):
        put_option(services, drafted.id, RANKING.id, option, actor=ORGANISER)


def test_who_typed_or_imported_an_unclear_id_is_told_which_character_it_is():
    with pytest.raises(UnclearId) as refused:
        check_ids(["park", "p\u0430rk"])
    assert "because of its character number 2, U+0430." in str(refused.value)


def test_an_organisation_whose_id_looks_like_another_is_refused(services):
    home = partnership(services)
    with pytest.raises(UnclearId):
        admit_member(
            services,
            home.id,
            Organisation("c\u043euncil", words("X"), "council"),
            actor=ADMINISTRATOR,
        )
