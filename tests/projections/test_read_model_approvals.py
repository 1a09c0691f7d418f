"""What was asked for in a partnership, the newest first, and what could still come of it."""

from datetime import timedelta
from uuid import uuid4

from events import Approval, By
from events.staff.approvals import DECLINED, WAITING
from projections.approvals import Approvals
from tests.projections.asking import ask

HERE, THERE = uuid4(), uuid4()


def asked(services, place, number: int) -> Approval:
    at = services.clock()
    fact = Approval.Asked(
        at=at,
        by=By("administrator", f"person {number}"),
        partnership_id=place,
        act="grant administrator",
        content="{}",
        digest=f"sha256:{number}",
        expires_at=at + timedelta(hours=1),
    )
    made = Approval.begin(uuid4(), fact)
    services.record.save(made)
    return made


def test_they_are_listed_by_partnership_with_what_became_of_them(services, clock):
    first, second = asked(services, HERE, 1), asked(services, HERE, 2)
    there = asked(services, THERE, 3)
    found = services.record.get(Approval, second.id)
    found.decline("No", at=clock(), by=By("monitoring officer", "another"))
    services.record.save(found)
    pages = ask(services, Approvals, "of_partnerships", [HERE])
    assert [(one.id, one.state) for one in pages] == [(second.id, DECLINED), (first.id, WAITING)]
    assert (pages[0].reason, pages[0].second.role) == ("No", "monitoring officer")
    assert pages[1].first == By("administrator", "person 1")
    assert ask(services, Approvals, "by_id", there.id).digest == "sha256:3"
    assert ask(services, Approvals, "by_id", uuid4()) is None
    assert {one.id for one in ask(services, Approvals, "open_ones")} == {first.id, there.id}
    assert not pages[0].is_open(clock())
    assert pages[1].is_open(clock())
    assert not pages[1].is_open(clock() + timedelta(hours=1, microseconds=1))
