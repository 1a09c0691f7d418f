"""Every page says, in every state and to everybody, what was agreed: tests/golden/pages.

A change of words or of a form shows as a difference there. `make agreed` renews them: read the
difference before it is committed, because everything in it is seen by somebody.
"""

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from urllib.parse import unquote

import pytest
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from tests.consult.web import every_address, every_state
from tests.consult.web.agreeing import agree
from tests.consult.web.every_address import (
    NOBODY_HAS,
    NONE,
    SITE,
    Copied,
    Person,
    copied_site,
    nothing_believed,
    rules_of,
)
from tests.consult.web.page_words import lines_of, same

NOWHERE = {"nope", NOBODY_HAS, every_address.GARBAGE, "elsewhere", "nowhere", "none"}
ELSEWHERE = ("assets.", "log.", "health.", "outbox.", "static")
"""Pages with tests of their own, or with words of the machine."""

ORGANISED = (
    *("bare draft", "draft ready", "withdrawn draft", "open", "paused", "closed", "counted"),
    *("published", "withdrawn", "closed survey"),
)
EVERYBODY = (
    *((state, "organiser") for state in ORGANISED),
    *((state, "desk") for state in ("open", "closed")),
    *((state, "auditor") for state in ("open", "published", "closed survey")),
    *((state, "scrutiny") for state in ("draft ready", "published")),
    *((state, "data protection officer") for state in ("open", "published")),
    *((state, every_state.NOBODY) for state in ("open", "paused", "published", "imported")),
    *((state, every_state.MIDWAY) for state in ("open", "closed")),
    *((state, every_state.ANSWERED) for state in ("open", "published")),
    *((SITE, who) for who in ("organiser", "desk", "auditor", every_state.NOBODY)),
)


@pytest.fixture(scope="module", autouse=True)
def nothing_is_believed() -> Iterator[None]:
    with nothing_believed() as patch:
        # Everybody has another order of options: here they all have the first.
        patch.setattr("consult.web.answering.forms.answer_blocks.ORDERS_MAX", 1)
        yield


@pytest.fixture(scope="module")
def built_site(
    sqlite_prepared: Path,
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Copied]:
    folder = tmp_path_factory.mktemp("agreed")
    with copied_site(sqlite_prepared, folder, compiled_templates) as made:
        yield made


@pytest.fixture
def site(built_site: Copied) -> Copied:
    """The site as it was built: what another test pressed is undone."""
    built_site.reopen()
    return built_site


def addresses(site: Copied, state: str, rule: Rule) -> list[str]:
    """Every address of a rule that leads somewhere."""
    made = site.world.states.get(state, NONE)
    for argument in rule.arguments:
        known = every_address.values(site.world, made, rule, argument)
        if not set(known) - NOWHERE:
            return []
    found = every_address.addresses(site.world, state, rule, "organiser")
    return [each for each in found if not set(unquote(each).strip("/").split("/")) & NOWHERE]


def said(site: Copied, state: str, who: str) -> Iterator[tuple[str, str, list[str]]]:
    """What every address answers to somebody who looks, and who sends its form empty."""
    made = site.world.states.get(state, NONE)
    person = Person(site.app, made.cookies.get(who) or site.world.cookies.get(who, ""))
    for rule in rules_of(site.app, state):
        if rule.endpoint.startswith(ELSEWHERE):
            continue
        for address in addresses(site, state, rule):
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                form = {"csrf_token": person.csrf} if method == "POST" else None
                answer = person.ask(method, address, form)
                yield rule.rule, f"{method} {address}", lines_of(answer)
                answer.close()


def written(site: Copied, state: str, who: str) -> str:
    """All of it as one text. Of pages like one before, only what is different is said again."""
    whole: dict[tuple[str, ...], str] = {}
    like: dict[str, tuple[str, list[str]]] = {}
    parts = []
    for rule, asked, lines in said(site, state, who):
        first = whole.setdefault(tuple(lines), asked)
        before, known = like.setdefault(rule, (asked, lines))
        shown = lines
        if first != asked:
            shown = [f"as {first}"]
        elif before != asked:
            changes = unified_diff(known, lines, n=0, lineterm="")
            other = [line for line in changes if line[:3] not in {"---", "+++"} and line[0] != "@"]
            shown = min(lines, [f"like {before}, but", *other], key=len)
        parts.append("\n".join([f"== {asked}", *shown]))
    return named(site, state, "\n\n".join(parts) + "\n")


def named(site: Copied, state: str, text: str) -> str:
    """Give what is drawn anew for each world its name."""
    made = site.world.states.get(state, NONE)
    tokens = {f"a {kind}": each for kind, each in (made.tokens | site.world.tokens).items()}
    for name, values in tokens.items():
        for number, value in enumerate(values, start=1):
            text = text.replace(value, f"({name} {number})")
    return same(text)


@pytest.mark.parametrize(("state", "who"), EVERYBODY)
def test_pages_say_what_was_agreed(site: Copied, state: str, who: str):
    agree(f"{state} {who}", written(site, state, who))
