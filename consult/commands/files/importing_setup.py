"""Set up the consultation of an imported file: its draft, its one question and its terms."""

from datetime import datetime, timedelta
from uuid import UUID

from consult import access
from consult.commands.consultations.drafting import (
    Draft,
    check_counting,
    consultation_id,
    draft_consultation,
    fix_terms,
    put_question,
)
from consult.commands.consultations.opening import open_consultation
from consult.commands.context import Actor
from consult.commands.partnerships import form_partnership
from consult.formats import Election, FormatError
from consult.formats.election import FileOption
from consult.formats.money import decimals
from consult.formats.pabulib_rules import whose_rule
from consult.services import Services
from events import Consultation, Refused
from events.consultations.terms import CountingTerms, Terms
from events.frameworks import IMPORTS_ONLY, framework_of
from events.question import Option, Question

IMPORTER = Actor(access.IMPORT)
QUESTION = "vote"
PENCE, UNITS = 2, 0
PARTNERSHIP = UUID(int=0)
"""Stands for the partnership of imports in a check that records nothing."""


def check_can_open(election: Election, name: str, *, at: datetime) -> None:
    """Set everything up in memory first, and refuse the file if it could not open.

    Raises FormatError. So a refusal leaves nothing behind: no draft, and no taken short name.
    """
    id, by = consultation_id(PARTNERSHIP, name), IMPORTER.by("check")
    draft, question = _draft(election, slug="", name=name), question_of(election)
    one = Consultation.begin(
        id, Consultation.Drafted(at=at, by=by, partnership_id=PARTNERSHIP, **vars(draft))
    )
    if len(question.options) < question.of_kind.options_least:
        raise _refused(name, "It has one thing to choose, and a vote needs at least two.")
    try:
        one.add_question(question, at=at, by=by)
        check_counting(question, counting_of(election))
        one.fix_terms(terms_of(election, at), at=at, by=by)
        one.open(framework_of(IMPORTS_ONLY), at=at, by=by)
    except Refused as refused:
        raise _refused(name, str(refused)) from None


def _refused(name: str, reason: str) -> FormatError:
    return FormatError(file=name, line=0, reason=reason)


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
    return draft_consultation(
        services,
        partnership_id=partnership.id,
        draft=_draft(election, slug, name),
        actor=IMPORTER,
        command_id=f"import-{slug}",
    )


def _draft(election: Election, slug: str, name: str) -> Draft:
    places = decimals(election.unit_scale)
    about = filter(None, (election.description, f"Votes imported from {name}."))
    return Draft(
        slug=slug,
        title={"en": election.title or name},
        overview={"en": " ".join([*about, whose_rule(election.rule)])},
        languages=("en",),
        source=name,
        money="pence" if places == PENCE else "units",
        currency=election.currency or "",
        decimals=None if places in (PENCE, UNITS) else places,
    )


def question_of(election: Election) -> Question:
    """Return the one question that the file's ballots answer."""
    return Question(
        id=QUESTION,
        kind=election.kind,  # the formats use our words
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


def terms_of(election: Election, at: datetime) -> Terms:
    """Return the terms of a file of votes, which promised nobody anything."""
    return Terms(
        # Duties leave an import alone: it closes when everything is stored, and not before.
        closes_at=at + timedelta(days=1),
        counting={QUESTION: counting_of(election)},
        identity=(),  # nobody can show who they are, so nobody can answer
        interim="shown",
        fingerprints_accepted=True,  # the votes are published already
    )


def set_up(services: Services, consultation: Consultation, election: Election) -> None:
    """Ask the question, fix the terms and open for the ballots of the file alone."""
    question = question_of(election)
    put_question(services, consultation.id, question, actor=IMPORTER, command_id="question")
    terms = terms_of(election, services.clock())
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
