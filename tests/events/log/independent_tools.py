"""Runs software that is not ours, for tests that let it judge a log; `tests.tools` brings it."""

import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from events.log.keys import VerifierKey, parse_vkey
from events.log.proof import Receipt
from tests.tools import AICS, GO, NODE, SIGSTORE, lacking, need, openssl

HERE = Path(__file__).parent / "independent"


def run(*command: str, **options) -> subprocess.CompletedProcess:
    """Run a program to its end."""
    return subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, **options
    )


def build_go_check(build: Path) -> str:
    """Build the Go program from the sumdb packages that the Go distribution carries."""
    place = need(GO)
    go = str(place / "bin" / "go")
    # Nothing that the machine says of another Go, and nothing left in the folder of its person.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GO")} | {
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-mod=mod",
        "GOENV": "off",
        "GOCACHE": str(place / "cache"),
        "GOPATH": str(place / "path"),
        "CGO_ENABLED": "0",
    }
    root, version = run(go, "env", "GOROOT", "GOVERSION", env=environment).stdout.split()
    for package in ("note", "tlog"):
        (build / package).mkdir()
        for file in Path(root, "src/cmd/vendor/golang.org/x/mod/sumdb", package).glob("*.go"):
            if not file.name.endswith("_test.go"):
                shutil.copy(file, build / package)
    shutil.copy(HERE / "check_log.go", build / "main.go")
    language = ".".join(version.removeprefix("go").split(".")[:2])
    (build / "go.mod").write_text(f"module independent\n\ngo {language}\n")
    built = run(go, "build", "-o", "check_log", ".", cwd=build, env=environment)
    assert built.returncode == 0, built.stderr
    return str(build / "check_log")


def go_check_kept() -> str:
    """Return the Go program, built once for what it is made of: that takes ten seconds of work."""
    place = need(GO)
    told = hashlib.sha256((HERE / "check_log.go").read_bytes()).hexdigest()
    program = place / f"check_log-{told[:16]}"
    with (place / "check_log.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two processes of a run want it at once
        if not program.exists():
            with TemporaryDirectory(dir=place) as build:
                Path(build_go_check(Path(build))).rename(program)
    return str(program)


def go_says(go_check: str, folder: Path, vkey: str, old_size: int, old_root: bytes) -> str:
    """Let the Go program judge a log in a folder."""
    done = run(go_check, str(folder), vkey, str(old_size), b64encode(old_root).decode())
    assert done.stdout.startswith(("ACCEPTED", "REFUSED")), done.stderr
    return done.stdout


def sigstore_says(receipts: list[Receipt], key: VerifierKey) -> list[str]:
    """Let Sigstore's verifier judge receipts: ACCEPTED or REFUSED for each."""
    modules = need(SIGSTORE) / "node_modules"
    described = [
        {
            "entry": b64encode(receipt.entry).decode(),
            "index": receipt.index,
            "proof": [b64encode(item).decode() for item in receipt.proof],
            "checkpoint": receipt.checkpoint.decode(),
        }
        for receipt in receipts
    ]
    command = (str(modules), key.name, key.public.hex(), key.key_id.hex())
    done = run(str(NODE), str(HERE / "check_receipt.js"), *command, input=json.dumps(described))
    assert done.returncode == 0, done.stderr
    return [line.split()[0] for line in done.stdout.splitlines()]


def aics_accepts(*arguments: str, key: VerifierKey) -> bool:
    """Let aics-tlog judge."""
    command = str(need(AICS) / "bin" / "aics-tlog")
    done = run(command, *arguments, "--log-key", key.vkey, "--origin", key.name)
    assert done.stdout, done.stderr
    return bool(json.loads(done.stdout)["ok"])


def openssl_accepts(receipt: bytes, vkey: str, folder: Path) -> bool:
    """Let openssl and a shell script judge a receipt file."""
    openssl()
    for tool in ("bash", "awk", "base64", "od"):
        if shutil.which(tool) is None:
            lacking(tool, "not installed, it judges receipts together with openssl")
    file = folder / "judged.tlog-proof"
    file.write_bytes(receipt)
    done = run("bash", str(HERE / "check_receipt.sh"), str(file), vkey)
    assert done.stdout.startswith(("ACCEPTED", "REFUSED")), done.stderr
    return done.stdout.startswith("ACCEPTED")


@contextmanager
def aics_witness(folder: Path, origin: str, vkey: str) -> Iterator[tuple[str, VerifierKey]]:
    """Run a witness that trusts one log: its address and its verifier key."""
    command = str(need(AICS) / "bin" / "aics-witness")
    port = free_port()
    config = str(folder / "witness.json")
    listen = f"127.0.0.1:{port}"
    name = "scrutiny.example.org/w2"
    init = run(command, "init", "-c", config, "--name", name, "--listen", listen)
    assert init.returncode == 0, init.stderr
    key = next(word for word in init.stdout.split() if word.startswith(f"{name}+"))
    added = run(command, "add-log", "-c", config, "--origin", origin, "--vkey", vkey)
    assert added.returncode == 0, added.stderr
    with subprocess.Popen(
        [command, "serve", "-c", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            wait_for_port(port)
            yield f"http://{listen}", parse_vkey(key)
        finally:
            server.terminate()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for_port(port: int, seconds_max: float = 60) -> None:
    """Wait until something listens."""
    ends_at = time.monotonic() + seconds_max
    while time.monotonic() < ends_at:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")
