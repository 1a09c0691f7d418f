"""Propose a consultation's short name, used in its address, from its title."""

import re
import unicodedata
from collections.abc import Mapping

LENGTH_MAX = 40
_SMALL_WORDS = frozenset({"a", "an", "and", "at", "for", "in", "of", "on", "our", "the", "to"})


def proposed(title: Mapping[str, str]) -> str:
    """Return a short name from the English title, or any other: whole words in lower case.

    Empty if no character of the title is allowed in an address.
    """
    text = title.get("en") or next(iter(title.values()), "")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    short = [word for word in words if word not in _SMALL_WORDS] or words
    name = ""
    for word in short:
        longer = f"{name}-{word}" if name else word
        if len(longer) > LENGTH_MAX:
            break
        name = longer
    return name or "".join(short)[:LENGTH_MAX]
