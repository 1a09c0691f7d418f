"""Attach a file to a draft: check its size and its actual type, and scan it for viruses."""

import logging
import shlex
import subprocess
from uuid import UUID

from consult import sizes
from consult.people.answers import attachments
from consult.people.answers.attachments import Attached
from consult.people.answers.drafts import draft_id
from consult.people.answers.file_kinds import KINDS, Scan, has_ending, shown_name, sniff
from consult.services import Services
from events import Refused
from events.kinds.answer_refusals import title
from events.question import Question

SCAN_SECONDS_MAX = 60
CLEAN, INFECTED = 0, 1
logger = logging.getLogger(__name__)


class FileEmpty(Refused):
    """A file without content."""

    says = "“{name}” is empty. Choose another file."


class FileTooLarge(Refused):
    """A file is larger than the question takes."""

    says = "Your file for “{question}” can be at most {most} large."


class FileKindWrong(Refused):
    """The file is none of the accepted kinds, or its extension belongs to another kind."""

    says = "“{name}” cannot be used. Choose a file of one of these kinds: {kinds}."


class FileDamaged(FileKindWrong):
    """The extension is an accepted kind, but the content is not a complete file of that kind."""

    says = (
        "“{name}” cannot be used, because it is damaged, holds macros, or is of another kind than "
        "its name says. Save it again as one of these kinds, and choose it: {kinds}."
    )


class FileInfected(Refused):
    """The virus scanner reported a virus."""

    says = "“{name}” seems to hold a virus, so we did not keep it. Choose another file."


class ScannerUnavailable(Refused):
    """The virus scanner failed or timed out."""

    says = "We could not check “{name}” for viruses just now. Try again in a few minutes."


def attach_file(
    services: Services,
    consultation_id: UUID,
    question: Question,
    *,
    draft_secret: str,
    name: str,
    content: bytes,
) -> Attached:
    """Store a file with a browser's draft, replacing the previous one.

    Raises FileEmpty, FileTooLarge, FileKindWrong, FileDamaged, FileInfected, ScannerUnavailable,
    TooMuchAttached.
    """
    assert question.of_kind.is_file
    shown = shown_name(name)
    if not content:
        raise FileEmpty(name=shown)
    if len(content) > question.bytes_max:
        raise FileTooLarge(question=title(question), most=sizes.limit(question.bytes_max))
    called = [kind for kind in question.file_kinds if has_ending(kind, shown)]
    kind = sniff(content, called)
    if kind is None:
        kinds = ", ".join(KINDS[each].title for each in question.file_kinds)
        raise (FileDamaged if called else FileKindWrong)(name=shown, kinds=kinds)
    return attachments.keep(
        services.vault,
        consultation_id,
        question.id,
        draft_id(draft_secret),
        name=shown,
        kind=kind,
        content=content,
        scan=_scan(services.config.scan_command, shown, content),
        now=services.clock(),
    )


def _scan(command: str, name: str, content: bytes) -> Scan:
    """Pipe a file to the scanner's standard input; it exits with 0 for clean, 1 for infected.

    Without a scanner files are accepted and organisers are told that they are unscanned. A
    configured scanner that fails must refuse the file, because the operator relies on it. Raises
    FileInfected, ScannerUnavailable.
    """
    if not command:
        return "unscanned"
    try:
        done = subprocess.run(  # noqa: S603  the command is the operator's own setting
            shlex.split(command),
            input=content,
            capture_output=True,
            timeout=SCAN_SECONDS_MAX,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.warning("the virus scanner did not run: %s", type(error).__name__)
        raise ScannerUnavailable(name=name) from None
    if done.returncode == INFECTED:
        raise FileInfected(name=name)
    if done.returncode != CLEAN:
        logger.warning("the virus scanner ended with %s", done.returncode)
        raise ScannerUnavailable(name=name)
    return "clean"
