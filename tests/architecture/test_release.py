"""What is installed is named with its digests, and a release says what it is made of."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {"requirements.txt": (), "requirements-test.txt": ("test",)}
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def locked(lock: str) -> Iterator[tuple[Requirement, list[str]]]:
    """Each requirement of a lock, and the digests of its files."""
    text = (ROOT / lock).read_text().replace("\\\n", "")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            named, *digests = line.split("--hash=")
            yield Requirement(named), [digest.strip() for digest in digests]


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_in_a_lock_has_one_version_and_its_digests_and_no_place(lock: str):
    found = list(locked(lock))
    assert len(found) > 40
    for named, digests in found:
        assert re.fullmatch(r"==[^*,]+", str(named.specifier)), named
        assert digests, named
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in digests), named
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize(("lock", "groups"), LOCKS.items())
def test_a_lock_has_all_that_is_declared(lock: str, groups: tuple[str, ...]):
    """After a change of pyproject.toml: make lock."""
    declared = [*PYPROJECT["project"]["dependencies"]]
    for group in groups:
        declared += PYPROJECT["dependency-groups"][group]
    versions: dict[str, list[Version]] = {}
    for named, _ in locked(lock):
        version = Version(str(named.specifier).removeprefix("=="))
        versions.setdefault(canonicalize_name(named.name), []).append(version)
    for text in declared:
        asked = Requirement(text)
        found = versions.get(canonicalize_name(asked.name), [])
        assert found, f"{text} is not in {lock}"
        assert all(version in asked.specifier for version in found), text


def test_the_tests_run_with_the_versions_of_a_release():
    tested, released = (
        {f"{named.name}{named.specifier}" for named, _ in locked(lock)}
        for lock in ("requirements-test.txt", "requirements.txt")
    )
    assert released <= tested


def test_what_is_declared_names_the_lowest_version_that_works():
    """Which `make test-lowest` tries."""
    for text in PYPROJECT["project"]["dependencies"]:
        assert {"~=", ">=", "=="} & {each.operator for each in Requirement(text).specifier}, text


def test_a_release_says_what_it_is_made_of(tmp_path: Path):
    # Here, because they build grammars while they are imported: every run would wait for that.
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    dist = tmp_path / "dist"
    places = f"DIST={dist}", f"BIN={Path(sys.executable).parent}"
    subprocess.run(
        ["make", "--silent", "--assume-old=.venv/installed", "release", *places],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    [wheel] = dist.glob("folkmoot-*.whl")
    with zipfile.ZipFile(wheel) as file:
        assert "consult/static/built/style.css" in file.namelist()
    verifier = (ROOT / "consult/verifier/folkmoot_verify.py").read_bytes()
    assert (dist / "folkmoot_verify.py").read_bytes() == verifier
    line = f"{hashlib.sha256(verifier).hexdigest()}  folkmoot_verify.py\n"
    assert (dist / "folkmoot_verify.py.sha256").read_text() == line
    notes = (dist / "release-notes.md").read_text()
    assert line in notes
    assert notes.endswith((ROOT / "CHANGELOG.md").read_text())
    assert (dist / "requirements.txt").read_text() == (ROOT / "requirements.txt").read_text()
    bills = {path.name: json.loads(path.read_text()) for path in dist.glob("*.cdx.json")}
    for bill in bills.values():
        version = SchemaVersion.from_version(bill["specVersion"])
        assert JsonStrictValidator(version).validate_str(json.dumps(bill)) is None
    ours = bills["folkmoot.cdx.json"]
    assert ours["metadata"]["component"]["name"] == "folkmoot"
    assert {f"{each['name']}=={each['version']}" for each in ours["components"]} == {
        str(named).partition(";")[0].strip() for named, _ in locked("requirements.txt")
    }
    assert all(each["externalReferences"][0]["hashes"] for each in ours["components"])
    browsers = {each["name"] for each in bills["folkmoot-assets.cdx.json"]["components"]}
    wanted = json.loads((ROOT / "consult/assets/package.json").read_text())["dependencies"]
    assert set(wanted) <= browsers
