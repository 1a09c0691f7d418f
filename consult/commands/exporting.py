"""Exporting: the ballots of a consultation as an outside tool reads them."""

from collections.abc import Iterator
from typing import TextIO
from uuid import UUID

from consult.commands.counting import question_to_count
from consult.formats import (
    Ballot,
    DeclaredRule,
    Election,
    FileOption,
    write_csv,
    write_json,
    write_pabulib,
)
from consult.services import Services
from events import Consultation, Refused
from events.question import Question
from projections.answered import Groups
from projections.ballot_box import BallotBox

WRITERS = {"pabulib": write_pabulib, "csv": write_csv, "json": write_json}


class StillSecret(Refused):
    """Ballots are not handed out while people are still answering."""

    says = "Ballots can be exported after the consultation has closed."


def export_votes(
    services: Services,
    id: UUID,
    file: TextIO,
    *,
    format: str,
    question_id: str | None = None,
) -> None:
    """Write the ballots that count. `format`: pabulib, csv or json.

    Ballots are grouped and sorted, so neither their order nor a name for them leaks.
    Raises StillSecret, NotFound, CannotWrite.
    """
    consultation = services.record.get(Consultation, id)
    if consultation.state != "closed":
        raise StillSecret
    question = question_to_count(consultation, question_id)
    with services.whole(BallotBox) as (db, box):
        groups = box.groups(db, id, question.id)
    WRITERS[format](election_of(consultation, question, groups), file)


def election_of(consultation: Consultation, question: Question, groups: Groups) -> Election:
    """Return a counted question with its ballots as a file describes them."""
    assert consultation.terms is not None
    terms = consultation.terms.counting.get(question.id)
    language = consultation.languages[0]
    return Election(
        title=consultation.title.get(language, ""),
        description=consultation.overview.get(language, ""),
        kind="approval" if question.kind in {"basket", "several"} else question.kind,
        options=tuple(
            FileOption(
                id=option.id,
                name=option.title.get(language, option.id),
                description=option.summary.get(language, ""),
                cost=option.cost,
                group=option.group or None,
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
        unit_scale=100 if consultation.money == "pence" else 1,
        currency=consultation.currency or None,
        language=language,
        picks_min=question.picks_min or None,
        picks_max=question.picks_max or None,
        points_max=question.points or None,
        equal_ranks=question.equal_ranks,
        seats=terms.seats if terms else 1,
        meta=_meta(consultation),
    )


def _meta(consultation: Consultation) -> dict[str, str]:
    """Return what Pabulib asks of every file about where and when."""
    assert consultation.opened_at is not None
    assert consultation.terms is not None
    return {
        "country": "United Kingdom" if not consultation.source else "unknown",
        "unit": consultation.slug,
        "instance": str(consultation.opened_at.year),
        "date_begin": f"{consultation.opened_at:%d.%m.%Y}",
        "date_end": f"{consultation.terms.closes_at:%d.%m.%Y}",
    }


def _ballots(groups: Groups) -> Iterator[Ballot]:
    for answer, number in groups:
        yield Ballot(answer=answer, multiplicity=number)
