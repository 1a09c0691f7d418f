"""Batches of one-use codes: who may answer by letter, in numbers."""

from datetime import datetime

import msgspec

NUMBER_MAX = 200_000
"""Codes in one batch."""

LETTER = "letter"
"""The level of assurance that a code by post gives."""


class CodeBatch(msgspec.Struct, frozen=True, omit_defaults=True):
    """Codes that were made together. `ward`: whose residents get them, or nothing.

    `is_void`: those that nobody has answered with do not work any more.
    """

    number: int
    issued_at: datetime
    level: str = LETTER
    ward: str = ""
    is_void: bool = False
