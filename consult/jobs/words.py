"""Words about jobs: what each kind is, and how far one is."""

from consult.jobs.queue import ENDED, Job
from consult.wording.language import N_, gettext

TITLES = {
    "answers": N_("A file of all answers"),
    "openings": N_("The openings of all ballots"),
    "rebuild": N_("Building the read models anew"),
}
"""Each kind of job."""

STATES = {
    "waiting": N_("Waiting"),
    "running": N_("In progress"),
    "done": N_("Done"),
    "failed": N_("Failed"),
}
ADVICE = {
    "waiting": N_("Another one is being done, or it is tried again in a moment."),
    "running": "",
    "done": "",
    "failed": N_("Try it again; if it fails again, tell whoever runs the service."),
}
"""What follows from each state, for whoever asked."""


def reason(job: Job) -> str:
    """Return why the last try of a job failed.

    What the work itself says is stored in the language of who asked; ours is translated here.
    """
    return gettext(ENDED) if job.reason == ENDED else job.reason
