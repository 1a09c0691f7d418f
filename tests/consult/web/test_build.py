"""The build hook: what it fetches, what it makes, and that it does nothing twice."""

import json
import os
import shutil
from pathlib import Path

import hatch_build

ROOT = Path(__file__).parents[3]
ASSETS = ROOT / "consult" / "assets"


def test_the_lock_file_names_exact_contents_and_no_download_addresses():
    packages = json.loads((ASSETS / "package-lock.json").read_text())["packages"]
    fetched = {name: one for name, one in packages.items() if name}
    assert all(one["integrity"].startswith("sha512-") for one in fetched.values())
    assert not [name for name, one in fetched.items() if "resolved" in one]


def test_nothing_third_party_lies_among_the_sources():
    kinds = {path.suffix for path in ASSETS.rglob("*") if path.is_file()}
    assert kinds <= {".scss", ".js", ".json", ".svg", ".txt", ""}
    assert not list(ASSETS.rglob("*.min.js"))


def test_the_build_holds_stylesheet_fonts_behaviours_and_licences():
    built = hatch_build.build(ROOT)
    made = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    modules = {f"modules/{path.name}" for path in (ASSETS / "modules").glob("*.js")}
    fonts = {"fonts/public-sans-latin.woff2", "fonts/public-sans-latin-ext.woff2"}
    licences = {"licences/govuk-frontend.txt", "licences/public-sans.txt"}
    fonts |= {"print/public-sans-regular.ttf", "print/public-sans-bold.ttf"}
    fonts.add("print/characters.json")
    assert made == {
        "style.css",
        "embed.css",
        "favicon.svg",
        "inputs.sha256",
        *modules,
        *fonts,
        *licences,
    }


def test_a_second_build_touches_nothing():
    built = hatch_build.build(ROOT)
    before = (built / "style.css").stat().st_mtime_ns
    hatch_build.build(ROOT)
    assert (built / "style.css").stat().st_mtime_ns == before


def test_a_catalogue_is_compiled_again_when_its_words_change(tmp_path):
    folder = tmp_path / "consult" / "translations" / "cy" / "LC_MESSAGES"
    shutil.copytree(ROOT / "consult/translations/cy/LC_MESSAGES", folder)
    (folder / "messages.mo").unlink(missing_ok=True)
    hatch_build.compile_catalogues(tmp_path)
    first = (folder / "messages.mo").read_bytes()
    words = (folder / "messages.po").read_text(encoding="utf-8")
    changed = words.replace('msgstr "Yn ôl"', 'msgstr "Nôl"')
    assert changed != words
    (folder / "messages.po").write_text(changed, encoding="utf-8")
    later = (folder / "messages.mo").stat().st_mtime + 5
    os.utime(folder / "messages.po", (later, later))
    hatch_build.compile_catalogues(tmp_path)
    assert (folder / "messages.mo").read_bytes() != first
