"""The page of a consultation says what its history says, and stands in the lists it belongs in."""

from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest

from consult.commands.answers.letter_codes import issue_codes, void_codes
from consult.commands.consultations.drafting import Draft, draft_consultation, put_question
from consult.commands.consultations.opening import (
    extend_consultation,
    open_consultation,
    pause_consultation,
    resume_consultation,
    withdraw_consultation,
)
from consult.commands.files.importing import import_votes
from consult.commands.results.counting import publish_results
from consult.services import Services
from events import Consultation
from projections.consultations import Consultations
from tests import builders
from tests.builders import ORGANISER, RANKING, close_consultation, partnership, words
from tests.conftest import only
from tests.kinds import KINDS, of_kind

pytestmark = only("sqlite")
REASON = words("A reason")
SAME = (
    "id", "slug", "title", "overview", "languages", "source", "money", "currency", "decimals",
    "state", "questions", "terms", "opened_at", "published_at", "lot", "paused_at", "batches",
    "version", "takes_ballots", "is_paused", "money_decimals", "partnership_id",
)  # fmt: skip
VOTES = {"ranking", "points", "approval", "basket", "rating"}


def ask(services: Services, question: str, *given: Any, **how: Any) -> Any:
    services.catch_up()
    with services.views.connect() as db:
        return getattr(services.views.reader(Consultations), question)(db, *given, **how)


def page_of(services: Services, id: Any) -> Any:
    """The page, after a look that it says what the record says."""
    page = ask(services, "by_id", id)
    stored = services.record.get(Consultation, id)
    for name in SAME:
        assert getattr(page, name) == getattr(stored, name), name
    return page


def test_a_page_says_what_the_record_says_at_every_step(services, clock):
    """Each step: what it changes, and where in the record it stands."""
    how: dict[str, Any] = {"actor": ORGANISER}
    drafted = builders.draft(services, RANKING, identity=("letter",), wards=True)
    page = page_of(services, drafted.id)
    assert (page.opened_position, page.closed_position, page.closed_at) == (None, None, None)
    assert [each.id for each in page.counted_questions] == ["order"]
    open_consultation(services, drafted.id, **how)
    page = page_of(services, drafted.id)
    opened_at = services.record.head()
    assert (page.opened_position, page.opened_version) == (opened_at, page.version)
    batch = issue_codes(services, drafted.id, 3, ward="W03", **how).batch_id
    assert page_of(services, drafted.id).batches[batch].number == 3
    void_codes(services, drafted.id, batch, reason="Lost", **how)
    assert page_of(services, drafted.id).batches[batch].is_void
    pause_consultation(services, drafted.id, reason=REASON, **how)
    page = page_of(services, drafted.id)
    assert (page.is_paused, page.paused_at, page.pause_reason) == (True, clock.now, REASON)
    resume_consultation(services, drafted.id, **how)
    page = page_of(services, drafted.id)
    assert (page.is_paused, page.paused_at) == (False, None)
    later = page.terms.closes_at + timedelta(days=3)
    extend_consultation(services, drafted.id, closes_at=later, reason=REASON, **how)
    assert page_of(services, drafted.id).terms.closes_at == later
    close_consultation(services, drafted.id)
    page = page_of(services, drafted.id)
    closed_at = services.record.head()
    assert (page.opened_position, page.closed_position) == (opened_at, closed_at)
    assert (page.closed_at, page.closed_version) == (later, page.version)
    publish_results(services, drafted.id, **how)
    page = page_of(services, drafted.id)
    assert (page.published_at, page.closed_position) == (clock.now, closed_at)


@pytest.mark.parametrize("kinds", [(), *((kind,) for kind in KINDS), *combinations(
    ("ranking", "basket", "single", "text"), 2)])  # fmt: skip
def test_a_page_knows_ballots_from_responses_as_the_record_does(services, kinds):
    home = partnership(services)
    it = Draft("park", words("Park"), words("Say."))
    drafted = draft_consultation(services, partnership_id=home.id, draft=it, actor=ORGANISER)
    for kind in kinds:
        put_question(services, drafted.id, of_kind(kind), actor=ORGANISER)
    page = page_of(services, drafted.id)
    assert page.takes_ballots is (set(kinds) <= VOTES)
    assert not page.are_ballots_public, "before there are terms"
    assert page.counted_questions == []


def test_lists_hold_each_consultation_in_its_state_soonest_to_close_first(services):
    late = builders.consultation(services, RANKING, slug="late", days=30)
    soon = builders.consultation(services, RANKING, slug="soon", days=3)
    waiting = builders.draft(services, RANKING, slug="waiting", days=1)
    without = draft_consultation(
        services,
        partnership_id=partnership(services).id,
        draft=Draft("without", words("W"), words("W")),
        actor=ORGANISER,
    )
    ended = builders.consultation(services, RANKING, slug="ended", days=2)
    close_consultation(services, ended.id)
    gone = builders.consultation(services, RANKING, slug="gone")
    withdraw_consultation(services, gone.id, reason=REASON, actor=ORGANISER)

    def listed(*states: str, **how: Any) -> list[str]:
        return [page.slug for page in ask(services, "in_state", *states, **how)]

    assert listed("open") == ["soon", "late"]
    assert listed("draft") == ["waiting", "without"], "those without a time last"
    assert listed("closed") == ["ended"]
    assert listed("withdrawn") == ["gone"]
    assert listed("open", "closed") == ["ended", "soon", "late"]
    assert listed("open", limit=1) == ["soon"]
    assert listed() == []
    home = services.record.get(Consultation, late.id).partnership_id
    everything = [page.slug for page in ask(services, "of_partnership", home)]
    assert everything == ["gone", "ended", "without", "waiting", "soon", "late"]
    assert [page.slug for page in ask(services, "of_partnership", home, 2)] == ["gone", "ended"]
    assert ask(services, "of_partnership", soon.id) == []
    assert ask(services, "by_id", home) is None
    assert ask(services, "by_slug", "soon").id == soon.id
    assert ask(services, "by_slug", "nowhere") is None
    assert {waiting.state, without.state} == {"draft"}


def test_what_is_due_to_close_is_open_or_paused_and_its_time_has_come(services, clock):
    due = builders.consultation(services, RANKING, slug="due", days=1)
    paused = builders.consultation(services, RANKING, slug="paused", days=1)
    pause_consultation(services, paused.id, reason=REASON, actor=ORGANISER)
    builders.consultation(services, RANKING, slug="later", days=2)
    builders.draft(services, RANKING, slug="draft", days=1)
    ended = builders.consultation(services, RANKING, slug="ended", days=0.5)
    close_consultation(services, ended.id)
    at = clock.now + timedelta(days=1)
    assert ask(services, "due_to_close", at - timedelta(microseconds=1)) == []
    assert set(ask(services, "due_to_close", at)) == {due.id, paused.id}


def test_votes_from_a_file_are_on_no_list_until_all_are_stored(services, tmp_path, monkeypatch):
    path = tmp_path / "votes.blt"
    path.write_text('3 1\n2 1 2 0\n1 3 0\n0\n"A"\n"B"\n"C"\n"Votes"\n')

    def stops(*_given: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_votes(services, path, stops)
    services.catch_up()
    assert ask(services, "in_state", "open", "closed") == []
    assert ask(services, "due_to_close", services.clock() + timedelta(days=9_999)) == []
    done = import_votes(services, path)
    [page] = ask(services, "in_state", "open", "closed")
    assert (page.id, page.state, page.is_being_imported) == (done.consultation_id, "closed", False)
