"""Importing a file of votes: a consultation of its own, every ballot cast, then closed.

The consultation's short name contains the digest of the file and each voter's id derives
from the line, so an import that was cut short is finished by repeating it, and a second
import of the same file writes nothing.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import cast
from uuid import UUID

from consult.commands.context import Actor
from consult.commands.drafting import (
    Draft,
    draft_consultation,
    fix_terms,
    put_question,
)
from consult.commands.opening import close_consultation, open_consultation
from consult.commands.partnerships import form_partnership
from consult.commands.sheets import Sheet
from consult.commands.submitting import ballot_of
from consult.formats import Ballot as FileBallot
from consult.formats import Election, read
from consult.formats.election import FileOption
from consult.services import Services
from events import Ballot, Consultation, Response, Submission
from events.question import Kind, Option, Question
from events.terms import IMPORTS_ONLY, CountingTerms, Terms

IMPORTER = Actor("import")
QUESTION = "vote"
BALLOTS_AT_ONCE = 2_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Imported:
    """What an import came to. `warnings`: sentences about differences inside the file."""

    consultation_id: UUID
    slug: str
    ballots: int
    options: int
    rule: str
    warnings: tuple[str, ...]


def import_votes(services: Services, path: Path, progress: Progress | None = None) -> Imported:
    """Read a file of votes and record it. Raises FormatError before anything is written.

    `progress`: told how many of how many ballots are durable.
    """
    election = read(path)
    slug = _slug(path)
    consultation = _draft(services, election, slug, path.name)
    if consultation.state == "draft":
        _set_up(services, consultation, election)
    consultation = services.record.get(Consultation, consultation.id)
    if consultation.is_open:
        _cast_ballots(services, consultation, election, progress)
        close_consultation(services, consultation.id, actor=IMPORTER, command_id="close")
    return Imported(
        consultation_id=consultation.id,
        slug=slug,
        ballots=election.people,
        options=len(election.options),
        rule=election.rule.id,
        warnings=election.warnings,
    )


def _slug(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:10]
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:45].strip("-")
    return f"{stem or 'votes'}-{digest}"


def _draft(services: Services, election: Election, slug: str, name: str) -> Consultation:
    partnership = form_partnership(
        services,
        slug="imported-votes",
        name={"en": "Imported votes", "cy": "Pleidleisiau a fewnforiwyd"},
        area={"en": "", "cy": ""},
        profile=IMPORTS_ONLY,
        actor=IMPORTER,
    )
    return draft_consultation(
        services,
        partnership_id=partnership.id,
        draft=Draft(
            slug=slug,
            title={"en": election.title or name},
            overview={"en": election.description or f"Votes imported from {name}."},
            languages=("en",),
            source=name,
            money="pence" if election.unit_scale == 100 else "units",  # noqa: PLR2004  hundredths
            currency=election.currency or "",
        ),
        actor=IMPORTER,
        command_id=f"import-{slug}",
    )


def _set_up(services: Services, consultation: Consultation, election: Election) -> None:
    question = Question(
        id=QUESTION,
        kind=cast("Kind", election.kind),  # the formats use our words
        title={"en": election.title or "Vote"},
        options=tuple(_option(option) for option in election.options),
        required=False,
        equal_ranks=election.equal_ranks,
        scale=election.grade_max or 4,
        pot=election.pot,
    )
    put_question(services, consultation.id, question, actor=IMPORTER, command_id="question")
    terms = Terms(
        closes_at=services.clock() + timedelta(days=1),
        counting={
            QUESTION: CountingTerms(
                rule=election.rule.id,
                parameters=dict(election.rule.parameters),
                seats=election.seats,
            )
        },
        interim="shown",
        open_reason={"en": "The votes were cast elsewhere."},
        fingerprints_accepted=True,  # the votes are published already
    )
    fix_terms(services, consultation.id, terms, actor=IMPORTER, command_id="terms")
    open_consultation(services, consultation.id, actor=IMPORTER, command_id="open")


def _option(option: FileOption) -> Option:
    return Option(
        id=option.id,
        title={"en": option.name or option.id},
        summary={"en": option.description} if option.description else {},
        cost=option.cost,
        group=option.group or "",
    )


def _cast_ballots(
    services: Services, consultation: Consultation, election: Election, progress: Progress | None
) -> None:
    cast = 0
    sheets = enumerate(_people(election.ballots))
    while chunk := list(islice(sheets, BALLOTS_AT_ONCE)):
        kind = Ballot if consultation.takes_ballots else Response
        new = [
            ballot_of(
                services,
                consultation,
                voter=f"import/{line}",
                sheet=Sheet({QUESTION: given.answer}, assurance="imported"),
                by=Actor("import", channel=given.channel or "online").by("cast"),
            )
            for line, given in chunk
        ]
        if services.record.find(kind, new[-1].id) is None:
            new = _not_there_yet(services, kind, new)
            services.record.append_batch(new, depends_on={consultation.id: consultation.version})
        cast += len(chunk)
        if progress:
            progress(cast, election.people)


def _not_there_yet(
    services: Services, kind: type[Submission], new: list[Submission]
) -> list[Submission]:
    """Leave out what an interrupted import has stored already."""
    if services.record.find(kind, new[0].id) is None:
        return new
    return [ballot for ballot in new if services.record.find(kind, ballot.id) is None]


def _people(ballots: Iterable[FileBallot]) -> Iterator[FileBallot]:
    """Yield one ballot a person: files group equal ones."""
    for ballot in ballots:
        for _ in range(ballot.multiplicity):
            yield ballot
