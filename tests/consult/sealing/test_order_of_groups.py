"""Random facts of several consultations are sealed as docs/log.md says, and as was promised.

A small model of the rule says which facts stand together at each moment and which still wait;
the log of a real record must agree with it, entry for entry.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from consult.commands.answers.submitting import Sheet, submit_answers, withdraw_answers
from consult.commands.consultations.opening import pause_consultation, resume_consultation
from consult.commands.data_protection.erasure import erase_by_holder
from consult.log_store import tables
from consult.log_store.waiting import waiting_facts
from consult.sealing import sealer as sealer_module
from consult.sealing.promises import promise_of, promising_key
from consult.sealing.public_entries.entries import PUBLIC
from consult.sealing.running import open_sealer, seal_now
from events import Ballot, DataProtectionCase
from events.log.leaf import leaf_hashes
from events.log.promise import parse_promise
from events.store.mapper import FactMapper
from tests.builders import ORGANISER, consultation, words
from tests.consult.sealing.audits import RESIDENT, audit, contents

OF_RESPONSES = {
    Ballot.Cast.TOPIC,
    Ballot.Replaced.TOPIC,
    Ballot.Withdrawn.TOPIC,
    DataProtectionCase.PersonalDataErased.TOPIC,
}
OWN = 2
"""Entries of the log itself: its name, and its key of promises."""


class Told(NamedTuple):
    """A public fact. `person`: of a response, else None. `about`: None of a partnership's."""

    position: int
    about: UUID | None
    person: str | None
    at: datetime


class Model:
    """The rule in a few lines: what stands together, in order, and what waits."""

    def __init__(self) -> None:
        self.sealed: list[list[Told]] = []
        self.waiting: dict[UUID, list[Told]] = {}

    def seal(self, facts: list[Told], now: datetime) -> None:
        for fact in facts:
            self._release_due(fact.at)
            if fact.person is not None:
                self.waiting.setdefault(fact.about, []).append(fact)
                continue
            self._release(fact.about)
            self.sealed.append([fact])
        self._release_due(now)
        for about in [*self.waiting]:
            if len({fact.person for fact in self.waiting[about]}) >= 5:
                self._release(about)

    def _release_due(self, moment: datetime) -> None:
        this_hour = moment.replace(minute=0, second=0, microsecond=0)
        for about in [*self.waiting]:
            if any(fact.at < this_hour for fact in self.waiting[about]):
                self._release(about)

    def _release(self, about: UUID | None) -> None:
        if about in self.waiting:
            self.sealed.append(self.waiting.pop(about))


def public_facts(services: Any, after: int) -> Iterator[Told]:
    """The public facts after a position, read by hand."""
    mapper, persons = FactMapper(), {}
    for row in services.record.read(0, 100_000):
        fact = mapper.decode(row.topic, row.state)
        if hasattr(fact, "pseudonym"):
            persons[row.subject_id] = fact.pseudonym
        if row.topic not in PUBLIC or row.position <= after:
            continue
        about = getattr(fact, "consultation_id", None)
        if about is None and row.topic.startswith("consult.consultation."):
            about = row.subject_id
        person = persons[row.subject_id] if row.topic in OF_RESPONSES else None
        yield Told(row.position, about, person, fact.at)


