"""Count tries, for the rate limiter: in the vault, shared by all processes."""

from datetime import timedelta

from limits.storage import MovingWindowSupport, Storage
from sqlalchemy.exc import SQLAlchemyError

from consult.people.proving import attempts
from consult.services import Services


class VaultStorage(Storage, MovingWindowSupport):
    """Rate limit counts as rows of the vault, on its clock; supports moving windows only."""

    STORAGE_SCHEME = ["folkmoot-vault"]  # noqa: RUF012  the library looks for such a list

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return the exception class of storage failures."""
        return SQLAlchemyError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count one request unless the limit is reached; return whether it was counted."""
        assert amount == 1
        period = timedelta(seconds=expiry)
        return attempts.note(self._services.vault, key, limit, period, self._services.clock())

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002  as the limiter calls it
        """Return the time of the oldest counted request (seconds since the epoch) and the count."""
        now = self._services.clock()
        found = attempts.window(self._services.vault, key, timedelta(seconds=expiry), now)
        return (found.first_at or now).timestamp(), found.number

    def check(self) -> bool:
        """Return True: the vault was opened with the site."""
        return True

    def reset(self) -> int:
        """Delete all counts; return how many."""
        return attempts.forget(self._services.vault)

    def clear(self, key: str) -> None:
        """Delete the counts of one key."""
        attempts.forget(self._services.vault, key)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Raise NotImplementedError: fixed windows are not used."""
        raise NotImplementedError  # as the docstring says

    def get(self, key: str) -> int:
        """Raise NotImplementedError: fixed windows are not used."""
        raise NotImplementedError  # as the docstring says

    def get_expiry(self, key: str) -> float:
        """Raise NotImplementedError: fixed windows are not used."""
        raise NotImplementedError  # as the docstring says
