"""Page about the wards of a partnership: code, name and population."""

from collections.abc import Callable

from flask import abort, request

from consult import access
from consult.commands.wards import define_area
from consult.web import services as find_services
from consult.web.forms import sending
from consult.web.forms.choices import OneOfList
from consult.web.forms.fields import Entry, Words
from consult.web.forms.reader import Reader, Typed
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.forms.uploads import Upload
from consult.web.pages import Room
from consult.web.partnership.area import authorities
from consult.web.partnership.area.ward_files import WARDS_MAX, Found, read_wards, ward_of
from consult.web.partnership.partnership_room import PartnershipRoom, find, languages_of
from consult.wording import figures
from consult.wording.language import N_, names
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events.errors import Refused
from events.partnership import Ward
from events.question import Text

wards = Room("wards", __name__, url_prefix="/wards", who=access.DEFINE_WARDS)
FILE_BYTES_MAX = 900_000


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
                found.append(ward_of(parts, self.meta.languages))
            except ValueError as reason:
                sentence = _("Line {number}: {reason}").format(number=number, reason=reason)
                form.wrong(self.name, sentence)
        return tuple(found)


def _source_words() -> Words:
    return Words(
        N_("Where the numbers come from"),
        hint=N_("With the date, like: Census 2021."),
        needed=N_("Say where the numbers of residents come from, with the date."),
    )


class WardsForm(StaffForm):
    """The wards of a partnership, and where their numbers of residents come from."""

    wards = WardLines(N_("Wards, one on each line"), look={"rows": 12})
    source = _source_words()


class FileForm(StaffForm):
    """A file with the wards."""

    file = Upload(
        N_("CSV file"),
        hint=N_(
            "With columns called code, name and population, also name_cy and quintile; or a lookup "
            "of the Office for National Statistics. From Excel: save as “CSV UTF-8”."
        ),
        accept=".csv,text/csv",
        most=FILE_BYTES_MAX,
        needed=N_("Choose a file."),
    )


class AuthorityForm(StaffForm):
    """An authority whose wards are wanted."""

    authority = OneOfList(
        N_("Authority"), nothing=N_("Choose one"), needed=N_("Choose an authority.")
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
        return form.draw(
            "partnership/wards.html",
            room=room,
            columns=_columns(codes),
            has_list=find_services().config.ward_lookup is not None,
        )

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


@wards.route("/file", methods=["GET", "POST"], title=N_("Read wards from a file"))
def reading(partnership_slug: str) -> Page:
    """Read wards from a file, and show them before they are saved."""
    room = find(partnership_slug)
    form = FileForm()

    def draw() -> str:
        return form.draw("partnership/wards_file.html", room=room)

    return _checked(room, form, draw, lambda codes: read_wards(form.file.data, codes))


@wards.route("/authority", methods=["GET", "POST"], title=N_("Take wards from a list"))
def choosing(partnership_slug: str) -> Page:
    """Take the wards of an authority from the operator's list, and show them before."""
    room, config = find(partnership_slug), find_services().config
    if config.ward_lookup is None:
        abort(404)
    refused: list[str] = []
    try:
        offered = authorities.offered(config)
    except Refused as reason:
        offered, refused = [], [says(reason)]
    form = AuthorityForm(choices={"authority": offered})

    def draw() -> str:
        return form.draw("partnership/wards_list.html", room=room, refused=refused)

    return _checked(
        room,
        form,
        draw,
        lambda codes: authorities.wards_of(config, form.authority.data, codes),
    )


def _checked(
    room: PartnershipRoom,
    form: StaffForm,
    draw: Callable[[], str],
    found_in: Callable[[tuple[str, ...]], Found],
) -> Page:
    """Draw the form; or what it found, to be saved; or it again with what is wrong."""
    switched = sending.in_other_language(draw)
    if switched is not None or request.method != "POST":
        return switched or draw()
    codes = languages_of(room.page)
    if form.validate():
        try:
            found = found_in(codes)
        except Refused as refused:
            form.form_errors.append(says(refused))
        else:
            form.form_errors += found.problems
            if not found.problems:
                return _preview(room, found, codes)
    return draw(), sending.UNPROCESSABLE


def _preview(room: PartnershipRoom, found: Found, codes: tuple[str, ...]) -> str:
    """Draw the form of the wards with what was found; nothing of it is saved yet."""
    form = WardsForm(
        languages=codes,
        formdata=None,
        wards=found.wards,
        source=_source(room.page.population_source, codes),
    )
    return form.draw(
        "partnership/wards_check.html",
        room=room,
        columns=_columns(codes),
        found=found,
        residents=sum(ward.population for ward in found.wards),
    )


def _columns(codes: tuple[str, ...]) -> str:
    """Return what stands on a line."""
    own = names()
    columns = [
        _("code"),
        *(_("name (%(language)s)", language=own.get(code, code)) for code in codes),
        _("residents"),
    ]
    return "; ".join(columns)


def _source(stated: str | Text, codes: tuple[str, ...]) -> Text:
    return {codes[0]: stated} if isinstance(stated, str) else stated
