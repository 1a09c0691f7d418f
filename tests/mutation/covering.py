"""Which tests execute a line: from one run with coverage, which names the test in each context.

What is covered is kept in build/mutants/cover until the product changes; a file of tests that
changes is run again alone.
"""

import hashlib
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from coverage import CoverageData

from tests.mutation.copies import copy, environment
from tests.mutation.packages import ROOT

SETTINGS = "[run]\nsource = events, projections, consult\n"
BOTH_DATABASES = ("tests/events", "tests/projections", "tests/consult/test_connecting")
SQLITE_ALONE = "not postgres"


class Cover:
    """What every line was executed by. `took`: seconds of each test that passed."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.took: dict[str, float] = {}
        self._layers: list[tuple[CoverageData, frozenset[str]]] = []

    def bring_up_to_date(self, files: list[Path]) -> None:
        """Run those files of tests that have not been run as they are now."""
        self.place.mkdir(parents=True, exist_ok=True)
        product = _digest(
            sorted(
                path
                for part in ("events", "projections", "consult")
                for path in (ROOT / part).rglob("*.py")
            )
        )
        kept = [json.loads(path.read_text()) for path in sorted(self.place.glob("layer-*.json"))]
        if any(layer["product"] != product for layer in kept):
            for path in self.place.iterdir():
                path.unlink()
            kept = []
        known = {file: digest for layer in kept for file, digest in layer["files"].items()}
        wanted = {file.as_posix(): _digest([ROOT / file]) for file in files}
        missing = sorted(file for file, digest in wanted.items() if known.get(file) != digest)
        for is_both in (True, False):
            some = [file for file in missing if file.startswith(BOTH_DATABASES) == is_both]
            if some:
                self._run(len(list(self.place.glob("layer-*.json"))), some, is_both=is_both)
                manifest = {"product": product, "files": {file: wanted[file] for file in some}}
                number = len(list(self.place.glob("layer-*.json")))
                (self.place / f"layer-{number:03}.json").write_text(json.dumps(manifest))
        self._load()

    def _run(self, number: int, files: list[str], *, is_both: bool) -> None:
        print(f"finding out what {len(files)} files of tests execute", flush=True)
        tree = copy(self.place.parent / "copy-cover")
        settings = tree / ".coveragerc"
        settings.write_text(f"{SETTINGS}data_file = {self.place}/layer-{number:03}.data\n")
        choice = [] if is_both else ["-k", SQLITE_ALONE]
        command = [
            *(sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"),
            *("-m", "not browser", "-p", "tests.mutation.durations", "--cov-report="),
            *("--cov", f"--cov-config={settings}", "--cov-context=test", *choice, *files),
        ]
        durations = {"MUTATION_DURATIONS": str(self.place / f"layer-{number:03}.times")}
        said = self.place / f"layer-{number:03}.log"
        with said.open("wb") as log:
            subprocess.run(
                command,
                cwd=tree,
                env=environment(tree) | durations,
                stdout=log,
                stderr=log,
                check=False,
            )

    def _load(self) -> None:
        taken: set[str] = set()
        for manifest in sorted(self.place.glob("layer-*.json"), reverse=True):
            files = frozenset(json.loads(manifest.read_text())["files"])
            data = CoverageData(str(manifest.with_suffix(".data")))
            data.read()
            self._layers.append((data, files - taken))
            times = json.loads(manifest.with_suffix(".times").read_text())
            self.took |= {t: s for t, s in times.items() if t.partition("::")[0] in files - taken}
            taken |= files

    def of(self, module: Path) -> dict[int, dict[str, set[str]]]:
        """Return, for each line of a module, the tests that execute it, by phase.

        The phases: "run", "setup", and "" for what is executed on import.
        """
        found: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for data, files in self._layers:
            for measured in data.measured_files():
                if not measured.endswith(f"/{module}"):
                    continue
                for line, contexts in data.contexts_by_lineno(measured).items():
                    for context in contexts:
                        test, _, phase = context.rpartition("|")
                        if test.partition("::")[0] in files and test in self.took:
                            found[line][phase].add(test)
        return found


def _digest(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
