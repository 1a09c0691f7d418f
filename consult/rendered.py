"""A cache of rendered pages, pictures and documents, keyed by everything they depend on."""

from collections import OrderedDict
from typing import Any

import msgspec


class Rendered:
    """A cache with any values as keys.

    `most`: the maximum size; the oldest entry is evicted. Keys that Python cannot hash, such as
    dicts of text by language, are serialised.
    """

    def __init__(self, most: int | None = None) -> None:
        self._made: OrderedDict[object, Any] = OrderedDict()
        self._most = most

    def get(self, depends: object) -> Any:
        """Return the cached value of a key, or None."""
        return self._made.get(_name(depends))

    def __setitem__(self, depends: object, made: Any) -> None:
        """Store a value."""
        self._made[_name(depends)] = made
        while self._most is not None and len(self._made) > self._most:
            self._made.popitem(last=False)

    def __getitem__(self, depends: object) -> Any:
        """Return the cached value of a key. Raises KeyError."""
        return self._made[_name(depends)]

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._made)

    def forget(self, depends: object) -> None:
        """Remove an entry, if it exists."""
        self._made.pop(_name(depends), None)


def _name(depends: object) -> object:
    try:
        hash(depends)
    except TypeError:
        return msgspec.json.encode(depends, enc_hook=repr, order="sorted")
    return depends
