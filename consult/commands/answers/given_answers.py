"""Load a person's latest answers, for the holder of the receipt or that person, once proven."""

from dataclasses import dataclass
from uuid import UUID

from consult.commands.answers.answers_given import versions_given
from consult.commands.answers.submitting import find_by_receipt, find_by_voter
from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.people.answers import texts
from consult.services import SEEN_SECONDS_MAX, Services
from events import Submission
from events.submission import GIVEN, WITHDRAWN, AnswersGiven
from projections.ballot_box import BallotBox


@dataclass(frozen=True)
class GivenAnswers:
    """The latest answers of one person in one consultation.

    `fact`: as recorded. `is_withdrawn`: the answers were withdrawn. `organisation`: its name.
    `words`: texts by question id, without erased ones. `unread`: ids of the questions answered
    with a file, or whose words are gone.
    """

    fact: AnswersGiven
    is_withdrawn: bool
    organisation: str
    words: dict[str, str]
    unread: tuple[str, ...]


def given_by_receipt(services: Services, code: str) -> GivenAnswers:
    """Return the answers of a receipt code. Raises UnknownReceipt, ReadModelsBehind."""
    return _latest(services, find_by_receipt(services, code))


def given_by_voter(services: Services, consultation_id: UUID, voter: str) -> GivenAnswers | None:
    """Return the current answers of a person who has proven their identity; None without any.

    Raises KeyGone.
    """
    found = find_by_voter(services, consultation_id, voter)
    return _latest(services, found) if found is not None and found.state == GIVEN else None


def code_of_receipt(services: Services, receipt: str) -> str:
    """Return the receipt code with this hash. Raises UnknownReceipt, ReadModelsBehind."""
    with services.whole(BallotBox, seconds_max=SEEN_SECONDS_MAX) as (db, box):
        found = box.by_receipt(db, receipt)
    if found is None:
        raise UnknownReceipt
    return services.vault.receipt_code(found.consultation_id, found.subject_id, found.version)


def _latest(services: Services, submission: Submission) -> GivenAnswers:
    *_, last = versions_given(services, submission.id).values()
    kept = texts.words_of(services.vault, submission.id) if last.texts or last.organisation else {}
    return GivenAnswers(
        fact=last,
        is_withdrawn=submission.state == WITHDRAWN,
        organisation=kept.get(last.organisation, ""),
        words={id: kept[made] for id, made in last.texts.items() if made in kept},
        unread=tuple(id for id, made in last.texts.items() if made not in kept),
    )
