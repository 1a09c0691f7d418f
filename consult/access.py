"""Access control: one table of capability x role x state, and the checks against it.

Every command names its capability and refuses actors in any other role (`needs`). Pages, menus,
buttons and the command line are generated from the same table. docs/access.md shows it.

The consultation itself checks its state when the fact is recorded; `Capability.states` repeats
this in advance, for what is offered.
"""

import sys
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Protocol

from consult.roles.checks import Acting, NotConfirmed, NotYours, needs, require
from events.consultations.states import (
    CLOSED,
    DRAFT,
    OPEN,
    PAUSED,
    PUBLISHED,
    STATES,
    WITHDRAWN,
)

__all__ = ["Acting", "NotConfirmed", "NotYours", "needs", "require"]

RESIDENT = "resident"
DESK = "desk"
ADJUDICATOR = "adjudicator"
ORGANISER = "organiser"
OFFICER = "council officer"
MODERATOR = "moderator"
CODER = "coder"
EQUALITY = "equality officer"
CUSTODIAN = "data protection officer"
MONITORING = "monitoring officer"
DECISION_CLERK = "decision clerk"
SCRUTINY = "scrutiny"
SCRUTINY_OFFICER = "scrutiny officer"
AUDITOR = "auditor"
REPORTER = "partner reporter"
MEDIATOR = "mediator"
WITNESS = "witness contact"
ADMINISTRATOR = "administrator"
OPERATOR = "operator"
IMPORT = "import"
SYSTEM = "system"

STAFF = (
    ORGANISER,
    OFFICER,
    DESK,
    ADJUDICATOR,
    MODERATOR,
    CODER,
    EQUALITY,
    CUSTODIAN,
    MONITORING,
    DECISION_CLERK,
    SCRUTINY,
    SCRUTINY_OFFICER,
    AUDITOR,
    REPORTER,
    MEDIATOR,
    WITNESS,
    ADMINISTRATOR,
)
"""The roles that an account can hold in a partnership. Facts have them for ever, so what a role is
called may change, and these names may not: a clerk is `desk`."""

ROLES = {
    RESIDENT: "whoever answers, with or without an account elsewhere",
    ORGANISER: "runs consultations for a community empowerment network",
    OFFICER: "consultation officer: runs consultations for the council",
    DESK: "clerk: answers for somebody at a desk or by telephone",
    ADJUDICATOR: "decides what a paper form says that two clerks keyed differently",
    MODERATOR: "holds or releases what people wrote before others see it",
    CODER: "sorts what people wrote into themes",
    EQUALITY: "assesses what a consultation and a decision mean for equality",
    CUSTODIAN: "looks after personal data: erases, discloses, holds",
    MONITORING: "sees to it that what is done is lawful",
    DECISION_CLERK: "clerk of whoever decides: publishes decisions and their reasons",
    SCRUTINY: "scrutiny member: looks into the work of a partnership",
    SCRUTINY_OFFICER: "works for the members who scrutinise",
    AUDITOR: "looks into it, and opens single ballots",
    REPORTER: "reports measurements for one partner organisation",
    MEDIATOR: "neutral between partners in a dispute",
    WITNESS: "whom to reach at a witness of the public log",
    ADMINISTRATOR: "gives out roles, and may do what all other staff may",
    OPERATOR: "runs the site, at its command line or with the set-up link that it prints",
    IMPORT: "votes from a file, stored by the operator's command",
    SYSTEM: "what happens by itself at the time that was set",
}
"""Every role with its description."""


class Staged(Protocol):
    """A consultation, or its page."""

    state: str
    paused_at: datetime | None
    published_at: datetime | None


