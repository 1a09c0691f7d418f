"""The verifier as it is shipped: its bytes, and the digest by which people compare theirs."""

from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

NAME = "folkmoot_verify.py"


class Program(NamedTuple):
    """The verifier in one file, and its SHA-256 in hexadecimal."""

    content: bytes
    digest: str
    name: str = NAME

    @property
    def line(self) -> str:
        """Return name and digest as minutes and release notes have them."""
        return f"{NAME} sha256:{self.digest}"


@lru_cache(maxsize=1)
def program() -> Program:
    """Return the verifier; cached."""
    content = (files("consult") / "verifier" / NAME).read_bytes()
    return Program(content, sha256(content).hexdigest())
