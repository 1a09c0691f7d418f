"""How the installation is: whether pages show the record, and what has stopped."""

from dataclasses import dataclass

from consult.services import Services

MOVES_SECONDS_MAX = 3.0
"""Read models that are behind and do not move for so long are not being kept up."""


@dataclass(frozen=True)
class Stopped:
    """A read model that an error has stopped: where it stands, at which fact, and why."""

    name: str
    position: int
    error_position: int | None
    error: str


@dataclass(frozen=True)
class Health:
    """`head`: the last position of the record. `position`: up to where pages show it.

    `is_stuck`: pages are behind, and nothing moves. `stopped`: what an error
    has stopped, which pages show as it was then.
    """

    head: int
    position: int
    is_stuck: bool
    stopped: tuple[Stopped, ...]

    @property
    def is_well(self) -> bool:
        """Say whether nobody has to look."""
        return not self.is_stuck and not self.stopped


def health_of(services: Services) -> Health:
    """Look at record and read models, which may take some seconds. Raises Unavailable."""
    services.views.position()  # says at once that a database is away; the record tries for long
    head, before = services.record.head(), services.views.position()
    is_there = before >= head or services.views.wait_for(head, MOVES_SECONDS_MAX)
    position = services.views.position()
    stopped = tuple(
        Stopped(row.name, row.position, row.error_position, row.error or "")
        for row in services.views.set_aside(0.0)
    )
    return Health(head, position, not is_there and position == before, stopped)
