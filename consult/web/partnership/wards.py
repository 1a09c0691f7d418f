"""Page about the wards of a partnership: code, name and population."""

from consult import access
from consult.commands.partnerships import define_area
from consult.web import services as find_services
from consult.web.forms.fields import Entry, Words
from consult.web.forms.reader import Reader, Typed
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.pages import Room
from consult.web.partnership.partnership_room import find, languages_of
from consult.wording import figures, pasted_words
from consult.wording.language import N_, names
from consult.wording.language import gettext as _
from events.kinds import pasted
from events.kinds.pasted import Unread
from events.partnership import Ward
from events.question import Text

wards = Room("wards", __name__, url_prefix="/wards", who=access.DEFINE_WARDS)
WARDS_MAX = 1_000
CODE_LENGTH_MAX, NAME_LENGTH_MAX = 40, 300
POPULATION_MAX = 999_999_999
FIFTHS = ("", "1", "2", "3", "4", "5")


class WardLines(Entry[tuple[Ward, ...]]):
    """Wards, one on each line, in parts with semicolons between them."""

    drawn = "lines"

    def fill(self, value: tuple[Ward, ...]) -> Typed:
        """Return a line for each ward."""
        lines = []
        for ward in value:
            named = [ward.name.get(code, "") for code in self.meta.languages]
            parts = [ward.code, *named, figures.number(ward.population)]
            lines.append("; ".join([*parts, *([str(ward.quintile)] if ward.quintile else [])]))
        return {self.name: "\n".join(lines)}

    def read(self, form: Reader) -> tuple[Ward, ...]:
        """Parse each line; a problem says in which line it is."""
        lines = [line.strip() for line in form.raw(self.name).splitlines() if line.strip()]
        if not lines:
            form.wrong(self.name, _("Write one ward on each line."))
        elif len(lines) > WARDS_MAX:
            most = _("An area has at most {most} wards.")
            form.wrong(self.name, most.format(most=figures.number(WARDS_MAX)))
            return ()
        found = []
        for number, line in enumerate(lines, start=1):
            parts = [part.strip() for part in line.split(";")]
            try:
                found.append(_ward(parts, self.meta.languages))
            except ValueError as reason:
                sentence = _("Line {number}: {reason}").format(number=number, reason=reason)
                form.wrong(self.name, sentence)
        return tuple(found)


class WardsForm(StaffForm):
    """The wards of a partnership, and where their numbers of residents come from."""

    wards = WardLines(N_("Wards, one on each line"), look={"rows": 12})
    source = Words(
        N_("Where the numbers come from"),
        hint=N_("With the date, like: Census 2021."),
        needed=N_("Say where the numbers of residents come from, with the date."),
    )


@wards.route("/", methods=["GET", "POST"], title=N_("Wards and how many live there"))
def define(partnership_slug: str) -> Page:
    """State the wards, one per line; drafts that ask for a place are updated as well."""
    room = find(partnership_slug)
    codes = languages_of(room.page)

    form = WardsForm(
        languages=codes, wards=room.page.wards, source=_source(room.page.population_source, codes)
    )

    def draw() -> str:
        own = names()
        columns = [
            _("code"),
            *(_("name (%(language)s)", language=own.get(code, code)) for code in codes),
            _("residents"),
        ]
        return form.draw("partnership/wards.html", room=room, columns="; ".join(columns))

    return form.submit(
        lambda key: define_area(
            find_services(),
            room.page.id,
            wards=form.wards.data,
            source=form.source.data,
            actor=room.actor,
            command_id=key,
        ),
        draw,
        room.after,
        _("The wards are saved. Drafts that ask where people live offer them now."),
    )


def _source(stated: str | Text, codes: tuple[str, ...]) -> Text:
    return {codes[0]: stated} if isinstance(stated, str) else stated


def _ward(parts: list[str], codes: tuple[str, ...]) -> Ward:
    """Parse the parts of one line. Raises ValueError with the reason why that is not possible."""
    least = len(codes) + 2
    if len(parts) not in {least, least + 1}:
        reason = _("It needs {least} parts with semicolons between them.")
        raise ValueError(reason.format(least=least))
    code, fifth = parts[0], parts[least] if len(parts) > least else ""
    name = {language: part for language, part in zip(codes, parts[1:], strict=False) if part}
    if not 0 < len(code) <= CODE_LENGTH_MAX or not name or fifth not in FIFTHS:
        raise ValueError(_("It needs a code, a name, and a fifth from 1 to 5 or none."))
    if any(len(part) > NAME_LENGTH_MAX for part in name.values()):
        raise ValueError(_("The name is too long."))
    try:
        population = pasted.number(parts[least - 1])
    except Unread as unread:
        raise ValueError(pasted_words.says(unread)) from unread
    if not 0 <= population <= POPULATION_MAX:
        raise ValueError(_("The number of residents is too large or too small."))
    return Ward(code, name, population, int(fifth or 0))
