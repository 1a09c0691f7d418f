"""Test vectors: our own, and those published with the specifications where they are at hand.

The published ones are read where FOLKMOOT_LOG_VECTORS says, or in a folder shared/vectors beside
the project; they are never part of the source. Ours (own_vectors.py) exercise the same.
"""

import base64
import json
import os
from functools import cache
from pathlib import Path

import pytest

from tests.events.log.own_vectors import OWN

_BESIDE = Path(__file__).parents[3].parent / "shared" / "vectors"
FOLDER = Path(os.environ.get("FOLKMOOT_LOG_VECTORS", _BESIDE))
SOURCES = ["own", "published"] if FOLDER.is_dir() else ["own"]
of_each_source = pytest.mark.parametrize("source", SOURCES)


@cache
def vectors(name: str, source: str) -> dict:
    if source == "own":
        return OWN[name]()
    return json.loads((FOLDER / f"{name}.json").read_text())


def cases(name: str) -> list:
    """The cases of a file, of every source, as parameters of a test."""
    return [
        pytest.param(case, id=case["_path"].removeprefix("testdata/").removesuffix(".json"))
        for source in SOURCES
        for case in vectors(name, source)["vectors"]
    ]


def unb64(text: str) -> bytes:
    return base64.b64decode(text)


def proof_of(case: dict) -> list[bytes]:
    return [unb64(line) for line in case["proof"] or []]
