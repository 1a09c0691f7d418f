"""Words about jobs: what each kind is, and how far one is."""

from typing import NamedTuple

from consult.jobs.queue import DONE, ENDED, FAILED, RUNNING, WAITING, Job
from consult.wording.language import N_, gettext

TITLES = {
    "answers": N_("A file of all answers"),
    "openings": N_("The openings of all ballots"),
    "rebuild": N_("Building the read models anew"),
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


def reason(job: Job) -> str:
    """Return why the last try of a job failed.

    What the work itself says is stored in the language of who asked; ours is translated here.
    """
    return gettext(ENDED) if job.reason == ENDED else job.reason
