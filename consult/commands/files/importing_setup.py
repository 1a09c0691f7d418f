"""Set up the consultation of an imported file: its draft, its one question and its terms."""

from datetime import timedelta
from typing import cast

from consult import access
from consult.commands.consultations.drafting import (
    Draft,
    draft_consultation,
    fix_terms,
    put_question,
)
from consult.commands.consultations.opening import open_consultation
from consult.commands.context import Actor
from consult.commands.partnerships import form_partnership
from consult.formats import Election
from consult.formats.election import FileOption
from consult.formats.money import decimals
from consult.services import Services
from events import Consultation
from events.consultations.terms import IMPORTS_ONLY, CountingTerms, Terms
from events.question import Kind, Option, Question

IMPORTER = Actor(access.IMPORT)
QUESTION = "vote"
PENCE, UNITS = 2, 0


def draft_of(services: Services, election: Election, slug: str, name: str) -> Consultation:
    """Draft the consultation of a file under this short name and return it."""
    partnership = form_partnership(
        services,
        slug="imported-votes",
        name={"en": "Imported votes", "cy": "Pleidleisiau a fewnforiwyd"},
        area={"en": "", "cy": ""},
        profile=IMPORTS_ONLY,
        actor=IMPORTER,
    )
    places = decimals(election.unit_scale)
    return draft_consultation(
        services,
        partnership_id=partnership.id,
        draft=Draft(
            slug=slug,
            title={"en": election.title or name},
            overview={"en": election.description or f"Votes imported from {name}."},
            languages=("en",),
            source=name,
            money="pence" if places == PENCE else "units",
            currency=election.currency or "",
            decimals=None if places in (PENCE, UNITS) else places,
        ),
        actor=IMPORTER,
        command_id=f"import-{slug}",
    )


def question_of(election: Election) -> Question:
    """Return the one question that the file's ballots answer."""
    return Question(
        id=QUESTION,
        kind=cast("Kind", election.kind),  # the formats use our words
        title={"en": election.title or "Vote"},
        options=tuple(_option(option) for option in election.options),
        required=False,
        equal_ranks=election.equal_ranks,
        scale=election.grade_max or 4,
        pot=election.pot,
    )


def counting_of(election: Election) -> CountingTerms:
    """Return the counting terms of the file."""
    return CountingTerms(
        rule=election.rule.id,
        parameters=dict(election.rule.parameters),
        seats=election.seats,
    )


def set_up(services: Services, consultation: Consultation, election: Election) -> None:
    """Add the question, fix the terms and open; only the file's ballots are accepted."""
    question = question_of(election)
    put_question(services, consultation.id, question, actor=IMPORTER, command_id="question")
    terms = Terms(
        # Duties skip imports: an import closes only when every ballot is stored.
        closes_at=services.clock() + timedelta(days=1),
        counting={QUESTION: counting_of(election)},
        identity=(),  # nobody can show who they are, so nobody can answer
        interim="shown",
        other_rule_shown=True,
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
