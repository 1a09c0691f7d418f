"""The log of ten entries in docs/log-example.md is true: both verifiers read it from the page."""

import base64
import json
import re
import subprocess
from pathlib import Path

from consult.verifier import folkmoot_verify as verify
from events.log.append import Edge, append
from tests.consult.verifier.lies.judging import SECOND
from tests.docs import log_example
from tests.docs.documents import ROOT
from tests.tools import NODE

DOCUMENT = ROOT / "docs" / "log-example.md"


def printed() -> list[str]:
    """What stands between the fences, in order."""
    return re.findall(r"```text\n(.*?)\n```", DOCUMENT.read_text(), re.DOTALL)


def written(folder: Path) -> Path:
    """A folder with the log that the page prints, from its text alone."""
    key, manifest, entries, _, _, _, _, checkpoint, _, _, ballots, _, result, tallies = printed()
    contents = [line.encode() for line in entries.split("\n")]
    pack = f"c/{json.loads(manifest)['consultation']}"
    files = {tile.path: data for tile, data in append(Edge(), contents).files}
    files |= {f"{pack}/manifest.json": manifest.encode(), f"{pack}/result.json": result.encode()}
    files |= {f"{pack}/ballots.ndjson": f"{ballots}\n".encode()}
    files |= {f"{pack}/tallies.json": tallies.encode(), "checkpoint": f"{checkpoint}\n".encode()}
    for path, content in files.items():
        place = folder / "log" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    (folder / "log.vkey").write_text(f"{key}\n")
    return folder


def test_the_page_is_what_the_product_makes_today():
    again = "python -m tests.docs.log_example > docs/log-example.md"
    assert DOCUMENT.read_text() == log_example.document(), again


def test_the_verifier_accepts_the_log_as_it_is_printed(tmp_path, capsys):
    folder = written(tmp_path)
    words = ["recount", str(folder / "log"), "--key", str(folder / "log.vkey"), "--quiet"]
    assert verify.main(words) == 0, capsys.readouterr().out


def test_the_second_verifier_accepts_it_too(tmp_path):
    folder = written(tmp_path)
    words = [str(NODE), str(SECOND), str(folder / "log"), str(folder / "log.vkey")]
    judged = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (judged.returncode, judged.stdout.splitlines()[-1]) == (0, "HOLDS what was checked")


def test_hashes_and_lengths_are_those_of_the_entries_that_are_printed():
    _, _, entries, leaves, lengths, _, root, checkpoint, *_ = printed()
    contents = [line.encode() for line in entries.split("\n")]
    assert len(contents) == 10
    assert leaves.split("\n") == [verify.leaf_of(one).hex() for one in contents]
    assert [int(one, 16) for one in lengths.split()] == [len(one) for one in contents]
    assert verify.top_of([verify.leaf_of(one) for one in contents]).hex() == root
    assert base64.b64decode(checkpoint.split("\n")[2]).hex() == root


def test_the_receipt_that_is_printed_holds_and_was_replaced(tmp_path, capsys):
    folder, (receipt, private) = written(tmp_path), printed()[8:10]
    (folder / "ann.tlog-proof").write_text(f"{receipt}\n")
    (folder / "ann.json").write_text(private)
    words = ["receipt", str(folder / "ann.tlog-proof"), "--private", str(folder / "ann.json")]
    words += ["--key", str(folder / "log.vkey")]
    assert verify.main(words) == 0, capsys.readouterr().out
    assert verify.main([*words, "--log", str(folder / "log"), "--quiet"]) == verify.UNMET
    assert "replaced at entry 5 by whoever has their changing code" in " ".join(
        capsys.readouterr().out.split()
    )
