"""Publishing is a fact of its own: tallies of every question, and counts where a rule is named."""

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import pytest

from consult.commands.results.counting import publish_results
from consult.commands.results.counting_refusals import StillOpen
from consult.counting import digest
from events import Consultation
from events.consultations.consultation_refusals import NotClosed, ResultsAlreadyPublished
from events.kinds.kind import KINDS as QUESTION_KINDS
from projections.results import Results
from tests.builders import ORGANISER, close_consultation, consultation
from tests.conftest import only
from tests.kinds import KINDS, answer_all, from_draft_to_published, of_kind

VOTES = {kind for kind, known in QUESTION_KINDS.items() if known.is_vote}
PAIRS = list(combinations(KINDS, 2))


def published(services, id):
    with services.views.connect() as db:
        return services.views.reader(Results).published(db, id)


@pytest.mark.parametrize("people", [0, 6])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_question_alone_is_published(services, kind, people):
    opened, counts = from_draft_to_published(services, kind, people=people)
    assert len(counts) == (kind in VOTES)
    shown = published(services, opened.id)
    assert shown.tallies_digest == digest(shown.tallies)
    assert shown.tallies["responses"] == people
    [tally] = shown.tallies["questions"]
    assert (tally["id"], tally["counted"]) == (f"q-{kind}", kind in VOTES)
    assert tally["answered"] == people


@only("sqlite")
@pytest.mark.in_turn
@pytest.mark.parametrize("people", [0, 6])
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_each_pair_of_kinds_is_published(services, pair, people):
    opened, counts = from_draft_to_published(services, *pair, people=people)
    assert [each.question_id for each in counts] == [f"q-{kind}" for kind in pair if kind in VOTES]
    tallies = published(services, opened.id).tallies["questions"]
    assert [(each["kind"], each["answered"]) for each in tallies] == [(k, people) for k in pair]


def test_publishing_is_one_fact_however_often_it_is_asked_for(services):
    opened, _counts = from_draft_to_published(services, "single", "ranking", people=6)
    head = services.record.head()
    [count] = publish_results(services, opened.id, actor=ORGANISER)
    assert count.question_id == "q-ranking"
    assert services.record.head() == head
    about = services.record.get(Consultation, opened.id)
    with pytest.raises(ResultsAlreadyPublished):
        about.publish_results(fact_of(services))


def test_the_fact_names_the_cut_off_and_what_each_rule_gave(services):
    opened, [count] = from_draft_to_published(services, "single", "ranking", people=6)
    [fact] = [
        event.fact
        for event in services.record.events.get(opened.id)
        if isinstance(event.fact, Consultation.ResultsPublished)
    ]
    assert fact.results == {"q-ranking": count.result_digest}
    assert fact.cutoff == count_cutoff(services, count)
    assert fact.tallies_digest == digest(fact.tallies)


def count_cutoff(services, count):
    [counted, _published] = services.record.events.get(count.id)
    return counted.fact.cutoff


def fact_of(services):
    return Consultation.ResultsPublished(
        at=services.clock(), by=ORGANISER.by(), cutoff=1, tallies={}, tallies_digest="sha256:00"
    )


def test_what_is_open_cannot_be_published(services):
    opened = consultation(services, of_kind("text"))
    with pytest.raises(StillOpen):
        publish_results(services, opened.id, actor=ORGANISER)
    with pytest.raises(NotClosed):
        services.record.get(Consultation, opened.id).publish_results(fact_of(services))


def test_whoever_publishes_at_the_same_moment_is_told_the_same(services):
    opened = consultation(services, of_kind("single"), of_kind("ranking"))
    answer_all(services, opened, 6)
    close_consultation(services, opened.id, actor=ORGANISER)
    with ThreadPoolExecutor(4) as pool:
        said = list(
            pool.map(lambda _: publish_results(services, opened.id, actor=ORGANISER), "abcd")
        )
    assert len({counts[0].result_digest for counts in said}) == 1
    topics = [row.topic for row in services.record.read(0, 1_000)]
    assert topics.count("consult.consultation.results_published.v1") == 1
    assert topics.count("consult.count.published.v1") == 1


def test_small_numbers_of_what_no_rule_counts_are_hidden_in_the_fact_itself(services):
    """Its digest is public, and who tries all numbers must learn nothing from it."""
    opened, _counts = from_draft_to_published(services, "single", "rating", people=6)
    single, rating = published(services, opened.id).tallies["questions"]
    assert single["options"] is None, "4 and 2 of 6: each would give the other away"
    assert rating["options"] == {"a": 4, "b": 6, "c": 2}, "the count shows it"
