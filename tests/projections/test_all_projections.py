"""Every read model is a pure fold of the record (I9): rebuilt from nothing, it is equal."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.holding import Holder
from consult.commands.answers.submitting import Sheet, submit_answers, withdraw_answers
from consult.commands.data_protection.erasure import erase_by_holder
from consult.commands.results.counting import publish_results
from consult.commands.results.working_out import work_out
from consult.services import Services
from events import DataProtectionCase, Refused, Response, Submission
from events.store.mapper import FactMapper
from events.submission import AnswersGiven
from projections import ALL
from projections.ballot_box import BallotBox
from projections.engine.rebuilding import compare
from projections.participation import by
from projections.ranking import totals
from projections.writings import Chosen, Writings
from tests.builders import ORGANISER, RANKING, RESIDENT, close_consultation, consultation, question

TEXT = question("more", "text", "Anything else?", required=False)
MONEY = question(
    "money", "approval", "Which?", "Lights", "Kitchen", "Trees",
    pot=50, costs={"l": 30, "k": 20, "t": 45}, required=False,
)  # fmt: skip

NUMBERS = count()

people = st.integers(0, 4)
rankings = st.permutations(["a", "b", "c"]).flatmap(
    lambda order: st.integers(1, 3).map(lambda depth: order[:depth])
)
acts = st.one_of(
    st.tuples(st.just("send"), people, rankings, st.sampled_from(["W03", "W09", ""])),
    st.tuples(st.just("withdraw"), people),
    st.tuples(st.just("group"), people),
    st.tuples(st.just("erase"), people),
    st.tuples(st.just("catch up")),
    st.tuples(st.just("close")),
)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(acts, min_size=1, max_size=25))
def test_whatever_happens_a_rebuild_gives_the_same_rows(services: Services, story):
    slug = f"story-{next(NUMBERS)}"
    asked = consultation(services, RANKING, TEXT, MONEY, slug=slug, wards=True)
    tell(services, asked.id, story)
    services.catch_up()
    for projection in ALL:
        assert compare(services.runner, projection) == []
    with services.views.connect() as db:
        rows = services.views.reader(Writings).listed(db, asked.id, "more", Chosen(), 100)
    assert {row.commitment: row.is_erased for row in rows} == words_of_the_record(services)[
        asked.id
    ]


def words_of_the_record(services: Services) -> dict[Any, dict[str, bool]]:
    """By consultation the commitments of answers that stand, and whether they were erased."""
    standing: dict[Any, Any] = {}
    erased: dict[Any, int] = {}
    mapper = FactMapper()
    for row in services.record.read(0, 100_000):
        fact: Any = mapper.decode(row.topic, row.state)
        if isinstance(fact, AnswersGiven):
            standing[row.subject_id] = (fact.consultation_id, row.version, fact.texts)
        elif row.topic.endswith((".response.withdrawn.v1", ".ballot.withdrawn.v1")):
            standing.pop(row.subject_id)
        elif isinstance(fact, DataProtectionCase.PersonalDataErased):
            erased[fact.submission_id] = fact.version
    found: dict[Any, dict[str, bool]] = defaultdict(dict)
    for subject_id, (id, version, texts) in standing.items():
        for commitment in texts.values():
            found[id][commitment] = version <= erased.get(subject_id, 0)
    return found


def tell(services: Services, id: Any, story: list[tuple[Any, ...]]) -> None:
    codes: dict[int, str] = {}

    def send(person: int, ranking: list[str], area: str) -> None:
        receipt = submit_answers(
            services,
            consultation_id=id,
            voter=f"person/{person}",
            sheet=Sheet(
                {"order": ranking, "money": ["l"]},
                texts={"more": f"Words from {area}"} if len(ranking) > 1 else {},
                area=area,
            ),
            actor=RESIDENT,
            command_id="",
        )
        codes[person] = receipt.changing_code

    def group(person: int) -> None:
        pseudonym = services.vault.pseudonym(id, f"person/{person}")
        subject_id = Submission.id_for(id, pseudonym)
        if services.record.find(Response, subject_id):
            group_campaign(services, id, [subject_id], name="Postcards", actor=ORGANISER)

    does: dict[str, Callable[..., object]] = {
        "send": send,
        "withdraw": lambda person: withdraw_answers(
            services, holder=Holder(codes.get(person, "none")), actor=RESIDENT, command_id=""
        ),
        "group": group,
        "erase": lambda person: erase_by_holder(
            services, holder=Holder(codes.get(person, "none")), actor=RESIDENT
        ),
        "catch up": services.catch_up,
        "close": lambda: close_consultation(services, id, actor=ORGANISER),
    }
    for act, *details in story:
        with suppress(Refused):
            does[act](*details)


def test_tallies_and_turnout_agree_with_the_ballots_they_were_made_from(services: Services):
    asked = consultation(services, RANKING, MONEY, wards=True)
    drawn = Random(7)
    for number in range(300):
        picks = drawn.sample(["l", "k", "t"], drawn.randint(1, 3))
        submit_answers(
            services,
            consultation_id=asked.id,
            voter=f"person/{number % 200}",
            sheet=Sheet(
                {"order": drawn.sample(["a", "b", "c"], 2), "money": picks},
                area=drawn.choice(["W03", "W09"]),
            ),
            actor=RESIDENT,
            command_id=f"key/{number}",
        )
    services.catch_up()
    box = services.views.reader(BallotBox)
    with services.views.connect() as db:
        groups = box.groups(db, asked.id, "money")
        tallied = totals(db, box.tally, asked.id, "money")
        people_by_ward = by(db, box.turnout, asked.id, "area")
        assert box.people(db, asked.id) == 200
    assert sum(people_by_ward.values()) == 200
    for option in ("l", "k", "t"):
        assert tallied[option][0] == sum(n for picks, n in groups if option in picks)


def test_a_ranking_can_be_asked_as_at_any_position(services: Services):
    asked = consultation(services, RANKING)
    positions = []
    for person, order in (("x", ["a"]), ("y", ["b"]), ("x", ["b"]), ("z", ["c"])):
        receipt = submit_answers(
            services,
            consultation_id=asked.id,
            voter=person,
            sheet=Sheet({"order": order}),
            actor=RESIDENT,
            command_id="",
        )
        positions.append(receipt.position)
    firsts = []
    for position in positions:
        tally = work_out(services, asked.id, as_at=position)
        firsts.append(tally.outcome.as_json()["scores"])
    assert firsts == [
        {"a": "3", "b": "0", "c": "0"},
        {"a": "3", "b": "3", "c": "0"},
        {"a": "0", "b": "6", "c": "0"},
        {"a": "0", "b": "6", "c": "3"},
    ]


def test_counting_and_publishing_twice_gives_one_count(services: Services):
    asked = consultation(services, RANKING)
    submit_answers(
        services,
        consultation_id=asked.id,
        voter="x",
        sheet=Sheet({"order": ["a"]}),
        actor=RESIDENT,
        command_id="",
    )
    close_consultation(services, asked.id, actor=ORGANISER)
    (first,) = publish_results(services, asked.id, actor=ORGANISER)
    head = services.record.head()
    (second,) = publish_results(services, asked.id, actor=ORGANISER)
    assert (first.id, services.record.head()) == (second.id, head)


def test_an_open_consultation_has_no_result(services: Services):
    asked = consultation(services, RANKING)
    with pytest.raises(Refused, match="has not closed"):
        publish_results(services, asked.id, actor=ORGANISER)
