"""The least periods are those of each regime, whoever reads a number wrong."""

from events.consultations.terms import IMPORTS_ONLY, PROFILES


def test_each_regime_gives_people_the_weeks_it_says():
    shipped = {"local-agreement": 4, "wales": 12, "scotland": 12, IMPORTS_ONLY: 0}
    assert {id: PROFILES[id].days_min / 7 for id in shipped} == shipped


def test_a_profile_is_found_by_its_own_name():
    assert all(profile.id == id for id, profile in PROFILES.items())
