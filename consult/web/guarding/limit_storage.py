"""Where the limiter keeps its counts: in the vault, so that all processes share them."""

from datetime import timedelta

from limits.storage import MovingWindowSupport, Storage
from sqlalchemy.exc import SQLAlchemyError

from consult.people.proving import attempts
from consult.services import Services


class VaultStorage(Storage, MovingWindowSupport):
    """The limiter's counts as rows of the vault, on its clock; only moving windows are used."""

    STORAGE_SCHEME = ["folkmoot-vault"]  # noqa: RUF012  the library looks for such a list

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what the store raises when it is in trouble."""
        return SQLAlchemyError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count one more unless there were enough."""
        assert amount == 1
        period = timedelta(seconds=expiry)
        return attempts.note(self._services.vault, key, limit, period, self._services.clock())

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002  as the limiter calls it
        """Return when the oldest one that counts was, and how many do."""
        now = self._services.clock()
        found = attempts.window(self._services.vault, key, timedelta(seconds=expiry), now)
        return (found.first_at or now).timestamp(), found.number

    def check(self) -> bool:
        """Say that it works: the vault was opened with the site."""
        return True

    def reset(self) -> int:
        """Forget everything; returns how many."""
        return attempts.forget(self._services.vault)

    def clear(self, key: str) -> None:
        """Forget what was counted of one."""
        attempts.forget(self._services.vault, key)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Not a way of counting that is used here: the limiter has moving windows only."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Not a way of counting that is used here: the limiter has moving windows only."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Not a way of counting that is used here: the limiter has moving windows only."""
        raise NotImplementedError
