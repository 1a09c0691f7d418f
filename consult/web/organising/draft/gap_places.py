"""The page and field at which each gap of a draft is filled."""

from collections.abc import Callable
from itertools import takewhile

from consult import access
from consult.counting import RULES
from consult.web.accounts.staff_access import actor_for
from consult.web.organising.desk import Desk
from consult.web.organising.draft import question_parts
from consult.wording.drafting.rule_words import POINTS
from events.consultations import readiness_gaps
from events.consultations.readiness_gaps import Gap
from events.kinds import matrix
from events.particulars import (
    OF_LINES,
    OF_WORDS,
    LanguageRequired,
    ProfileUnknown,
    ProfileUnstated,
)
from events.question import Details

Place = Callable[[Desk, Gap], str]
PARTNERSHIP_LINES = {kind: field for field, kind in OF_LINES.items()}
PARTNERSHIP_WORDS = {kind: field for field, kind in OF_WORDS.items()}


def place_of(desk: Desk, gap: Gap) -> str | None:
    """Return the address at which a gap is filled, with the id of the field.

    None if this person may not fill it: only administrators set the framework profile.
    """
    kind = type(gap)
    if kind in PARTNERSHIP_LINES:
        return of_partnership(desk, "stating", PARTNERSHIP_LINES[kind])
    if kind in PARTNERSHIP_WORDS:
        field = PARTNERSHIP_WORDS[kind]
        return of_partnership(desk, "stating", f"{field}-{gap.values['language']}")
    if kind is LanguageRequired:
        return desk.address("organise.words", _anchor="both")
    if kind in {ProfileUnstated, ProfileUnknown}:
        is_theirs = actor_for(access.DESCRIBE_PARTNERSHIP, desk.partnership.id) is not None
        return of_partnership(desk, "describing", "profile") if is_theirs else None
    return PLACES[kind](desk, gap)


def of_partnership(desk: Desk, endpoint: str, field: str) -> str:
    """Return the address of a page about the draft's partnership."""
    return desk.of_partnership(f"organise.partnership.{endpoint}", _anchor=field)


def is_about_wards(desk: Desk, gap: Gap) -> bool:
    """Return whether a question lacks something because the partnership's wards do."""
    question = desk.page.questions.get(gap.question)
    about = (readiness_gaps.OptionUnwritten, readiness_gaps.TooFewOptions)
    return question is not None and question.of_kind.is_place and isinstance(gap, about)


def _at(endpoint: str, field: str) -> Place:
    """Return the place of a field of the draft; {language} is that of the gap."""
    return lambda desk, gap: desk.address(
        f"organise.{endpoint}", _anchor=field.format(**gap.values)
    )


def _asked(endpoint: str, field: str) -> Place:
    """Return the place of a field of a question."""
    return lambda desk, gap: desk.address(
        f"organise.{endpoint}", question_id=gap.question, _anchor=field.format(**gap.values)
    )


def _offered(field: str, endpoint: str = "one") -> Place:
    """Return the place of a field of an option; places are the partnership's wards."""

    def place(desk: Desk, gap: Gap) -> str:
        if is_about_wards(desk, gap):
            return of_partnership(desk, "wards.define", "wards")
        return desk.address(
            f"organise.options.{endpoint}",
            question_id=gap.question,
            option_id=gap.values["option"],
            _anchor=field.format(**gap.values),
        )

    return place


def _more_options(desk: Desk, gap: Gap) -> str:
    if is_about_wards(desk, gap):
        return of_partnership(desk, "wards.define", "wards")
    return _asked("options.index", f"lines-{desk.page.languages[0]}")(desk, gap)


def _details(desk: Desk, gap: Gap) -> str:
    """Return the place of the first facts without text in the language."""
    language = gap.values["language"]
    details = desk.page.questions[gap.question].details
    number, part = next(
        (number, part)
        for number, each in enumerate(details, start=1)
        for part, text in _texts(each)
        if not text.get(language)
    )
    return _asked("questions.one", f"facts-{number}-{part}-{language}")(desk, gap)


