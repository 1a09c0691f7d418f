"""The public beacon: a draw later than the freezing of the options, from which the lot comes.

An order made from words that somebody chooses can be tried until it suits. So the terms name a
draw that nobody can know when the options are frozen, either a round of the drand network, whose
value anybody can check against a public key, or a draw that others announce, such as a lottery's.
RFC 3797 asks for the same of public random selection.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from events.errors import Refused
from events.question import Text

DRAND: Final = "drand"
DRAW: Final = "draw"
NUMBERS_MIN, NUMBERS_MAX = 5, 20
"""How many numbers a draw needs. One ball of 59 leaves 59 orders, and the references of options
could be chosen to suit most of those; five balls leave hundreds of millions."""
NUMBER_MAX = 9_999
VALUE_LENGTH_MAX = 200
_DRAND_VALUE = re.compile(r"[0-9a-f]{64}")


class Chain(msgspec.Struct, frozen=True):
    """A network of the League of Entropy. `key`: its public key; `hash`: what names it.

    Round `r` is signed at `genesis` + (r - 1) * `period_seconds` (seconds of Unix time).
    """

    hash: str
    key: str
    genesis: int
    period_seconds: int

    def round_at(self, moment: datetime) -> int:
        """Return the first round that is signed at a moment or after it."""
        seconds = moment.timestamp() - self.genesis
        return max(1, int(-(-seconds // self.period_seconds)) + 1)

    def moment_of(self, round: int) -> datetime:
        """Return when a round is signed."""
        began = datetime.fromtimestamp(self.genesis, UTC)
        return began + timedelta(seconds=(round - 1) * self.period_seconds)


QUICKNET = Chain(
    hash="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    key=(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
        "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
        "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    genesis=1_692_803_367,
    period_seconds=3,
)
"""The public network "quicknet": unchained, signatures on G1 (RFC 9380), every 3 seconds."""

CHAINS = {QUICKNET.hash: QUICKNET}


class Beacon(msgspec.Struct, frozen=True, omit_defaults=True):
    """The public draw that the terms name.

    `due_at`: when it is drawn. `name`: of an announced draw, where and by whom, in every
    language. `chain`, `round`: of a round of drand.
    """

    kind: Literal["drand", "draw"]
    due_at: datetime
    name: Text = {}
    chain: str = ""
    round: int = 0

    @property
    def due_hour(self) -> str:
        """When it is drawn, as refusals say it in every language."""
        return f"{self.due_at:%Y-%m-%d %H:%M} UTC"

    def fits(self, value: str) -> bool:
        """Say whether a value has the form that this beacon gives."""
        if self.kind == DRAND:
            return _DRAND_VALUE.fullmatch(value) is not None
        return is_draw(value)


class Lot(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was drawn. `source`: where everybody can read it; `reason`: why it is another one."""

    value: str
    source: str
    signature: str = ""
    reason: Text = {}

    @property
    def is_replacement(self) -> bool:
        """Whether it corrects another, or comes from another draw than the terms name."""
        return any(self.reason.values())

    @property
    def is_final(self) -> bool:
        """Whether nothing may take its place any more: see `check_lot`."""
        return bool(self.signature) or self.is_replacement


class BeaconNotDue(Refused):
    """Nobody can know the value yet."""

    says = "The draw is on {day}, so its numbers cannot be entered yet. Come back after it."


class BeaconTooEarly(Refused):
    """The value would be known before the options are frozen."""

    says = (
        "The public draw that the terms name is not later than the opening, so its numbers could "
        "be known before the projects and options are fixed. Name a later draw, then open."
    )


class NoBeacon(Refused):
    """The terms name no draw."""

    says = "The terms of this consultation name no public draw, so there is nothing to enter."


class NotFetched(Refused):
    """The terms name a draw that nobody can fetch."""

    says = (
        "This draw has no address to fetch it from, so nothing was entered. When it has taken "
        "place, enter it: --numbers and --source."
    )


