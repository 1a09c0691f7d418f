"""The public beacon: a draw after the options are frozen, from which the lot derives.

An order derived from a seed that somebody chooses can be manipulated by trying seeds. So the
terms name a draw whose value is unknown when the options are frozen: either a round of the drand
network, which anybody can verify with a public key, or an announced draw, such as a lottery's.
RFC 3797 requires the same of public random selection.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from events.errors import DoneAlready, Refused
from events.question import Text

DRAND: Final = "drand"
DRAW: Final = "draw"
NUMBERS_MIN, NUMBERS_MAX = 5, 20
"""Numbers in a draw. One ball of 59 gives only 59 orders, and the references of options could be
chosen to suit most of them; five balls give hundreds of millions."""
NUMBER_MAX = 9_999
VALUE_LENGTH_MAX = 200
_DRAND_VALUE = re.compile(r"[0-9a-f]{64}")


class Chain(msgspec.Struct, frozen=True):
    """A network of the League of Entropy. `key`: its public key; `hash`: its chain hash.

    Round `r` is signed at `genesis` + (r - 1) * `period_seconds` (seconds of Unix time).
    """

    hash: str
    key: str
    genesis: int
    period_seconds: int

    def round_at(self, moment: datetime) -> int:
        """Return the first round signed at or after a time."""
        seconds = moment.timestamp() - self.genesis
        return max(1, int(-(-seconds // self.period_seconds)) + 1)

    def moment_of(self, round: int) -> datetime:
        """Return the time at which a round is signed."""
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

    `due_at`: the time of the draw. `name`: of an announced draw, where and by whom, in every
    language. `chain`, `round`: the chain hash and round number of drand.
    """

    kind: Literal["drand", "draw"]
    due_at: datetime
    name: Text = {}
    chain: str = ""
    round: int = 0

    @property
    def due_hour(self) -> str:
        """The time of the draw as text for refusals, the same in every language."""
        return f"{self.due_at:%Y-%m-%d %H:%M} UTC"

    def fits(self, value: str) -> bool:
        """Return whether a value has the form of this beacon's values."""
        if self.kind == DRAND:
            return _DRAND_VALUE.fullmatch(value) is not None
        return is_draw(value)


class Lot(msgspec.Struct, frozen=True, omit_defaults=True):
    """The value of a draw. `source`: where it is published; `reason`: why it replaces another."""

    value: str
    source: str
    signature: str = ""
    reason: Text = {}

    @property
    def is_replacement(self) -> bool:
        """Whether it corrects an earlier lot, or comes from another draw than the terms name."""
        return any(self.reason.values())

    @property
    def is_final(self) -> bool:
        """Whether it can no longer be replaced: see `check_lot`."""
        return bool(self.signature) or self.is_replacement


class BeaconNotDue(Refused):
    """The draw has not taken place yet."""

    says = "The draw is on {day}, so its numbers cannot be entered yet. Come back after it."


class BeaconTooEarly(Refused):
    """The draw is not after the options are frozen."""

    says = (
        "The public draw that the terms name is not later than the opening, so its numbers could "
        "be known before the projects and options are fixed. Name a later draw, then open."
    )


class NoBeacon(Refused):
    """The terms name no draw."""

    says = "The terms of this consultation name no public draw, so there is nothing to enter."


class NotFetched(Refused):
    """The terms name a draw that cannot be fetched automatically."""

    says = (
        "This draw has no address to fetch it from, so nothing was entered. When it has taken "
        "place, enter it: --numbers and --source."
    )


class DrawnTwice(Refused):
    """A number occurs twice, which a draw of balls does not give, though another draw may."""

    says = (
        "The number {number} stands twice among these, as it never does in a draw of balls, so "
        "nothing was entered. Check the numbers where they are published. If it really was drawn "
        "twice, say so beside the numbers and enter them again."
    )


class NotTheDraw(Refused):
    """The text is not a list of the numbers of a draw."""

    says = (
        "“{value}” is not the numbers of a draw. Write all the numbers in the order in which they "
        "were drawn, at least five, with spaces between them, for instance 12 45 3 17 50 8."
    )


class NotTheRound(Refused):
    """The signature does not verify for this round."""

    says = (
        "The network's public key does not confirm this for round {round}, so nothing was "
        "recorded. Copy the whole line that the network publishes for this round."
    )


class LotDrawnAlready(Refused):
    """A lot is entered already; replacing it needs a reason."""

    says = (
        "The draw is entered already, as {value}. To correct it, say in every language why it "
        "is another one; both stay in the public log."
    )


class LotConfirmed(DoneAlready):
    """The lot is verified with a public key, so it cannot be replaced."""

    says = (
        "The draw is entered already, and the network’s public key confirms it, so nothing can "
        "take its place."
    )


class LotReplacedAlready(DoneAlready):
    """The lot was replaced once, and cannot be replaced again."""

    says = (
        "The draw was replaced once already, by {value}, and stays so: if it could be entered "
        "again and again, whoever enters it could choose the order."
    )


class AnotherDraw(Refused):
    """The value is the numbers of a draw, and the terms name a round of drand."""

    says = (
        "The terms name round {round} of the drand network, and these are the numbers of another "
        "draw. Enter the round; only where it can never be had, say in every language why another "
        "draw takes its place."
    )


class LotCounted(DoneAlready):
    """A count has used the lot, so it cannot be changed."""

    says = "It was counted with this draw already, so the draw cannot be changed any more."


def check_lot(beacon: Beacon, lot: Lot, before: Lot | None) -> None:
    """Check that a lot may be entered; `before`: the one it replaces.

    A lot can be replaced once, with a reason, and never if a public key confirms it: repeated
    replacement would allow choosing the order. Raises NotTheDraw, AnotherDraw, LotDrawnAlready,
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
    """Return whether a value is the numbers of a draw in their canonical form."""
    numbers = value.split(" ")
    return (
        NUMBERS_MIN <= len(numbers) <= NUMBERS_MAX
        and all(each.isascii() and each.isdigit() for each in numbers)
        and all(str(int(each)) == each and int(each) <= NUMBER_MAX for each in numbers)
    )


def drawn_twice(value: str) -> str:
    """Return the first number that occurs twice in a draw, or an empty text."""
    seen: set[str] = set()
    for number in value.split():
        if number in seen:
            return number
        seen.add(number)
    return ""


def draw_of(typed: str) -> str:
    """Return typed numbers in their canonical form. Raises NotTheDraw."""
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
