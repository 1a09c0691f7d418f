"""The states of a consultation in words: a row for each."""

from typing import NamedTuple

from consult.wording.language import N_
from consult.wording.language import gettext as _
from events.consultations import states


class StateWords(NamedTuple):
    """What a state is called, the colour of its tag, and what stands above a list of them."""

    title: str
    colour: str
    heading: str = ""


STATES = {
    states.DRAFT: StateWords(N_("Draft"), "grey", N_("In preparation")),
    states.OPEN: StateWords(N_("Open"), "green", N_("Open now")),
    states.PAUSED: StateWords(N_("Paused"), "orange"),
    states.CLOSED: StateWords(N_("Closed"), "blue", N_("Closed")),
    states.PUBLISHED: StateWords(N_("Results published"), "blue"),
    states.WITHDRAWN: StateWords(N_("Withdrawn"), "orange", N_("Withdrawn")),
}


def state_words(state: str) -> StateWords:
    """Return the words of a state in the language of the page."""
    words = STATES[state]
    return StateWords(_(words.title), words.colour, _(words.heading) if words.heading else "")
