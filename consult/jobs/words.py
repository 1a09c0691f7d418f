"""Words about jobs: what each kind is, and how far one is."""

from consult.wording.language import N_

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
