"""Words about jobs: what each kind is, how far one is, and why it failed."""

from typing import Any, NamedTuple

import msgspec

from consult.jobs.job import DONE, FAILED, RUNNING, WAITING, Job
from consult.jobs.queue import ENDED, REASON_LENGTH_MAX
from consult.wording.language import N_, gettext
from consult.wording.refusals import says
from events.errors import Refused

TITLES = {
    "answers": N_("A file of all answers"),
    "openings": N_("The openings of all ballots"),
    "letters": N_("Letters with codes"),
    "count": N_("Counting the answers"),
    "publish": N_("Publishing the results"),
    "import": N_("Importing a file of votes"),
    "rebuild": N_("Building the read models anew"),
    "backup": N_("A backup"),
    "scrub": N_("Making erased bytes unreadable"),
}
"""Each kind of job."""


class StateWords(NamedTuple):
    """What the state of a job is called, and what follows from it for whoever asked."""

    title: str
    advice: str = ""


STATES = {
    WAITING: StateWords(
        N_("Waiting"), N_("Another one is being done, or it is tried again in a moment.")
    ),
    RUNNING: StateWords(N_("In progress")),
    DONE: StateWords(N_("Done")),
    FAILED: StateWords(
        N_("Failed"), N_("Try it again; if it fails again, tell whoever runs the service.")
    ),
}


UNEXPECTED = N_("An error that nobody expected (%(name)s).")


class Why(msgspec.Struct, frozen=True):
    """A refusal: its sentence in English with `{names}`, and their values."""

    says: str
    values: dict[str, Any]


def packed(refused: Refused) -> str:
    """Return why a job failed, to be stored: in no language, unless it would be too long."""
    found = msgspec.json.encode(Why(refused.template, refused.values), enc_hook=str).decode()
    return found if len(found) <= REASON_LENGTH_MAX else says(refused)


def reason(job: Job) -> str:
    """Return why the last try of a job failed, in the language of the page.

    What was too long to be stored otherwise is in the language of who asked.
    """
    if job.reason.isidentifier():
        return gettext(UNEXPECTED, name=job.reason)
    try:
        why = msgspec.json.decode(job.reason, type=Why)
    except msgspec.DecodeError:
        return gettext(ENDED) if job.reason == ENDED else job.reason
    return gettext(why.says).format(**why.values)
