"""Files on their way into the record: taken from a draft, and given back if that is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

from consult.people import attachments
from consult.people.attachments import Bound
from consult.services import Services
from events import Refused
from events.submission import AnswersGiven


@contextmanager
def given_back(services: Services, subject_id: UUID, when: type[Refused]) -> Iterator[list[Bound]]:
    """Attach files to their draft again when a refusal means that nobody records them any more.

    Gives the list of files that were taken, to be filled.
    """
    taken: list[Bound] = []
    try:
        yield taken
    except when:
        if taken:  # the same answers, sent twice at once, may have been recorded in time
            sent = committed(services, subject_id)
            lost = [file for file in taken if file.commitment not in sent]
            attachments.unbind(services.vault, lost)
        raise


def committed(services: Services, subject_id: UUID) -> set[str]:
    """Return the commitments to words and files in every version of a submission."""
    facts = (cast("Any", event).fact for event in services.record.events.get(subject_id))
    return {
        commitment
        for fact in facts
        if isinstance(fact, AnswersGiven)
        for commitment in (*fact.texts.values(), fact.organisation)
    }
