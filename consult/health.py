"""The health of the installation: whether read models keep up, and what fails in the background."""

from dataclasses import dataclass

from consult.people.site_secret import SecretMissing, SecretOfAnother, SecretUnusable
from consult.people.trouble import Failing, failing
from consult.services import Services

MOVES_SECONDS_MAX = 3.0
"""Read models that are behind and do not advance for so long are stuck."""


@dataclass(frozen=True)
class Stopped:
    """A read model stopped by an error: its position, the position of the fact, and the error."""

    name: str
    position: int
    error_position: int | None
    error: str


@dataclass(frozen=True)
class Health:
    """`head`: the last position of the record. `position`: that of the read models.

    `is_stuck`: read models are behind and do not advance. `stopped`: read models stopped by an
    error, which no longer change. `failing`: what the background tries in vain; pages are served
    all the same, so this does not make the installation unwell. `secret`: what is wrong with the
    file of the site's secret, without which the next start is refused; "" when it is there.
    """

    head: int
    position: int
    is_stuck: bool
    stopped: tuple[Stopped, ...]
    failing: tuple[Failing, ...] = ()
    secret: str = ""

    @property
    def is_well(self) -> bool:
        """Whether there is no problem."""
        return not self.is_stuck and not self.stopped and not self.secret


def health_of(services: Services) -> Health:
    """Check record and read models, which may take MOVES_SECONDS_MAX. Raises Unavailable."""
    services.views.position()  # fails fast without a database; the record retries for long
    head, before = services.record.head(), services.views.position()
    is_there = before >= head or services.views.wait_for(head, MOVES_SECONDS_MAX)
    position = services.views.position()
    stopped = tuple(
        Stopped(row.name, row.position, row.error_position, row.error or "")
        for row in services.views.set_aside(0.0)
    )
    return Health(
        head,
        position,
        not is_there and position == before,
        stopped,
        failing(services.vault),
        _secret(services),
    )


def _secret(services: Services) -> str:
    try:
        services.vault.require_secret()
    except (SecretMissing, SecretOfAnother, SecretUnusable) as refused:
        return str(refused)
    return ""
