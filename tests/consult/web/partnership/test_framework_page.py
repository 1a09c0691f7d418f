"""Anybody reads under which rules a partnership works, with the source of every statement."""

import json
from dataclasses import replace

import pytest

from consult.services import Services
from events.frameworks import add_folder, framework_of
from tests import builders
from tests.builders import words
from tests.consult.web.residents import Resident
from tests.events.test_frameworks import OURS


@pytest.fixture
def anybody(app):
    return Resident(app.test_client())


def test_names_limits_and_duties_are_shown_with_their_sources(anybody, services):
    builders.partnership(services, profile="local-agreement")
    services.catch_up()
    page = anybody.open("/framework")
    assert page.faults == []
    for each in (
        "Local Strategic Partnership",
        "from 2008 to 13 October 2010",
        "28 days",
        "Designated targets, at most 35",
        "prepare and submit a draft agreement",
        "take part in council scrutiny of relevant targets",
        "Youth Offending Teams",
        "Required by law",
        "Nobody has compared this with it yet.",
        "Compared with it on 29 November 2026.",
    ):
        assert each in page.words, each
    welsh = anybody.open("/cy/framework")
    assert welsh.faults == []
    for each in ("Partneriaeth Strategol Leol", "o 2008 i 13 Hydref 2010", "Swyddi"):
        assert each in welsh.words, each


def test_every_statement_and_every_figure_leads_to_its_source(anybody, services):
    for profile in ("local-agreement", "scotland", "wales", "free"):
        builders.partnership(services, slug=f"p-{profile}", profile=profile)
    services.catch_up()
    page = anybody.open("/framework")
    anchors = {link for link in page.links() if link.startswith("#")}
    for profile in ("local-agreement", "scotland", "wales", "free"):
        for source in framework_of(profile).sources:
            assert f"#{profile}-{source}" in anchors, (profile, source)
            assert page.text.count(f'id="{profile}-{source}"') == 1


def test_partnerships_under_the_same_rules_are_named_together(anybody, services):
    builders.partnership(services, slug="moor", name=words("Moor"), profile="wales")
    builders.partnership(services, slug="mill", name=words("Mill"), profile="wales")
    builders.partnership(services, slug="hill", name=words("Hill"), profile="scotland")
    services.catch_up()
    page = anybody.open("/framework")
    assert "Followed by: Moor; Mill" in page.words
    assert "Followed by: Hill" in page.words


def test_rules_that_the_site_no_longer_knows_are_named_as_such(anybody, services, tmp_path):
    (tmp_path / "ours.json").write_text(json.dumps(OURS))
    add_folder(tmp_path)
    try:
        builders.partnership(services, profile="ours")
        services.catch_up()
        assert "Our rules" in anybody.open("/framework").words
    finally:
        add_folder(None)
    page = anybody.open("/framework")
    assert "Rules that this site does not know" in page.words
    assert "Nothing can open under them until they are known." in page.words


def test_a_folder_of_ones_own_is_read_when_the_site_starts(services, tmp_path):
    folder = tmp_path / "frameworks"
    folder.mkdir()
    (folder / "ours.json").write_text(json.dumps(OURS))
    Services.open(replace(services.config, frameworks_folder=folder)).close()
    try:
        assert framework_of("ours").title["en"] == "Our rules"
    finally:
        add_folder(None)
