"""What an operator who has the key might seal anew: a lie with valid tiles and signature."""

import copy
import random
from collections.abc import Callable
from typing import Any

from consult.counting import digest
from consult.counting.outcome import canonical_bytes
from events.log.entry import decode_entry, encode_entry
from tests.consult.verifier.verifier_logs import Vote, World


def rewritten(chance: random.Random, honest: World) -> tuple[str, dict[str, bytes]]:
    """One lie, sealed and signed; what it was, in words."""
    world = copy.deepcopy(honest)
    lie = chance.choice(LIES)
    words = lie(chance, world, world.votes[0])
    return f"{lie.__name__} {words}", world.files()


def closed_at(world: World) -> int:
    return next(n for n, entry in enumerate(world.entries) if b'"t":"closed"' in entry)


def replay(chance: random.Random, world: World, vote: Vote) -> str:
    index = chance.choice([index for index, _, _ in vote.standing.values()])
    world.entries.insert(chance.randrange(index + 1, closed_at(world)), world.entries[index])
    return str(index)


def add_late(chance: random.Random, world: World, vote: Vote) -> str:
    late = chance.choice([index for index, _, _ in vote.given.values()])
    entry = {**decode_entry(world.entries[late]), "b": f"late{chance.random()}"[:22]}
    at = chance.randrange(closed_at(world) + 1, len(world.entries) + 1)
    world.entries.insert(at, encode_entry(entry))
    return str(at)


def omit_opening(chance: random.Random, world: World, vote: Vote) -> str:
    lines = world.openings[vote.id]
    erased = b'{"i":%d,' % vote.given["person 0"][0]  # this one may rightly stay closed
    at = chance.choice([n for n, line in enumerate(lines) if not line.startswith(erased)])
    del lines[at]
    return str(at)


def lie_in_opening(chance: random.Random, world: World, vote: Vote) -> str:
    lines = world.openings[vote.id]
    at = chance.choice([n for n, line in enumerate(lines) if b"P02" in line])
    lines[at] = lines[at].replace(b"P02", b"P03")
    return str(at)


def swap_openings(chance: random.Random, world: World, vote: Vote) -> str:
    lines = world.openings[vote.id]
    one, two = chance.sample(range(len(lines)), 2)
    lines[one], lines[two] = lines[two], lines[one]
    return f"{one} {two}"


def open_what_was_taken_back(_: random.Random, world: World, vote: Vote) -> str:
    world.openings[vote.id] = vote.opening_lines([*vote.standing, "person 2"])
    return ""


def drop_an_answer(chance: random.Random, world: World, vote: Vote) -> str:
    """The entry and all after it are sealed anew, and the opening of it stays."""
    index = chance.choice([index for index, _, _ in vote.standing.values()])
    world.entries[index] = world.entries[0]
    return str(index)


def edit(chance: random.Random, value: Any) -> Any:
    """A document with one leaf changed."""
    if isinstance(value, dict) and value:
        name = chance.choice(sorted(value))
        return {**value, name: edit(chance, value[name])}
    if isinstance(value, list) and value:
        at = chance.randrange(len(value))
        return [*value[:at], edit(chance, value[at]), *value[at + 1 :]]
    return chance.choice(["x", 7, None, True]) if value not in ("x", 7, None, True) else "y"


def edit_result(chance: random.Random, world: World, vote: Vote) -> str:
    """The published outcome alone, its digest left or made to fit."""
    results = world.results[vote.id]["results"]
    result = results[chance.choice(sorted(results))]
    result["outcome"] = edit(chance, result["outcome"])
    if chance.random() < 0.5:
        result["result_digest"] = digest(result["outcome"])
    return canonical_bytes(result["outcome"]).decode()[:80]


def seal_false_result(chance: random.Random, world: World, vote: Vote) -> str:
    """The outcome, its digest and the entries that state it."""
    results = world.results[vote.id]["results"]
    result = results[chance.choice(sorted(results))]
    honest = result["result_digest"].encode()
    result["outcome"] = edit(chance, result["outcome"])
    result["result_digest"] = digest(result["outcome"])
    world.entries = [one.replace(honest, result["result_digest"].encode()) for one in world.entries]
    return canonical_bytes(result["outcome"]).decode()[:80]


LIES: tuple[Callable[[random.Random, World, Vote], str], ...] = (
    replay,
    add_late,
    omit_opening,
    lie_in_opening,
    swap_openings,
    open_what_was_taken_back,
    drop_an_answer,
    edit_result,
    seal_false_result,
)
