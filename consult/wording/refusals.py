"""Sentences and HTTP status of refusals, in the language of the page."""

from typing import Any

from consult.commands.answers.submitting_refusals import ConsultationClosed, UnknownReceipt
from consult.commands.results.recorded_ballots import BallotsMissing
from consult.people.proving.attempts import TooManyTries
from consult.wording.language import gettext
from consult.wording.registries.role_words import role_name
from events.errors import (
    Conflict,
    DatabaseUnavailable,
    NotFound,
    OutcomeUnknown,
    Overloaded,
    ReadModelsBehind,
    Refused,
    Unavailable,
)

STATUS: dict[type[Refused], int] = {
    NotFound: 404,
    UnknownReceipt: 422,
    ConsultationClosed: 409,
    Conflict: 409,
    Overloaded: 503,
    TooManyTries: 429,
    OutcomeUnknown: 503,
    Unavailable: 503,
    ReadModelsBehind: 503,
    BallotsMissing: 503,
}
DEFAULT_STATUS = 422

OF_ROLES = ("role", "held")
"""Values that are roles, and are said in the words for them."""


def says(refused: Refused, **better: Any) -> str:
    """Return the sentence. `better`: values in the page's language, such as a title.

    A refusal that names files or hosts of the server is replaced by one that does not.
    """
    if isinstance(refused, Unavailable) and refused.values:
        refused = DatabaseUnavailable()
    roles = {name: role_name(refused.values[name]) for name in OF_ROLES if name in refused.values}
    return gettext(refused.template).format(**{**refused.values, **roles, **better})


def status(refused: Refused) -> int:
    """Return the HTTP status of a refusal."""
    return next(
        (code for kind, code in STATUS.items() if isinstance(refused, kind)), DEFAULT_STATUS
    )
