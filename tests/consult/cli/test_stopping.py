"""More time, a pause, going on and withdrawing from the command line, as on the pages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from consult.cli import main
from events import Consultation
from tests.builders import consultation, draft

REASON = ("--reason", "en=The price of Lights was wrong", "--reason", "cy=Roedd pris yn anghywir")
SAID = {"en": "The price of Lights was wrong", "cy": "Roedd pris yn anghywir"}


@pytest.fixture
def consult(services, clock, monkeypatch):
    """The command line on the same database; its store goes by the real clock."""
    clock.now = datetime.now(UTC)
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", services.config.database_url)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    return run


@pytest.fixture
def stands(services):
    """The consultation as the record has it."""
    return lambda about: services.record.get(Consultation, about.id)


def facts(services, about):
    return [event.fact for event in services.record.events.get(about.id)]


def test_a_consultation_is_paused_with_its_reason_and_goes_on(services, consult, stands):
    about = consultation(services)
    paused = consult("pause", "riverside", *REASON)
    assert paused.exit_code == 0, paused.output
    assert "consult resume riverside" in paused.output
    assert stands(about).is_paused
    assert stands(about).pause_reason == SAID
    gone_on = consult("resume", "riverside")
    assert gone_on.exit_code == 0, gone_on.output
    assert not stands(about).is_paused
    assert {fact.by.role for fact in facts(services, about)[-2:]} == {"operator"}


def test_a_consultation_is_withdrawn_for_good_with_its_reason(services, consult, stands):
    about = consultation(services)
    done = consult("withdraw", "riverside", *REASON)
    assert done.exit_code == 0, done.output
    assert stands(about).state == "withdrawn"
    assert facts(services, about)[-1].reason == SAID
    again = consult("withdraw", "riverside", *REASON)
    assert again.exit_code == 1
    assert "not open, so nothing was recorded" in again.output


def test_a_draft_is_withdrawn_with_a_reason_in_its_first_language(services, consult, stands):
    about = draft(services)
    done = consult("withdraw", "riverside", "--reason", "en=No need")
    assert done.exit_code == 0, done.output
    assert stands(about).state == "withdrawn"


def test_people_are_given_until_a_time_of_a_clock_in_london(services, consult, stands):
    about = consultation(services)
    local = (datetime.now(ZoneInfo("Europe/London")) + timedelta(days=40)).replace(
        hour=17, minute=0, second=0, microsecond=0
    )
    consult("pause", "riverside", *REASON)
    done = consult("extend", "riverside", "--until", f"{local:%Y-%m-%d %H:%M}", *REASON)
    assert done.exit_code == 0, done.output
    assert stands(about).terms.closes_at == local.astimezone(UTC)
    earlier = consult("extend", "riverside", "--until", "2020-01-01 00:00", *REASON)
    assert earlier.exit_code == 1
    assert "never shortened" in earlier.output


@pytest.mark.parametrize(
    ("hour", "says"),
    [
        ("2099-03-29 01:30", "There is no such time on that day, because the clocks go forward."),
        ("2099-10-25 01:30", "That time comes twice on that day, because the clocks go back."),
    ],
)
def test_an_hour_that_is_not_there_or_comes_twice_is_refused(services, consult, stands, hour, says):
    about = consultation(services)
    before = stands(about).terms.closes_at
    refused = consult("extend", "riverside", "--until", hour, *REASON)
    assert refused.exit_code == 1
    assert says in refused.output
    assert stands(about).terms.closes_at == before


@pytest.mark.parametrize("command", ["pause", "withdraw", "extend"])
@pytest.mark.parametrize(
    ("reason", "code", "says"),
    [
        ((), 2, "--reason"),
        (("--reason", "The price was wrong"), 2, "it takes a language and words"),
        (("--reason", "en="), 2, "it takes a language and words"),
        (("--reason", "en=One", "--reason", "en=Two"), 2, "given twice"),
        (("--reason", f"en={'a' * 2_001}"), 2, "more than 2,000 characters"),
        (("--reason", "en=Only English"), 1, "every language"),
        ((*REASON, "--reason", "fr=Le prix"), 1, "riverside is in en, cy, not in fr"),
    ],
)
def test_without_a_reason_for_everybody_nothing_changes(
    services, consult, stands, command: str, reason: tuple[str, ...], code: int, says: str
):
    about = consultation(services)
    until = ("--until", f"{datetime.now(UTC) + timedelta(days=60):%Y-%m-%d %H:%M}")
    refused = consult(command, "riverside", *(until if command == "extend" else ()), *reason)
    assert refused.exit_code == code
    assert says in refused.output
    assert stands(about).version == about.version


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("resume", "riverside"), "not paused, so nothing was changed"),
        (("pause", "nowhere", *REASON), "There is no consultation “nowhere”"),
        (("withdraw", "nowhere", *REASON), "There is no consultation “nowhere”"),
        (("resume", "nowhere"), "There is no consultation “nowhere”"),
    ],
)
def test_what_cannot_be_done_is_said(services, consult, words: tuple[str, ...], says: str):
    consultation(services)
    refused = consult(*words)
    assert refused.exit_code == 1
    assert says in refused.output
