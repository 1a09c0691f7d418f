"""Parse amounts of money in files, kept as whole numbers of the smallest unit."""

import re
from collections.abc import Iterable
from decimal import Decimal

AMOUNT = re.compile(r"(?:[0-9]{1,15}(?:\.[0-9]{0,20})?|[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2})")
AMOUNT_MAX = Decimal(10) ** 15
HUNDREDTHS = 2
DECIMALS_MAX = 6
"""No currency has more decimals; an amount with more was computed and is not a price."""
UNITS_MAX = 10**17
"""Largest stored amount, in the smallest unit; databases hold no more digits."""


def amount(text: str) -> Decimal | None:
    """Return the amount, or None if it is not one (empty, negative, NaN, letters, commas)."""
    if not AMOUNT.fullmatch(text):
        return None
    value = Decimal(text)
    return value if value < AMOUNT_MAX else None


def decimals_of(value: Decimal) -> int:
    """Return the number of decimals of the amount, without trailing zeros."""
    _sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int), "an amount is finite"
    if not value:
        return 0
    zeros = 0
    while zeros < len(digits) and digits[-1 - zeros] == 0:
        zeros += 1
    return max(0, -exponent - zeros)


def unit_scale(amounts: Iterable[Decimal]) -> int:
    """Return how many of our units are one of the file's: 1, 100, or a higher power of ten.

    Nothing is ever rounded: a rounded price could change what is funded.
    """
    finest = max(map(decimals_of, amounts), default=0)
    return 10 ** max(finest, HUNDREDTHS) if finest else 1


def units(value: Decimal, scale: int) -> int:
    """Return the exact amount in our units."""
    scaled = value * scale
    whole = int(scaled)
    assert whole == scaled, "the scale is as fine as the finest amount"
    return whole


def written(value: int, scale: int) -> str:
    """Return the amount as a file writes it: `8000` or `102533.36`."""
    whole, rest = divmod(value, scale)
    return f"{whole}.{rest:0{decimals(scale)}d}" if rest else str(whole)


def decimals(scale: int) -> int:
    """Return the number of decimals of amounts counted in units of 1/`scale`."""
    return len(str(scale)) - 1
