"""Runs what a systemd unit runs, as it runs it: its command, settings, folder, mask and account."""

import os
import re
import shlex
import signal
import subprocess
from pathlib import Path

SECONDS_MAX = 120


class Unit:
    """A service as its unit file describes it. `log`: what stands for the journal."""

    def __init__(self, file: Path, log: Path, *, account: int | None = None) -> None:
        self.file = file
        self._log = log
        self.whose = {} if account is None else {"user": account, "group": account}
        self._seconds = SECONDS_MAX
        self._process: subprocess.Popen[bytes] | None = None

    def values(self, name: str) -> list[str]:
        """Everything that the unit says under a name."""
        return re.findall(rf"^{name}=(.*)$", self.file.read_text(), re.MULTILINE)

    @property
    def environment(self) -> dict[str, str]:
        """What systemd gives a service, and what its file of settings says, if it has one."""
        found = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": os.environ["TZ"]}
        for file in self.values("EnvironmentFile"):
            for line in Path(file).read_text().splitlines():
                if line and not line.startswith("#"):
                    name, _, value = line.partition("=")
                    (found[name],) = shlex.split(value)
        return found

    def start(self) -> None:
        """Start its command in a session of its own, with nothing of the test's."""
        (command,) = self.values("ExecStart")
        (seconds,) = self.values("TimeoutStopSec")
        self._seconds = max(int(seconds), SECONDS_MAX)
        (folder,) = self.values("WorkingDirectory")
        (mask,) = self.values("UMask")
        with self._log.open("ab") as said:
            self._process = subprocess.Popen(
                shlex.split(command),
                cwd=folder,
                env=self.environment,
                umask=int(mask, 8),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                **self.whose,
            )

    def stop(self) -> int:
        """End it as systemd does; its exit code, 0 where it was never started."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=self._seconds)

    def said(self) -> str:
        """What it wrote."""
        return self._log.read_text()
