"""What a kind of job is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from consult.access import Capability
from consult.services import Services

Report = Callable[[int, int], None]
"""Called with how much is done of how much; may be called often."""


Work = Callable[[Services, Any, Report], Iterable[bytes] | None]
"""Does a job. Returns the pieces of its file, or None if it makes none.

It may be repeated from the beginning at any time, so what it records carries a command id that
follows from the job's parameters. It is done in the language of who asked. It raises Refused if
another try is of no use.
"""


@dataclass(frozen=True)
class Kind:
    """A kind of job.

    `name`: stored with each job. `parameters`: the struct of its parameters. `keep`: how long an
    ended job is shown, and its file kept. `needs`: who may ask for it; None: the site itself.
    `makes_file`, `takes_file`: it is done on the machine where it was asked for, where the file is.
    `most`: limit of jobs of this kind that wait.
    """

    name: str
    parameters: type[msgspec.Struct]
    work: Work
    keep: timedelta
    needs: Capability | None = None
    makes_file: bool = False
    takes_file: bool = False
    most: int | None = None
