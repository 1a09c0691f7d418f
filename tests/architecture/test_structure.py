"""The structure holds: imports point one way, files stay short, every setting is documented."""

import ast
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from consult.config import Config

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    path
    for package in ("events", "projections", "consult")
    for path in sorted((ROOT / package).rglob("*.py"))
]
SINGLE_FILE = "consult/verifier/folkmoot_verify.py"  # handed out as one file, on purpose


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_point_one_way():
    # In a process of its own: it switches off every logger of the one it runs in.
    program = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("path", CODE, ids=name)
def test_a_module_says_what_it_is_for_and_is_short(path: Path):
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text)), "open it with what it is responsible for"
    if name(path) != SINGLE_FILE:
        assert len(text.splitlines()) <= 300, "split it by noun"


def test_no_two_modules_of_tests_have_one_name():
    """Of two that have, neither is run together with the other."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert not sorted({each for each in names if names.count(each) > 1})


READ_MODELS = [
    path.stem for path in CODE if path.parent.name == "projections" and path.stem[0] != "_"
]


@pytest.mark.parametrize("noun", sorted(READ_MODELS))
def test_a_read_model_has_tests_of_its_own(noun: str):
    assert (ROOT / "tests" / "projections" / f"test_read_model_{noun}.py").is_file()


@pytest.mark.parametrize("word", ["utils", "helpers", "manager", "common"])
def test_no_module_has_a_name_that_says_nothing(word: str):
    assert not [name(path) for path in CODE if word in path.stem]


def test_roles_are_named_in_one_place():
    """Whoever acts is named by a constant of `consult.access`, never by a string of their own."""
    named = [
        f"{name(path)}:{call.lineno}"
        for path in CODE
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") in {"Actor", "By"}
        and any(
            isinstance(role, ast.Constant)
            for role in (*call.args[:1], *(k.value for k in call.keywords if k.arg == "role"))
        )
    ]
    assert not named


CLIENTS = {"requests", "urllib3", "urllib.request", "http.client", "httpx", "aiohttp"}


def test_one_module_asks_other_servers():
    """With its limits; the verifier is one file, and has its own."""
    asking = {
        name(path)
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in ([node.module] if isinstance(node, ast.ImportFrom) else node.names)
        if str(getattr(module, "name", module)).partition(".")[0] in CLIENTS
        or getattr(module, "name", module) in CLIENTS
    }
    assert asking == {"consult/outgoing.py", SINGLE_FILE}


def test_every_setting_is_documented():
    source = (ROOT / "consult" / "config.py").read_text()
    read = set(re.findall(r'"(FOLKMOOT_[A-Z_]+)"', source))
    assert read
    documented = (ROOT / "docs" / "settings.md").read_text()
    assert not sorted(setting for setting in read if f"`{setting}`" not in documented)
    assert all(setting in (Config.__doc__ or "") for setting in read)


def test_every_template_belongs_to_a_web_module():
    folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}
    modules = {path.stem for path in (ROOT / "consult" / "web").rglob("*.py")}
    packages = {path.name for path in (ROOT / "consult" / "web").iterdir() if path.is_dir()}
    assert folders - {"macros", "email"} <= modules | packages


def test_every_exception_from_a_rule_says_why():
    """Of the linter and of types, also of the tests: beside it, or in the line above."""
    bare = re.compile(r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z-, ]+\])$")
    found = []
    for place in ("consult", "events", "projections", "tests"):
        for path in (ROOT / place).rglob("*.py"):
            lines = path.read_text().splitlines()
            found += [
                f"{path.relative_to(ROOT)}:{number}"
                for number, (above, line) in enumerate(pairwise(["", *lines]), start=1)
                if bare.search(line) and "#" not in above
            ]
    assert not found


LONG = {"from_environment": "one value, setting by setting"}
"""Functions of more than forty lines, and why nothing is won by cutting them."""


def test_a_function_fits_on_a_screen():
    """Forty lines of what it does, without its name and its docstring."""
    long = []
    for path in (each for each in CODE if name(each) != SINGLE_FILE):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                does = node.body[1:] if ast.get_docstring(node) is not None else node.body
                lines = does[-1].end_lineno - does[0].lineno + 1 if does else 0  # type: ignore[operator]  # parsed from text
                if lines > 40:
                    long.append((name(path), node.name))
    assert {each for _path, each in long} == set(LONG), long


CROWDED = {
    "consult/web/kinds": "a module for each kind of question",
    "consult/cli": "a module for each group of commands",
    "consult/formats": "a module for each kind of file",
    "projections": "a module for each read model",
    "events/kinds": "a module for each kind of question",
    "events/log": "a module for each part of the log's format, all pure",
}
"""Folders of more than fifteen modules, and of which one kind these are."""


def test_no_folder_is_crowded():
    crowded = [
        str(folder.relative_to(ROOT))
        for folder in {path.parent for path in CODE}
        if len([each for each in CODE if each.parent == folder and each.stem != "__init__"]) > 15
    ]
    assert sorted(crowded) == sorted(CROWDED)
    web = ROOT / "consult" / "web"
    top = {path.relative_to(web).parts[0] for path in CODE if web in path.parents}
    assert len(top) < 25