def _texts(details: Details) -> tuple[tuple[str, dict[str, str]], ...]:
    return (("title", dict(details.title)), ("words", dict(details.words)))


def _statements(desk: Desk, gap: Gap) -> str:
    return _asked("questions.one", f"statements-{desk.page.languages[0]}")(desk, gap)


def _references(desk: Desk, gap: Gap) -> str:
    """Return the place of the grid part whose id is too long, where it can be replaced."""
    question = desk.page.questions[gap.question]
    if any(len(each.id) > matrix.ID_MAX for each in question.statements):
        return _statements(desk, gap)
    return _more_options(desk, gap)


def _condition(desk: Desk, gap: Gap) -> str:
    """Return the place of the first answer that can decide; of the order if there is none."""
    questions = desk.page.questions.values()
    before = list(takewhile(lambda one: one.id != gap.question, questions))
    for question, answers in question_parts.routes(before):
        return _asked("questions.one", f"when-{question.id}-{answers[0][0]}")(desk, gap)
    return _at("questions.index", f"row-{gap.question}")(desk, gap)


def _rule(desk: Desk, gap: Gap) -> str:
    return _asked("terms.rule", "form")(desk, gap)


def _seats(desk: Desk, gap: Gap) -> str:
    """Point to how many places are filled, among the settings of the rule that was chosen."""
    assert desk.page.terms is not None
    chosen = desk.page.terms.counting[gap.question].rule
    return desk.address(
        "organise.terms.settings",
        question_id=gap.question,
        rule_id=chosen if chosen in RULES else POINTS,
        _anchor="seats",
    )


PLACES: dict[type[Gap], Place] = {
    readiness_gaps.TitleUnwritten: _at("words", "title-{language}"),
    readiness_gaps.OverviewUnwritten: _at("words", "overview-{language}"),
    readiness_gaps.NoQuestion: _at("questions.choose", "kinds"),
    readiness_gaps.QuestionUnwritten: _asked("questions.one", "title-{language}"),
    readiness_gaps.HintUnwritten: _asked("questions.one", "hint-{language}"),
    readiness_gaps.TooFewOptions: _more_options,
    readiness_gaps.OptionUnwritten: _offered("title-{language}"),
    readiness_gaps.SummaryUnwritten: _offered("summary-{language}"),
    readiness_gaps.CostMissing: _offered("cost"),
    readiness_gaps.CostOverPot: _offered("cost"),
    readiness_gaps.DetailsUnwritten: _details,
    readiness_gaps.UnitUnwritten: _asked("questions.one", "unit-{language}"),
    readiness_gaps.TooFewStatements: _statements,
    readiness_gaps.StatementUnwritten: _asked("questions.one", "statements-{language}"),
    readiness_gaps.OtherTaken: _offered("form", "remove"),
    readiness_gaps.IdTooLong: _references,
    readiness_gaps.ConditionNotBefore: _at("questions.index", "row-{question}"),
    readiness_gaps.ConditionNeverHolds: _condition,
    readiness_gaps.NotCountedWithOther: _asked("questions.one", "other"),
    readiness_gaps.TermsMissing: _at("terms.promises", "closes"),
    readiness_gaps.RuleMissing: _rule,
    readiness_gaps.TooManyPlaces: _seats,
    readiness_gaps.BeaconMissing: _at("lot.naming", "kind"),
    readiness_gaps.BeaconUnwritten: _at("lot.naming", "name-{language}"),
    readiness_gaps.EligibilityUnwritten: _at("terms.promises", "eligibility-{language}"),
    readiness_gaps.DecisionUnwritten: _at("terms.promises", "decides-{language}"),
    readiness_gaps.OpenUnexplained: _at("terms.promises", "open_reason-{language}"),
}
"""The place of every kind of gap of a draft."""
