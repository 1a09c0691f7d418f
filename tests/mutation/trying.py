"""A process in a copy of the project that plants one mutant after another and runs tests.

It has everything that is not ours imported already, and forks for each mutant: a few tests
take a second instead of ten. What it is told and what it answers are lines of JSON.
"""

import contextlib
import json
import os
import re
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

OURS = ("consult", "events", "projections", "tests", "conftest")
PATIENCE_SECONDS = 60.0
OPTIONS = (
    *("-x", "-q", "--no-header", "-p", "no:cacheprovider"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # plugins are imported already
)
LOST = {4, 5}
BROKEN = 70
"""The process itself failed, and says nothing about the mutant."""

FAILED = re.compile(r"^(?:FAILED|ERROR) (tests/\S+::[^\s\[]+(?:\[.*?\])?)(?: - |$)", re.MULTILINE)
NOT_THERE = "not found: "
SAID_MAX = 6_000


def main() -> None:
    """Try what comes in, until nothing comes any more."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    _preload()
    for number, line in enumerate(sys.stdin):
        job = json.loads(line)
        print(json.dumps(_try(job, number)), file=answers, flush=True)


def _preload() -> None:
    """Import what our code imports, and forget our own: mutants must be read anew."""
    import tests.browser.harness
    import tests.conftest  # noqa: F401  imported for what it sets up

    for name in list(sys.modules):
        if name.partition(".")[0] in OURS:
            del sys.modules[name]


def _try(job: dict[str, Any], number: int) -> dict[str, Any]:
    """Plant a mutant and run the tests; one that fails without the mutant too is left out."""
    began_at = time.monotonic()
    tests: list[str] = job["tests"]
    with _planted(Path(job["module"]), job["source"], number):
        code, said = _run(tests, job["seconds"])
        if code in LOST and NOT_THERE in said:  # other parameters: whole files, then
            tests = sorted({test.partition("::")[0] for test in tests})
            code, said = _run(tests, job["seconds"] * 3)
    failed = FAILED.search(said)
    if code == 1 and failed and _run([failed[1]], job["seconds"])[0] != 0:
        others = [test for test in tests if test != failed[1]]
        if others == tests or not others:
            return {"is_noticed": False, "how": "fails always", "seconds": 0, "said": said}
        return _try(job | {"tests": others}, number)
    return {
        "is_noticed": code != 0,
        "how": "hangs" if code is None else f"exit code {code}",
        "seconds": round(time.monotonic() - began_at, 1),
        "said": said[-SAID_MAX:],
    }


@contextlib.contextmanager
def _planted(module: Path, source: str, number: int) -> Iterator[None]:
    original, stamp = module.read_bytes(), module.stat().st_mtime
    try:
        module.write_text(source)
        # Compiled code is found by size and second: no two mutants may share both.
        os.utime(module, (stamp + 1 + number, stamp + 1 + number))
        yield
    finally:
        module.write_bytes(original)
        os.utime(module, (stamp, stamp))


def _run(tests: list[str], seconds: float) -> tuple[int | None, str]:
    """Run tests in a process of their own; no exit code when it had to be ended."""
    said = Path("build-said.log")
    child = os.fork()
    if child == 0:
        os.setsid()
        with said.open("wb") as log:
            for number in (1, 2):
                os.dup2(log.fileno(), number)
        _end_with(tests)
    code = _wait(child, seconds + PATIENCE_SECONDS)
    if code == BROKEN:
        raise RuntimeError(said.read_text(errors="replace"))
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what tests have started ends with them
    return code, said.read_text(errors="replace")


def _end_with(tests: list[str]) -> NoReturn:
    """Run tests and end this process with what they came to."""
    try:
        code = int(pytest.main([*OPTIONS, *tests]))
    except BaseException:  # noqa: BLE001  whatever it is, this process must not go on
        traceback.print_exc()
        code = BROKEN
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _wait(child: int, seconds: float) -> int | None:
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


if __name__ == "__main__":
    main()
