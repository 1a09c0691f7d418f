"""`make test` brings the tools that judge us once; what it cannot bring is named and skipped."""

import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests import tools
from tests.events.log.independent_tools import build_go_check, run
from tests.tools import GO, MISSING, Tool, bring, is_installed, need

SCALES = Tool("scales", ("scales==1.0",), runs=("bin/python", "-c", "import scales"))


def publish(index: Path, version: str, code: str = "") -> None:
    """Put a package into a folder from which pip installs without a network."""
    about = f"scales-{version}.dist-info"
    files = {
        "scales.py": code,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: scales\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(index / f"scales-{version}-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place that pip looks at."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where tools are brought to and looked for, empty."""
    monkeypatch.setattr(tools, "FOLDER", tmp_path / "tools")
    monkeypatch.delenv("CI", raising=False)
    return tools.FOLDER


def test_a_tool_is_installed_once_and_again_when_another_version_is_asked_for(index, place):
    publish(index, "1.0")
    publish(index, "2.0", "assert __name__ == 'scales'")
    assert bring(SCALES) == ""
    assert need(SCALES) == place / "scales"
    (place / "scales" / "left").touch()
    assert bring(SCALES) == ""
    assert (place / "scales" / "left").exists()
    newer = replace(SCALES, python=("scales==2.0",))
    assert not is_installed(newer)
    assert bring(newer) == ""
    assert not (place / "scales" / "left").exists()
    assert is_installed(newer)


@pytest.mark.parametrize("what", ["version", "base_prefix"])
def test_a_tool_of_another_python_is_installed_anew(index, place, monkeypatch, what):
    publish(index, "1.0")
    bring(SCALES)
    monkeypatch.setattr(sys, what, "another")
    assert not is_installed(SCALES)


def test_a_folder_of_tools_that_was_moved_is_installed_anew(index, place, monkeypatch):
    publish(index, "1.0")
    bring(SCALES)
    monkeypatch.setattr(tools, "FOLDER", place.rename(place.with_name("moved")))
    assert not is_installed(SCALES)


def test_what_cannot_be_had_is_skipped_with_its_reason_and_tried_again_next_time(index, place):
    assert "scales==1.0" in bring(SCALES)
    with pytest.raises(pytest.skip.Exception) as skipped:
        need(SCALES)
    assert str(skipped.value).startswith("scales: ERROR: No matching distribution found")
    assert "\n" not in str(skipped.value)
    publish(index, "1.0")
    assert bring(SCALES) == ""
    assert need(SCALES)


def test_what_does_not_run_on_this_machine_is_not_installed(index, place):
    publish(index, "1.0", "raise OSError('Exec format error')")
    assert bring(SCALES) == "OSError: Exec format error"
    with pytest.raises(pytest.skip.Exception, match="Exec format error"):
        need(SCALES)


def test_what_was_never_brought_says_how(place):
    with pytest.raises(pytest.skip.Exception, match=r"^scales: .*python -m tests\.tools"):
        need(SCALES)


def test_where_everything_is_to_be_there_a_missing_tool_fails(index, place, monkeypatch):
    bring(SCALES)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="No matching distribution"):
        need(SCALES)


def test_without_a_network_the_command_ends_well_and_names_every_tool(place):
    place.mkdir()
    program = (
        "from pathlib import Path; from tests import tools; "
        f"tools.FOLDER = Path({str(place)!r}); tools.main()"
    )
    nowhere = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "npm_config_registry": "http://127.0.0.1:9",
        "npm_config_fetch_retries": "0",
        "npm_config_cache": str(place / "cache"),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **nowhere},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for tool in tools.TOOLS:
        if tool is not tools.BROWSER:
            assert f"{tool.name}: not installed, its tests are skipped: " in done.stdout
            assert (place / tool.name / MISSING).read_text().count("\n") == 0


def pretend(folder: Path, name: str, says: str) -> None:
    """Put a program on the PATH that says something and does nothing."""
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)


def test_a_go_of_the_machine_that_does_not_fit_is_never_asked(tmp_path, monkeypatch):
    need(GO)
    pretend(tmp_path, "go", "go version go1.19.8 linux/amd64")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GOROOT", "/usr/lib/go-1.19")
    assert run("go", "version").stdout == "go version go1.19.8 linux/amd64\n"
    build = tmp_path / "build"
    build.mkdir()
    said = run(build_go_check(build), str(build), "no key", "0", "").stdout
    assert said.startswith("REFUSED: key")


@pytest.mark.parametrize("tool", [tool for tool in tools.TOOLS if tool is not tools.BROWSER])
def test_nor_is_any_other_program_of_the_machine(tool, tmp_path, monkeypatch):
    place = need(tool)
    for name in ("go", "aics-witness", "python", "python3", "node", "nginx", "caddy"):
        pretend(tmp_path, name, "0.0.1 of the machine")
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run(*tool.runs, cwd=place)
    assert done.returncode == 0, done.stderr
    assert "of the machine" not in done.stdout


@pytest.mark.parametrize("says", ["OpenSSL 1.1.1w  11 Sep 2023", "LibreSSL 3.3.6", ""])
def test_an_openssl_that_is_too_old_is_named_in_the_skip(tmp_path, monkeypatch, says):
    monkeypatch.delenv("CI", raising=False)
    pretend(tmp_path, "openssl", says)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pytest.skip.Exception) as skipped:
        tools.openssl()
    assert f"this is {says or tmp_path}" in str(skipped.value)
