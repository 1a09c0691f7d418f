"""Personal data go by themselves when their time is over, and stay while a hold lasts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consult.commands.counting import publish_results
from consult.commands.opening import withdraw_consultation
from consult.commands.retaining import (
    lift_legal_hold,
    retain,
    run_retention,
    set_legal_hold,
    sweep_unsent_files,
    sweep_unsent_texts,
)
from consult.people import drafts, marks, tables, texts
from consult.people.vault import KeyGone
from consult.services import Services
from events.log.entry import decode_entry
from projections.custody import Custody
from tests.builders import ORGANISER, close_consultation, words
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
    holds = [
        set_legal_hold(services, ended, reason=f"Claim {n}", actor=ORGANISER) for n in range(2)
    ]
    clock.move(days=1_000)
    assert went(services) == []
    lift_legal_hold(services, holds[0].id, reason="Done", actor=ORGANISER)
    assert went(services) == []
    lift_legal_hold(services, holds[1].id, reason="Done", actor=ORGANISER)
    assert went(services) == ["contacts", "equality", "key", "texts"]


def test_two_hosts_doing_it_at_once_record_it_once(services, clock, ended, monkeypatch):
    clock.move(days=90)
    run_retention(services)
    head = services.record.head()
    with services.views.connect() as db:
        [stale] = services.views.reader(Custody).ended(db)
    stale = replace(stale, gone=frozenset())
    monkeypatch.setattr(Custody, "ended", lambda *_: [stale])
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
    set_legal_hold(services, held_one, reason="Claim", actor=ORGANISER)
    clock.move(days=1_000)
    assert sorted(run_retention(services)) == [
        (other, what) for what in ("contacts", "equality", "texts")
    ]
    assert held(services) == (1, 1, 2)


def test_files_that_were_looked_at_once_are_not_looked_at_again(services, clock):
    assert sweep_unsent_files(services) == 0
    looked_at = marks.moment(services.vault, "unsent files")
    assert looked_at == clock.now - timedelta(days=1)
    clock.move(hours=5)
    sweep_unsent_files(services)
    assert marks.moment(services.vault, "unsent files") == looked_at + timedelta(hours=5)
    sweep_unsent_texts(services)
    assert marks.moment(services.vault, "unsent texts") == clock.now - timedelta(days=1)
