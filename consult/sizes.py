"""Sizes of files as people see them, in kilobytes and megabytes of a thousand."""

from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

KILOBYTE, MEGABYTE = 1_000, 1_000_000


def limit(size_bytes: int) -> str:
    """Return the greatest size that is taken: "50 kB", "1.5 MB"; never more than it is."""
    return _said(size_bytes, ROUND_DOWN)


def of_file(size_bytes: int) -> str:
    """Return how large a file is, rounded up: one over a limit never reads as if it were not."""
    return _said(size_bytes, ROUND_CEILING)


def megabytes(size_bytes: int) -> str:
    """Return a size in megabytes exactly, as a form takes it back: "5", "1.5", "0.05"."""
    return _plain(Decimal(size_bytes) / MEGABYTE)


def _said(size_bytes: int, rounding: str) -> str:
    unit, name = (KILOBYTE, "kB") if size_bytes < MEGABYTE else (MEGABYTE, "MB")
    value = (Decimal(size_bytes) / unit).quantize(Decimal("0.1"), rounding)
    return f"{_plain(value)} {name}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
