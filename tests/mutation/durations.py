"""A plugin of pytest: writes down how long each test took, and which ones passed."""

import json
import os
from pathlib import Path

import pytest

TOOK: dict[str, float] = {}
OTHERWISE: set[str] = set()
"""Tests that failed or were skipped: they notice nothing."""


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    TOOK[report.nodeid] = TOOK.get(report.nodeid, 0.0) + report.duration
    if not report.passed:
        OTHERWISE.add(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:  # its reports reach the main process
        passed = {test: took for test, took in TOOK.items() if test not in OTHERWISE}
        Path(os.environ["MUTATION_DURATIONS"]).write_text(json.dumps(passed))
