"""The record: facts, and the rules each fact obeys.

Importing this package imports every subject, so any process can decode any fact, and every kind
of question.
"""

import pkgutil
from importlib import import_module

from events import kinds
from events.ballot import Ballot
from events.base import FACTS, SUBJECTS, By, Event, Fact, Subject, derived_id, replay
from events.consultations.consultation import Consultation
from events.count import Count
from events.data_protection import DataProtectionCase
from events.errors import Conflict, NotFound, OutcomeUnknown, Overloaded, Refused
from events.follow_up import FollowUp
from events.partnership import Partnership
from events.partnerships.interest import Interest
from events.partnerships.seat import Seat
from events.response import Response
from events.short_name import ShortName
from events.staff.approvals import Approval
from events.staff.roles import StaffMember
from events.submission import Submission

for _module in pkgutil.iter_modules(kinds.__path__):  # importing the module of a kind registers it
    import_module(f"{kinds.__name__}.{_module.name}")

__all__ = [
    "FACTS",
    "SUBJECTS",
    "Approval",
    "Ballot",
    "By",
    "Conflict",
    "Consultation",
    "Count",
    "DataProtectionCase",
    "Event",
    "Fact",
    "FollowUp",
    "Interest",
    "NotFound",
    "OutcomeUnknown",
    "Overloaded",
    "Partnership",
    "Refused",
    "Response",
    "Seat",
    "ShortName",
    "StaffMember",
    "Subject",
    "Submission",
    "derived_id",
    "replay",
]
