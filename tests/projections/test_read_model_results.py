"""Results are counted for those inside and shown to everybody once they are published."""

from uuid import uuid4

from consult.commands.results.counting import count_consultation, publish_results
from projections.results import Results
from tests.builders import ORGANISER, RANKING, close_consultation, consultation
from tests.projections.asking import ask, send


def test_an_outcome_is_nobody_s_to_see_until_it_is_published(services, clock):
    asked = consultation(services, RANKING)
    other = consultation(services, RANKING, slug="other")
    send(services, asked, "ann", order=["b", "a"])
    send(services, asked, "bob", order=["b"])
    close_consultation(services, asked.id)
    [counted] = count_consultation(services, asked.id, actor=ORGANISER)
    assert ask(services, Results, "of", asked.id) == {}
    assert ask(services, Results, "published", asked.id) is None
    [(question, inside)] = ask(services, Results, "of", asked.id, published_only=False).items()
    assert (question, inside.ballots, inside.is_published) == ("order", 2, False)
    assert inside.count_id == counted.id
    clock.move(days=20)
    publish_results(services, asked.id, actor=ORGANISER)
    found = ask(services, Results, "of", asked.id)["order"]
    assert found.is_published
    assert found.outcome["elected"] == ["b"]
    published = ask(services, Results, "published", asked.id)
    assert published.tallies is not None
    assert published.tallies_digest
    both = [asked.id, other.id, uuid4()]
    assert ask(services, Results, "are_published", both) == {asked.id}
