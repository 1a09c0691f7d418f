"""Compares what pages say with what was agreed: tests/golden/pages. `make agreed` renews it."""

import os
from difflib import unified_diff
from pathlib import Path

AGREED = Path(__file__).resolve().parents[2] / "golden" / "pages"


def agree(name: str, said: str) -> None:
    """Fail, with the difference, where something else is said than was agreed."""
    file = AGREED / f"{name}.txt".replace(" ", "-").replace("_", "-")
    if os.environ.get("FOLKMOOT_AGREE"):
        file.write_text(said)
    known = file.read_text()
    changes = "\n".join(unified_diff(known.splitlines(), said.splitlines(), n=1, lineterm=""))
    assert said == known, f"if this is right, `make agreed`:\n{changes}"
