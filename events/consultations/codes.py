"""Batches of one-use codes for people who answer by letter."""

from datetime import datetime

import msgspec

from events.consultations.levels import LETTER

NUMBER_MAX = 200_000
"""The most codes in one batch."""


class CodeBatch(msgspec.Struct, frozen=True, omit_defaults=True):
    """Codes issued together. `ward`: whose residents get them, or empty.

    `is_void`: codes that nobody has answered with no longer work.
    """

    number: int
    issued_at: datetime
    level: str = LETTER
    ward: str = ""
    is_void: bool = False
