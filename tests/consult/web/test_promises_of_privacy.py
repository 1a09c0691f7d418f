"""What pages promise about who sees what, and for how long, is what the program does."""

from dataclasses import replace

import pytest

from consult import access
from consult.commands.data_protection.retention import CONFIRM_TIME
from consult.people.answers import drafts
from consult.people.proving import email_codes
from consult.wording.registries.role_words import READERS, readers
from tests.builders import consultation
from tests.consult.web.assisted.test_assisting import begin, signed_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def named(text: str, before: str) -> set[str]:
    """The roles that a sentence names after some words."""
    sentence = text.partition(before)[2].partition(".")[0]
    assert sentence, (before, text)
    return {role for role, words in READERS.items() if words in sentence}


def test_all_who_may_read_or_disclose_words_are_named_and_nobody_else(resident):
    text = resident.open("/privacy").words
    said = named(text, "of the partnership that asks: ")
    assert said == set(access.READ_WORDS.roles)
    assert {access.ORGANISER, access.OFFICER, access.ADMINISTRATOR} <= said
    assert named(text, "when you ask for one, or erase it: ") == set(
        access.KEEP_PERSONAL_DATA.roles
    )
    assert "Only the organisers" not in text


def test_a_role_that_is_let_in_is_named_from_then_on(app):
    more = replace(access.READ_WORDS, roles=(*access.READ_WORDS.roles, access.SCRUTINY))
    with app.test_request_context():
        assert READERS[access.SCRUTINY] not in readers(access.READ_WORDS)
        assert READERS[access.SCRUTINY] in readers(more)


def test_pages_that_take_a_name_say_who_may_read_it(app, services, resident):
    consultation(services, has_organisations=True, identity=("open", "desk"))
    clerk = signed_in(app, services)
    desk = begin(clerk, reference="LIB 1", respondent="organisation")
    for page in (
        resident.open("/c/riverside/whom/"),
        resident.open("/c/riverside/all"),
        desk,
    ):
        assert named(page.words, "Those who may read it: ") == set(access.READ_WORDS.roles)


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_the_periods_are_those_of_this_site(services, resident, prefix):
    services.config = replace(services.config, key_days=101, contact_days=202, words_days=303)
    text = resident.open(f"{prefix}/privacy").words
    day = "diwrnod" if prefix else "days"
    for days in (101, 202, 303, drafts.KEPT_DAYS):
        assert f"{days} {day}" in text
    assert f"{CONFIRM_TIME.days} {day}" in text
    minutes = int(email_codes.LIFE.total_seconds() // 60)
    assert f"{minutes} {'munud' if prefix else 'minutes'}" in text
    if not prefix:
        assert "asks to be told what comes of it: 202 days" in text
