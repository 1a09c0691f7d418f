"""What every test may ask for."""

import os
from pathlib import Path

import pytest

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def field_data() -> Path:
    """The directory of real votes, which are not ours to ship; without it the test is skipped."""
    place = Path(os.environ.get("FOLKMOOT_FIELD_DATA", BESIDE_THE_PROJECT))
    if not (place / "README.md").is_file():
        pytest.skip(f"there are no real votes in {place} (set FOLKMOOT_FIELD_DATA)")
    return place
