"""Responses as a table: one row each, with columns for every question.

Money is in its major unit, which the heading names. The caller supplies what people wrote, if the
actor may read it; otherwise a cell states only that something was written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from events import Consultation
from events.kinds.kind import Shape
from events.question import OTHER, Option, Question, Text
from events.submission import NAME

SHOWN: Final = "shown"
KEPT_BACK: Final = "kept back"
"""Something was written, and is not for who reads the file."""
ERASED: Final = "erased"
MISSING: Final = "missing"
"""It is not in the vault, though the record has no erasure."""
ALTERED: Final = "altered"
"""It does not match the commitment in the record."""
WordsState = Literal["shown", "kept back", "erased", "missing", "altered"]
"""The state of what somebody wrote or attached."""

Cell = str | int | Decimal | date | None


@dataclass(frozen=True)
class Labels:
    """Headings and values in the language of the file.

    `channels`, `respondents`, `levels`: words by value; missing values appear unchanged.
    `elsewhere_connected`: replaces `elsewhere` where only people who work or study here take part
    from elsewhere. `states`: replace words that are not shown.
    """

    language: str = "en"
    response: str = "Response"
    day: str = "Day"
    channel: str = "How they took part"
    area: str = "Where they live"
    respondent: str = "Who they answered for"
    organisation: str = "Name of the organisation or meeting"
    members: str = "For how many they speak"
    level: str = "How they showed who they are"
    campaign: str = "Campaign"
    spent: str = "spent"
    other: str = "Other"
    other_words: str = "other, in their words"
    elsewhere: str = "Somewhere else"
    elsewhere_connected: str = "Somewhere else; I work or study here"
    other_place: str = "Somewhere else"
    states: Mapping[str, str] = field(
        default_factory=lambda: {
            KEPT_BACK: "yes",
            ERASED: "[erased]",
            MISSING: "[missing]",
            ALTERED: "[does not match the record]",
        }
    )
    channels: Mapping[str, str] = field(default_factory=dict)
    respondents: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)

    def said(self, words: Text) -> str:
        """Return the text in the language of the file, else in any other."""
        return words.get(self.language) or next((said for said in words.values() if said), "")


class Money(NamedTuple):
    """Currency code such as GBP, and the number of decimals of its minor unit."""

    currency: str = "GBP"
    decimals: int = 2

    @classmethod
    def of(cls, consultation: Consultation) -> "Money":
        """Return the money of a consultation; an import may have no currency ("")."""
        return cls(consultation.currency, consultation.money_decimals)

    def said(self, minor_units: int) -> str:
        """Return an amount with its currency, if known."""
        return f"{self.amount(minor_units):f} {self.currency}".rstrip()

    def amount(self, minor_units: int) -> Decimal:
        """Return an amount in its major unit, without rounding."""
        return (
            Decimal(minor_units).scaleb(-self.decimals) if self.decimals else Decimal(minor_units)
        )


class Wrote(NamedTuple):
    """What somebody wrote or attached to a question, as far as it may be shown."""

    state: WordsState
    words: str = ""


class Response(NamedTuple):
    """One response. `answers`: as recorded; `wrote`: texts and files. Both by question id.

    `members`: how many people an organisation speaks for, or how many met; 0: not said.
    """

    day: date
    channel: str
    area: str
    respondent: str
    members: int
    level: str
    campaign: str
    answers: Mapping[str, Any]
    wrote: Mapping[str, Wrote]


class Column(NamedTuple):
    """A column: its heading, and a function from response to cell."""

    heading: str
    cell: Callable[[Response], Cell]


def columns(
    questions: Sequence[Question],
    wards: Mapping[str, Text],
    money: Money,
    labels: Labels,
    campaigns: Mapping[str, Text],
    *,
    with_names: bool = False,
) -> list[Column]:
    """Return the columns: what is known of each response, then all questions in order.

    `campaigns`: names in several languages, by the name that identifies the campaign.
    `with_names`: include the names of organisations and meetings.
    """
    campaign = {id: labels.said(names) for id, names in campaigns.items()}
    areas = {code: labels.said(name) for code, name in wards.items()} | {OTHER: labels.elsewhere}
    found = [
        Column(labels.day, lambda one: one.day),
        Column(labels.channel, lambda one: labels.channels.get(one.channel, one.channel)),
        Column(labels.area, lambda one: areas.get(one.area, one.area) or None),
        Column(
            labels.respondent, lambda one: labels.respondents.get(one.respondent, one.respondent)
        ),
        *([Column(labels.organisation, _name_of(labels))] if with_names else []),
        Column(labels.members, lambda one: one.members or None),
        Column(labels.level, lambda one: labels.levels.get(one.level, one.level)),
        Column(labels.campaign, lambda one: campaign.get(one.campaign, one.campaign) or None),
    ]
    places = areas | {OTHER: labels.other_place}
    for question in questions:
        found += _Of(question, places, money, labels).columns()
    return found


def _name_of(labels: Labels) -> Callable[[Response], Cell]:
    def cell(one: Response) -> Cell:
        wrote = one.wrote.get(NAME)
        return None if wrote is None else wrote.words or labels.states.get(wrote.state)

    return cell


class _Of:
    """The columns of one question."""

    def __init__(
        self, question: Question, areas: Mapping[str, str], money: Money, labels: Labels
    ) -> None:
        self.question, self.areas, self.money, self.labels = question, areas, money, labels
        self.title = labels.said(question.title) or question.id

    def columns(self) -> Iterator[Column]:
        kind = self.question.of_kind
        if kind.is_written:
            yield Column(self.title, self.words)
            return
        if kind.shape in {Shape.ONE, Shape.VALUE}:
            yield Column(self._with_unit(), self.value)
        elif kind.shape is Shape.ROWS:
            for row in self.question.statements:
                yield self._part(row, self.in_matrix)
        else:
            for option in self._options():
                yield self._part(option, self.mark)
        if kind.has_costs:
            yield Column(f"{self.title}: {self.labels.spent}{self._currency()}", self.spent)
        if self.question.other:
            yield Column(f"{self.title}: {self.labels.other_words}", self.words)

    def words(self, one: Response) -> Cell:
        """Return the words, or their state if they are not shown."""
        wrote = one.wrote.get(self.question.id)
        if wrote is None:
            return None
        return wrote.words or self.labels.states.get(wrote.state, wrote.state)

    def value(self, one: Response) -> Cell:
        """Return the cell of a question with a single answer."""
        answer = one.answers.get(self.question.id)
        if answer is None:
            return None
        if self.question.of_kind.shape is Shape.VALUE:
            return self.question.of_kind.parsed(answer)
        if self.question.of_kind.is_place:
            return self.areas.get(str(answer), str(answer))
        return self._name(answer)

    def mark(self, one: Response, option_id: str) -> Cell:
        """Return the cell of one option: rank, points or grade; 1 or 0 for chosen or not.

        Who shares out money and does not name an option gives it nothing, as in the tally.
        """
        answer = one.answers.get(self.question.id)
        if isinstance(answer, Mapping):
            if self.question.of_kind.shares_money:
                return self.money.amount(answer.get(option_id, 0))
            return answer.get(option_id)
        if not isinstance(answer, list):
            return None
        if self.question.of_kind.shape is not Shape.ORDER:
            return int(option_id in answer)
        place = 1
        for item in answer:
            shared = item if isinstance(item, list) else [item]
            if option_id in shared:
                return place
            place += len(shared)
        return None

    def in_matrix(self, one: Response, row_id: str) -> Cell:
        answer = one.answers.get(self.question.id)
        chosen = answer.get(row_id) if isinstance(answer, Mapping) else None
        return None if chosen is None else self._name(chosen)

    def spent(self, one: Response) -> Cell:
        answer = one.answers.get(self.question.id)
        return None if answer is None else self.money.amount(spent(self.question, answer))

    def _options(self) -> tuple[Option, ...]:
        if not self.question.takes_other:
            return self.question.options
        return (*self.question.options, Option(OTHER, {self.labels.language: self.labels.other}))

    def _part(self, option: Option, cell: Callable[[Response, str], Cell]) -> Column:
        name, id = self.labels.said(option.title) or option.id, option.id
        if option.cost is not None:
            name = f"{name} ({self.money.said(option.cost)})"
        if self.question.of_kind.shares_money:
            name += self._currency()
        return Column(f"{self.title}: {name}", lambda one: cell(one, id))

    def _currency(self) -> str:
        return f" ({self.money.currency})" if self.money.currency else ""

    def _name(self, option_id: str) -> str:
        option = self.question.option(option_id)
        if option is None:
            return self.labels.other if option_id == OTHER else option_id
        return self.labels.said(option.title) or option_id

    def _with_unit(self) -> str:
        unit = self.labels.said(self.question.unit)
        return f"{self.title} ({unit})" if unit else self.title


def spent(question: Question, answer: Any) -> int:
    """Return the total cost of the chosen options, in minor units."""
    costs = {option.id: option.cost or 0 for option in question.options}
    chosen = answer if isinstance(answer, list | dict) else [answer]
    ids = [id for item in chosen for id in (item if isinstance(item, list) else [item])]
    return sum(costs.get(id, 0) for id in ids)
