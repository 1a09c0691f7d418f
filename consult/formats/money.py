"""Parse amounts of money in files, kept as whole numbers of the smallest unit."""

import re
from collections.abc import Iterable
from decimal import Decimal

AMOUNT = re.compile(r"[0-9]+(?:\.[0-9]*)?|[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,9}")
AMOUNT_MAX = 10**15 - 1
HUNDREDTHS = 2
DECIMALS_MAX = 6
"""No currency has more decimals; an amount with more was computed and is not a price."""
UNITS_MAX = 10**17
"""Largest stored amount, in the smallest unit; databases hold no more digits."""


class AmountError(ValueError):
    """An amount that cannot be kept, and why, as the end of a sentence."""


TOO_LARGE = f"it is too large: amounts up to {AMOUNT_MAX:,} are read"
TOO_FINE = (
    f"more than {DECIMALS_MAX} decimals cannot be kept, and a rounded amount can change what is "
    "funded"
)


def amount(text: str) -> Decimal | None:
    """The amount, or None if this is not one (empty, negative, NaN, with letters or commas).

    Raises AmountError.
    """
    if not AMOUNT.fullmatch(text):
        return None
    if "e" in text.lower():
        value = Decimal(text)
    else:
        whole, _point, rest = text.partition(".")
        whole, rest = whole.lstrip("0"), rest.rstrip("0")
        if len(whole) > len(str(AMOUNT_MAX)):
            raise AmountError(TOO_LARGE)
        if len(rest) > DECIMALS_MAX:
            raise AmountError(TOO_FINE)
        value = Decimal(f"{whole or 0}.{rest}" if rest else whole or "0")
    if value >= AMOUNT_MAX + 1:
        raise AmountError(TOO_LARGE)
    if decimals_of(value) > DECIMALS_MAX:
        raise AmountError(TOO_FINE)
    return value


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
