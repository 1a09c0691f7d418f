"""What happens while a result is counted: nothing is recorded that no longer follows from it."""

from pathlib import Path

import pytest

from consult.commands.consultations import drawing
from consult.commands.files.importing import discard_import, import_votes
from consult.commands.results import counting
from consult.commands.results.counting_refusals import WithdrawnUncounted
from consult.services import Services
from events import Consultation, Count
from events.consultations.beacon import LotCounted
from tests.builders import NUMBERS, ORGANISER, RANKING, draw_lot, numbers_that_draw, words
from tests.consult.commands.meanwhile import elsewhere_at_once, meanwhile
from tests.events.consultations.test_beacon import closed

__all__ = ["elsewhere_at_once", "meanwhile"]

VOTES = """# FILE NAME: votes.soi
# NUMBER ALTERNATIVES: 2
# ALTERNATIVE NAME 1: A
# ALTERNATIVE NAME 2: B
2: 1,2
1: 2,1
"""


def counts(services: Services) -> list[str]:
    rows = services.record.read(0, 10_000)
    return [row.topic for row in rows if row.topic.startswith(f"{Count.TOPIC}.")]


def correct(services: Services, id, numbers: str) -> None:
    drawing.enter_draw(
        services,
        id,
        numbers=numbers,
        source="https://lottery.example",
        reason=words("Misread"),
        actor=ORGANISER,
    )


def test_a_draw_that_is_corrected_during_the_count_is_the_one_that_counts(
    services, elsewhere_at_once, meanwhile
):
    about = closed(services)
    ab, ba = (numbers_that_draw(services, about.id, RANKING, *order) for order in ("abc", "bac"))
    draw_lot(services, about.id, ab)
    tried = meanwhile(lambda: correct(elsewhere_at_once, about.id, ba))
    [count] = counting.count_consultation(services, about.id, actor=ORGANISER)
    assert len(tried) == 2
    assert count.outcome["specification"]["lot"] == ["b", "a", "c"]
    assert services.record.get(Count, count.id).outcome == count.outcome


def test_a_draw_is_not_corrected_when_a_count_comes_in_between(
    services, elsewhere_at_once, meanwhile
):
    about = closed(services)
    draw_lot(services, about.id)
    meanwhile(lambda: counting.count_consultation(elsewhere_at_once, about.id, actor=ORGANISER))
    with pytest.raises(LotCounted):
        correct(services, about.id, "1 2 3 4 5 6")
    assert services.record.get(Consultation, about.id).lot.value == NUMBERS


@pytest.mark.parametrize("command", [counting.count_consultation, counting.publish_results])
def test_votes_that_are_thrown_away_during_the_count_have_no_result(
    services, elsewhere_at_once, meanwhile, tmp_path: Path, command
):
    file = tmp_path / "votes.soi"
    file.write_text(VOTES)
    about = import_votes(services, file)
    services.catch_up()
    meanwhile(lambda: discard_import(elsewhere_at_once, about.consultation_id, actor=ORGANISER))
    with pytest.raises(WithdrawnUncounted):
        command(services, about.consultation_id, actor=ORGANISER)
    assert counts(services) == []


def test_counted_votes_that_are_thrown_away_are_not_published(
    services, elsewhere_at_once, meanwhile, tmp_path: Path
):
    file = tmp_path / "votes.soi"
    file.write_text(VOTES)
    about = import_votes(services, file)
    counting.count_consultation(services, about.consultation_id, actor=ORGANISER)
    meanwhile(lambda: discard_import(elsewhere_at_once, about.consultation_id, actor=ORGANISER))
    with pytest.raises(WithdrawnUncounted):
        counting.publish_results(services, about.consultation_id, actor=ORGANISER)
    assert counts(services) == [Count.Counted.TOPIC]


def test_a_result_that_somebody_else_publishes_first_is_published_once(
    services, elsewhere_at_once, meanwhile
):
    about = closed(services)
    draw_lot(services, about.id)
    counting.count_consultation(services, about.id, actor=ORGANISER)
    meanwhile(lambda: counting.publish_results(elsewhere_at_once, about.id, actor=ORGANISER))
    [count] = counting.publish_results(services, about.id, actor=ORGANISER)
    assert count.is_published
    assert counts(services) == [Count.Counted.TOPIC, Count.Published.TOPIC]
