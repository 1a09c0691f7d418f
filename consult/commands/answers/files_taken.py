"""Files on their way into the record: taken from a draft, and given back if that is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from consult.commands.answers.answers_given import versions_given
from consult.people.answers import attachments
from consult.people.answers.attachments import Bound
from consult.services import Services
from events import Refused


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
    return {
        commitment
        for fact in versions_given(services, subject_id).values()
        for commitment in (*fact.texts.values(), fact.organisation)
    }
