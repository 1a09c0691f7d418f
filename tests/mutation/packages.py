"""Which parts of the product are mutated, and which tests speak for each."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Package:
    """A part of the product. `sources`, `tests`: patterns below the root."""

    name: str
    sources: tuple[str, ...]
    tests: tuple[str, ...]

    def modules(self, root: Path = ROOT) -> list[Path]:
        """Its modules, as paths below the root."""
        return _found(root, self.sources)

    def test_files(self, root: Path = ROOT) -> list[Path]:
        """The files of its tests, as paths below the root."""
        return [path for path in _found(root, self.tests) if path.name.startswith("test_")]


def _found(root: Path, patterns: tuple[str, ...]) -> list[Path]:
    paths = {path for pattern in patterns for path in root.glob(pattern)}
    return sorted(path.relative_to(root) for path in paths if path.suffix == ".py")


COMMANDS = "tests/consult/commands/**/*"
RECORD = ("tests/events/**/*", "tests/projections/**/*")
STAFF_ROOMS = ("accounts", "assisted", "data_protection", "organising", "partnership", "scrutiny")
STAFF = tuple(f"tests/consult/web/{room}/**/*" for room in STAFF_ROOMS)

PACKAGES = (
    Package("events", ("events/**/*",), (*RECORD, COMMANDS, "tests/consult/test_connecting.py")),
    Package("consult/commands", ("consult/commands/**/*",), (COMMANDS, *STAFF)),
    Package("projections", ("projections/**/*",), (*RECORD, COMMANDS, *STAFF)),
    Package(
        "consult/sealing",
        ("consult/sealing/**/*",),
        ("tests/consult/sealing/**/*", "tests/consult/witness/*", "tests/consult/web/receipts/*"),
    ),
    Package(
        "consult/people",
        ("consult/people/**/*",),
        (
            "tests/consult/people/**/*",
            "tests/consult/notifying/*",
            COMMANDS,
            "tests/consult/web/accounts/**/*",
            "tests/consult/web/data_protection/**/*",
        ),
    ),
    Package("consult/counting", ("consult/counting/**/*",), ("tests/consult/counting/**/*",)),
    Package(
        "results-pages",
        ("consult/web/results/*", "consult/wording/outcomes/*"),
        ("tests/consult/web/results/*", "tests/consult/web/test_*"),
    ),
    Package(
        "staff-pages",
        tuple(f"consult/web/{room}/**/*" for room in STAFF_ROOMS),
        (*STAFF, "tests/consult/web/test_*"),
    ),
)
