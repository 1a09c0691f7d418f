"""The facts of a consultation, with their permanent topics and what each one changes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from typing_extensions import override

from events.base import Fact, fact
from events.consultations import states
from events.consultations.beacon import Lot
from events.consultations.codes import CodeBatch
from events.consultations.consultation_standing import Standing
from events.consultations.levels import LETTER
from events.consultations.terms import Terms
from events.question import Option, Question, Text


@fact("consult.consultation.drafted.v1", starts=True)
class Drafted(Fact, frozen=True):
    """A consultation was drafted. `slug`: its short name in addresses.

    `source`: where imported votes came from; empty for our own.
    `money`: the unit of amounts: "pence", or "units" when the source has no minor unit.
    `decimals`: decimal places of amounts where the source is finer than pence; every amount is
    then a whole number of the smallest unit.
    """

    partnership_id: UUID
    slug: str
    title: Text
    overview: Text
    languages: tuple[str, ...] = ("en", "cy")
    source: str = ""
    money: str = "pence"
    currency: str = "GBP"
    decimals: int | None = None

    @override
    def apply(self, consultation: Standing) -> None:
        consultation.partnership_id = self.partnership_id
        consultation.slug = self.slug
        consultation.title = self.title
        consultation.overview = self.overview
        consultation.languages = self.languages
        consultation.source = self.source
        consultation.money = self.money
        consultation.currency = self.currency
        consultation.decimals = self.decimals


@fact("consult.consultation.described.v1")
class Described(Fact, frozen=True):
    """The title, the overview or the languages changed.

    `languages`: those that every text needs, the main one first; empty: unchanged.
    """

    title: Text
    overview: Text
    languages: tuple[str, ...] = ()

    @override
    def apply(self, consultation: Standing) -> None:
        consultation.title = self.title
        consultation.overview = self.overview
        if self.languages:
            consultation.languages = self.languages


@fact("consult.consultation.question_added.v1")
class QuestionAdded(Fact, frozen=True):
    """A question was added, last."""

    question: Question

    @override
    def apply(self, consultation: Standing) -> None:
        consultation.questions[self.question.id] = self.question


@fact("consult.consultation.question_changed.v1")
class QuestionChanged(Fact, frozen=True):
    """The words or limits of a question changed."""

    question: Question

    @override
    def apply(self, consultation: Standing) -> None:
        consultation.questions[self.question.id] = self.question


@fact("consult.consultation.question_removed.v1")
class QuestionRemoved(Fact, frozen=True):
    """A question was removed."""

    question_id: str

    @override
    def apply(self, consultation: Standing) -> None:
        del consultation.questions[self.question_id]


@fact("consult.consultation.option_added.v1")
class OptionAdded(Fact, frozen=True):
    """An option or a project was added, last."""

    question_id: str
    option: Option

    @override
    def apply(self, consultation: Standing) -> None:
        question = consultation.questions[self.question_id]
        consultation.questions[self.question_id] = replace(
            question, options=(*question.options, self.option)
        )


@fact("consult.consultation.option_changed.v1")
class OptionChanged(Fact, frozen=True):
    """The words or the cost of an option were changed before opening."""

    question_id: str
    option: Option

    @override
    def apply(self, consultation: Standing) -> None:
        question = consultation.questions[self.question_id]
        options = tuple(
            self.option if option.id == self.option.id else option for option in question.options
        )
        consultation.questions[self.question_id] = replace(question, options=options)


@fact("consult.consultation.option_removed.v1")
class OptionRemoved(Fact, frozen=True):
    """An option was removed before opening."""

    question_id: str
    option_id: str

    @override
    def apply(self, consultation: Standing) -> None:
        question = consultation.questions[self.question_id]
        options = tuple(option for option in question.options if option.id != self.option_id)
        consultation.questions[self.question_id] = replace(question, options=options)


@fact("consult.consultation.terms_fixed.v1")
class TermsFixed(Fact, frozen=True):
    """The terms were set; the last ones before opening apply."""

    terms: Terms

    @override
    def apply(self, consultation: Standing) -> None:
        consultation.terms = self.terms


@fact("consult.consultation.opened.v1")
class Opened(Fact, frozen=True):
    """The consultation opened: people can answer, and what they answer is frozen."""

    @override
    def apply(self, consultation: Standing) -> None:
        consultation.state = states.OPEN
        consultation.opened_at = self.at
        consultation.opened_version = consultation.version + 1


@fact("consult.consultation.period_extended.v1")
class PeriodExtended(Fact, frozen=True):
    """The closing time was postponed."""

    closes_at: datetime
    reason: Text

    @override
    def apply(self, consultation: Standing) -> None:
        assert consultation.terms is not None
        consultation.terms = replace(consultation.terms, closes_at=self.closes_at)


@fact("consult.consultation.paused.v1")
class Paused(Fact, frozen=True):
    """Answering was paused; the closing time stays."""

    reason: Text

    @override
    def apply(self, consultation: Standing) -> None:
        consultation.paused_at = self.at
        consultation.pause_reason = self.reason


@fact("consult.consultation.resumed.v1")
class Resumed(Fact, frozen=True):
    """Answering was resumed."""

    @override
    def apply(self, consultation: Standing) -> None:
        consultation.paused_at = None
        consultation.pause_reason = {}


@fact("consult.consultation.closed.v1")
class Closed(Fact, frozen=True):
    """The consultation closed: no answer after this position counts."""

    @override
    def apply(self, consultation: Standing) -> None:
        consultation.state = states.CLOSED
        consultation.paused_at = None
        consultation.closed_at = self.at
        consultation.closed_version = consultation.version + 1


@fact("consult.consultation.results_published.v1")
class ResultsPublished(Fact, frozen=True):
    """The results were published, even if no question is counted by a rule.

    `cutoff`: the position of the closing. `tallies`: of every question, as they may be shown
    (docs/tallies.md); `tallies_digest`: of their canonical JSON. `results`: the result digest
    of each question that a rule counts, by question id.
    """

    cutoff: int
    tallies: dict[str, Any]
    tallies_digest: str
    results: dict[str, str] = {}

    @override
    def apply(self, consultation: Standing) -> None:
        consultation.published_at = self.at


@fact("consult.consultation.lot_drawn.v1")
class LotDrawn(Fact, frozen=True):
    """The value of the public draw that the terms name, or of its replacement, was recorded."""

    lot: Lot

    @override
    def apply(self, consultation: Standing) -> None:
        consultation.lot = self.lot


@fact("consult.consultation.withdrawn.v1")
class Withdrawn(Fact, frozen=True):
    """The consultation was withdrawn for good."""

    reason: Text

    @override
    def apply(self, consultation: Standing) -> None:
        consultation.state = states.WITHDRAWN
        consultation.paused_at = None
        consultation.withdrawn_at = self.at
        consultation.withdrawal_reason = self.reason


@fact("consult.consultation.codes_issued.v1")
class CodesIssued(Fact, frozen=True):
    """A batch of one-use codes was issued; one person can answer with each.

    `batch_id`: opaque, the key of their hashes in the vault. `level`: their assurance level.
    `ward`: whose residents get them, or empty.
    """

    batch_id: str
    number: int
    level: str = LETTER
    ward: str = ""

    @override
    def apply(self, consultation: Standing) -> None:
        batch = CodeBatch(self.number, self.at, self.level, self.ward)
        consultation.batches[self.batch_id] = batch


@fact("consult.consultation.codes_voided.v1")
class CodesVoided(Fact, frozen=True):
    """A lost batch was voided: its codes work only for people who have answered with them."""

    batch_id: str
    reason: str

    @override
    def apply(self, consultation: Standing) -> None:
        batch = consultation.batches[self.batch_id]
        consultation.batches[self.batch_id] = replace(batch, is_void=True)
