"""Personal data go by themselves when their time is over, and stay while a hold lasts."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from consult.commands.answers.attaching import attach_file
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.consultations.opening import withdraw_consultation
from consult.commands.data_protection.retention import (
    lift_legal_hold,
    outcome_at,
    periods,
    retain,
    run_retention,
    set_legal_hold,
    sweep_unsent_files,
    sweep_unsent_texts,
)
from consult.commands.results.counting import publish_results
from consult.people import tables, watermarks
from consult.people.answers import attachments, drafts, texts
from consult.people.mailboxes import contacts
from consult.people.vault import KeyGone
from consult.services import Services
from events import NotFound, Submission
from events.data_protection import HoldReasonMissing
from events.log.entry import decode_entry
from projections.data_protection import DataProtection
from tests.builders import (
    KEEPER,
    ORGANISER,
    RANKING,
    RESIDENT,
    close_consultation,
    consultation,
    question,
    words,
)
from tests.consult.people.erasable import WORDS, answer, asked, held, rows, tell_more


@pytest.fixture
def ended(services, log, seal, clock):
    """A consultation of two people, closed and published and sealed."""
    id = asked(services).id
    for name in ("ann", "bob"):
        tell_more(services, answer(services, id, name))
    close_consultation(services, id, actor=ORGANISER)
    publish_results(services, id, actor=ORGANISER)
    seal()
    return id


def went(services) -> list[str]:
    return sorted(what for _, what in run_retention(services))


def test_each_thing_goes_when_its_own_period_is_over(services, clock, ended):
    clock.move(days=89, hours=23)
    assert went(services) == []
    clock.move(hours=1)
    assert went(services) == ["contacts"]
    assert held(services) == (2, 0, 4)
    clock.move(days=2)
    assert went(services) == ["key"]
    with pytest.raises(KeyGone):
        services.vault.pseudonym(ended, "ann")
    clock.move(days=730 - 92)
    assert went(services) == ["equality", "texts"]
    assert held(services) == (0, 0, 0)
    clock.move(days=10_000)
    assert went(services) == []


def test_it_is_recorded_how_many_rows_went_and_the_log_says_that_the_key_is_gone(
    services, clock, ended, log, seal
):
    clock.move(days=92)
    run_retention(services)
    facts = [
        row for row in services.record.read(0, 1_000) if row.topic.startswith("consult.disclosure")
    ]
    assert [row.topic.split(".")[2] for row in facts] == ["retention_run", "key_destroyed"]
    assert b'"number":2' in facts[0].state
    size = seal()
    with log.tree(size) as tree:
        last = decode_entry(tree.entry(size - 1))
    assert (last["t"], last["c"]) == ("key_destroyed", str(ended))


def test_the_periods_are_what_the_installation_says(services, clock, ended):
    services.config = replace(services.config, contact_days=5)
    clock.move(days=5)
    assert went(services) == ["contacts"]


def test_a_key_is_never_destroyed_before_every_ballot_can_be_opened(services, clock, log, seal):
    id = asked(services).id
    answer(services, id)
    close_consultation(services, id, actor=ORGANISER)
    publish_results(services, id, actor=ORGANISER)
    clock.move(days=100)
    assert "key" not in went(services)
    seal()
    assert went(services) == ["key"]


def test_a_counted_consultation_without_a_result_waits_a_year_for_it(services, clock, log, seal):
    id = asked(services).id
    tell_more(services, answer(services, id))
    ended = close_consultation(services, id, actor=ORGANISER)
    clock.now = ended.terms.closes_at
    seal()
    clock.move(days=365 + 89)
    assert went(services) == []
    clock.move(days=1)
    assert went(services) == ["contacts"]


def test_the_data_of_a_stopped_consultation_go_as_well(services, clock, log, seal):
    id = asked(services).id
    tell_more(services, answer(services, id))
    withdraw_consultation(services, id, reason=words("A mistake"), actor=ORGANISER)
    seal()
    clock.move(days=365 + 730)
    assert went(services) == ["contacts", "equality", "key", "texts"]
    assert held(services) == (0, 0, 0)


def test_nothing_goes_while_people_are_still_answering(services, clock):
    id = asked(services, days=2_000).id
    tell_more(services, answer(services, id))
    clock.move(days=1_900)
    assert went(services) == []
    assert held(services) == (1, 1, 2)


def test_a_legal_hold_stops_everything_until_the_last_one_is_lifted(services, clock, ended):
    holds = [set_legal_hold(services, ended, reason=f"Claim {n}", actor=KEEPER) for n in range(2)]
    clock.move(days=1_000)
    assert went(services) == []
    lift_legal_hold(services, holds[0].id, reason="Done", actor=KEEPER)
    assert went(services) == []
    lift_legal_hold(services, holds[1].id, reason="Done", actor=KEEPER)
    assert went(services) == ["contacts", "equality", "key", "texts"]


def test_two_hosts_doing_it_at_once_record_it_once(services, clock, ended, monkeypatch):
    clock.move(days=90)
    run_retention(services)
    head = services.record.head()
    with services.views.connect() as db:
        [stale] = services.views.reader(DataProtection).ended(db)
    stale = replace(stale, gone=frozenset())
    monkeypatch.setattr(DataProtection, "ended", lambda *_: [stale])
    assert went(services) == ["contacts"]
    assert services.record.head() == head


def test_an_old_vault_put_back_after_the_period_is_emptied_again(services, clock, ended):
    old = {
        table: [dict(row._mapping) for row in rows(services, table)]
        for table in tables.metadata.sorted_tables
    }
    clock.move(days=730)
    run_retention(services)
    with services.vault.transaction() as connection:
        for table, kept in old.items():
            connection.execute(table.delete())
            if kept:
                connection.execute(table.insert(), kept)
    served = Services.open(services.config, clock)
    assert held(served) == (0, 0, 0)
    with pytest.raises(KeyGone):
        served.vault.pseudonym(ended, "ann")
    served.close()


def test_words_that_never_reached_the_record_are_swept_after_a_day(services, clock):
    id = asked(services).id
    sent = answer(services, id, words="Sent")
    texts.keep(services.vault, id, sent.subject_id, {"more": WORDS}, now=clock())
    clock.move(hours=23)
    assert sweep_unsent_texts(services) == 0
    clock.move(hours=2)
    assert sweep_unsent_texts(services) == 1
    assert [row.words for row in rows(services, tables.free_text)] == ["Sent"]
    assert sweep_unsent_texts(services) == 0


def test_a_refused_submission_leaves_no_words_behind(services):
    id = asked(services).id
    answer(services, id, words="First")
    answer(services, id, words="Second")
    assert sorted(row.words for row in rows(services, tables.free_text)) == ["First", "Second"]


def test_the_duty_does_it_all_once_an_hour(services, clock, ended):
    drafts.save(services.vault, "secret", ended, {"typed": {}}, now=clock())
    retain(services)
    clock.move(days=drafts.KEPT_DAYS + 1)
    retain(services)
    assert drafts.load(services.vault, "secret", ended) == {}
    clock.move(days=59, minutes=30)
    retain(services)
    assert held(services)[1] == 0
    clock.move(minutes=30)
    head = services.record.head()
    clock.now += timedelta(days=10)
    retain(services)
    assert services.record.head() == head + 1
    clock.move(minutes=59)
    retain(services)
    assert services.record.head() == head + 1


def test_what_waits_for_the_log_keeps_nothing_else_and_nobody_else(services, clock):
    """Of two, the first is held; of the second nothing was sealed, so its key waits alone."""
    held_one, other = (asked(services, slug=slug).id for slug in ("first", "second"))
    for id in (held_one, other):
        tell_more(services, answer(services, id, "ann"))
        close_consultation(services, id, actor=ORGANISER)
        publish_results(services, id, actor=ORGANISER)
    set_legal_hold(services, held_one, reason="Claim", actor=KEEPER)
    clock.move(days=1_000)
    assert sorted(run_retention(services)) == [
        (other, what) for what in ("contacts", "equality", "texts")
    ]
    assert held(services) == (1, 1, 2)


def test_files_that_were_looked_at_once_are_not_looked_at_again(services, clock):
    assert sweep_unsent_files(services) == 0
    looked_at = watermarks.moment(services.vault, "unsent files")
    assert looked_at == clock.now - timedelta(days=1)
    clock.move(hours=5)
    sweep_unsent_files(services)
    assert watermarks.moment(services.vault, "unsent files") == looked_at + timedelta(hours=5)
    sweep_unsent_texts(services)
    assert watermarks.moment(services.vault, "unsent texts") == clock.now - timedelta(days=1)


def hand_in_a_file(services, about, voter, name="plan.txt"):
    """A file in the vault, bound to a submission that need not reach the record."""
    plan = about.questions["plan"]
    kept = attach_file(services, about.id, plan, draft_secret=voter, name=name, content=b"In words")
    id = Submission.id_for(about.id, services.vault.pseudonym(about.id, voter))
    bound = {"plan": kept.commitment}
    how = {"questions": about.questions, "now": services.clock()}
    attachments.bind(services.vault, about.id, id, bound, **how)
    return kept.commitment


PLAN = question("plan", "file", "A plan?", required=False)


def test_files_that_never_reached_the_record_are_swept_after_a_day_and_no_others(services, clock):
    about = consultation(services, RANKING, PLAN)
    sent = hand_in_a_file(services, about, "ann")
    sheet = Sheet({"order": ["a"]}, files={"plan": sent})
    how = {"consultation_id": about.id, "actor": RESIDENT, "command_id": ""}
    submit_answers(services, voter="ann", sheet=sheet, **how)
    hand_in_a_file(services, about, "bob")
    in_draft = attach_file(
        services, about.id, PLAN, draft_secret="eve", name="e.txt", content=b"e"
    ).commitment
    assert len(rows(services, tables.attachment)) == 3
    clock.move(days=1, seconds=-1)
    assert sweep_unsent_files(services) == 0
    clock.move(seconds=1)
    assert sweep_unsent_files(services) == 1
    left = {row.commitment for row in rows(services, tables.attachment)}
    assert left == {sent, in_draft}
    clock.move(days=3)
    assert sweep_unsent_files(services) == 0


@pytest.fixture
def rounds(services, monkeypatch):
    """How often the work of a round was done."""
    done = []
    really = drafts.sweep
    monkeypatch.setattr(
        "consult.commands.data_protection.retention.drafts.sweep",
        lambda *given, **more: done.append(services.clock()) or really(*given, **more),
    )
    return done


def test_a_round_is_done_once_an_hour_and_again_when_the_clock_was_set_back(
    services, clock, rounds
):
    for minutes, expected in ((0, 1), (0, 1), (59, 1), (0.98, 1), (0.02, 2), (1, 2), (600, 3)):
        clock.move(minutes=minutes)
        retain(services)
        assert len(rounds) == expected, (minutes, expected)
    clock.move(hours=-5)
    retain(services)
    assert len(rounds) == 4
    assert watermarks.moment(services.vault, "retention") == clock.now


@pytest.mark.parametrize(
    ("has_closed", "ended", "published", "since"),
    [
        (True, None, None, None),
        (True, 1, None, 1 + 365),
        (False, 1, None, 1),
        (True, 1, 3, 3),
        (False, 1, 3, 3),
        (True, None, 3, 3),
    ],
)
def test_periods_begin_with_the_result_or_with_the_end_where_none_comes(
    clock, has_closed, ended, published, since
):
    def day(number):
        return None if number is None else clock.now + timedelta(days=number)

    keeping = SimpleNamespace(
        has_closed=has_closed, ended_at=day(ended), published_at=day(published)
    )
    assert outcome_at(keeping) == day(since)


def test_periods_are_days_of_the_settings(services):
    services.config = replace(services.config, contact_days=1, key_days=2, words_days=3)
    assert {what: period.days for what, period in periods(services).items()} == {
        "contacts": 1,
        "key": 2,
        "texts": 3,
        "equality": 3,
    }


def test_a_hold_needs_a_consultation_and_a_reason_and_is_told_by_its_case(services, clock, ended):
    with pytest.raises(NotFound):
        set_legal_hold(services, uuid4(), reason="Claim", actor=KEEPER)
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(HoldReasonMissing):
            set_legal_hold(services, ended, reason=reason, actor=KEEPER)
    case = set_legal_hold(services, ended, reason="x" * 500, actor=KEEPER, command_id="k")
    head = services.record.head()
    again = set_legal_hold(services, ended, reason="x" * 500, actor=KEEPER, command_id="k")
    assert (again.id, services.record.head()) == (case.id, head)
    for reason in ("", " "):
        with pytest.raises(HoldReasonMissing):
            lift_legal_hold(services, case.id, reason=reason, actor=KEEPER)
    lift_legal_hold(services, case.id, reason="Over", actor=KEEPER)
    with services.whole(DataProtection) as (db, data_protection):
        assert not data_protection.of(db, ended).holds
    with pytest.raises(NotFound):
        lift_legal_hold(services, uuid4(), reason="Over", actor=KEEPER)


def test_addresses_that_nobody_confirmed_go_after_a_week_and_confirmed_ones_stay(services, clock):
    id = asked(services, days=100).id
    for name in ("ann", "bob"):
        receipt = answer(services, id, name)
        whose = (id, receipt.subject_id, receipt.version)
        waits = contacts.keep(
            services.vault, *whose, f"{name}@example.org", "en", waiting_since=clock()
        )
    contacts.confirm(services.vault, waits)
    clock.move(days=7, seconds=-1)
    retain(services)
    assert held(services)[1] == 2
    clock.move(hours=1)
    retain(services)
    assert [row.email for row in rows(services, tables.contact)] == ["bob@example.org"]
