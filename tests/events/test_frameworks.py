"""Framework profiles are files that anybody can check, and what is shipped keeps to their form."""

import json
from pathlib import Path

import pytest

from events import frameworks
from events.frameworks import (
    IMPORTS_ONLY,
    BadFramework,
    UnknownProfile,
    add_folder,
    choices,
    find_framework,
    framework_of,
    read,
)

OURS = {
    "id": "ours",
    "title": {"en": "Our rules", "cy": "Ein rheolau"},
    "consultation": {
        "days_min": 21,
        "words": {"en": "Three weeks.", "cy": "Tair wythnos."},
        "source": "charter",
    },
    "names": {"partnership": {"en": "Forum", "cy": "Fforwm"}},
    "sources": {"charter": {"title": {"en": "Our charter", "cy": "Ein siarter"}}},
}


@pytest.fixture
def folder(tmp_path):
    yield tmp_path
    add_folder(None)


def changed(**how):
    return json.dumps(OURS | how).encode()


def test_each_regime_gives_people_the_days_it_says():
    shipped = {"free": 14, "local-agreement": 28, "scotland": 28, "wales": 84, IMPORTS_ONLY: 0}
    assert {id: framework_of(id).days_min for id in shipped} == shipped
    assert set(shipped) - {IMPORTS_ONLY} <= set(choices())
    assert IMPORTS_ONLY not in choices()


def test_a_shipped_profile_is_found_by_the_name_of_its_file():
    files = Path(frameworks.__file__).with_name("profiles").glob("*.json")
    for file in files:
        assert framework_of(file.stem).id == file.stem


def test_the_agreement_of_2008_names_twenty_seven_partners_and_thirty_five_targets():
    england = framework_of("local-agreement")
    assert len(england.partners) == 27
    assert england.agreement.designated_targets_max == 35
    assert england.agreement.years == 3
    assert [len(england.council_must), len(england.partners_must)] == [6, 3]
    assert england.until == "2010-10-13"


def test_wales_asks_for_both_languages_and_twelve_weeks():
    assert framework_of("wales").languages == ("cy", "en")
    assert framework_of("wales").days_min == 12 * 7


def test_a_profile_of_ones_own_is_a_file_in_a_folder(folder):
    (folder / "ours.json").write_bytes(changed())
    (folder / "README.md").write_text("Not a profile.")
    add_folder(folder)
    assert "ours" in choices()
    assert framework_of("ours").days_min == 21
    add_folder(None)
    assert find_framework("ours") is None
    with pytest.raises(UnknownProfile, match="There are: free, local-agreement, scotland, "):
        framework_of("ours")


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"id": "Our rules"}, "its id is not of small letters"),
        ({"id": "../ours"}, "its id is not of small letters"),
        ({"title": {"en": "Our rules"}}, r"\$\.title has no text in cy"),
        ({"title": {"en": "Our rules", "cy": "  "}}, r"\$\.title has no text in cy"),
        ({"title": {}}, r"\$\.title is empty"),
        ({"since": "last year"}, r"\$\.since is “last year”, and not a year"),
        ({"since": "2008-13"}, r"\$\.since is “2008-13”"),
        ({"since": "2012", "until": "2010-04"}, r"\$ ends before it begins"),
        ({"agreement": {"designated_targets_max": -1}}, "designated_targets_max is below 0"),
        ({"agreement": {"targets": 35}}, "unknown field `targets`"),
        ({"notes": [{"words": OURS["title"], "source": "hearsay"}]}, "“hearsay”, which is not"),
        ({"consultation": OURS["consultation"] | {"days_min": -1}}, "not between 0 and 3650"),
        ({"consultation": OURS["consultation"] | {"days_min": "21"}}, "Expected `int`"),
        (
            {"council_must": [{"id": "ask", "words": OURS["title"], "source": "charter"}] * 2},
            "two duties have the id ask",
        ),
        (
            {"sources": {"charter": {"title": OURS["title"], "checked": "yesterday"}}},
            r"\$\.sources\.charter\.checked is “yesterday”",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_place(how, reason):
    with pytest.raises(BadFramework, match=reason):
        read(changed(**how), "ours.json")


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe{", b"[]", b"null", b" " * 1_000_001])
def test_what_is_no_profile_at_all_is_refused(data):
    with pytest.raises(BadFramework, match=r"ours\.json"):
        read(data, "ours.json")


def test_a_folder_is_used_whole_or_not_at_all(folder):
    (folder / "a.json").write_bytes(changed())
    (folder / "b.json").write_bytes(changed())
    with pytest.raises(BadFramework, match="the id ours is taken"):
        add_folder(folder)
    (folder / "b.json").write_bytes(changed(id="wales"))
    with pytest.raises(BadFramework, match="the id wales is taken"):
        add_folder(folder)
    assert find_framework("ours") is None


def test_an_empty_or_missing_folder_is_a_mistake_that_is_named(folder):
    with pytest.raises(BadFramework, match="has no file that ends in"):
        add_folder(folder)
    with pytest.raises(BadFramework, match="nowhere"):
        add_folder(folder / "nowhere")
