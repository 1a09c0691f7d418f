"""The auditor's page about desks: what each account sent, and looking up reference numbers."""

from collections.abc import Iterable
from typing import Any

from flask import render_template, request

from consult.commands.answers.desk_references import (
    DRAWN_MAX,
    DeskAudit,
    DeskCount,
    LookUp,
    counts,
    look_up,
)
from consult.commands.context import fresh_command_id
from consult.sealing.log_store.finding import indexes_of
from consult.web import services as find_services
from consult.web.forms.reader import Problem, Reader, lines
from consult.web.forms.sending import UNPROCESSABLE, Page, carry_out, in_other_language
from consult.web.log.log import find_log
from consult.web.pages import Room
from consult.web.scrutiny.scrutiny_case import Case, find_audited
from consult.wording import figures, language
from consult.wording.language import gettext as _
from consult.wording.outcomes.participants import ASSURANCE, CHANNELS
from projections.participation import AtDesk

desks = Room("desks", __name__, url_prefix="/<slug>/desks")
LINES_MAX = 1_000
NUMBERS, DRAW, DESK = "numbers", "draw", "desk"
Rows = list[list[Any]]


@desks.route("", methods=["GET", "POST"])
def show(slug: str) -> Page:
    """Show what each account sent; look up numbers or draw answers, and record the look-up."""
    case = find_audited(slug)
    found = counts(find_services(), case.page.id)
    switched = in_other_language(lambda: _draw(case, found, []))
    if request.method == "GET" or switched is not None:
        return switched or _draw(case, found, [])
    reader = Reader(request.form.to_dict())
    wanted = _read(reader, [each.desk for each in found])
    audits: list[DeskAudit] = []

    def act(key: str) -> None:
        audits.append(
            look_up(find_services(), case.page.id, wanted, actor=case.actor, command_id=key)
        )

    problems = reader.problems or carry_out(act)
    if problems:
        return _draw(case, found, problems), UNPROCESSABLE
    return _draw(case, found, [], wanted, audits[0])


def _read(reader: Reader, known: list[str]) -> LookUp:
    typed = lines(reader.raw(NUMBERS))
    if len(typed) > LINES_MAX:
        most = figures.number(LINES_MAX)
        reader.wrong(NUMBERS, _("That is too long. Lines at most: %(most)s.", most=most))
    draw = reader.number(DRAW, _("The number of answers"), least=1, most=DRAWN_MAX)
    desk = reader.choice(DESK, known)
    if not typed and not draw and not reader.problems:
        reader.wrong(NUMBERS, _("Write numbers of the list, or say how many answers to draw."))
    return LookUp(tuple(typed), draw, desk)


def _draw(
    case: Case,
    found: list[DeskCount],
    problems: list[Problem],
    wanted: LookUp | None = None,
    audit: DeskAudit | None = None,
) -> str:
    return render_template(
        "scrutiny/desks.html",
        case=case,
        counts=[_counted(each) for each in found],
        choices=[(each.desk, f"{each.desk} {each.name}".strip()) for each in found],
        typed=request.form,
        errors=problems,
        wrong=dict(reversed(problems)),
        command_id=fresh_command_id(),
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
    index, channel = entries.get(found.position), CHANNELS.get(found.channel)
    return [
        found.desk,
        figures.day(found.day, language.current()),
        _(channel) if channel else found.channel,
        figures.number(index) if index else _("not sealed yet"),
    ]


def _level(found: AtDesk) -> str:
    words = ASSURANCE.get(found.assurance)
    return _(words) if words else found.assurance
