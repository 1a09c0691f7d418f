"""The canonical bytes of a log entry: UTF-8 JSON with one form for each document.

A subset of RFC 8785: keys sorted, no spaces, whole numbers only, text in Unicode form NFC, and
keys in ASCII so that every language sorts them alike. Verifiers hash entries as served and never
serialise them again; only our own code depends on this strictness.
"""

import json
import unicodedata
from collections.abc import Mapping
from typing import Any, NoReturn

from events.log.bundle import ENTRY_BYTES_MAX
from events.log.errors import EntryError

INTEGER_MAX = 2**53 - 1  # beyond it JavaScript loses precision
DEPTH_MAX = 16


def encode_entry(document: Mapping[str, Any], bytes_max: int = ENTRY_BYTES_MAX) -> bytes:
    """Return the canonical bytes of a document.

    Values are str, int, bool, None, lists and string-keyed dicts. Raises EntryError for floats
    and other types, integers beyond 2^53 - 1, text that is not NFC, keys that are not ASCII,
    nesting over 16 levels, or more than `bytes_max` bytes.
    """
    if not isinstance(document, Mapping):
        raise EntryError("An entry is a JSON object.")
    _check(document, 1)
    try:
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        data = text.encode()
    except (TypeError, UnicodeEncodeError) as error:
        raise EntryError(f"The entry cannot be written as JSON: {error}.") from None
    if len(data) > bytes_max:
        raise EntryError(f"An entry of {len(data)} bytes is over the limit of {bytes_max:,}.")
    return data


def decode_entry(data: bytes, bytes_max: int = ENTRY_BYTES_MAX) -> dict[str, Any]:
    """Decode canonical bytes. Raises EntryError for any other form of the document."""
    if len(data) > bytes_max:
        raise EntryError(f"An entry of {len(data)} bytes is over the limit of {bytes_max:,}.")
    try:
        document = json.loads(
            data.decode(), parse_float=_no_float, parse_constant=_no_float, parse_int=_integer
        )
    except (ValueError, RecursionError) as error:
        if isinstance(error, EntryError):
            raise
        raise EntryError("The entry is not JSON in UTF-8.") from None
    if not isinstance(document, dict) or encode_entry(document, bytes_max) != data:
        raise EntryError("The entry is not in its canonical spelling.")
    return document


def _check(value: object, depth: int) -> None:
    if depth > DEPTH_MAX:
        raise EntryError(f"The entry is nested over {DEPTH_MAX} levels.")
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise EntryError("The entry has a key that is not ASCII text.")
            _check(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item, depth + 1)
    else:
        _check_scalar(value)


def _check_scalar(value: object) -> None:
    if isinstance(value, str):
        if not unicodedata.is_normalized("NFC", value):
            raise EntryError("The entry has text that is not in Unicode form NFC.")
    elif isinstance(value, int):  # bool too, which is always in bounds
        if abs(value) > INTEGER_MAX:
            raise EntryError("The entry has an integer beyond 2^53 - 1.")
    elif value is not None:
        raise EntryError(f"The entry has a {type(value).__name__}, which is never logged.")


def _integer(text: str) -> int:
    if len(text) > len(str(INTEGER_MAX)) + 1:  # before int() spends time on a long one
        raise EntryError("The entry has an integer beyond 2^53 - 1.")
    return int(text)


def _no_float(text: str) -> NoReturn:
    raise EntryError(f"The entry has {text[:20]}, which is not a whole number.")
