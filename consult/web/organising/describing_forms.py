"""Forms of what a consultation is called, what it is about, and in which languages it will be."""

from collections.abc import Sequence
from uuid import UUID

from consult.commands.consultations.drafting import Draft
from consult.commands.consultations.short_names import SLUG
from consult.web.forms.choices import OneOf, Tick
from consult.web.forms.fields import Line, Words
from consult.web.forms.reader import WORDS_LENGTH_MAX
from consult.web.forms.staff_form import StaffForm
from consult.web.organising.draft.short_names import proposed
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from projections.partnerships import PartnershipPage

LANGUAGES = ("en", "cy")
SLUG_LENGTH_MAX = 60
TITLE_HINT = N_("What it is about, in a few words.")
OVERVIEW_HINT = N_(
    "Why you are asking, what is open and what is fixed. People read this before they begin."
)


class NewForm(StaffForm):
    """A new consultation: who asks, title, overview, languages and address."""

    partnership = OneOf(N_("Who is asking?"), needed=N_("Choose who is asking."))
    title = Words(N_("Title"), hint=TITLE_HINT)
    overview = Words(N_("Overview"), hint=OVERVIEW_HINT, most=WORDS_LENGTH_MAX, look={"rows": 6})
    both = Tick(
        N_("It will be in English and Welsh"),
        hint=N_(
            "It cannot open while a text is missing in one of them. You can add the second "
            "language later."
        ),
    )
    slug = Line(
        N_("Short name for the address"),
        hint=N_(
            "Small letters, digits and hyphens. Leave it empty and it is made from the title. "
            "It cannot change later."
        ),
        most=SLUG_LENGTH_MAX,
        look={"width": 20, "spellcheck": False, "maxlength": SLUG_LENGTH_MAX},
    )

    def __init__(self, mine: Sequence[PartnershipPage]) -> None:
        choices = [(str(each.id), said(each.name)) for each in mine]
        has_both = all(set(LANGUAGES) <= set(each.languages) for each in mine)
        super().__init__(languages=LANGUAGES, choices={"partnership": choices}, both=has_both)
        self.ours = [id for id, _name in choices]
        if len(mine) == 1:
            del self.partnership  # there is nothing to choose

    def wanted(self, words: Words) -> dict[str, str]:
        """Return a text in the languages that the consultation will have."""
        wanted = languages_of(is_both=self.both.data)
        return {code: text for code, text in words.data.items() if code in wanted}

    def validate_title(self, title: Words) -> None:
        """Ask for a title in a language that the consultation will have."""
        if not self.wanted(title):
            title.refuse(_("Give it a title."))

    def validate_slug(self, slug: Line) -> None:
        """Propose a short name if none was given; refuse what no address can have."""
        title = self.wanted(self.title)
        slug.data = slug.data.lower() or proposed(title)
        if title and not SLUG.fullmatch(slug.data):
            slug.refuse(_("Use small letters, digits and hyphens, like riverside-park."))

    def drafted(self) -> tuple[UUID, Draft]:
        """Return who asks, and the draft."""
        chosen = self.partnership.data if self.partnership else self.ours[0]
        draft = Draft(
            slug=self.slug.data,
            title=self.wanted(self.title),
            overview=self.wanted(self.overview),
            languages=languages_of(is_both=self.both.data),
        )
        return UUID(chosen), draft


class DescribeForm(StaffForm):
    """The title, the overview and the languages of a draft."""

    title = Words(N_("Title"), hint=TITLE_HINT, needed=N_("Give it a title."))
    overview = Words(N_("Overview"), hint=OVERVIEW_HINT, most=WORDS_LENGTH_MAX, look={"rows": 8})
    both = Tick(
        N_("It will be in English and Welsh"),
        hint=N_("It cannot open while a text is missing in one of them."),
    )


def languages_of(*, is_both: bool) -> tuple[str, ...]:
    """Return the languages that the box stands for."""
    return LANGUAGES if is_both else LANGUAGES[:1]
