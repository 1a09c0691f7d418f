"""Export the ballots of a consultation in the formats of other tools."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TextIO
from uuid import UUID

from consult.clocks.local_time import local
from consult.commands.results.working_out import cutoff_of, question_to_count
from consult.formats import (
    Ballot,
    DeclaredRule,
    Election,
    FileOption,
    write_blt,
    write_csv,
    write_json,
    write_pabulib,
)
from consult.formats.election import kind_of_votes, picks
from consult.services import Services
from events import Consultation, Partnership, Refused
from events.consultations import states
from events.kinds.kind import Shape
from events.question import Question, Text
from projections.answered import Groups
from projections.ballot_box import BallotBox
from projections.results import Results

WRITERS = {
    "pabulib": write_pabulib,
    "blt": write_blt,
    "csv": write_csv,
    "json": write_json,
}


FITS: Mapping[str, Callable[[Question], bool]] = {
    "pabulib": lambda question: question.pot is not None,
    "blt": lambda question: question.of_kind.shape is Shape.ORDER,
}
"""The questions whose ballots a format of another program can hold; any, where it is not here."""


class WhichQuestion(Refused):
    """Several questions fit the format."""

    says = (
        "A file of the format {format} holds the ballots of one question. Name one of these with "
        "--question: {questions}."
    )


class StillSecret(Refused):
    """Ballots are not exported while the consultation is open."""

    says = "Ballots can be exported after the consultation has closed."


def export_votes(
    services: Services,
    id: UUID,
    file: TextIO,
    *,
    format: str,
    question_id: str | None = None,
) -> None:
    """Write the ballots that count. `format`: pabulib, blt, csv or json.

    They are those that stood at the closing, as in the count: what is set aside later takes nothing
    out of it.
    Ballots are grouped and sorted, so that neither their order nor an id is disclosed. Raises
    StillSecret, NotFound, NothingCounted, WhichQuestion, ReadModelsBehind, CannotWrite,
    CannotWriteBlt.
    """
    consultation = services.record.get(Consultation, id)
    if consultation.state != states.CLOSED:
        raise StillSecret
    question = question_to_count(consultation, question_id or _only_one(consultation, format))
    results = services.views.reader(Results)
    with services.whole(BallotBox) as (db, box):
        groups = box.groups(db, id, question.id, as_at=cutoff_of(services, consultation))
        published = results.of(db, id).get(question.id)
    election = election_of(
        consultation,
        question,
        groups,
        place=services.record.get(Partnership, consultation.partnership_id).name,
        outcome=published.outcome if published else None,
    )
    WRITERS[format](election, file)


def _only_one(consultation: Consultation, format: str) -> str | None:
    """Return the question that a format can hold, where there is one; else None, the default.

    Raises WhichQuestion if there are several.
    """
    fits = FITS.get(format)
    if fits is None:
        return None
    found = [one.id for one in consultation.questions.values() if one.is_counted and fits(one)]
    if len(found) > 1:
        raise WhichQuestion(format=format, questions=", ".join(found))
    return found[0] if found else None


def election_of(
    consultation: Consultation,
    question: Question,
    groups: Groups,
    *,
    place: Text,
    outcome: Mapping[str, Any] | None = None,
) -> Election:
    """Return a counted question with its ballots in the form that files are written from.

    `place`: name of the partnership. `outcome`: the published outcome of the question.
    """
    assert consultation.terms is not None
    terms = consultation.terms.counting.get(question.id)
    language = consultation.languages[0]
    votes, points = _totals(groups)
    return Election(
        title=consultation.title.get(language, ""),
        description=consultation.overview.get(language, ""),
        kind=kind_of_votes(question),
        options=tuple(
            FileOption(
                id=option.id,
                name=option.title.get(language, option.id),
                description=option.summary.get(language, ""),
                cost=option.cost,
                group=option.group or None,
                selected=None if outcome is None else int(option.id in outcome["funded"]),
                declared_votes=votes[option.id],
                declared_score=str(points[option.id]) if question.of_kind.has_points else None,
            )
            for option in question.options
        ),
        ballots=tuple(_ballots(groups)),
        people=sum(number for _, number in groups),
        rule=DeclaredRule(
            stated=None,
            id=terms.rule if terms else "approval",
            parameters=terms.parameters if terms else {},
        ),
        pot=question.pot,
        unit_scale=10**consultation.money_decimals,
        currency=consultation.currency or None,
        language=language,
        picks_min=question.picks_min or None,
        picks_max=question.picks_max or None,
        points_max=question.points or None,
        equal_ranks=question.equal_ranks,
        seats=terms.seats if terms else 1,
        place=place.get(language),
        meta=_meta(consultation, place),
    )


def _meta(consultation: Consultation, place: Text) -> dict[str, str]:
    """Return the metadata on place and time that Pabulib requires."""
    assert consultation.opened_at is not None
    assert consultation.ended_at is not None
    begun, ended = local(consultation.opened_at), local(consultation.ended_at)
    return {
        "country": "United Kingdom" if not consultation.source else "unknown",
        "unit": consultation.slug
        if consultation.is_import
        else place.get(consultation.languages[0], consultation.slug),
        "instance": str(begun.year),
        "date_begin": f"{begun:%d.%m.%Y}",
        "date_end": f"{ended:%d.%m.%Y}",
    }


def _totals(groups: Groups) -> tuple[Counter[str], Counter[str]]:
    """Return, per option, how many people named it and the total of their points."""
    votes: Counter[str] = Counter()
    points: Counter[str] = Counter()
    for answer, number in groups:
        for option in picks(answer):
            votes[option] += number
            if isinstance(answer, dict):
                points[option] += number * answer[option]
    return votes, points


def _ballots(groups: Groups) -> Iterator[Ballot]:
    for answer, number in groups:
        yield Ballot(answer=answer, multiplicity=number)
