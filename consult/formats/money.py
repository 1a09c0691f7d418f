"""Amounts of money as files write them, kept as whole numbers of the smallest unit."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

AMOUNT = re.compile(r"(?:[0-9]{1,15}(?:\.[0-9]{0,20})?|[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2})")
AMOUNT_MAX = Decimal(10) ** 15
HUNDREDTHS = 100


def amount(text: str) -> Decimal | None:
    """The amount, or None if this is not one (empty, negative, NaN, with letters or commas)."""
    if not AMOUNT.fullmatch(text):
        return None
    value = Decimal(text)
    return value if value < AMOUNT_MAX else None


def unit_scale(amounts: Iterable[Decimal]) -> int:
    """1 if all are whole, else 100: how many of our units are one of the file's."""
    return 1 if all(value == value.to_integral_value() for value in amounts) else HUNDREDTHS


def units(value: Decimal, scale: int) -> int:
    """The amount in our units; a fraction of a hundredth is rounded half to even."""
    return int((value * scale).to_integral_value(ROUND_HALF_EVEN))


def is_exact(value: Decimal, scale: int) -> bool:
    """Whether nothing is lost by `units`."""
    return units(value, scale) == value * scale


def written(value: int, scale: int) -> str:
    """The amount as a file writes it: `8000` or `102533.36`."""
    if scale == 1:
        return str(value)
    whole, rest = divmod(value, scale)
    return f"{whole}.{rest:02d}" if rest else str(whole)
