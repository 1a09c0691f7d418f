"""Format sizes of files for people, in decimal kilobytes and megabytes."""

from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

KILOBYTE, MEGABYTE = 1_000, 1_000_000


def limit(size_bytes: int) -> str:
    """Return the text of a maximum size, rounded down: "50 kB", "1.5 MB"."""
    return _said(size_bytes, ROUND_DOWN)


def of_file(size_bytes: int) -> str:
    """Return the text of a file's size, rounded up, so that one over a limit reads as such."""
    return _said(size_bytes, ROUND_CEILING)


def megabytes(size_bytes: int) -> str:
    """Return the exact size in megabytes, as the value of a form field: "5", "1.5", "0.05"."""
    return _plain(Decimal(size_bytes) / MEGABYTE)


def _said(size_bytes: int, rounding: str) -> str:
    unit, name = (KILOBYTE, "kB") if size_bytes < MEGABYTE else (MEGABYTE, "MB")
    value = (Decimal(size_bytes) / unit).quantize(Decimal("0.1"), rounding)
    return f"{_plain(value)} {name}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
