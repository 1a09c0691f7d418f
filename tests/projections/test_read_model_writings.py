"""The read model of words: what was written to each question, erased, and run out of its time."""

from uuid import uuid4

from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.reading import Wanted, read
from consult.commands.answers.submitting import withdraw_answers
from consult.commands.consultations.opening import withdraw_consultation
from consult.commands.data_protection.erasure import erase_by_holder
from consult.commands.data_protection.retention import run_retention
from projections.writings import Chosen, Writings
from tests.builders import ORGANISER, RANKING, RESIDENT, consultation, words
from tests.projections.asking import MORE, WHY, ask, send


def test_words_are_numbered_by_question_with_those_that_were_erased(services):
    asked = consultation(services, RANKING, MORE, WHY)
    other = consultation(services, RANKING, MORE, slug="other")
    receipts = {
        name: send(services, asked, name, {"more": name, "why": name}) for name in ("ann", "bob")
    }
    send(services, asked, "eve", {"more": "eve"})
    send(services, other, "dan", {"more": "dan"})
    send(services, asked, "nobody")
    assert ask(services, Writings, "numbers", asked.id) == {"more": (3, 0), "why": (2, 0)}
    rows = ask(services, Writings, "listed", asked.id, "more", Chosen(), 100)
    ids = [row.commitment for row in rows]
    foreign = ask(services, Writings, "listed", other.id, "more", Chosen(), 100)[0].commitment
    every = [*ids, foreign, "0" * 64]
    assert ask(services, Writings, "are_kept", asked.id, every) == set(ids)
    assert ask(services, Writings, "kept_among", asked.id, every) == {"more": 3}
    assert ask(services, Writings, "are_kept", asked.id, []) == set()
    erase_by_holder(services, holder=receipts["ann"].holder, actor=RESIDENT)
    assert ask(services, Writings, "numbers", asked.id) == {"more": (3, 1), "why": (2, 1)}
    assert ask(services, Writings, "kept_among", asked.id, every) == {"more": 2}
    assert len(ask(services, Writings, "are_kept", asked.id, every)) == 2
    withdraw_answers(services, holder=receipts["bob"].holder, actor=RESIDENT, command_id="")
    assert ask(services, Writings, "numbers", asked.id) == {"more": (2, 1), "why": (1, 1)}
    send(services, asked, "ann", {"more": "Again"})
    assert ask(services, Writings, "numbers", asked.id) == {"more": (2, 0)}
    assert ask(services, Writings, "numbers", uuid4()) == {}


def test_when_the_time_of_words_is_over_all_of_them_are_gone_and_nothing_of_others(services, clock):
    asked = consultation(services, RANKING, MORE)
    other = consultation(services, RANKING, MORE, slug="other", days=4_000)
    for each in (asked, other):
        send(services, each, "ann", {"more": "ann"})
    withdraw_consultation(services, asked.id, reason=words("A mistake"), actor=ORGANISER)
    services.catch_up()
    clock.move(days=3_000)
    assert (asked.id, "texts") in run_retention(services)
    assert ask(services, Writings, "numbers", asked.id) == {"more": (1, 1)}
    [row] = ask(services, Writings, "listed", asked.id, "more", Chosen(), 100)
    assert row.is_erased
    assert ask(services, Writings, "kept_among", asked.id, [row.commitment]) == {}
    assert ask(services, Writings, "are_kept", asked.id, [row.commitment]) == set()
    assert ask(services, Writings, "numbers", other.id) == {"more": (1, 0)}


def test_what_can_be_chosen_is_what_there_is(services):
    asked = consultation(services, RANKING, MORE, WHY, wards=True)
    send(services, asked, "ann", {"more": "a"}, area="W09", channel="paper")
    late = send(services, asked, "bob", {"more": "b"}, area="W03")
    send(services, asked, "eve", {"more": "e"})
    send(services, asked, "dan", {"why": "d"}, channel="telephone")
    group_campaign(services, asked.id, [late.subject_id], name="Cards", actor=ORGANISER)
    values = {
        name: ask(services, Writings, "values", asked.id, "more", name)
        for name in ("channel", "area", "campaign")
    }
    assert values == {"channel": ["online", "paper"], "area": ["W03", "W09"], "campaign": ["Cards"]}
    send(services, asked, "bob", {"more": "later"}, area="W03")
    assert ask(services, Writings, "values", asked.id, "more", "campaign") == ["Cards"], "it stays"


def test_somebody_may_write_to_several_questions_and_change_each(services):
    asked = consultation(services, RANKING, MORE, WHY)
    send(services, asked, "ann", {"more": "One", "why": "Because"})
    send(services, asked, "bob", {"more": "Two"})

    def written(question) -> list[str]:
        page = read(services, asked.id, Wanted(question), actor=ORGANISER)
        return [row.words for row in page.rows]

    assert (written(MORE), written(WHY)) == (["Two", "One"], ["Because"])
    send(services, asked, "ann", {"why": "For another reason"})
    assert (written(MORE), written(WHY)) == (["Two"], ["For another reason"])
    send(services, asked, "bob")
    assert (written(MORE), written(WHY)) == ([], ["For another reason"])
    send(services, asked, "bob", {"more": "After all"})
    assert written(MORE) == ["After all"]
