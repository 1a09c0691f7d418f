"""Page about the look of a partnership: colour, short name, logo and links of the footer."""

from collections.abc import Callable

from flask import g, request
from msgspec.structs import replace

from consult import access
from consult.commands.partnerships import set_look
from consult.web import services as find_services
from consult.web.forms import sending
from consult.web.forms.choices import Tick
from consult.web.forms.fields import Entry, Line, Words
from consult.web.forms.reader import Reader, Typed
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.forms.uploads import Upload
from consult.web.layout.theme import Theme
from consult.web.pages import Room
from consult.web.partnership.partnership_room import find
from consult.wording.language import N_, names
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events import Refused
from events.theme import LINKS_MAX, LOGO_BYTES_MAX, NAME_LENGTH_MAX, FooterLink, Look

look = Room("look", __name__, url_prefix="/look", who=access.DESCRIBE_PARTNERSHIP)
PREVIEW = "preview"
"""Name of the button that shows the look and saves nothing."""


class LinkLines(Entry[tuple[FooterLink, ...]]):
    """Links, one on each line: its words in each language, then its address."""

    drawn = "lines"

    def fill(self, value: tuple[FooterLink, ...]) -> Typed:
        """Return a line for each link."""
        codes = self.meta.languages
        lines = [
            "; ".join([*(link.label.get(code, "") for code in codes), link.address])
            for link in value
        ]
        return {self.name: "\n".join(lines)}

    def read(self, form: Reader) -> tuple[FooterLink, ...]:
        """Parse each line; a problem says in which line it is."""
        codes, found = self.meta.languages, []
        lines = [line.strip() for line in form.raw(self.name).splitlines() if line.strip()]
        if len(lines) > LINKS_MAX:
            form.wrong(self.name, _("Links, at most: {most}.").format(most=LINKS_MAX))
        for number, line in enumerate(lines, start=1):
            *labels, address = (part.strip() for part in line.split(";"))
            if len(labels) != len(codes) or not all(labels):
                sentence = _("Line {number}: it needs {least} parts with semicolons between them.")
                form.wrong(self.name, sentence.format(number=number, least=len(codes) + 1))
            else:
                label = dict(zip(codes, labels, strict=True))
                found.append(FooterLink(label, address))
        return tuple(found)


class LookForm(StaffForm):
    """What the pages of a partnership look like."""

    brand = Line(
        N_("Colour"),
        hint=N_("# and six digits, like #1d4f91. It has to be dark enough to be read on white."),
        look={"width": 10, "autocomplete": "off", "spellcheck": False},
    )
    short_name = Words(
        N_("Short name"),
        hint=N_("It stands at the top of every page in place of the whole name."),
        most=NAME_LENGTH_MAX,
    )
    logo = Upload(
        N_("Logo"),
        hint=N_(
            "A PNG of at most 60 KB and 1,200 pixels on each side. It takes the place of the leaf, "
            "and is shown once it is saved."
        ),
        accept="image/png",
        most=LOGO_BYTES_MAX,
    )
    no_logo = Tick(N_("Show the leaf again, without a logo"))
    links = LinkLines(N_("Links at the foot of every page, one on each line"), look={"rows": 4})


@look.route("/", methods=["GET", "POST"], title=N_("Colour, short name and logo"))
def setting(partnership_slug: str) -> Page:
    """Set the look; or show it on this page without saving it."""
    room = find(partnership_slug)
    own = names()
    codes = room.page.languages
    form = LookForm(room.page.look, languages=codes, logo=b"")
    columns = [*(_("words (%(language)s)", language=own.get(code, code)) for code in codes)]

    def draw() -> str:
        return form.draw(
            "partnership/look.html",
            room=room,
            columns="; ".join([*columns, _("address")]),
            is_shown="shown_look" in g,
            default=Theme.brand,
        )

    def act(key: str) -> None:
        picture = b"" if form.no_logo.data else form.logo.data or None
        set_look(
            find_services(),
            room.page.id,
            brand=form.brand.data,
            short_name=form.short_name.data,
            links=form.links.data,
            picture=picture,
            actor=room.actor,
            command_id=key,
        )

    if request.method == "POST" and request.form.get(PREVIEW):
        return sending.in_other_language(draw) or _shown(form, room.page.languages, draw)
    return form.submit(act, draw, room.after, _("The look is saved."))


def _shown(form: LookForm, languages: tuple[str, ...], draw: Callable[[], str]) -> Page:
    """Draw the page in the look that was typed; or with what is wrong with it."""
    if form.validate():
        before: Look = g.partnership.look
        shown = Look(
            brand=form.brand.data.lower(),
            short_name=form.short_name.data,
            links=form.links.data,
            logo="" if form.no_logo.data else before.logo,
        )
        try:
            shown.check(languages)
        except Refused as refused:
            form.form_errors.append(says(refused))
        else:
            g.partnership = replace(g.partnership, look=shown)
            g.shown_look = shown
            return draw()
    return draw(), sending.UNPROCESSABLE
