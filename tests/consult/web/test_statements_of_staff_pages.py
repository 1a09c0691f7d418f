"""What a staff page asks of the databases does not grow with what it lists."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from consult.commands.answers.reading import mark_read
from consult.commands.answers.submitting import Sheet, submit_answers
from consult.commands.context import Actor
from consult.commands.data_protection.retention import set_legal_hold
from consult.people.accounts.staff import find_by_email
from projections.writings import Chosen, Writings
from tests.builders import RANKING, RESIDENT, consultation, question
from tests.conftest import only
from tests.consult.web.every_state import CUSTODIAN
from tests.consult.web.organisers import sign_in

pytestmark = only("sqlite")
MORE = question("more", "text", "Anything else?", required=False)


@pytest.fixture
def statements(services) -> Callable[[Callable[[], Any]], int]:
    """Counts the statements to read models and vault that something takes."""
    found: list[str] = []

    def note(_connection, _cursor, text, *_more):
        found.append(text)

    engines = (services.views.engine, services.vault.engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)

    def count(act: Callable[[], Any]) -> int:
        services.catch_up()
        act()  # what is read once a process is read
        found.clear()
        act()
        return len(found)

    yield count
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def begun(services, slug: str, people: int):
    about = consultation(services, RANKING, MORE, slug=slug, identity=("open", "desk"))
    for number in range(people):
        submit_answers(
            services,
            consultation_id=about.id,
            voter=f"voter {number}",
            sheet=Sheet({"order": ["a"]}, texts={"more": f"Thought {number}"}),
            actor=RESIDENT,
            command_id=f"{slug} {number}",
        )
    services.catch_up()
    return about


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("organiser", "/organise/"),
        ("desk", "/assist/"),
        ("data protection officer", "/organise/personal-data/"),
        ("auditor", "/scrutiny/"),
    ],
)
def test_a_list_of_consultations_takes_as_many_statements_however_long_it_is(
    app, services, statements, role, address
):
    set_legal_hold(services, begun(services, "first", 1).id, reason="A case", actor=CUSTODIAN)
    staff = sign_in(app, services, role=role)
    few = statements(lambda: staff.open(address))
    for number in range(4):
        begun(services, f"more-{number}", 1)
    assert "more-3" in staff.open(address).text
    assert statements(lambda: staff.open(address)) == few


@pytest.mark.parametrize("address", ["", "more", "more?q=thought", "more?mark=unread"])
def test_the_reading_room_takes_as_many_statements_however_many_wrote(
    app, services, statements, address
):
    about = begun(services, "riverside", 3)
    staff = sign_in(app, services)
    here = f"/organise/c/riverside/written/{address}"
    few = statements(lambda: staff.open(here))
    for number in range(3, 30):
        submit_answers(
            services,
            consultation_id=about.id,
            voter=f"voter {number}",
            sheet=Sheet({"order": ["a"]}, texts={"more": f"Thought {number}"}),
            actor=RESIDENT,
            command_id=f"{number}",
        )
    services.catch_up()
    assert statements(lambda: staff.open(here)) == few


def test_what_is_not_marked_as_read_is_counted_from_the_marks(app, services):
    about = begun(services, "riverside", 7)
    staff = sign_in(app, services)
    with services.whole(Writings) as (db, writings):
        rows = writings.listed(db, about.id, "more", Chosen(), 10)
    staff_id = find_by_email(services.vault, "ann@example.org")
    mark_read(
        services,
        about.id,
        [row.commitment for row in rows[:3]],
        actor=Actor("organiser", staff_id.hex),
        is_read=True,
    )
    assert "7 4 0" in staff.open("/organise/c/riverside/written/").words
