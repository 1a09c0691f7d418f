"""A terminal in a scratch folder: what is exported and where one is stays from line to line."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

SECONDS_MAX = 600


class Terminal:
    """Gives commands as a newcomer does who knows nothing but the document.

    `folder`: where it begins. `tools`: programs that are found before those of the machine.
    """

    def __init__(self, folder: Path, tools: Path, **environment: str) -> None:
        self.folder = folder
        self.output = ""
        self._tools = tools
        self._place = folder
        self._environment = {
            "PATH": f"{tools}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "TZ": os.environ["TZ"],
            **environment,
        }

    def run(self, command: str) -> str:
        """Run a command, which has to succeed; what it printed."""
        after = self._tools / "after"
        # Kept whether it succeeds or not; the shell ends as the command did.
        kept = f"trap 'pwd > {shlex.quote(str(after))}; env -0 >> {shlex.quote(str(after))}' EXIT"
        done = subprocess.run(
            ["bash", "-c", f"{kept}\n{command}\n"],
            cwd=self._place,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_MAX,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        place, _, pairs = after.read_text().partition("\n")
        self._place = Path(place)
        kept_pairs = [pair.partition("=") for pair in pairs.split("\0") if "=" in pair]
        self._environment = {name: value for name, _, value in kept_pairs}
        self.output = done.stdout + done.stderr
        return self.output

    def start(
        self, command: str, log: Path, output: int | None = None
    ) -> "subprocess.Popen[bytes]":
        """Run a command that goes on until it is ended. `output`: in place of the log."""
        with log.open("ab") as said:
            return subprocess.Popen(
                ["bash", "-c", f"exec {command}"],
                cwd=self._place,
                env=self._environment,
                stdout=said if output is None else output,
                stderr=said,
            )

    def set(self, **environment: str) -> None:
        """Export something that the document takes as given."""
        self._environment |= environment


def tool(folder: Path, name: str, script: str) -> None:
    """Put a program where the terminal finds it first."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


PYTHON = f'exec {shlex.quote(sys.executable)} "$@"'
