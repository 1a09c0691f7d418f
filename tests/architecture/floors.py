"""The floors of the code as a picture, made from the rules that imports are held against.

`python -m tests.architecture.floors` puts it into docs/architecture.md.
"""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "architecture.md"
BETWEEN = re.compile(r"(?<=<!-- floors -->\n```text\n).*?(?=```\n<!-- /floors -->)", re.DOTALL)


def picture() -> str:
    """Return the floors from top to bottom, those within a package below its name."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layered = [each for each in rules["contracts"] if each["type"] == "layers"]
    within = {package: each["layers"] for each in layered for package in each.get("containers", ())}
    lines = []
    for each in layered:
        for package in () if "containers" in each else each["layers"]:
            lines.append(package)
            lines += [f"  {floor}" for floor in within.get(package, ())]
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    DOCUMENT.write_text(BETWEEN.sub(picture(), DOCUMENT.read_text()))
