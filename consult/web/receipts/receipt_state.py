"""How things stand with the answers of a receipt: what its pages say and offer depends on it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from consult import access
from consult.people.vault import read_receipt_code, receipt_hash
from consult.web import services as find_services
from consult.wording.shown_consultation import ShownConsultation
from projections.ballot_box import BallotBox, Found
from projections.data_protection import DataProtection
from projections.results import Results

COUNTED, REPLACED, TAKEN_BACK = "counted", "replaced", "withdrawn"


@dataclass(frozen=True)
class ReceiptState:
    """What is so of answers and of their consultation at this moment.

    `phase`: its state by now, one of `access.STATES`. `standing`: counted, replaced or
    withdrawn. `erased_at`: when what the person wrote was erased.
    """

    phase: str
    standing: str
    erased_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Say whether answers can be sent, changed and taken back."""
        return self.phase == access.OPEN

    @property
    def may_change(self) -> bool:
        """Say whether they can be changed now, or when it goes on."""
        return self.phase in access.RUNNING

    @property
    def is_counted(self) -> bool:
        """Say whether the person's answers count, these or later ones."""
        return self.standing != TAKEN_BACK and self.phase != access.WITHDRAWN


def state_of(asked: ShownConsultation, found: Found | None) -> ReceiptState:
    """Return how it stands with what was found; answers not in the ballot box yet count."""
    with find_services().views.connect() as db:
        return _state(db, asked, found)


def state_by_code(asked: ShownConsultation, code: str) -> ReceiptState:
    """Return how it stands as far as it can be read; it waits for nothing."""
    services = find_services()
    with services.views.connect() as db:
        box = services.views.reader(BallotBox)
        return _state(db, asked, box.by_receipt(db, receipt_hash(read_receipt_code(code))))


def _state(db: Connection, asked: ShownConsultation, found: Found | None) -> ReceiptState:
    services = find_services()
    erased = {}
    if found is not None:
        erased = services.views.reader(DataProtection).erased(db, found.subject_id)
    times = [at for version, at in erased.items() if found and version >= found.version]
    return ReceiptState(
        phase=_phase(db, asked),
        standing=found.standing if found is not None else COUNTED,
        erased_at=max(times, default=None),
    )


def _phase(db: Connection, asked: ShownConsultation) -> str:
    services = find_services()
    state = asked.page.state_at(services.clock())
    if state != access.CLOSED:
        return state
    is_published = services.views.reader(Results).are_published(db, [asked.id])
    return access.PUBLISHED if is_published else access.CLOSED
