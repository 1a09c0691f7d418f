"""The digest of what is agreed to, which two people compare."""

from uuid import UUID

from events.staff.approvals import STATES, as_content, digest_of


def test_the_same_content_has_the_same_digest_in_whatever_order_it_was_given():
    one = as_content({"id": str(UUID(int=7)), "reason": "Over"})
    assert one == as_content({"reason": "Over", "id": str(UUID(int=7))})
    assert one == '{"id":"00000000-0000-0000-0000-000000000007","reason":"Over"}'
    assert digest_of("end legal hold", one) == digest_of("end legal hold", one)


def test_another_act_or_another_content_has_another_digest():
    content = as_content({"reason": "Over"})
    assert (
        len(
            {
                digest_of("end legal hold", content),
                digest_of("end legal holds", content),
                digest_of("end legal hold", as_content({"reason": "Over "})),
                digest_of("end legal hold", as_content({})),
            }
        )
        == 4
    )
    assert digest_of("a", "b").startswith("sha256:")


def test_states_are_told_apart():
    assert len(set(STATES)) == len(STATES)
