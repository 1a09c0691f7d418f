"""Keep the translations of the interface complete: extract messages, and list what is missing.

`python -m consult.wording.catalogue` updates every catalogue from the templates and the code,
prints what has no translation, and exits with 1 if anything is missing. With the code of a
language, such as `pl`, it creates or updates only that catalogue.
"""

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "consult" / "translations"
_JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
_KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "N_": None}
_FIXED = datetime(2026, 1, 1, tzinfo=UTC)
# Not on any page: for developers (gallery), or only used by the command line and at start.
_SKIPPED = (
    *(
        "templates/gallery",
        "consult/web/site/gallery",
        "consult/wording/catalogue",
        "consult/verifier",
    ),
    *(
        "consult/cli",
        "consult/config",
        "consult/connections",
        "consult/services",
        "consult/formats",
    ),
    *("consult/sealing", "consult/witness"),
    *(
        "consult/commands/files/importing",
        "consult/people/schema",
        "events/store/database_url",
        "events/store/appends",
        "events/log",
    ),
)
_PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def messages() -> set[str]:
    """Return every message of the pages: marked texts, sentences of refusals, words of rules."""
    found: set[str] = set()
    for suffix in ("*.html", "*.txt"):
        for path in _paths("templates", suffix):
            for _line, said, _comments, _context in extract_from_file(
                "jinja2.ext:babel_extract", path, keywords=_KEYWORDS, options=_JINJA
            ):
                found.add(said if isinstance(said, str) else said[0])
    for path in _paths("consult", "*.py"):
        found.update(_marked(path))
    for folder in ("events", "consult"):
        for path in _paths(folder, "*.py"):
            found.update(_refusals(path))
    for path in sorted((ROOT / "consult" / "counting").rglob("*.py")):
        found.update(_rules(path))
    # A message that consists only of a value has no words to translate.
    return {message for message in found if _PLACES.sub("", message).strip()}


def languages() -> list[str]:
    """Return the languages that have a catalogue."""
    return sorted(path.name for path in CATALOGUES.iterdir() if path.is_dir())


def update(language: str) -> Catalog:
    """Write the catalogue with new messages added and unused ones removed; return it."""
    before = read(language)
    after = Catalog(
        locale=language,
        charset="utf-8",
        project="Folkmoot",
        fuzzy=False,
        # Fixed, so that the file changes only when texts do.
        creation_date=_FIXED,
        revision_date=_FIXED,
        header_comment="# The interface of Folkmoot in another language.",
    )
    for message in sorted(messages()):
        known = before.get(message)
        said = _tidy(str(known.string)) if known else ""
        after.add(message, said, flags=known.flags if known else ())
    _path(language).parent.mkdir(parents=True, exist_ok=True)
    with _path(language).open("wb") as writable:
        write_po(writable, after, omit_header=False, no_location=True, width=100)
    return after


def read(language: str) -> Catalog:
    """Return the catalogue on disk; an empty one for a new language."""
    if not _path(language).exists():
        return Catalog(locale=language)
    with _path(language).open("rb") as readable:
        return read_po(readable, locale=language)


def gaps(language: str) -> list[str]:
    """Return messages that are missing, fuzzy, or lack a placeholder."""
    known = read(language)
    found = []
    for message in sorted(messages()):
        entry = known.get(message)
        if entry is None or not entry.string:
            found.append(f"missing: {message}")
        elif entry.fuzzy:
            found.append(f"unsure: {message}")
        elif sorted(_PLACES.findall(message)) != sorted(_PLACES.findall(str(entry.string))):
            found.append(f"loses a value: {message}")
    return found


def _tidy(said: str) -> str:
    """Return a translation with typographic apostrophes."""
    return said.replace("'", "’")


def _path(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def _paths(folder: str, pattern: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob(pattern))
    return [path for path in found if not path.relative_to(ROOT).as_posix().startswith(_SKIPPED)]


def _marked(path: Path) -> Iterator[str]:
    """Yield the marked texts of a module, also those within f-strings, which Babel passes over."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Call(func=function, args=[ast.Constant(value=str(said)), *_]):
                name = function.attr if isinstance(function, ast.Attribute) else None
                name = function.id if isinstance(function, ast.Name) else name
                if name in _KEYWORDS:
                    yield said


def _refusals(path: Path) -> Iterator[str]:
    """Yield the `says = "..."` of every class in a module."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if not isinstance(node, ast.ClassDef):
            continue
        for statement in node.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id="says")], value=ast.Constant(value=str(said))):
                    yield said
                case ast.AnnAssign(target=ast.Name(id="says"), value=ast.Constant(value=str(said))):
                    yield said


def _rules(path: Path) -> Iterator[str]:
    """Yield the title and the sentences of every counting rule in a module."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Call(func=ast.Name(id="rule"), args=[_, *said]):
                yield from (str(each.value) for each in said if isinstance(each, ast.Constant))


def main() -> int:
    """Update every catalogue, or only the languages given; print what is missing."""
    count = 0
    named = {str(Locale.parse(code)) for code in sys.argv[1:]}
    for language in sorted(named or languages()):
        update(language)
        for gap in gaps(language):
            count += 1
            sys.stdout.write(f"{language}: {gap}\n")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
