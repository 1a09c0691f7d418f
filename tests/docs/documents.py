"""What stands in the documents: their fenced blocks, and each command of those for a shell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHELL = frozenset({"sh", "bash", "shell", "console", "zsh"})
FENCE = re.compile(r"^\s*```(.*)$")
HEREDOC = re.compile(r"<<-?\s*'?(\w+)'?")


@dataclass(frozen=True)
class Block:
    """What stands between two fences. `line`: of its first line in the document."""

    document: str
    line: int
    language: str
    text: str


def documents() -> list[str]:
    """Every document for people who use or run Folkmoot, by its path in the project."""
    own = ("README.md", "CONTRIBUTING.md", "SECURITY.md")
    found = [*(ROOT / name for name in own), *sorted((ROOT / "docs").rglob("*.md"))]
    return [path.relative_to(ROOT).as_posix() for path in found]


def blocks(document: str) -> list[Block]:
    """The fenced blocks of a document, in order."""
    found: list[Block] = []
    inside: list[str] | None = None
    language, start = "", 0
    for number, line in enumerate((ROOT / document).read_text().splitlines(), start=1):
        fence = FENCE.match(line)
        if inside is None:
            if fence:
                inside, language, start = [], fence[1].strip(), number + 1
        elif fence:
            found.append(Block(document, start, language, "\n".join(inside)))
            inside = None
        else:
            inside.append(line)
    assert inside is None, f"{document}: the fence before line {start} is never closed"
    return found


def commands(document: str) -> list[str]:
    """Every command of a document's shell blocks, in order, without what is said beside it."""
    return [
        command
        for block in blocks(document)
        if block.language in SHELL
        for command in split(block.text)
    ]


def split(text: str) -> Iterator[str]:
    """One command after the other: a line, with the lines it goes on in and what it is given."""
    lines = iter(text.splitlines())
    for first in lines:
        line = first
        while line.endswith("\\"):
            line = f"{line}\n{next(lines)}"
        found = HEREDOC.search(line)
        if found:
            for given in lines:
                line = f"{line}\n{given}"
                if given == found[1]:
                    break
        else:
            line = re.sub(r"(^|\s{2,}|^\s*)#\s.*$", "", line).rstrip()
        if line.strip():
            yield line


def indented_code(document: str) -> list[int]:
    """Lines that Markdown shows as code without saying in which language."""
    found, is_fenced, before, in_list = [], False, "", False
    for number, line in enumerate((ROOT / document).read_text().splitlines(), start=1):
        if FENCE.match(line):
            is_fenced = not is_fenced
        elif not is_fenced:
            if re.match(r"\s*([-*]|\d+\.)\s", line):
                in_list = True
            elif line and not line.startswith(" "):
                in_list = False
            if line.startswith("    ") and not before.strip() and not in_list:
                found.append(number)
        before = line
    return found


def inline_code(document: str) -> list[str]:
    """What stands in the text between backquotes, on one line each."""
    text = re.sub(r"^```.*?^```", "", (ROOT / document).read_text(), flags=re.MULTILINE | re.DOTALL)
    return [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", text)]
