"""What came of it: the current text of each row, in the order in which they came."""

from datetime import date
from uuid import uuid4

from msgspec.structs import replace

from consult.commands.results.counting import publish_results
from consult.commands.results.follow_up import change_follow_up, publish_follow_up
from events.follow_up import Row
from projections.follow_ups import FollowUps
from tests.builders import ORGANISER, RANKING, close_consultation, consultation, words
from tests.projections.asking import ask, send

ROW = Row(
    theme=words("Buses"),
    asked=words("What first?"),
    said=words("Later buses"),
    did=words("A bus at ten"),
    owner=words("Network manager"),
    status="under_way",
    on=date(2026, 12, 30),
)


def test_a_row_says_what_was_said_last_and_stays_where_it_came(services, clock):
    asked = consultation(services, RANKING)
    send(services, asked, "ann")
    close_consultation(services, asked.id)
    clock.move(days=20)
    publish_results(services, asked.id, actor=ORGANISER)
    other = replace(ROW, theme=words("Trees"))
    rows = [
        publish_follow_up(services, asked.id, row, actor=ORGANISER, command_id=f"row {row.theme}")
        for row in (ROW, other)
    ]
    came_at = clock.now
    clock.move(days=1)
    changed = replace(ROW, did=words("A bus at eleven"))
    change_follow_up(services, rows[0].id, changed, actor=ORGANISER)
    found = ask(services, FollowUps, "of", asked.id)
    assert [(each.id, each.row, each.version) for each in found] == [
        (rows[0].id, changed, 2),
        (rows[1].id, other, 1),
    ]
    utc = [each.published_at.replace(tzinfo=came_at.tzinfo) for each in found]
    assert utc == [came_at, came_at]
    assert found[0].changed_at.replace(tzinfo=came_at.tzinfo) == clock.now
    assert ask(services, FollowUps, "of", uuid4()) == []
