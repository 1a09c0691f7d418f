"""Opening, pausing and closing by two clocks: a web host's own, and the store's, which judges."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from consult.commands.answers.submitting import Sheet, submit_answers, withdraw_answers
from consult.commands.answers.submitting_refusals import ConsultationClosed, ConsultationPaused
from consult.commands.consultations.opening import (
    close_consultation,
    extend_consultation,
    open_consultation,
    pause_consultation,
    resume_consultation,
    withdraw_consultation,
)
from consult.config import Config
from consult.duties import close_what_is_due
from consult.services import Services
from events import Consultation
from events.consultations.consultation_refusals import (
    AnswersAreIn,
    NotOpen,
    NotYetOver,
    PeriodTooShort,
)
from tests.builders import (
    BEGINNING,
    ORGANISER,
    RESIDENT,
    Clock,
    consultation,
    draft,
    partnership,
    words,
)

CLOSES_AT = BEGINNING + timedelta(days=14)
REASON = words("It asks the wrong thing")


@pytest.fixture
def host() -> Clock:
    """The clock of a web host, which can be wrong by any amount."""
    return Clock()


@pytest.fixture
def services(database_url: str, clock: Clock, host: Clock) -> Iterator[Services]:
    """Services whose store goes by `clock`, while the host that asks it goes by its own."""
    opened = Services.open(Config(database_url=database_url), clock)
    opened.clock = host
    yield opened
    opened.close()


def send(services: Services, about: Consultation, who: str = "Ada") -> Any:
    return submit_answers(
        services,
        consultation_id=about.id,
        voter=who,
        sheet=Sheet({"order": ["a"]}),
        actor=RESIDENT,
        command_id=f"send-{who}-{services.record.head()}",
    )


def state(services: Services, about: Consultation) -> str:
    return services.record.get(Consultation, about.id).state


def test_a_person_who_closes_early_is_refused_whatever_their_host_says(services, clock, host):
    about = consultation(services)
    for wrong in (timedelta(0), timedelta(days=400), timedelta(days=-400)):
        host.now = BEGINNING + wrong
        with pytest.raises(NotYetOver, match="Pause it, or withdraw it"):
            close_consultation(services, about.id, actor=ORGANISER)
    clock.now = CLOSES_AT - timedelta(microseconds=1)
    with pytest.raises(NotYetOver):
        close_consultation(services, about.id, actor=ORGANISER)
    assert state(services, about) == "open"


def test_the_background_closes_at_the_stores_hour_and_not_at_its_hosts(services, clock, host):
    about = consultation(services)
    host.now = CLOSES_AT + timedelta(days=1)
    close_what_is_due(services)
    assert state(services, about) == "open"
    host.now = BEGINNING - timedelta(days=1)
    clock.now = CLOSES_AT
    close_what_is_due(services)
    assert state(services, about) == "closed"
    closed = services.record.events.get(about.id)
    *_, last = closed
    assert last.fact.at == CLOSES_AT, "when it closed is told by the store too"


def test_a_clock_set_back_neither_closes_before_the_opening_nor_takes_a_ballot(
    services, clock, host
):
    about = consultation(services)
    clock.now = host.now = BEGINNING - timedelta(days=30)
    close_what_is_due(services)
    with pytest.raises(NotYetOver):
        close_consultation(services, about.id, actor=ORGANISER)
    head = services.record.head()
    with pytest.raises(ConsultationClosed):
        send(services, about)
    assert services.record.head() == head


def test_a_host_whose_clock_is_set_back_takes_no_ballot_after_the_hour(services, clock, host):
    about = consultation(services)
    clock.now = CLOSES_AT + timedelta(seconds=1)
    host.now = BEGINNING
    head = services.record.head()
    with pytest.raises(ConsultationClosed):
        send(services, about)
    close_what_is_due(services)
    clock.now = host.now = BEGINNING
    with pytest.raises(ConsultationClosed):
        send(services, about)
    assert services.record.head() == head + 1, "only the closing"


@pytest.mark.parametrize("behind", [timedelta(0), timedelta(days=1)], ids=["right", "behind"])
def test_nobody_withdraws_from_the_hour_on_whatever_their_host_says(services, clock, host, behind):
    about = consultation(services)
    clock.now = CLOSES_AT
    host.now = CLOSES_AT - behind
    with pytest.raises(AnswersAreIn):
        withdraw_consultation(services, about.id, reason=REASON, actor=ORGANISER)
    assert state(services, about) == "open", "its closing is recorded by the background"


def test_a_withdrawal_that_is_stored_after_the_hour_is_refused(services, clock, monkeypatch):
    about = consultation(services)
    clock.now = CLOSES_AT - timedelta(microseconds=1)
    save = services.record.save

    def late(*args: Any, **rest: Any) -> Any:
        clock.now = CLOSES_AT + timedelta(microseconds=1)
        return save(*args, **rest)

    monkeypatch.setattr(services.record, "save", late)
    with pytest.raises(AnswersAreIn):
        withdraw_consultation(services, about.id, reason=REASON, actor=ORGANISER)
    assert state(services, about) == "open"


def test_a_draft_whose_closing_time_has_passed_can_be_withdrawn(services, clock):
    about = draft(services)
    clock.now = CLOSES_AT + timedelta(days=1)
    withdraw_consultation(services, about.id, reason=REASON, actor=ORGANISER)
    assert state(services, about) == "withdrawn"


def test_a_host_whose_clock_is_ahead_turns_nobody_away(services, clock, host):
    about = consultation(services)
    host.now = CLOSES_AT + timedelta(days=3)
    receipt = send(services, about)
    withdraw_answers(services, holder=receipt.holder, actor=RESIDENT, command_id="back")


def test_a_host_whose_clock_is_set_back_opens_nothing_that_leaves_people_less_time(
    services, clock, host
):
    partnership(services, profile="local-agreement")
    about = draft(services, days=28)
    clock.move(minutes=1)
    host.now = BEGINNING - timedelta(days=10)
    with pytest.raises(PeriodTooShort, match="28 days"):
        open_consultation(services, about.id, actor=ORGANISER)
    clock.now = BEGINNING
    assert open_consultation(services, about.id, actor=ORGANISER).is_open


def test_nobody_is_given_more_time_after_the_hour_has_passed(services, clock, host):
    about = consultation(services)
    clock.now = CLOSES_AT + timedelta(seconds=1)
    host.now = BEGINNING
    with pytest.raises(NotOpen):
        extend_consultation(
            services,
            about.id,
            closes_at=CLOSES_AT + timedelta(days=9),
            reason=words("Late"),
            actor=ORGANISER,
        )


def test_in_a_pause_no_answer_is_taken_changed_or_taken_back(services):
    about = consultation(services)
    receipt = send(services, about)
    pause_consultation(services, about.id, reason=words("Wrong leaflet"), actor=ORGANISER)
    head = services.record.head()
    for refused in (
        lambda: send(services, about, "Bob"),
        lambda: send(services, about),
        lambda: withdraw_answers(services, holder=receipt.holder, actor=RESIDENT, command_id="x"),
    ):
        with pytest.raises(ConsultationPaused, match="paused, so nothing was recorded"):
            refused()
    assert services.record.head() == head
    resume_consultation(services, about.id, actor=ORGANISER)
    assert send(services, about, "Bob").version == 1
    assert send(services, about).version == 2


def test_what_is_paused_closes_at_its_time_and_can_be_given_more_before(services, clock):
    about = consultation(services)
    pause_consultation(services, about.id, reason=words("Wrong leaflet"), actor=ORGANISER)
    later = CLOSES_AT + timedelta(days=7)
    extend_consultation(
        services, about.id, closes_at=later, reason=words("For the pause"), actor=ORGANISER
    )
    services.catch_up()
    clock.now = CLOSES_AT
    close_what_is_due(services)
    assert state(services, about) == "open"
    clock.now = later
    close_what_is_due(services)
    assert state(services, about) == "closed"
    with pytest.raises(NotOpen):
        resume_consultation(services, about.id, actor=ORGANISER)


def test_a_pause_that_ends_only_after_the_hour_does_not_end(services, clock):
    about = consultation(services)
    pause_consultation(services, about.id, reason=words("Wrong leaflet"), actor=ORGANISER)
    clock.now = CLOSES_AT + timedelta(seconds=1)
    with pytest.raises(NotOpen):
        resume_consultation(services, about.id, actor=ORGANISER)
