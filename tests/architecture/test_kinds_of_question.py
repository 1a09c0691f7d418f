"""A kind of question stands in one place in each layer, and in each layer it is complete."""

from pathlib import Path

import pytest

from consult.counting.kinds.cells import TALLIES
from consult.counting.tallies import tally
from consult.verifier import folkmoot_verify
from consult.web.kinds.form import FORMS
from consult.wording import language
from consult.wording.drafting import kind_words
from events.kinds.kind import KINDS, QuestionKind
from tests.architecture.kind_names import ELSEWHERE, OTHER_MEANINGS, ROOT, decisions
from tests.kinds import KINDS as TESTED
from tests.kinds import of_kind

EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
LANGUAGES = [code for code in language.names() if code != language.DEFAULT]


def test_nothing_decides_on_the_name_of_a_kind_outside_its_registry():
    """What differs between kinds is asked of `question.of_kind`, or of the registry of a layer."""
    assert not list(decisions())


@pytest.mark.parametrize(
    "line",
    [
        'def f(question): return question.kind == "text"',
        'def f(kind): return kind in {"number", "date"}',
        'PICKS = frozenset({"text", "file"})',
        'SAYS = {"area": 1, "points": 2}',
        'name = "ranking"',
        'ask(kind="text")',
        'Question("q", "area", {})',
        'def f(question): return question.of_kind.id == "date"',
        "def f(question): return isinstance(question.of_kind, Area)",
    ],
)
def test_a_decision_on_the_name_of_a_kind_is_found(tmp_path, line):
    module = tmp_path / "consult" / "module.py"
    module.parent.mkdir()
    module.write_text(line)
    assert list(decisions(tmp_path)) == ["consult/module.py:1"]


@pytest.mark.parametrize(
    "line",
    [
        'FIELD = "area"',
        'row = {"file": 1, "size": 2}',
        'def f(entry): return entry.kind == "closed"',
    ],
)
def test_a_word_that_means_something_else_is_left_alone(tmp_path, line):
    module = tmp_path / "consult" / "module.py"
    module.parent.mkdir()
    module.write_text(line)
    assert not list(decisions(tmp_path))


def test_a_decision_of_a_template_is_found(tmp_path):
    template = tmp_path / "templates" / "page.html"
    template.parent.mkdir()
    template.write_text("{% if view.kind in ('single', 'several') %}")
    assert list(decisions(tmp_path)) == ["templates/page.html:1"]


def test_every_exception_is_still_there():
    for name in ELSEWHERE:
        assert list(ROOT.glob(f"{name}*")), name
    assert KINDS.keys() >= OTHER_MEANINGS


def test_every_layer_knows_every_kind():
    judged = dict.fromkeys(folkmoot_verify.WRITTEN) | folkmoot_verify.LIMITS
    for registry in (TALLIES, FORMS, kind_words.KINDS, dict.fromkeys(TESTED), judged):
        assert registry.keys() == KINDS.keys()


@EVERY_KIND
def test_each_layer_has_a_module_of_its_name(kind: str):
    template = ROOT / "templates" / "kinds" / f"{kind}.html"
    for place in (ROOT / "events" / "kinds", ROOT / "consult" / "web" / "kinds"):
        assert (place / f"{kind}.py").exists()
    assert {"macro controls(", "macro draft("} <= _macros(template)


def _macros(template: Path) -> set[str]:
    lines = template.read_text().splitlines()
    return {line[3 : line.index("(") + 1] for line in lines if line.startswith("{% macro ")}


@EVERY_KIND
def test_each_kind_says_what_the_record_has_to_know(kind: str):
    known, question = KINDS[kind], of_kind(kind)
    assert known.id == kind == question.kind
    assert known.possible(question) >= 1
    assert list(known.missing(question, ("en", "cy"))) == []
    assert len(question.options) >= known.options_least or known.is_place
    assert known.is_written or type(known).stored is not QuestionKind.stored
    assert tally(question, [], least=None).items() >= {"kind": kind, "answered": 0}.items()


@EVERY_KIND
@pytest.mark.parametrize("code", LANGUAGES)
def test_each_kind_has_its_words_in_every_language(kind: str, code: str):
    words = kind_words.KINDS[kind]
    said = [words.title, words.about, words.published.before, words.published.after]
    with language.in_language(code):
        for sentence in (*said, *filter(None, FORMS[kind].few_words)):
            assert language.gettext(sentence) != sentence
