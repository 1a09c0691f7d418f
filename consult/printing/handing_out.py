"""A batch of letters is handed out whole or stopped: no code works that nobody holds."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from consult.commands.answers.letter_codes import MadeCodes, void_codes
from consult.commands.context import Actor
from consult.printing.letters import Letters, as_csv, as_pdf
from consult.services import Services
from events import Refused
from events.consultations.consultation_refusals import BatchAlreadyVoid, NotOpen

SAMPLE = "0000-0000-0000"
LOST = "The file could not be written."
REASON_LENGTH_MAX = 200


class LettersNotMade(Refused):
    """What fails whatever the codes are fails before there are any."""

    says = (
        "The letters could not be made ({reason}), so no codes were issued. Try the other format, "
        "and show this sentence to whoever runs this site."
    )


class BatchStopped(Refused):
    """Codes that were never handed out must not work."""

    says = (
        "The letters could not be handed out ({reason}). The batch was stopped: no code of it "
        "works, so nothing was lost. Put right what is named, and make another."
    )


class BatchNotStopped(Refused):
    """Somebody has to stop it as soon as that is possible."""

    says = (
        "The letters could not be handed out ({reason}), and batch {batch} could not be stopped "
        "({why}). Stop it as soon as you can: its codes count as issued, and nobody has them."
    )


def made(letters: Letters, codes: Sequence[str], kind: str) -> bytes:
    """Make the whole file in one of the formats."""
    if kind == "pdf":
        return as_pdf(letters, codes)
    return b"".join(line.encode() for line in as_csv(letters, codes))


def made_unissued(letters: Letters, codes: Sequence[str], kind: str) -> bytes:
    """Make the whole file with codes that are not issued yet. Raises LettersNotMade."""
    try:
        return made(letters, codes, kind)
    except Exception as error:
        raise LettersNotMade(reason=_reason(error)) from error


def rehearse(letters: Letters, kind: str) -> None:
    """Make one letter with a code that never works. Raises LettersNotMade."""
    made_unissued(letters, [SAMPLE], kind)


@contextmanager
def or_stopped(services: Services, batch: MadeCodes, actor: Actor) -> Iterator[None]:
    """Hand a batch out inside: whatever ends that early stops the batch.

    Raises BatchStopped, BatchNotStopped; what is no Exception, such as an interrupt, goes on.
    """
    try:
        yield
    except BaseException as error:
        _stop(services, batch, actor, error)
        if not isinstance(error, Exception):
            raise
        raise BatchStopped(reason=_reason(error)) from error


def _stop(services: Services, batch: MadeCodes, actor: Actor, error: BaseException) -> None:
    try:
        void_codes(services, batch.consultation_id, batch.batch_id, reason=LOST, actor=actor)
    except (NotOpen, BatchAlreadyVoid):
        return  # none of its codes works
    except Exception as other:
        raise BatchNotStopped(
            reason=_reason(error), batch=batch.batch_id, why=_reason(other)
        ) from other


def _reason(error: BaseException) -> str:
    """Return the first line of what an error says, or else what it is called."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    said = str(error).strip().partition("\n")[0]
    return (said or type(error).__name__)[:REASON_LENGTH_MAX].rstrip(".")
