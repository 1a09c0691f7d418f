"""What a consultation asks: questions, their options, and what each costs."""

from typing import Literal

import msgspec

Text = dict[str, str]
"""Words per language: `{"en": "...", "cy": "..."}`."""

Kind = Literal["single", "several", "rating", "text", "ranking", "points", "approval", "basket"]

VOTES: frozenset[str] = frozenset({"ranking", "points", "approval", "basket", "rating"})
"""Kinds whose answers are a vote that a counting rule counts."""

COUNTABLE: frozenset[str] = VOTES | {"single"}
"""Kinds that a counting rule can count."""

OPTIONS_MAX = 10_000
ID_LENGTH_MAX = 64
WORDS_LENGTH_MAX = 20_000


class Option(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that can be chosen. `cost`: whole minor units (pence) of the pot.

    `group`: at most one option of an exclusive group is funded. `ward`: where it is.
    """

    id: str
    title: Text
    summary: Text = {}
    cost: int | None = None
    group: str = ""
    ward: str = ""


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question, asked on a page of its own.

    `picks_min`, `picks_max`: how many options an approval, basket or several-choice answer
    may hold (0: no upper limit). `ranks_max`: how deep a ranking may go (0: all).
    `points`: how many points may be shared out. `scale`: grades 1..scale of a rating.
    `pot`: money a basket may spend, in minor units.
    """

    id: str
    kind: Kind
    title: Text
    hint: Text = {}
    options: tuple[Option, ...] = ()
    required: bool = True
    picks_min: int = 0
    picks_max: int = 0
    ranks_max: int = 0
    equal_ranks: bool = False
    points: int = 0
    scale: int = 4
    pot: int | None = None
    length_max: int = 2_000
    fixed_order: bool = False

    def option(self, option_id: str) -> Option | None:
        """Find an option by its id."""
        return next((option for option in self.options if option.id == option_id), None)

    @property
    def option_ids(self) -> frozenset[str]:
        """Every id that an answer may name."""
        return frozenset(option.id for option in self.options)

    @property
    def is_counted(self) -> bool:
        """Say whether a counting rule can decide this question."""
        return self.kind in COUNTABLE


def words_missing(text: Text, languages: tuple[str, ...]) -> list[str]:
    """Name the languages in which there are no words yet."""
    return [language for language in languages if not text.get(language, "").strip()]
