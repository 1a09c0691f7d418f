"""The outcome of a count with its complete working, and its canonical serialisation."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """A result and how it was reached. `docs/counting-specification.md` describes every field.

    order: option ids, tied ids together in one place; empty for budgets.
    elected: in the order of `order` or of election; funded: in the order of award.
    spent, left: minor units, None when there is no pot.
    scores: exact, whole or "p/q" (five decimals for stv).
    """

    rule: str
    rule_version: str
    specification: Mapping[str, Any]
    ballots: int
    order: tuple[tuple[str, ...], ...] = ()
    elected: tuple[str, ...] = ()
    funded: tuple[str, ...] = ()
    spent: int | None = None
    left: int | None = None
    scores: Mapping[str, str] = field(default_factory=dict)
    rounds: Sequence[Mapping[str, Any]] = ()
    ties: Sequence[Mapping[str, Any]] = ()
    reasons: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return every field as plain JSON of integers and strings."""
        document = {name: plain(getattr(self, name)) for name in self.__dataclass_fields__}
        assert isinstance(document, dict)
        return document


def plain(value: Any) -> Any:
    """Return the value as JSON-native types. Raises TypeError for anything inexact."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Mapping):
        assert all(isinstance(key, str) for key in value), "every key must be a string"
        return {key: plain(value[key]) for key in sorted(value)}
    if isinstance(value, Sequence):
        return [plain(part) for part in value]
    raise TypeError(f"a {type(value).__name__} has no exact JSON form")


def exact(number: int | Fraction) -> str:
    """Return a number as text: whole, or "p/q" in lowest terms with a positive q."""
    return str(Fraction(number))


def canonical_bytes(document: Any) -> bytes:
    """Serialise a JSON document canonically: keys in code point order, no spaces, UTF-8."""
    return json.dumps(
        plain(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def digest(document: Any) -> str:
    """Return the SHA-256 of the canonical bytes, as "sha256:" and lower-case hexadecimal."""
    return "sha256:" + hashlib.sha256(canonical_bytes(document)).hexdigest()