@dataclass(frozen=True)
class Capability:
    """Something that an actor can do.

    `does`: its description, for docs/access.md. `roles`: those that have it; somebody with
    several acts in the first. `states`: the states of the consultation in which it applies.
    `needs_passkey`: whoever does it on a page confirms each act with their passkey. `takes_out`:
    it hands out a file with more than everybody may see.
    """

    does: str
    roles: tuple[str, ...]
    states: tuple[str, ...] = STATES
    needs_passkey: bool = False
    takes_out: bool = False

    @property
    def is_noted(self) -> bool:
        """Return whether each time that somebody does it is noted in the security log."""
        return self.needs_passkey or self.takes_out

    def role_of(self, held: Collection[str]) -> str | None:
        """Return the role to act in for somebody who holds these roles, or None."""
        return next((role for role in self.roles if role in held), None)

    def is_offered(self, actor: Acting, to: Staged) -> bool:
        """Return whether an actor may do it with a consultation in its current state."""
        return actor.role in self.roles and state_of(to) in self.states


def state_of(consultation: Staged) -> str:
    """Return the state of a consultation, one of `states.STATES`."""
    if consultation.state == OPEN and consultation.paused_at is not None:
        return PAUSED
    if consultation.state == CLOSED and consultation.published_at is not None:
        return PUBLISHED
    return consultation.state


_RUNNING = (ORGANISER, OFFICER, ADMINISTRATOR, OPERATOR)
_SETTING_UP = (*_RUNNING, IMPORT)
_GOVERNING = (ADMINISTRATOR, OPERATOR)
_SPEAKING = (ADMINISTRATOR, ORGANISER, OFFICER, OPERATOR)
_KEEPING = (CUSTODIAN, ADMINISTRATOR, OPERATOR)
_AUDITING = (AUDITOR, ADMINISTRATOR, OPERATOR)
_LOOKING_INTO = (AUDITOR, ADMINISTRATOR, SCRUTINY, SCRUTINY_OFFICER, OPERATOR)
_OPENED = (OPEN, PAUSED, CLOSED, PUBLISHED, WITHDRAWN)
_ENDED = (CLOSED, PUBLISHED, WITHDRAWN)

FORM_PARTNERSHIP = Capability("form a partnership", (OPERATOR, IMPORT))
DESCRIBE_PARTNERSHIP = Capability(
    "change a partnership: name, area, legal regime, look, members, groups",
    _GOVERNING,
)
STATE_PARTICULARS = Capability("state how to reach a partnership and what it offers", _SPEAKING)
DECLARE_INTEREST = Capability(
    "record the interests that member organisations declare, and their end", _SPEAKING
)
KEEP_SEATS = Capability(
    "set up the seats of a partnership's board, and say who fills them", _SPEAKING
)
DEFINE_WARDS = Capability("define the wards of a partnership", _SPEAKING)
MANAGE_STAFF = Capability("give and take roles in a partnership", _GOVERNING, needs_passkey=True)

SEE_WORK = Capability("see drafts and how consultations stand", _RUNNING)
DRAFT_CONSULTATION = Capability("draft a consultation", _SETTING_UP)
CHANGE_DRAFT = Capability("change a draft: what it asks, and its terms", _SETTING_UP, (DRAFT,))
OPEN_CONSULTATION = Capability("open a consultation", _SETTING_UP, (DRAFT,), needs_passkey=True)
PAUSE = Capability("pause a consultation", _RUNNING, (OPEN,))
RESUME = Capability("resume a consultation", _RUNNING, (PAUSED,))
EXTEND = Capability("extend a consultation", _RUNNING, (OPEN, PAUSED))
CLOSE = Capability(
    "close a consultation whose time is up",
    (SYSTEM, IMPORT, *_RUNNING),
    (OPEN, PAUSED),
    needs_passkey=True,
)
WITHDRAW = Capability(
    "withdraw a consultation", _RUNNING, (DRAFT, OPEN, PAUSED), needs_passkey=True
)
IMPORT_VOTES = Capability("import a file of votes", (OPERATOR,))
DISCARD_IMPORT = Capability("throw away a file of votes", _RUNNING, (DRAFT, OPEN, CLOSED))
ISSUE_CODES = Capability(
    "issue and void one-use codes for letters", _RUNNING, (DRAFT, OPEN, PAUSED)
)
ENTER_DRAW = Capability(
    "enter or fetch the draw that decides ties", _RUNNING, (OPEN, PAUSED, CLOSED)
)
MARK_CAMPAIGN = Capability("mark answers as those of a campaign", _RUNNING, (OPEN, PAUSED, CLOSED))
COUNT = Capability("count the answers", _RUNNING, (CLOSED,))
PUBLISH = Capability("publish results", _RUNNING, (CLOSED,), needs_passkey=True)
FOLLOW_UP = Capability("publish what was done (We asked, you said, we did)", _RUNNING, (PUBLISHED,))

