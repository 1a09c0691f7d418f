"""Pages read what they show once: one look at the record, and no query for each of many."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event

from consult.commands.interests import declare_interest
from consult.commands.partnerships import admit_member
from consult.services import Services
from events import Partnership
from events.partnership import Organisation
from tests import builders
from tests.builders import ADMINISTRATOR, ORGANISER, words
from tests.conftest import only
from tests.consult.web.every_address import (
    SITE,
    Copied,
    Person,
    addresses,
    copied_site,
    nothing_believed,
    rules_of,
)

WHO = "administrator"
STATES = ("draft ready", "open", "published", SITE)
ROOMS = ("organise.", "data_protection.", "scrutiny.", "jobs.")


@pytest.fixture(scope="module")
def site(
    sqlite_prepared: Path,
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Copied]:
    folder = tmp_path_factory.mktemp("read-once")
    with nothing_believed(), copied_site(sqlite_prepared, folder, compiled_templates) as made:
        yield made


@pytest.mark.parametrize("state", STATES)
def test_a_page_of_the_staff_brings_the_read_models_up_to_date_once(
    site: Copied, state: str, monkeypatch: pytest.MonkeyPatch
):
    looks: Counter[str] = Counter()
    real = Services.catch_up

    def counted(services: Services, position: int | None = None, **how: float) -> bool:
        looks[address] += position is None  # who needs all of them names the position it needs
        return real(services, position, **how)

    person = Person(site.app, site.world.cookies[WHO])
    monkeypatch.setattr(Services, "catch_up", counted)
    for rule in rules_of(site.app, state):
        if rule.endpoint.startswith(ROOMS) and "GET" in (rule.methods or set()):
            for address in addresses(site.world, state, rule, WHO):
                person.ask("GET", address).close()
    assert len(looks) > 5
    assert [address for address, number in looks.items() if number > 1] == []


@only("sqlite")
def test_a_list_of_interests_takes_as_many_queries_for_many_as_for_one(app, services, client):
    asked = [builders.consultation(services, slug=f"park-{number}") for number in range(3)]
    home = Partnership.id_for("ashenmoor")
    trust = Organisation("canal", words("Canal Trust"), "voluntary")
    admit_member(services, home, trust, actor=ADMINISTRATOR)
    statements: list[str] = []
    event.listen(
        services.views.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, text, *_more: statements.append(text),
    )
    taken = []
    for about in asked:
        declare_interest(
            services,
            home,
            "canal",
            what=words("A towpath"),
            since=services.today(),
            actor=ORGANISER,
            consultation_id=about.id,
        )
        services.catch_up()
        statements.clear()
        page = client.get("/interests")
        assert f'href="/c/{about.slug}"' in page.text
        taken.append(len(statements))
    assert len(set(taken)) == 1, taken
