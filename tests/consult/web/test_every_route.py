"""Every address, in every state of a consultation, by everybody: no answer is a failure of ours,
and nobody is let in whom the table of who may do what does not name.

Addresses come from the application's own map, so that a new one is tried the day it is made, or
the test says which argument of it nobody has given a value for.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4
from zlib import crc32

import psycopg
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from consult import access
from consult.config import Config
from consult.web import pages
from tests.conftest import postgres_url
from tests.consult.web import every_state
from tests.consult.web.every_address import (
    FAILURE,
    NONE,
    SITE,
    SOURCES,
    Failures,
    Person,
    Site,
    addresses,
    built,
    copied_site,
    nothing_believed,
    query_names,
    rules_of,
    tried,
)
from tests.consult.web.every_state import PEOPLE


@pytest.fixture(scope="module", autouse=True)
def nothing_is_believed() -> Iterator[None]:
    with nothing_believed():
        yield


@pytest.fixture(scope="module")
def site(
    sqlite_prepared: Path,
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Site]:
    """Every state, in files that can be copied."""
    folder = tmp_path_factory.mktemp("every-state")
    with copied_site(sqlite_prepared, folder, compiled_templates) as made:
        yield made


@pytest.fixture(scope="module")
def postgres_site(
    postgres_server: str,
    postgres_prepared: tuple[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Site]:
    """Every state in a database of a server."""
    folder, name = tmp_path_factory.mktemp("every-state"), f"states_{uuid4().hex}"
    template, secret = postgres_prepared
    shutil.copy(secret, folder / "log.secret")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        config = Config(
            database_url=postgres_url(postgres_server, name), key_file=folder / "log.key"
        )
        world = built(config, folder, compiled_templates)
        yield Site(world)
        world.services.close()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


SAMPLE = 9
"""One address in so many is tried on the other kind of database."""


LET_IN = {200, 409, 422}
"""A page, or a form that is shown again."""


def may_enter(app: Flask, rule: Rule, who: str) -> bool:
    """Say whether the table lets somebody near an address; it says nothing of pages for all."""
    needed = pages.declared(rule.endpoint, app).who
    if needed is None:
        return True
    rooms = {each.endpoint.partition(".")[0]: each.capability for each in pages.rooms(app)}
    room = rooms.get(rule.endpoint.partition(".")[0], needed)  # some have no line in the menu
    if who == every_state.OTHERS:  # an organiser, and not of the partnership that asks
        return (
            room in (access.SEE_WORK, access.SEE_JOBS, access.KEEP_OWN_ACCOUNT)
            and "slug" not in rule.arguments
        )
    return who in room.roles and who in needed.roles


def failures(site: Site, state: str, who: str, *, is_sample: bool = False) -> list[str]:
    """Let one person try the addresses of one state; returns what failed, and why."""
    logged = Failures()
    site.app.logger.addHandler(logged)
    made = site.world.states.get(state, NONE)
    person = Person(site.app, made.cookies.get(who) or site.world.cookies.get(who, ""))
    found: list[str] = []
    for rule in rules_of(site.app, state):
        if is_sample and crc32(f"{rule}{state}{who}".encode()) % SAMPLE:
            continue
        for address in addresses(site.world, state, rule, who):
            for how, answer in tried(person, address, rule, who):
                if answer.status_code >= FAILURE:
                    found.append(f"{answer.status_code} {how} {address} {logged.causes[-1:]}")
                if answer.status_code in LET_IN and not may_enter(site.app, rule, who):
                    found.append(f"{answer.status_code} {how} {address}: the table lets nobody in")
                answer.close()
                if not is_sample and site.has_changed(made):
                    site.reopen()
    site.app.logger.removeHandler(logged)
    return found


@pytest.mark.in_turn
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("state", [*every_state.STATES, SITE])
def test_no_address_fails(site: Site, state: str, who: str):
    found = failures(site, state, who)
    assert not found, "\n".join(found)


@pytest.mark.in_turn
@pytest.mark.parametrize("who", ["organiser", every_state.MIDWAY, "desk"])
def test_a_fair_sample_does_not_fail_on_the_other_database_either(postgres_site: Site, who: str):
    states = [*every_state.STATES, SITE]
    found = [
        each for state in states for each in failures(postgres_site, state, who, is_sample=True)
    ]
    assert not found, "\n".join(found)


@pytest.mark.in_turn
@pytest.mark.parametrize("state", [*every_state.STATES, SITE])
def test_who_asks_for_the_head_of_a_page_is_told_what_its_readers_are(site: Site, state: str):
    made = site.world.states.get(state, NONE)
    found = []
    for who in ("administrator", every_state.MIDWAY):
        person = Person(site.app, made.cookies.get(who) or site.world.cookies.get(who, ""))
        for rule in rules_of(site.app, state):
            for address in addresses(site.world, state, rule, who):
                if "GET" in (rule.methods or set()):
                    head, page = person.ask("HEAD", address), person.ask("GET", address)
                    seen = [
                        (each.status_code, each.headers.get("Location")) for each in (head, page)
                    ]
                    if seen[0] != seen[1]:
                        found.append(f"{address}: {seen}")
                    page.close()
    assert not found, "\n".join(found)


def test_what_pages_ask_of_an_address_is_tried():
    assert {"as_at", "before", "question", "moved", "ward"} <= set(query_names())


def test_numbers_in_addresses_are_read_in_one_place():
    """A database holds no number of forty digits: whoever reads one elsewhere forgets that."""
    readers = [path.name for path in SOURCES.rglob("*.py") if "type=int" in path.read_text()]
    assert readers == ["addresses.py"]