class DrawnTwice(Refused):
    """A draw of balls has no number twice; another one may."""

    says = (
        "The number {number} stands twice among these, as it never does in a draw of balls, so "
        "nothing was entered. Check the numbers where they are published. If it really was drawn "
        "twice, say so beside the numbers and enter them again."
    )


class NotTheDraw(Refused):
    """What was entered is not what such a draw gives."""

    says = (
        "“{value}” is not the numbers of a draw. Write all the numbers in the order in which they "
        "were drawn, at least five, with spaces between them, for instance 12 45 3 17 50 8."
    )


class NotTheRound(Refused):
    """A signature that the network did not make for this round."""

    says = (
        "The network's public key does not confirm this for round {round}, so nothing was "
        "recorded. Copy the whole line that the network publishes for this round."
    )


class LotDrawnAlready(Refused):
    """The value stands; another one needs a reason."""

    says = (
        "The draw is entered already, as {value}. To correct it, say in every language why it "
        "is another one; both stay in the public log."
    )


class LotConfirmed(Refused):
    """Nothing takes the place of what a public key confirms."""

    says = (
        "The draw is entered already, and the network’s public key confirms it, so nothing can "
        "take its place."
    )


class LotReplacedAlready(Refused):
    """Whoever may try again and again chooses the order."""

    says = (
        "The draw was replaced once already, by {value}, and stays so: if it could be entered "
        "again and again, whoever enters it could choose the order."
    )


class AnotherDraw(Refused):
    """These are numbers, and the terms name a round of drand."""

    says = (
        "The terms name round {round} of the drand network, and these are the numbers of another "
        "draw. Enter the round; only where it can never be had, say in every language why another "
        "draw takes its place."
    )


class LotCounted(Refused):
    """What was counted with one lot is not counted with another."""

    says = "It was counted with this draw already, so the draw cannot be changed any more."


def check_lot(beacon: Beacon, lot: Lot, before: Lot | None) -> None:
    """Check that a lot may be entered where the terms name a draw, after another one.

    One is replaced once, with a reason, and not at all where a public key confirms it: whoever may
    try again and again chooses the order. Raises NotTheDraw, AnotherDraw, LotDrawnAlready,
    LotConfirmed, LotReplacedAlready.
    """
    if before is not None:
        if before.signature:
            raise LotConfirmed
        if before.is_replacement:
            raise LotReplacedAlready(value=before.value)
        if not lot.is_replacement:
            raise LotDrawnAlready(value=before.value)
    if beacon.fits(lot.value):
        return
    if not is_draw(lot.value):
        raise NotTheDraw(value=lot.value[:VALUE_LENGTH_MAX])
    if not lot.is_replacement:
        raise AnotherDraw(round=beacon.round)


def is_draw(value: str) -> bool:
    """Say whether these are the numbers of a draw, in their one spelling."""
    numbers = value.split(" ")
    return (
        NUMBERS_MIN <= len(numbers) <= NUMBERS_MAX
        and all(each.isascii() and each.isdigit() for each in numbers)
        and all(str(int(each)) == each and int(each) <= NUMBER_MAX for each in numbers)
    )


def drawn_twice(value: str) -> str:
    """Return the first number that stands twice in a draw; empty where none does."""
    seen: set[str] = set()
    for number in value.split():
        if number in seen:
            return number
        seen.add(number)
    return ""


def draw_of(typed: str) -> str:
    """Return the one spelling of numbers as somebody typed them. Raises NotTheDraw."""
    words = re.split(r"[\s,;+\u2013-]+", typed.strip(" \t\r\n,;.")[:VALUE_LENGTH_MAX])
    value = " ".join(
        str(int(word)) if word.isascii() and word.isdigit() else word for word in words
    )
    if not is_draw(value):
        raise NotTheDraw(value=typed[:VALUE_LENGTH_MAX])
    return value


def seed_of(consultation_id: UUID, value: str) -> str:
    """Return the seed of a consultation's lot: one for all its questions."""
    return f"folkmoot/lot/v1 {consultation_id} {value} "