class Story:
    """Acts drawn at random, on two consultations of five or six people each."""

    def __init__(self, services: Any, log: Any, clock: Any) -> None:
        self.services, self.log, self.clock = services, log, clock
        self.model, self.read, self.number = Model(), 0, 0
        self.abouts = [self._opened(), self._opened()]
        self.receipts: dict[tuple[int, int], Any] = {}
        self.paused: set[int] = set()
        self.tried = 0
        self.promised: dict[int, bytes] = {}
        self.key = promising_key(services.config, log).verifier

    def _opened(self) -> Any:
        self.number += 1
        return consultation(
            self.services, slug=f"story-{self.number}-{self.services.record.head()}"
        )

    def act(self, what: str, which: int, who: int) -> None:
        self.tried += 1
        getattr(self, what)(which, who)

    def answers(self, which: int, who: int) -> None:
        if which not in self.paused:
            order = ["a", "b", "c"][self.tried % 3]
            receipt = self.receipts[which, who] = submit_answers(
                self.services,
                consultation_id=self.abouts[which].id,
                voter=f"{who}",
                sheet=Sheet(answers={"order": [order]}),
                actor=RESIDENT,
                command_id=f"{self.tried}",
            )
            promise = promise_of(self.services, self.log, receipt.position)
            self.promised[receipt.position] = parse_promise(promise, [self.key]).leaf

    def withdraws(self, which: int, who: int) -> None:
        held = self.receipts.pop((which, who), None)
        if held and which not in self.paused:
            withdraw_answers(
                self.services, holder=held.holder, actor=RESIDENT, command_id=f"w{self.tried}"
            )

    def is_erased(self, which: int, who: int) -> None:
        held = self.receipts.get((which, who))
        if held:
            erase_by_holder(self.services, holder=held.holder, actor=RESIDENT)

    def pauses_or_goes_on(self, which: int, _who: int) -> None:
        id = self.abouts[which].id
        if which in self.paused:
            resume_consultation(self.services, id, actor=ORGANISER)
        else:
            pause_consultation(self.services, id, reason=words("A fault"), actor=ORGANISER)
        self.paused ^= {which}

    def time_passes(self, which: int, who: int) -> None:
        self.clock.move(minutes=7 * (1 + who) + 50 * which, microseconds=who)

    def is_sealed(self, _which: int, _who: int) -> None:
        sealer = open_sealer(self.services.config, self.services.record, self.log, self.clock)
        try:
            sealer.seal_all()
        finally:
            sealer.close()
        facts = list(public_facts(self.services, self.read))
        self.model.seal(facts, self.clock.now)
        self.read = self.services.record.head()
        self.check()

    def check(self) -> None:
        """The log agrees: groups in order, each whole, and in each everybody's own in order."""
        query = select(tables.entry.c.position).where(tables.entry.c.position > 0)
        with self.log.read() as db:
            found = list(db.execute(query.order_by(tables.entry.c.index)).scalars())
        places = {position: at for at, position in enumerate(found)}
        assert len(places) == len(found), "nothing is sealed twice"
        first = 0
        for group in self.model.sealed:
            together = found[first : first + len(group)]
            assert sorted(together) == [fact.position for fact in group]
            for person in {fact.person for fact in group}:
                mine = [fact.position for fact in group if fact.person == person]
                assert [at for at in together if at in mine] == mine
            first += len(group)
        assert first == len(found)
        waits = sorted(fact.position for group in self.model.waiting.values() for fact in group)
        assert [fact.position for fact in waiting_facts(self.log)] == waits

    def ends(self) -> None:
        """Within an hour everything is in."""
        self.clock.move(hours=1)
        self.is_sealed(0, 0)
        assert waiting_facts(self.log) == []
        assert audit(self.services, self.log) == OWN + sum(map(len, self.model.sealed))
        leaves = leaf_hashes(contents(self.log))
        found = {position: leaves[self.log.find(position)] for position in self.promised}
        assert found == self.promised


ACTS = st.tuples(
    st.sampled_from(
        ["answers"] * 8
        + ["is_sealed"] * 3
        + ["withdraws", "is_erased", "pauses_or_goes_on", "time_passes", "time_passes"]
    ),
    st.integers(0, 1),
    st.integers(0, 5),
)


@pytest.mark.slow
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACTS, min_size=10, max_size=50))
def test_whatever_happens_each_public_fact_is_sealed_once_and_where_the_rule_says(story, acts):
    told = story()
    for act in acts:
        told.act(*act)
    told.ends()


@pytest.fixture
def story(services, log, clock, monkeypatch):
    """Begins a story on the record of the test, after those that were told before."""
    monkeypatch.setattr(sealer_module, "FACTS_MAX", 100_000)
    seal_now(services, log, promises=True)
    known: list[Story] = []

    def begin() -> Story:
        begun = Story(services, log, clock)
        if known:
            begun.model, begun.read = known[-1].model, known[-1].read
        known.append(begun)
        return begun

    return begin
