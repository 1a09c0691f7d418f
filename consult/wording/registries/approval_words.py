"""Acts that need two people, and what becomes of them, in words."""

from consult.commands.accounts.members import GRANT_ADMINISTRATOR
from consult.commands.data_protection.retention import END_HOLD
from consult.wording.language import N_
from consult.wording.language import gettext as _
from events.staff.approvals import ALONE, DECLINED, DONE, EXPIRED, GIVEN, WAITING

TITLES = {
    GRANT_ADMINISTRATOR: N_("Make somebody an administrator"),
    END_HOLD: N_("End a legal hold"),
}
"""What each act is called."""

MEANINGS = {
    GRANT_ADMINISTRATOR: N_(
        "%(what)s gets the role of administrator: they may give out and end roles, and do most of "
        "what the other roles may."
    ),
    END_HOLD: N_(
        "The legal hold on “%(what)s” ends: data go again when their time is over, and people can "
        "have theirs erased."
    ),
}
"""What will happen. `what`: the name of the person, or the title of the consultation."""

STATES = {
    WAITING: N_("Waits for a second person"),
    GIVEN: N_("Agreed to, and not done yet"),
    ALONE: N_("Taken alone, and not done yet"),
    DECLINED: N_("Refused or taken back"),
    EXPIRED: N_("Its time was up"),
    DONE: N_("Done"),
}
"""What became of what somebody asked for."""


def act_title(act: str) -> str:
    """Return what an act is called."""
    return _(TITLES[act])


def act_meaning(act: str, what: str) -> str:
    """Return in a sentence what will happen."""
    return _(MEANINGS[act], what=what)


def approval_state(state: str) -> str:
    """Return what became of what somebody asked for."""
    return _(STATES[state])
