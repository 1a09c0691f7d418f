"""Test vectors published with the specifications, read where they are; never part of the source."""

import base64
import json
import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).parents[3].parent / "shared" / "vectors"
FOLDER = Path(os.environ.get("FOLKMOOT_LOG_VECTORS", _BESIDE))

needs_vectors = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="the published test vectors are not on this machine; "
    "set FOLKMOOT_LOG_VECTORS to the folder that holds them",
)


def vectors(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text()) if FOLDER.is_dir() else {}


def cases(name: str) -> list:
    return [
        pytest.param(case, id=case["_path"].removeprefix("testdata/").removesuffix(".json"))
        for case in vectors(name).get("vectors", [])
    ]


def unb64(text: str) -> bytes:
    return base64.b64decode(text)


def proof_of(case: dict) -> list[bytes]:
    return [unb64(line) for line in case["proof"] or []]
