"""Ten thousand random corruptions of a log and its packs: all found, each with its place."""

import random
from functools import cache

import pytest

from events.log.append import Edge, append
from events.log.bundle import encode_bundle, parse_bundle
from tests.consult.verifier.rewriting import rewritten
from tests.consult.verifier.verifier_logs import LOG_KEY, Vote, World, audited, faults, story

EACH = 500
FEW, MANY = 60, 270  # many fill more than a tile


@cache
def whole(people: int) -> World:
    def more(vote: Vote) -> None:
        for number in range(20, 40):
            vote.ballot(f"person {number}", pot=["P02"], order=["b", "a"])
        vote.about("voided", "person 50", reason="not a resident")

    return story(people, more=more)


@cache
def untouched(people: int) -> dict[str, bytes]:
    return whole(people).files()


def damaged(chance: random.Random, people: int) -> tuple[str, dict[str, bytes]]:
    """One corruption of the files as they lie there; what it was, in words."""
    files = dict(untouched(people))
    path = chance.choice(sorted(files))
    content = files[path]
    kind = chance.choice(
        ("flip", "flip", "flip", "cut", "insert", "append", "drop", "swap", "repeat")
    )
    at = chance.randrange(len(content))
    if kind == "flip":
        files[path] = (
            content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]
        )
    elif kind == "cut":
        files[path] = content[:at]
    elif kind == "insert":
        files[path] = content[:at] + chance.randbytes(chance.randint(1, 40)) + content[at:]
    elif kind == "append":
        files[path] = content + chance.randbytes(chance.randint(1, 40))
    else:
        path = chance.choice([path for path in sorted(files) if path.startswith("tile/entries/")])
        entries = parse_bundle(files[path])
        one, two = chance.sample(range(len(entries)), 2)
        if kind == "drop":
            del entries[one]
        elif kind == "swap":
            entries[one], entries[two] = entries[two], entries[one]
        else:
            entries.insert(one, entries[two])
        files[path] = encode_bundle(entries)
    return f"{kind} {path} {at}", files


@pytest.mark.in_turn
@pytest.mark.parametrize(("seed", "people"), [*enumerate([FEW] * 10 + [MANY] * 4)])
def test_damage_to_the_files_is_always_found_with_its_place(seed, people):
    chance = random.Random(seed)
    for _ in range(EACH):
        words, files = damaged(chance, people)
        judge(words, files)


@pytest.mark.in_turn
@pytest.mark.parametrize(("seed", "people"), [*enumerate([FEW] * 4 + [MANY] * 2)])
def test_what_somebody_with_the_key_seals_anew_is_always_found_with_its_place(seed, people):
    chance = random.Random(100 + seed)
    for _ in range(EACH):
        words, files = rewritten(chance, whole(people))
        judge(words, files)


def judge(words: str, files: dict[str, bytes]) -> None:
    report = audited(files)
    assert report["exit"] == 1, words
    assert any(position for _, position in faults(report)), words


def test_a_few_corruptions_of_each_sort_are_found_at_once():
    assert audited(untouched(FEW))["exit"] == 0
    assert audited(untouched(MANY))["exit"] == 0
    chance = random.Random(7)
    for _ in range(20):
        judge(*damaged(chance, FEW))
        judge(*rewritten(chance, whole(FEW)))


def test_the_longer_log_damaged_here_is_longer_than_a_tile():
    edge = append(Edge(), whole(MANY).entries).edge
    assert edge.size > 300
    assert LOG_KEY.name in untouched(MANY)["checkpoint"].decode()