READ_WORDS = Capability("read what people wrote, and mark it as read", _RUNNING, _OPENED)
EXPORT_ANSWERS = Capability(
    "take all answers as a file; with words only who may read them",
    (ORGANISER, OFFICER, AUDITOR, ADMINISTRATOR, OPERATOR),
    _ENDED,
    takes_out=True,
)
REBUILD = Capability("build the read models anew", (OPERATOR,))
SEE_SITE = Capability("see how the site stands: its health, its backups", _KEEPING)
BACK_UP = Capability("make a backup in the operator's folder", _GOVERNING)
SCRUB = Capability("make erased bytes unreadable", _KEEPING)
SEE_JOBS = Capability(
    "see how far long work is that one asked for oneself, and have it done again",
    (
        *(ORGANISER, OFFICER, DESK, CUSTODIAN, SCRUTINY, SCRUTINY_OFFICER, AUDITOR),
        *(ADMINISTRATOR, OPERATOR),
    ),
)
ASK_FOR_SECOND = Capability(
    "ask for an act that needs two people", (ORGANISER, OFFICER, CUSTODIAN, ADMINISTRATOR)
)
SEE_APPROVALS = Capability(
    "see what waits for a second person, and agree to what the role may agree to",
    (ORGANISER, OFFICER, EQUALITY, CUSTODIAN, MONITORING, DECISION_CLERK, ADMINISTRATOR),
)
AGREE_ABOUT_PEOPLE = Capability(
    "agree, as the second person, that somebody becomes administrator",
    (MONITORING, CUSTODIAN, ORGANISER, OFFICER, ADMINISTRATOR),
    needs_passkey=True,
)
AGREE_ABOUT_DATA = Capability(
    "agree, as the second person, to the end of a legal hold",
    (MONITORING, CUSTODIAN, ADMINISTRATOR),
    needs_passkey=True,
)
KEEP_OWN_ACCOUNT = Capability(
    "look after one's own account: roles to act in, passkeys, and where one is signed in", STAFF
)
RESET_PASSKEYS = Capability("take the passkeys from an account whose owner lost them", (OPERATOR,))
CHANGE_PASSKEYS = Capability("add and remove one's own passkeys", STAFF, needs_passkey=True)
LOOK_INTO = Capability(
    "scrutinise: results, working and the log in one place", _LOOKING_INTO, _OPENED
)
TAKE_OPENINGS = Capability(
    "take the openings: single ballots that are not public", _AUDITING, _ENDED, takes_out=True
)
TAKE_VOTES = Capability(
    "take the votes in the format of another program", _AUDITING, _OPENED, takes_out=True
)
TAKE_COUNT = Capability("count again, without recording a result", _AUDITING, _OPENED)
LOOK_UP_REFERENCE = Capability(
    "see what each desk account sent, and look up its references", _AUDITING, _OPENED
)

ANSWER = Capability(
    "answer, or hand in the answer of somebody at a desk", (RESIDENT, DESK), (OPEN,)
)
ANSWER_FOR_SOMEBODY = Capability("work at a desk", (DESK, ADMINISTRATOR), (OPEN,))
CHANGE_ANSWER = Capability("change or take back an answer, with its receipt", (RESIDENT,), (OPEN,))
ERASE_OWN = Capability(
    "erase what somebody wrote, by its receipt", (RESIDENT, *_KEEPING), _OPENED, needs_passkey=True
)

KEEP_PERSONAL_DATA = Capability(
    "erase, disclose and hold personal data", _KEEPING, needs_passkey=True
)

CAPABILITIES = {name: each for name, each in globals().items() if isinstance(each, Capability)}
"""Every capability by its name."""


if __name__ == "__main__":
    sys.stdout.write(import_module("consult.roles.document").as_table())
