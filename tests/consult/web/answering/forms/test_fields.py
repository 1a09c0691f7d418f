"""What the question macros post is read back, and what was never asked is ignored."""

from werkzeug.datastructures import MultiDict

from consult.web.answering.forms import fields

KNOWN = ("a", "b", "c")


def form(*pairs: tuple[str, str]) -> fields.Form:
    return MultiDict(pairs)


def test_each_button_of_a_ranking_moves_its_row():
    now = [("order", "a"), ("order", "b")]
    assert fields.ranking(form(*now, ("order-add", "c")), "order", KNOWN).chosen == ("a", "b", "c")
    assert fields.ranking(form(*now, ("order-up", "b")), "order", KNOWN).chosen == ("b", "a")
    assert fields.ranking(form(*now, ("order-down", "a")), "order", KNOWN).chosen == ("b", "a")
    assert fields.ranking(form(*now, ("order-remove", "a")), "order", KNOWN).chosen == ("b",)


def test_moving_past_the_end_changes_nothing():
    now = [("order", "a"), ("order", "b")]
    assert fields.ranking(form(*now, ("order-up", "a")), "order", KNOWN).chosen == ("a", "b")
    assert fields.ranking(form(*now, ("order-down", "b")), "order", KNOWN).chosen == ("a", "b")
    assert fields.ranking(form(*now, ("order-up", "c")), "order", KNOWN).chosen == ("a", "b")


def test_continue_moves_nothing_and_unknown_or_repeated_ids_are_dropped():
    posted = fields.ranking(form(("order", "a"), ("order", "x"), ("order", "a")), "order", KNOWN)
    assert posted == fields.RankingPosted(("a",), None)
    assert fields.ranking(form(("order-add", "x")), "order", KNOWN).moved is None
