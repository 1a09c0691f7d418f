"""Page about the wards of a partnership: code, name and population."""

from flask import request

from consult import access
from consult.commands.partnerships import define_area
from consult.web import services as find_services
from consult.web.organising import desk
from consult.web.organising.desk import Page, draw_form, submit
from consult.web.organising.drafting_forms import Problem, Reader, Typed, typed_words
from consult.web.pages import Room
from consult.web.partnership.partnership_room import PartnershipRoom, find, languages_of
from consult.wording import figures, pasted_words
from consult.wording.language import gettext as _
from consult.wording.language import names
from events.kinds import pasted
from events.kinds.pasted import Unread
from events.partnership import Ward
from events.question import Text

wards = Room("wards", __name__, url_prefix="/wards", who=access.DEFINE_WARDS)
WARDS, SOURCE = "wards", "source"
WARDS_MAX = 1_000
CODE_LENGTH_MAX, NAME_LENGTH_MAX = 40, 300
POPULATION_MAX = 999_999_999
FIFTHS = ("", "1", "2", "3", "4", "5")


@wards.route("/", methods=["GET", "POST"])
def define(partnership_slug: str) -> Page:
    """State the wards, one per line; drafts that ask for a place are updated as well."""
    room = find(partnership_slug)
    codes = languages_of(room.page, desk.fresh_views())

    def draw(typed: Typed, problems: list[Problem]) -> str:
        own = names()
        columns = [
            _("code"),
            *(_("name (%(language)s)", language=own.get(code, code)) for code in codes),
            _("residents"),
        ]
        return draw_form(
            "organise/wards.html",
            typed,
            problems,
            room=room,
            columns="; ".join(columns),
            codes=codes,
        )

    if request.method == "GET":
        return draw(_typed(room, codes), [])
    return submit(
        lambda form: _read(form, codes),
        lambda read, key: define_area(
            find_services(),
            room.page.id,
            wards=read[0],
            source=read[1],
            actor=room.actor,
            command_id=key,
        ),
        draw,
        room.address(),
        _("The wards are saved. Drafts that ask where people live offer them now."),
    )


def _typed(room: PartnershipRoom, codes: tuple[str, ...]) -> dict[str, str]:
    lines = []
    for ward in room.page.wards:
        named = [ward.name.get(code, "") for code in codes]
        parts = [ward.code, *named, figures.number(ward.population)]
        lines.append("; ".join([*parts, *([str(ward.quintile)] if ward.quintile else [])]))
    source = room.page.population_source
    if isinstance(source, str):
        source = {codes[0]: source}
    return {WARDS: "\n".join(lines), **typed_words(SOURCE, source)}


def _read(form: Reader, codes: tuple[str, ...]) -> tuple[tuple[Ward, ...], Text]:
    lines = [line.strip() for line in form.raw(WARDS).splitlines() if line.strip()]
    if not lines:
        form.wrong(WARDS, _("Write one ward on each line."))
    elif len(lines) > WARDS_MAX:
        most = _("An area has at most {most} wards.")
        form.wrong(WARDS, most.format(most=figures.number(WARDS_MAX)))
        lines = []
    found = []
    for number, line in enumerate(lines, start=1):
        ward = _ward(form, number, [part.strip() for part in line.split(";")], codes)
        if ward is not None:
            found.append(ward)
    needed = _("Say where the numbers of residents come from, with the date.")
    return tuple(found), form.words(SOURCE, codes, needed=needed)


def _ward(form: Reader, number: int, parts: list[str], codes: tuple[str, ...]) -> Ward | None:
    """Parse one line; record the problem and return None if it is invalid."""

    def wrong(reason: str) -> None:
        form.wrong(WARDS, _("Line {number}: {reason}").format(number=number, reason=reason))

    least = len(codes) + 2
    if len(parts) not in {least, least + 1}:
        wrong(_("It needs {least} parts with semicolons between them.").format(least=least))
        return None
    code, fifth = parts[0], parts[least] if len(parts) > least else ""
    name = {language: part for language, part in zip(codes, parts[1:], strict=False) if part}
    if not 0 < len(code) <= CODE_LENGTH_MAX or not name or fifth not in FIFTHS:
        wrong(_("It needs a code, a name, and a fifth from 1 to 5 or none."))
        return None
    if any(len(part) > NAME_LENGTH_MAX for part in name.values()):
        wrong(_("The name is too long."))
        return None
    try:
        population = pasted.number(parts[least - 1])
    except Unread as unread:
        wrong(pasted_words.says(unread))
        return None
    if not 0 <= population <= POPULATION_MAX:
        wrong(_("The number of residents is too large or too small."))
        return None
    return Ward(code, name, population, int(fifth or 0))
