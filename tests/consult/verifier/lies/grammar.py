"""The grammar of lies: what each kind is, who can find it, and a register of all kinds.

A lie changes a truthful `Told`, by chance, and is registered with what finds it:

- `audit` or `recount`: whoever has the log and its key;
- `auditor`: whoever has the openings too, where single ballots are in a list;
- `holder`: whoever was lied about and has the private half of their receipt;
- `promise`: whoever was lied about and has nothing but the promise that they were given;
- `receipt`: whoever was lied about and kept a receipt; the lie names them;
- `checkpoint`: whoever kept a checkpoint. In principle nobody else can.
"""

import random
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.consult.verifier.lies.telling import Document, Fact, Told

AUDIT, RECOUNT, RECEIPT, CHECKPOINT = "audit", "recount", "receipt", "checkpoint"
AUDITOR, HOLDER, PROMISE = "auditor", "holder", "promise"
Teller = Callable[[random.Random, Told], Any]


class Unfit(Exception):  # noqa: N818, as it is no error
    """This log has nothing to tell the lie about."""


class Lie(NamedTuple):
    """A kind of lie. `tell`: changes the log; gives the ballot it is about, where there is one."""

    name: str
    family: str
    found_by: str
    tell: Teller


LIES: dict[str, Lie] = {}


def lie(family: str, found_by: str) -> Callable[[Teller], Teller]:
    """Register a kind of lie by the name of its function."""

    def register(tell: Teller) -> Teller:
        name = tell.__name__.replace("_", " ")
        assert name not in LIES, name
        LIES[name] = Lie(name, family, found_by, tell)
        return tell

    return register


def pick(chance: random.Random, found: Any) -> Any:
    listed = list(found)
    if not listed:
        raise Unfit
    return chance.choice(listed)


def need(holds: object) -> None:
    if not holds:
        raise Unfit


def whole(told: Told) -> str:
    """The consultation that ran its course."""
    return str(told.of("closed")[0].document["c"])


def remove(told: Told, *facts: Fact) -> None:
    for fact in facts:
        del told.facts[told.place(fact)]


def insert(told: Told, at: int, fact: Fact) -> None:
    told.facts.insert(at, fact)


def act_like(fact: Fact, kind: str, **members: Any) -> Fact:
    """An act of an officer at the moment of another one."""
    kept = {"v": 1, "c": fact.document["c"], "role": "officer"}
    at = fact.document.get("at", f"{fact.document.get('d')}T12:00:00Z")
    return Fact({"t": kind, "at": at, **kept, **members})


def among_answers(chance: random.Random, told: Told, c: str) -> int:
    """A place between two answers before the closing."""
    ballots = told.of("ballot", c=c)
    place = told.place(pick(chance, ballots))
    closing = told.closing(c)
    assert closing is not None
    need(place < closing)
    return place


def same_day(told: Told, at: int) -> Document:
    """The day that an entry at this place may have."""
    days = [f.document.get("d") or f.document.get("at", "")[:10] for f in told.facts[:at]]
    return {"d": max(day for day in days if day)}


def about(fact: Fact, kind: str, version: int, **members: Any) -> Fact:
    """Something that is said of the answers of a ballot."""
    kept = {name: fact.document[name] for name in ("v", "c", "b", "d")}
    return Fact({"t": kind, **kept, "s": version, **members})
