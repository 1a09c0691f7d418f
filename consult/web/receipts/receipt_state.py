"""State of the answers of a receipt, which determines what its pages show and offer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from consult.people.vault import read_receipt_code
from consult.web import services as find_services
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import states
from projections import found_receipts
from projections.ballot_box import BallotBox
from projections.data_protection import DataProtection
from projections.found_receipts import Found
from projections.results import Results


@dataclass(frozen=True)
class ReceiptState:
    """State of a receipt's answers and of their consultation at this moment.

    `phase`: present state of the consultation, one of `states.STATES`. `standing`: of these
    answers, one of `found_receipts.STANDINGS`. `erased_at`: when the person's words were erased.
    """

    phase: str
    standing: str
    erased_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Return whether answers can be sent, changed and withdrawn."""
        return self.phase == states.OPEN

    @property
    def may_change(self) -> bool:
        """Return whether answers can be changed now, or after a pause."""
        return self.phase in states.RUNNING

    @property
    def is_counted(self) -> bool:
        """Return whether the person's answers count, in this or a later version."""
        return not self.is_taken_back and self.phase != states.WITHDRAWN

    @property
    def stands(self) -> bool:
        """Return whether these very answers count, or will."""
        return self.standing == found_receipts.COUNTED and self.is_counted

    @property
    def is_replaced(self) -> bool:
        """Return whether later answers took their place."""
        return self.standing == found_receipts.REPLACED

    @property
    def is_taken_back(self) -> bool:
        """Return whether the person withdrew them."""
        return self.standing == found_receipts.WITHDRAWN


def state_of(asked: ShownConsultation, found: Found | None) -> ReceiptState:
    """Return the state of what was found; answers not in the ballot box yet count."""
    with find_services().views.connect() as db:
        return _state(db, asked, found)


def state_by_code(asked: ShownConsultation, code: str) -> ReceiptState:
    """Return the state as far as the read models have it, without waiting for them."""
    services = find_services()
    hashed = services.vault.receipt_hash(read_receipt_code(code))
    with services.views.connect() as db:
        return _state(db, asked, services.views.reader(BallotBox).by_receipt(db, hashed))


def _state(db: Connection, asked: ShownConsultation, found: Found | None) -> ReceiptState:
    services = find_services()
    erased = {}
    if found is not None:
        erased = services.views.reader(DataProtection).erased(db, found.subject_id)
    times = [at for version, at in erased.items() if found and version >= found.version]
    return ReceiptState(
        phase=_phase(db, asked),
        standing=found.standing if found is not None else found_receipts.COUNTED,
        erased_at=max(times, default=None),
    )


def _phase(db: Connection, asked: ShownConsultation) -> str:
    services = find_services()
    state = asked.page.state_at(services.clock())
    if state not in {states.CLOSED, states.WITHDRAWN}:
        return state
    is_published = services.views.reader(Results).are_published(db, [asked.id])
    return states.PUBLISHED if is_published else state
