"""Which partnership, and which consultation, a command is about, from what it is called with."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from uuid import UUID

from events import Consultation, Partnership
from events.base import Subject

NAMES = ("partnership_id", "consultation_id", "id", "case_id")
"""What commands call the subject that they are about; the first of these that one has."""


class Reading(Protocol):
    """The record, as far as it is asked."""

    def cached(self, kind: type[Subject], id: UUID) -> Subject:
        """Return a subject, which may be out of date. Raises NotFound."""


def placed(command: Callable[..., Any]) -> Callable[[tuple[Any, ...], Mapping[str, Any]], Any]:
    """Return a function of a command's arguments that returns the id of its subject.

    It is None where the command names none: it is then about what a secret opens, such as a code.
    """
    parameters = list(inspect.signature(command).parameters)
    name = next((each for each in NAMES if each in parameters), "")
    place = parameters.index(name) if name else len(parameters)

    def find(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        return args[place] if place < len(args) else kwargs.get(name)

    return find


def partnership_of(record: Reading, id: UUID) -> UUID:
    """Return the partnership of a subject, which never changes. Raises NotFound."""
    subject = record.cached(Subject, id)
    if isinstance(subject, Partnership):
        return subject.id
    known: UUID | None = getattr(subject, "partnership_id", None)
    if known is not None:
        return known
    about = consultation_of(record, id)
    assert about is not None, "what is not of a partnership is of a consultation"
    return partnership_of(record, about)


def consultation_of(record: Reading, id: UUID) -> UUID | None:
    """Return the consultation that a subject is, or is about, if any. Raises NotFound."""
    subject = record.cached(Subject, id)
    if isinstance(subject, Consultation):
        return subject.id
    about: UUID | None = getattr(subject, "consultation_id", None)
    return about
