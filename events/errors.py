"""Refusals: requests that the rules do not allow, each with a sentence on what to do next.

A refusal carries a *code* (the class name), a plain English sentence and the values it was
made from. The web layer translates the sentence template; the command line prints it.
"""

from typing import Any, ClassVar


class Refused(Exception):  # noqa: N818  a refusal is an answer, not an error of ours
    """A person asked for something the rules do not allow; nothing was recorded.

    `says`: the sentence, with `{names}` filled from the keyword arguments.
    """

    says: ClassVar[str] = "That cannot be done, so nothing was recorded."

    def __init__(self, sentence: str | None = None, /, **values: Any) -> None:
        self.template = sentence if sentence is not None else type(self).says
        self.values = values
        super().__init__(str(self))

    def __str__(self) -> str:
        return self.template.format(**self.values)


class DoneAlready(Refused):
    """It was done before, by the same person or by another, so it is not done again.

    Nothing in what was asked can be corrected: a page that gets this leads on to what stands.
    """


class NotFound(Refused):
    """There is no such subject."""

    says = "There is no {what} with the reference {reference}. Check the reference."


class Conflict(Refused):
    """Another writer changed the same subject first."""

    says = "Somebody else changed this at the same moment. Look at it again, then repeat."


class OutcomeUnknown(Refused):
    """The store did not answer: the facts may or may not be recorded."""

    says = (
        "The record did not answer in time, so we do not know yet whether this was recorded. "
        "Try again: sending the same thing twice is counted once."
    )


class Overloaded(Refused):
    """The queue of waiting saves is full; nothing was recorded."""

    says = "Too many people are sending at this moment, so nothing was recorded. Try again."


class ReadModelsBehind(Refused):
    """The read models have not reached the position of the record that the request needs."""

    says = (
        "Only a part of what was recorded can be read at the moment ({name} has reached position "
        "{position} of {goal}), so nothing was done. Try again in a minute. If it stays like "
        "this, whoever runs the service must rebuild the read models."
    )


class Unavailable(Refused):
    """A required resource is temporarily unavailable."""


class DatabaseUnavailable(Unavailable):
    """A database other than the record does not answer."""

    says = (
        "The database does not answer at the moment. Everything recorded before is safe. "
        "Try again in a minute."
    )


class RecordUnavailable(Unavailable):
    """The store cannot be reached or written; nothing was recorded."""

    says = "The record cannot be written at the moment, so nothing was recorded. Try again soon."


class DiskFull(RecordUnavailable):
    """The disk of the database is full."""

    says = (
        "The disk of the server is full, so nothing was recorded. Everything recorded before is "
        "safe. Whoever runs this service has to make room; then try again."
    )


class NotForThisAccount(RecordUnavailable):
    """The operating system account may not use a file or folder; retrying does not help."""

    says = (
        "The account {account} may not read and write {place}, which {owner} owns, so nothing was "
        "done. Run this as {owner}, or give the account what it needs with chown or chmod."
    )
