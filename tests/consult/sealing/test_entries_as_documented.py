"""The tables of docs/log-entries.md are what the product writes and what the verifier takes."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from consult.sealing.public_entries.entries import PUBLIC, Publisher
from consult.sealing.public_entries.official_entries import Seen
from consult.verifier import folkmoot_verify as verify
from events.log.entry import decode_entry
from events.store.mapper import FactMapper
from tests.consult.sealing import documented_entries
from tests.consult.verifier.lies.judging import report_of
from tests.consult.verifier.lies.telling import sealed
from tests.consult.verifier.lies.truths import PROMISE_KEY, truth
from tests.consult.verifier.verifier_logs import LOG_KEY

GOLDEN = Path(__file__).parents[2] / "golden" / "events"
DOCUMENTED = documented_entries.members()
SUBJECT = UUID(int=3)
ENTRIES = {
    name: members for name, members in DOCUMENTED.items() if name not in ("log.open", "promise_key")
}

GOOD: dict[str, tuple[Any, ...]] = {
    "uuid": ("00000000-0000-4000-8000-00000000000a",),
    "moment": ("2026-11-22T16:04:05Z", "2028-02-29T00:00:00Z"),
    "day": ("2026-11-22", "2028-02-29"),
    "bytes16": ("A" * 22, "__________________-__w"),
    "bytes32": ("A" * 43, "A" * 42 + "8"),
    "bytes96": ("A" * 128,),
    "desk": ("ABCD-0123", "ZZZZ-9999"),
    "hex96": ("0f" * 48,),
    "digest": ("sha256:" + "0a" * 32,),
    "index": (0, 7, 2**53 - 1),
    "number": (1, 7),
    "many": (2, 7),
    "text": ("", "x" * 2_000, "Tŷ\nNewydd"),
    "name": ("x", "x" * 2_000),
    "words": ({}, {"en": "", "cy": "Na"}),
    "vkey": (PROMISE_KEY.verifier.vkey,),
    "commitments": ({"more": "A" * 43},),
    "id": ("a", "No 7", "Łódź", "tŷ"),
}
BAD: dict[str, tuple[Any, ...]] = {
    "uuid": ("A0000000-0000-4000-8000-00000000000A", "0" * 32, "", 7, None),
    "moment": (
        "2026-02-29T00:00:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T16:04:60Z",
        "2026-11-22",
        7,
    ),
    "day": ("2026-02-29", "2026-1-2", "2026-11-22T00:00:00Z", "", 20261122),
    "bytes16": ("A" * 21 + "B", "A" * 21, "A" * 22 + "==", "+" * 22, 7, None),
    "bytes32": ("A" * 42 + "B", "A" * 42, "A" * 44, "/" * 43, None),
    "bytes96": ("A" * 127, "A" * 129, "+" * 128, 7, None),
    "desk": ("ABCD0123", "abcd-0123", "ABCI-0123", "ABCD-0123 ", "", 7),
    "hex96": ("0F" * 48, "0f" * 47, "", 7),
    "digest": ("0a" * 32, "sha256:" + "0A" * 32, "sha512:" + "0a" * 32, "", None),
    "index": (-1, "0", None, True, 1.0),
    "number": (0, -1, "1", None, True),
    "many": (1, 0, "2", None, True),
    "text": ("x" * 2_001, "a\x07", "a\r\n", None, 7, ["x"]),
    "name": ("", "x" * 2_001, "a\x1b[0m", None, 7),
    "words": ({"en": 7}, {"EN": "x"}, {"english_": "x"}, {"en": "\x00"}, "x", None, []),
    "vkey": (
        LOG_KEY.verifier.vkey,
        PROMISE_KEY.verifier.vkey + "=",
        PROMISE_KEY.verifier.name,
        None,
        7,
    ),
    "commitments": ({}, {"more": "A"}, {"more": None}, [], None),
    "id": (
        "",
        "a ",
        " a",
        "a  b",
        "a\u200b",
        "\uff41",
        "p\u0430rk",
        "a\u00a0b",
        "a\ufe0f",
        None,
        7,
    ),
}
LEFT_TO_ORDER = {"reason": "text", "reasons": "words"}
"""That a reason is there is checked where the entry stands, not of its form."""


def check_of(entry: str, member: str) -> Any:
    return verify.FORMS[entry].get(member) or verify.OPTIONAL[entry][member]


def test_the_verifier_takes_the_members_that_are_documented_and_no_others():
    assert set(verify.FORMS) == set(DOCUMENTED)
    for entry, members in DOCUMENTED.items():
        always = {name for name, member in members.items() if member.is_always}
        assert set(verify.FORMS[entry]) == always, entry
        assert set(verify.OPTIONAL.get(entry, {})) == set(members) - always, entry


@pytest.mark.parametrize(
    ("entry", "member"),
    [(entry, name) for entry, members in DOCUMENTED.items() for name in members],
)
def test_the_verifier_takes_the_values_that_are_documented_and_no_others(entry, member):
    kind, check = DOCUMENTED[entry][member].kind, check_of(entry, member)
    if kind.startswith("`"):
        words = {word.strip('"') for word in kind.replace("`", "").split()}
        assert all(check(word) for word in words)
        assert not any(check(bad) for bad in ("", "x", None, 7, [], True))
        every = {"individual", "organisation", "group", "identity", "desk", "operator", "done"}
        assert {word for word in every if check(word)} == words & every
        return
    kind = LEFT_TO_ORDER.get(kind, kind)
    assert [good for good in GOOD[kind] if not check(good)] == []
    assert [bad for bad in BAD[kind] if check(bad)] == []


def test_every_kind_of_value_is_described_and_used():
    used = {m.kind for members in DOCUMENTED.values() for m in members.values()}
    plain = {kind for kind in used if not kind.startswith("`")}
    assert documented_entries.kinds() == plain
    assert set(GOOD) == set(BAD) == plain - set(LEFT_TO_ORDER)


class Alone(Publisher):
    """Makes the entry of one fact, of a subject of which the record has nothing else."""

    def __init__(self) -> None:
        count = SimpleNamespace(result_digest="sha256:" + "0a" * 32)
        record: Any = SimpleNamespace(get=lambda *_: count)
        super().__init__(record, lambda _: 7)

    def _padding(self, _fact: Any) -> dict[str, str]:
        return {}

    def _pseudonym(self, _seen: Seen) -> str:
        return "A" * 22

    def _consultation(self, _id: UUID, _version: int) -> Any:
        return SimpleNamespace(opened_at=1)


def golden() -> list[Path]:
    """A file of each form of every public fact; what opens it needs all that was drafted."""
    files = sorted(GOLDEN.glob("*.json"))
    return [one for one in files if topic(one) in PUBLIC and topic(one) != OPENED]


OPENED = "consult.consultation.opened.v1"


STAND_INS = {"b", "cm", "x", "h", "hs", "dk", "input_digest", "result_digest", "tallies"}
"""Members that are shorter in the files than they can be."""


def topic(path: Path) -> str:
    return path.stem.partition("~")[0]


@pytest.mark.parametrize("path", golden(), ids=lambda path: path.stem)
def test_every_public_fact_is_written_with_the_documented_members(path):
    fact = FactMapper().decode(topic(path), path.read_bytes())
    made = Alone().entry(Seen(1, SUBJECT, 1, fact))
    assert made is not None
    entry = decode_entry(made.content)
    documented = ENTRIES[entry["t"]]
    named = set(entry) - {"t", "v"}
    assert named <= set(documented)
    assert {name for name, member in documented.items() if member.is_always} <= named
    for name in named - STAND_INS:
        assert check_of(entry["t"], name)(entry[name]), name


def test_every_public_fact_has_such_a_file():
    assert {topic(path) for path in golden()} | {OPENED} == PUBLIC


@pytest.mark.parametrize("seed", range(5))
def test_the_logs_that_lies_are_told_about_have_the_documented_members(seed):
    for fact in truth(seed).facts:
        members = {name for name, value in fact.document.items() if value is not ...} - {"t", "v"}
        assert members <= set(DOCUMENTED[fact.kind])
    assert report_of(["audit", "LOG"], sealed(truth(seed))).exit_code == 0
