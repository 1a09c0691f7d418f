"""The auditor's page about desks: what each account sent, and looking up reference numbers."""

from collections.abc import Iterable
from typing import Any

from flask import url_for

from consult import access
from consult.commands.answers.desk_references import (
    DRAWN_MAX,
    DeskAudit,
    DeskCount,
    LookUp,
    counts,
    look_up,
)
from consult.log_store.finding import indexes_of
from consult.web import services as find_services
from consult.web.forms.choices import OneOfList
from consult.web.forms.fields import Lines, WholeNumber
from consult.web.forms.reader import lines
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.log.log import find_log
from consult.web.pages import Room
from consult.web.scrutiny.scrutiny_case import Case, find_audited
from consult.wording import figures, language
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.registries.channel_words import channel_name
from consult.wording.registries.level_words import ANSWERED
from projections.participation import AtDesk

desks = Room("desks", __name__, url_prefix="/<slug>/desks", who=access.LOOK_UP_REFERENCE)
LINES_MAX = 1_000
Rows = list[list[Any]]


class LookUpForm(StaffForm):
    """Numbers of a list to look up, and how many answers to draw, of which desk."""

    numbers = Lines(
        N_("Numbers that the desk wrote down"),
        hint=N_(
            "One on each line, such as a library card. Nobody keeps them: what stands for a "
            "person is a hash that only the same number gives."
        ),
        most=None,
    )
    drawn = WholeNumber(
        N_("Answers to draw at random"),
        name="draw",
        what=N_("The number of answers"),
        least=1,
        most=DRAWN_MAX,
        look={"width": 5, "inputmode": "numeric"},
    )
    desk = OneOfList(N_("Of which account"), nothing=N_("Of every account"))

    def validate_numbers(self, numbers: Lines) -> None:
        """Refuse too many lines, and a form that asks for nothing."""
        written = lines(numbers.data)
        if len(written) > LINES_MAX:
            most = figures.number(LINES_MAX)
            numbers.refuse(_("That is too long. Lines at most: %(most)s.", most=most))
        asks_nothing = not written and not self.drawn.data
        if asks_nothing and not self.drawn.process_errors and not self.desk.process_errors:
            numbers.refuse(_("Write numbers of the list, or say how many answers to draw."))

    def wanted(self) -> LookUp:
        """Return what is to be looked up."""
        return LookUp(tuple(lines(self.numbers.data)), self.drawn.data, self.desk.data)


@desks.route("", methods=["GET", "POST"], title=N_("Answers that staff sent"))
def show(slug: str) -> Page:
    """Show what each account sent; look up numbers or draw answers, and record the look-up."""
    case = find_audited(slug)
    found = counts(find_services(), case.page.id)
    form = LookUpForm(
        choices={"desk": [(each.desk, f"{each.desk} {each.name}".strip()) for each in found]}
    )
    audits: list[DeskAudit] = []

    def act(key: str) -> None:
        wanted, actor = form.wanted(), case.actor
        audits.append(look_up(find_services(), case.page.id, wanted, actor=actor, command_id=key))

    page = form.submit(act, lambda: _draw(case, found, form), url_for(".show", slug=slug))
    return _draw(case, found, form, audits[0]) if audits else page


def _draw(
    case: Case, found: list[DeskCount], form: LookUpForm, audit: DeskAudit | None = None
) -> str:
    wanted = form.wanted() if audit else None
    return form.draw(
        "scrutiny/desks.html",
        case=case,
        counts=[_counted(each) for each in found],
        limit=find_services().config.desk_answers,
        most=DRAWN_MAX,
        looked_up=_looked_up(wanted, audit) if wanted and audit else [],
        drawn=_drawn(audit, has_list=bool(wanted and wanted.references)) if audit else [],
        unexplained=list(audit.unexplained.items()) if audit else [],
        has_list=bool(wanted and wanted.references),
        has_result=audit is not None,
    )


def _counted(each: DeskCount) -> list[str]:
    unknown = _("not known any more")
    return [
        each.desk,
        each.name or _("no account any more"),
        figures.number(each.people),
        unknown if each.sent is None else figures.number(each.sent),
        unknown if each.busiest is None else figures.number(each.busiest),
    ]


def _looked_up(wanted: LookUp, audit: DeskAudit) -> Rows:
    """Return a row for each number entered, with the answer given with it."""
    entries = _entries(found for found in audit.found if found)
    none = ["", _("No answers that staff sent"), "", ""]
    return [
        [str(line), number, *(_answer(found, entries) if found else none)]
        for line, (number, found) in enumerate(
            zip(wanted.references, audit.found, strict=True), start=1
        )
    ]


def _drawn(audit: DeskAudit, *, has_list: bool) -> Rows:
    """Return a row for each drawn answer, with the list line of its number."""
    entries = _entries(answer for answer, _line in audit.drawn)
    rows = []
    for answer, line in audit.drawn:
        shown = [*_answer(answer, entries), _level(answer)]
        if has_list:
            shown.append(_("Line %(line)s", line=line) if line else _("No line has its number"))
        rows.append(shown)
    return rows


def _entries(answers: Iterable[AtDesk]) -> dict[int, int]:
    """Return the index in the public log of each answer, by its position in the record."""
    return indexes_of(find_log(), {answer.position for answer in answers})


def _answer(found: AtDesk, entries: dict[int, int]) -> list[str]:
    """Return account, day, channel, and entry of the public log."""
    index = entries.get(found.position)
    return [
        found.desk,
        figures.day(found.day, language.current()),
        channel_name(found.channel),
        figures.number(index) if index else _("not sealed yet"),
    ]


def _level(found: AtDesk) -> str:
    words = ANSWERED.get(found.assurance)
    return _(words) if words else found.assurance
