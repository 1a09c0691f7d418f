"""Read models: one module per page family, each a pure fold of the record."""

from projections.approvals import Approvals
from projections.audit_trail import AuditTrail
from projections.ballot_box import BallotBox
from projections.consultations import Consultations
from projections.data_protection import DataProtection
from projections.follow_ups import FollowUps
from projections.interests import Interests
from projections.logos import Logos
from projections.partnerships import Partnerships
from projections.results import Results
from projections.seats import Seats
from projections.staff import Staff
from projections.writings import Writings

ALL = (
    Partnerships,
    Consultations,
    BallotBox,
    Results,
    Seats,
    FollowUps,
    Interests,
    Logos,
    DataProtection,
    Staff,
    Approvals,
    Writings,
    AuditTrail,
)
"""Every projection, in the order in which they catch up."""
