"""Copies of the project: nothing is ever mutated where people work or other tests run."""

import compileall
import os
import shutil
from pathlib import Path

from tests.mutation.packages import ROOT

LEFT_OUT = shutil.ignore_patterns(
    ".venv",
    ".git",
    "build",
    "dist",
    "node_modules",
    "__pycache__",
    ".*_cache",
    ".hypothesis",
    "*.db*",
)


def copy(place: Path) -> Path:
    """Make a fresh copy of the project at a place, compiled."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(ROOT, place, ignore=LEFT_OUT)
    compileall.compile_dir(place, quiet=2)
    return place


def environment(place: Path) -> dict[str, str]:
    """Return an environment in which every process, and what it starts, imports the copy."""
    return os.environ | {"PYTHONPATH": str(place), "PYTHONWARNINGS": "ignore"}
