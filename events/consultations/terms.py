"""The terms a consultation runs under: fixed before opening, frozen with it."""

from datetime import datetime
from typing import Literal

import msgspec

from events.consultations.beacon import Beacon
from events.consultations.levels import OPEN
from events.question import Text


class CountingTerms(msgspec.Struct, frozen=True, omit_defaults=True):
    """The counting specification of one question.

    `parameters`: as text, by name. `tie_chain`: criteria in order, ending in "lot".
    `lot`, `lot_seed`: an order of option ids and its seed, in terms that were set before a
    public beacon was required. New orders derive from `Terms.beacon`.
    """

    rule: str
    parameters: dict[str, str] = {}
    seats: int = 1
    tie_chain: tuple[str, ...] = ()
    lot_seed: str = ""
    lot: tuple[str, ...] = ()


class Terms(msgspec.Struct, frozen=True, omit_defaults=True):
    """The rules of a consultation, frozen at its opening.

    `counting`: by question id. `interim`: whether rankings show while open (I18).
    `identity`: the accepted ways to prove identity, weakest first.
    `cell_min`: smaller counts are hidden in tables of people (I16).
    `ballots_public`: whether everybody, not only an auditor, sees the single ballots after
    closing. `fingerprints_accepted`: also where an unusual one could identify a person
    (events.consultations.fingerprints); people are told. `beacon`: the public draw, later than
    the opening, that the lot comes from (events.consultations.beacon).
    `wards`: codes of the wards that take part; all of the area's where none is named.
    `elsewhere`: who may take part from outside them: anybody, people who work or study there,
    or nobody. `is_declared`: whether people declare that `eligibility` holds for them.
    `open_reason`: why no proof of identity is needed although money is decided.
    `other_rule_shown`: whether results also show what the other main rule for budgets would
    have funded; set in advance, so that nobody chooses the comparison afterwards.
    `has_organisations`: whether people who answer for themselves are asked if it is for an
    organisation or a meeting. `mailbox_rule`: which addresses are one mailbox
    (consult.people.mailboxes.addresses); it must not change while people answer.
    """

    closes_at: datetime
    counting: dict[str, CountingTerms] = {}
    eligibility: Text = {}
    decides: Text = {}
    identity: tuple[str, ...] = (OPEN,)
    interim: Literal["hidden", "shown"] = "hidden"
    minutes: int = 5
    cell_min: int = 5
    late_post: Literal["logged", "counted-if-posted"] = "logged"
    ballots_public: bool = True
    fingerprints_accepted: bool = False
    mailbox_rule: int = 1
    wards: tuple[str, ...] = ()
    elsewhere: Literal["anybody", "connected", "nobody"] = "anybody"
    is_declared: bool = False
    open_reason: Text = {}
    other_rule_shown: bool = False
    has_organisations: bool = False
    beacon: Beacon | None = None
