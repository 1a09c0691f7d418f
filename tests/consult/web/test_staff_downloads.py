"""Whatever staff can download leaves a fact about who took it, or says here why it need not.

Addresses come from the application's own map: a new download is tried the day it is made.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consult.config import Config
from consult.web import pages
from tests.consult.web import every_state
from tests.consult.web.every_address import (
    Person,
    addresses,
    built,
    rules_of,
)
from tests.consult.web.residents import Page, form_values

DOWNLOADS = {
    "organise.codes.batches",
    "organise.exports.form",
    "organise.reading.file",
    "scrutiny.openings",
    "scrutiny.answers",
    "data_protection.disclosing",
}
"""Every address of staff that answers with a file: the test below finds them by itself."""
STATES = ("open", "published")
NOT_FILES = {"question_id", "option_id", "rule_id", "kind", "id"}
"""Pages about one of these are for drawing up; whoever adds a file there takes it out here."""
SOURCES = Path(every_state.__file__).parents[3] / "consult" / "web"


@pytest.fixture(scope="module")
def world(sqlite_prepared, tmp_path_factory, compiled_templates) -> Iterator[Any]:
    """Every state of a consultation, with what is sealed."""
    import shutil

    folder = tmp_path_factory.mktemp("downloads")
    files = folder / "built"
    shutil.copytree(sqlite_prepared, files)
    shutil.copy(files / "folkmoot.log.secret", folder / "log.secret")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("consult.web.consultation_lookup.FRESH_SECONDS", -1.0)
        patch.setattr("consult.web.layout.header.FRESH_SECONDS", -1.0)
        config = Config(database_url=f"sqlite:///{files}/folkmoot.db", key_file=folder / "log.key")
        made = built(config, folder, compiled_templates)
        yield made
        made.services.close()


def filled(page: Any, world: Any, state: str) -> Iterator[Any]:
    """Every form of a page as somebody fills it in who wants a file."""
    if page.status_code != 200 or page.mimetype != "text/html":
        return
    codes = world.states[state].tokens.get("receipt", [""])
    for form in Page(page).tree.iter("form"):
        if form.get("method") != "post":
            continue
        values = form_values(form)
        for name, value in {"code": codes[0], "number": "2"}.items():
            if name in values:
                values[name] = value
        yield form.get("action") or page.request.path, values


def taken_by(world: Any, role: str) -> Iterator[tuple[str, str, bool]]:
    """Endpoint and address of every file that a role gets, and whether the record grew by it."""
    record = world.services.record
    for state in STATES:
        for rule in rules_of(world.app, state):
            if pages.declared(rule.endpoint, world.app).who is None or "GET" not in rule.methods:
                continue
            if rule.arguments & NOT_FILES:
                continue
            for address in addresses(world, state, rule, role):
                person = Person(world.app, world.cookies[role])
                head = record.head()
                page = person.ask("GET", address)
                if is_file(page):
                    yield rule.endpoint, address, is_known(world, head)
                for to, values in list(filled(page, world, state)):
                    endpoint = endpoint_of(world.app, to)
                    if endpoint not in DOWNLOADS and not might_be_a_file(endpoint):
                        continue
                    head = record.head()
                    answer = person.ask("POST", to, values)
                    if is_file(answer):
                        yield endpoint, to, is_known(world, head)
                    answer.close()
                page.close()


def is_file(answer: Any) -> bool:
    return "attachment" in answer.headers.get("Content-Disposition", "")


def is_known(world: Any, head: int) -> bool:
    """Say whether somebody of the staff has been recorded since a position."""
    rows = world.services.record.read(head, 100)
    return any(b'"actor":"' in row.state for row in rows)


def endpoint_of(app: Any, address: str) -> str:
    return app.url_map.bind("localhost").match(address.removeprefix("/cy"), method="POST")[0]


def might_be_a_file(endpoint: str) -> bool:
    return bool(re.search(r"export|answers|openings|disclos|copy|codes|download|file", endpoint))


def test_every_download_of_staff_leaves_a_fact_about_who_took_it(world):
    found: dict[str, list[tuple[str, bool]]] = {}
    for role in every_state.AT_WORK:
        for endpoint, address, is_recorded in taken_by(world, role):
            found.setdefault(endpoint, []).append((f"{role} {address}", is_recorded))
    unrecorded = [
        who for endpoint, each in found.items() for who, is_recorded in each if not is_recorded
    ]
    # Reading is recorded once a day: the first file of a question stands for the others.
    unrecorded = [who for who in unrecorded if "/written/file/" not in who]
    assert not unrecorded
    assert any(is_recorded for _who, is_recorded in found["organise.reading.file"])
    assert set(found) == DOWNLOADS


ROOMS_OF_STAFF = ("assisted", "data_protection", "organising", "partnership", "scrutiny")


def test_no_module_of_staff_pages_hands_out_a_file_that_is_not_tried():
    """An attachment is made in few places; a further one has to be tried above."""
    rooms = [SOURCES / room for room in ROOMS_OF_STAFF]
    places = {
        path.name
        for room in rooms
        for path in room.rglob("*.py")
        if "attachment;" in path.read_text() and path.name != "rights.py"  # a resident's own
    }
    assert places == {
        "data_protection.py",
        "codes.py",
        "reading.py",
        "staff_files.py",
    }
