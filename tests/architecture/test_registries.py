"""Roles, channels, levels, states and topics stand in one place each, with words for each."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import get_args

import pytest

from consult import access
from consult.formats import responses
from consult.jobs import queue
from consult.jobs import words as job_words
from consult.web.organising import desk, organise
from consult.wording import follow_up_words, language
from consult.wording.drafting.answer_labels import labels
from consult.wording.registries import (
    channel_words,
    level_words,
    respondent_words,
    role_words,
    state_words,
    trail_words,
)
from events import follow_up, submission
from events.base import FACTS, SUBJECTS
from events.channels import AT_A_DESK, CHANNELS, ONLINE
from events.consultations import levels, states
from projections import found_receipts
from tests.architecture.registry_names import EXEMPT, ROOT, Registry, strays

ENTRIES = {"consult/sealing/public_entries/": "the kinds of entries of the public log"}
OURS = tuple(topic for topic in FACTS if topic.startswith("consult."))
STEPS = {"templates/macros/progress.html": "the steps of a bar"}

REGISTRIES = {
    "states of a consultation": Registry(
        "events/consultations/states.py",
        frozenset(states.STATES),
        frozenset({"state", "phase", "by_now", "state_at", "state_of"}),
        takes={"in_state": 1},
    ),
    "channels": Registry(
        "events/channels.py",
        frozenset(CHANNELS),
        frozenset({"channel"}),
        takes={"Actor": 2, "Form": 2, "Ballot": 3},
        elsewhere={"consult/formats/": "the words of files"},
    ),
    "levels of assurance": Registry(
        "events/consultations/levels.py",
        frozenset({*levels.LEVELS, levels.IMPORTED}),
        frozenset({"level", "LEVEL", "assurance", "identity", "accepted", "ways"}),
        takes={"prove": 2, "Proven": 0, "find_open": 1},
    ),
    "topics of facts": Registry(
        "events/",
        frozenset(
            {
                *OURS,
                *(topic.rpartition(".")[0] for topic in OURS),
                *SUBJECTS,
                *(f"{topic}." for topic in SUBJECTS),
            }
        ),
        frozenset({"topic", "TOPIC"}),
        is_telling=True,
    ),
    "roles": Registry(
        "consult/access.py",
        frozenset(access.ROLES),
        frozenset({"role"}),
        takes={"Actor": 0, "By": 0},
    ),
    "states of answers": Registry(
        "events/submission.py",
        frozenset(submission.STATES),
        frozenset({"state", "before"}),
        elsewhere=ENTRIES,
    ),
    "standings of a receipt": Registry(
        "projections/found_receipts.py",
        frozenset(found_receipts.STANDINGS),
        frozenset({"standing"}),
        elsewhere={"consult/people/holders.py": "what a holder asks for, as entries name it"},
    ),
    "states of what somebody wrote": Registry(
        "consult/formats/responses.py",
        frozenset(get_args(responses.WordsState)),
        frozenset({"state", "standing"}),
        takes={"Wrote": 0},
    ),
    "kinds of respondent": Registry(
        "events/submission.py",
        frozenset(submission.RESPONDENTS),
        frozenset({"respondent", "respondents", "kinds"}),
        takes={"Whom": 0},
    ),
    "states of a job": Registry(
        "consult/jobs/job.py",
        frozenset({queue.WAITING, queue.RUNNING, queue.DONE, queue.FAILED}),
        frozenset({"state"}),
        elsewhere=STEPS,
    ),
    "statuses of follow-ups": Registry(
        "events/follow_up.py", frozenset(follow_up.STATUSES), frozenset({"status"})
    ),
}
LANGUAGES = [code for code in language.names() if code != language.DEFAULT]


@pytest.mark.parametrize("name", REGISTRIES)
def test_nothing_names_an_entry_outside_of_its_registry(name: str):
    assert not list(strays(REGISTRIES[name]))


@pytest.mark.parametrize("name", REGISTRIES)
def test_every_exception_is_still_there(name: str):
    registry = REGISTRIES[name]
    assert (ROOT / registry.home).exists()
    for each in (*registry.elsewhere, *EXEMPT):
        assert (ROOT / each).exists(), each
        fewer = {path: why for path, why in registry.elsewhere.items() if path != each}
        assert each in EXEMPT or list(strays(replace(registry, elsewhere=fewer))), each


EXAMPLE = Registry(
    "consult/home.py", frozenset({"open", "shut"}), frozenset({"state"}), takes={"in_state": 1}
)


@pytest.mark.parametrize(
    "line",
    [
        'def f(page): return page.state == "open"',
        'def f(page): return page.state() not in {"open", "gone"}',
        'ENDED = frozenset({"shut"})\ndef f(page): return page.state in ENDED',
        'def f(page): page.state = "open"',
        'class Page:\n    state: str = "open"',
        'def f(page, state="open"): pass',
        'def f(page, *, state="open"): pass',
        'def state(page): return "open" if page else ""',
        'f(state="open")',
        'in_state(db, "open")',
        'row = {"state": "open"}',
        'def f(page): return page.state["open"]',
        'SAYS = {"open": 1, "shut": 2}',
        'BOTH = ("open", "shut")',
        'def f(page):\n    match page.state:\n        case "open" | "gone": pass',
    ],
)
def test_a_name_outside_of_its_registry_is_found(tmp_path, line):
    module = tmp_path / "consult" / "module.py"
    module.parent.mkdir()
    module.write_text(line)
    assert len(list(strays(EXAMPLE, tmp_path))) == 1
    (module.parent / "home.py").write_text(line)
    assert len(list(strays(EXAMPLE, tmp_path))) == 1


@pytest.mark.parametrize(
    "line",
    [
        'way = "open"',
        'def f(file): return file.mode == "open"',
        'def f(page): return page.state == "gone"',
        'row = {"open": 1, "size": 2}',
        'in_state("open", db)',
    ],
)
def test_a_word_that_means_something_else_is_left_alone(tmp_path, line):
    module = tmp_path / "consult" / "module.py"
    module.parent.mkdir()
    module.write_text(line)
    assert not list(strays(EXAMPLE, tmp_path))


def test_a_name_that_means_nothing_else_may_stand_nowhere(tmp_path):
    module = tmp_path / "consult" / "module.py"
    module.parent.mkdir()
    module.write_text('way = "open"')
    assert len(list(strays(replace(EXAMPLE, is_telling=True), tmp_path))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "{% if page.state == 'open' %}",
        "{% if page.state in ('shut',) %}",
        "{% if page.state not in ('shut',) %}",
        "{% if 'open' in page.state %}",
        "{{ state('open') }}",
        "{% set titles = {'open': 'Now', 'shut': 'Then'} %}",
    ],
)
def test_a_name_in_a_template_is_found(tmp_path, line):
    template = tmp_path / "templates" / "page.html"
    template.parent.mkdir()
    template.write_text(line)
    assert list(strays(EXAMPLE, tmp_path)) == ["templates/page.html:1"]


WORDS: dict[str, tuple[Iterable[str], Mapping[str, tuple[str, ...]]]] = {
    "states of a consultation": (
        states.STATES,
        {state: (words.title, words.heading) for state, words in state_words.STATES.items()},
    ),
    "channels": (
        CHANNELS,
        {channel: tuple(words) for channel, words in channel_words.CHANNELS.items()},
    ),
    "levels of assurance": (
        levels.LEVELS,
        {level: tuple(words) for level, words in level_words.LEVELS.items()},
    ),
    "topics of facts": (
        OURS,
        {fact.TOPIC: (words.title,) for fact, words in trail_words.WORDS.items()},
    ),
    "kinds of respondent": (
        submission.RESPONDENTS,
        {kind: tuple(words) for kind, words in respondent_words.RESPONDENTS.items()},
    ),
    "roles": (access.ROLES, {role: (title,) for role, title in role_words.ROLES.items()}),
    "states of a job": (
        REGISTRIES["states of a job"].names,
        {state: (words.title, words.advice) for state, words in job_words.STATES.items()},
    ),
    "statuses of follow-ups": (
        follow_up.STATUSES,
        {
            status: (words.title, words.counted, words.day)
            for status, words in follow_up_words.STATUSES.items()
        },
    ),
}
"""By list: its entries, and the sentences of each."""


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_each_entry_has_its_words_in_every_language(name: str, code: str):
    entries, sentences = WORDS[name]
    assert sentences.keys() == set(entries)
    with language.in_language(code):
        for sentence in filter(None, (each for said in sentences.values() for each in said)):
            assert language.gettext(sentence) != sentence


def test_what_cannot_be_shown_has_its_words_in_files_of_every_language():
    hidden = REGISTRIES["states of what somebody wrote"].names - {responses.SHOWN}
    english = responses.Labels().states
    assert english.keys() == hidden
    for code in LANGUAGES:
        with language.in_language(code):
            said = labels().states
        assert said.keys() == hidden
        assert all(said[state] != english[state] for state in hidden)


def test_pages_of_organisers_know_every_state():
    """Published is closed on lists; in running ones the sentence depends on what is asked."""
    listed = {state for group in organise.GROUPS.values() for state in group}
    assert all(state_words.STATES[group].heading for group in organise.GROUPS)
    assert listed | {states.PUBLISHED} == set(states.STATES)
    assert desk.NOT_NOW.keys() | set(states.RUNNING) == set(states.STATES)


def test_staff_at_a_desk_can_say_every_channel_but_the_one_of_residents():
    assert {*AT_A_DESK, ONLINE} == set(CHANNELS)
    assert all(channel_words.CHANNELS[channel].at_desk for channel in AT_A_DESK)


@pytest.mark.parametrize("level", levels.LEVELS)
def test_who_has_something_to_do_to_show_who_they_are_is_told_what(level: str):
    words = level_words.LEVELS[level]
    assert bool(words.way) == bool(words.explained) == (level != levels.OPEN)


def test_who_answers_for_others_can_say_for_how_many():
    said = {kind for kind, words in respondent_words.RESPONDENTS.items() if words.with_members}
    assert said == set(submission.FOR_OTHERS)


def test_types_and_lists_name_the_same():
    assert get_args(follow_up.Status) == follow_up.STATUSES
