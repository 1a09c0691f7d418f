"""Keeps what was rendered, named by everything it depends on, whatever that is made of."""

from collections import OrderedDict
from typing import Any

import msgspec


class Rendered:
    """Pages, pictures and documents by what they depend on.

    `most`: the oldest goes when there are more. What a page depends on may hold words by
    language or rows of them, which Python cannot hash: then its content is the name.
    """

    def __init__(self, most: int | None = None) -> None:
        self._made: OrderedDict[object, Any] = OrderedDict()
        self._most = most

    def get(self, depends: object) -> Any:
        """Return what was made of the same; None when nothing was."""
        return self._made.get(_name(depends))

    def __setitem__(self, depends: object, made: Any) -> None:
        """Keep what was made."""
        self._made[_name(depends)] = made
        while self._most is not None and len(self._made) > self._most:
            self._made.popitem(last=False)

    def __getitem__(self, depends: object) -> Any:
        """Return what was made; it must be there."""
        return self._made[_name(depends)]

    def __len__(self) -> int:
        """Say how much is kept."""
        return len(self._made)

    def forget(self, depends: object) -> None:
        """Forget what was made, if anything was."""
        self._made.pop(_name(depends), None)


def _name(depends: object) -> object:
    try:
        hash(depends)
    except TypeError:
        return msgspec.json.encode(depends, enc_hook=repr, order="sorted")
    return depends
