"""Take files from a draft into the record, and give them back if the command is refused."""

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
    """Reattach files to their draft when a refusal of type `when` means they stay unrecorded.

    Yields the list to which the caller adds the files that were taken.
    """
    taken: list[Bound] = []
    try:
        yield taken
    except when:
        if taken:  # a concurrent duplicate of this command may have been recorded in time
            sent = committed(services, subject_id)
            lost = [file for file in taken if file.commitment not in sent]
            attachments.unbind(services.vault, lost)
        raise


def committed(services: Services, subject_id: UUID) -> set[str]:
    """Return the commitments to words and files in all versions of a submission."""
    return {
        commitment
        for fact in versions_given(services, subject_id).values()
        for commitment in (*fact.texts.values(), fact.organisation)
    }
