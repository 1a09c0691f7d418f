"""Who asks about answers that were sent: the holder of a code, or somebody who has proven to be it.

Two codes come with a receipt. The checking code may be shown: it says whether the answers are in
and whether they stand. The changing code is secret: with it the answers are seen, changed, taken
back and erased.
"""

from dataclasses import dataclass
from uuid import UUID

from consult.commands.answers.answers_given import versions_given
from consult.commands.answers.submitting_refusals import (
    CheckingCode,
    CodeReplaced,
    UnknownChangingCode,
    UnknownReceipt,
)
from consult.people import holders
from consult.people.answers import texts
from consult.people.vault import read_receipt_code
from consult.services import SEEN_SECONDS_MAX, Services
from events import Ballot, Consultation, Response, Submission
from events.submission import GIVEN, WITHDRAWN, AnswersGiven
from projections.ballot_box import BallotBox


@dataclass(frozen=True)
class Holder:
    """Whoever asks: by the changing `code` as typed, or as the proven `voter` of a consultation."""

    code: str = ""
    consultation_id: UUID | None = None
    voter: str = ""

    def vouches(self, services: Services, submission: Submission, kind: str) -> str:
        """Return what the public log shows of the holder's wish; "" without the changing code."""
        code = read_receipt_code(self.code)
        return holders.vouched(services.vault, code, submission.holder, kind)


@dataclass(frozen=True)
class Receipt:
    """What a person keeps: two codes of 16 letters and digits in groups of four.

    `code`: the checking code, which may be shown. `changing_code`: secret, and shown once; ""
    where nobody may see it, as at a desk.
    """

    code: str
    consultation_id: UUID
    subject_id: UUID
    version: int
    position: int
    changing_code: str = ""

    @property
    def holder(self) -> Holder:
        """Return who has this receipt."""
        return Holder(self.changing_code)

    @property
    def is_change(self) -> bool:
        """Return whether this receipt is for answers that replaced earlier ones."""
        return self.version > 1


def find_held(services: Services, holder: Holder) -> Submission:
    """Load the submission that somebody may see and change, with its latest code.

    Raises UnknownChangingCode, CodeReplaced, CheckingCode, ReadModelsBehind; UnknownReceipt of a
    voter who has sent nothing, KeyGone.
    """
    if holder.consultation_id is not None:
        own = find_by_voter(services, holder.consultation_id, holder.voter)
        if own is None:
            raise UnknownReceipt
        return own
    submission = find_by_changing_code(services, holder.code)
    require_current(services, submission, holder.code)
    return submission


def require_current(services: Services, submission: Submission, code: str) -> None:
    """Check that a changing code is that of the latest answers. Raises CodeReplaced."""
    if holders.commitment(services.vault, read_receipt_code(code)) != submission.holder:
        raise CodeReplaced


def find_by_changing_code(services: Services, code: str) -> Submission:
    """Load the submission of a changing code, also of one that later answers have replaced.

    Raises UnknownChangingCode, CheckingCode, ReadModelsBehind.
    """
    written = read_receipt_code(code)
    held = holders.commitment(services.vault, written)
    with services.whole(BallotBox, seconds_max=SEEN_SECONDS_MAX) as (db, box):
        found = box.by_holder(db, held)
        if found is None and box.by_receipt(db, services.vault.receipt_hash(written)):
            raise CheckingCode
    if found is None:
        raise UnknownChangingCode
    kind = Ballot if found.is_ballot else Response
    return services.record.get(kind, found.subject_id)


def find_by_voter(services: Services, consultation_id: UUID, voter: str) -> Submission | None:
    """Load the submission of a proven person; None without any. Raises KeyGone."""
    consultation = services.record.cached(Consultation, consultation_id)
    kind: type[Submission] = Ballot if consultation.takes_ballots else Response
    pseudonym = services.vault.pseudonym(consultation_id, voter)
    return services.record.find(kind, Submission.id_for(consultation_id, pseudonym))


def find_by_receipt(services: Services, code: str) -> Submission:
    """Load the submission of a checking code. Raises UnknownReceipt, ReadModelsBehind."""
    hashed = services.vault.receipt_hash(read_receipt_code(code))
    with services.whole(BallotBox, seconds_max=SEEN_SECONDS_MAX) as (db, box):
        found = box.by_receipt(db, hashed)
    if found is None:
        raise UnknownReceipt
    kind = Ballot if found.is_ballot else Response
    return services.record.get(kind, found.subject_id)


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


def given_by_code(services: Services, code: str) -> GivenAnswers:
    """Return the answers of a changing code. Raises what `find_held` raises."""
    return _latest(services, find_held(services, Holder(code)))


def given_by_voter(services: Services, consultation_id: UUID, voter: str) -> GivenAnswers | None:
    """Return the current answers of a person who has proven their identity; None without any.

    Raises KeyGone.
    """
    found = find_by_voter(services, consultation_id, voter)
    return _latest(services, found) if found is not None and found.state == GIVEN else None


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


def given_before(services: Services, consultation_id: UUID, voter: str) -> Receipt | None:
    """Return the receipt of the current answers of a proven person; None without any.

    Call it only for somebody who has just proven to be that person. Raises KeyGone.
    """
    found = find_by_voter(services, consultation_id, voter)
    if found is None or found.state != GIVEN:
        return None
    version = max(versions_given(services, found.id))
    code = services.vault.receipt_code(consultation_id, found.id, version)
    position = services.record.position_of(found.id, version)
    return Receipt(code, consultation_id, found.id, version, position)
