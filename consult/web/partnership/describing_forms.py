"""Form of what a partnership is: its languages, its name, its area and its framework profile."""

from typing import Any

from consult.web.forms.choices import OneOf, Option, Ticks
from consult.web.forms.fields import Words
from consult.web.forms.staff_form import StaffForm
from consult.wording.language import N_, names, said
from consult.wording.language import gettext as _
from events.frameworks import choices, days_min, find_framework
from projections.partnerships import PartnershipPage


class DescribingForm(StaffForm):
    """The languages, the name, the area and the framework profile of a partnership."""

    spoken = Ticks(
        N_("Languages"),
        hint=N_("Everything that residents read has to be there in each of them."),
        stem="language",
        needed=N_("Choose at least one language."),
    )
    name = Words(N_("Name"), needed=N_("Give it a name."))
    area = Words(N_("Area"), needed=N_("Name the area that it works for."))
    profile = OneOf(N_("Framework profile"), needed=N_("Choose the profile."))

    @classmethod
    def empty(cls) -> "DescribingForm":
        """Return the form of a partnership that is not there yet."""
        return cls(spoken=tuple(names()), languages=tuple(names()), choices=_choices())

    @classmethod
    def of(cls, page: PartnershipPage) -> "DescribingForm":
        """Return the form of a partnership, as it is."""
        every = tuple(dict.fromkeys((*names(), *page.languages)))
        return cls(page, spoken=page.languages, languages=every, choices=_choices())

    def described(self) -> dict[str, Any]:
        """Return name, area, profile and languages, as commands take them."""
        return {
            "name": self.name.data,
            "area": self.area.data,
            "profile": self.profile.data,
            "languages": self.spoken.data,
        }

    def validate_name(self, field: Words) -> None:
        """Ask for it in each language that was chosen, and in no other."""
        own = names()
        for code in field.languages:
            control, is_written = f"{field.name}-{code}", code in field.data
            if code in self.spoken.data and not is_written and field.data:
                sentence = _("Write this in {language} too.")
                field.refuse(sentence.format(language=own.get(code, code)), control)
            elif is_written and self.spoken.data and code not in self.spoken.data:
                sentence = _("Tick {language} above, or leave this empty.")
                field.refuse(sentence.format(language=own.get(code, code)), control)

    validate_area = validate_name


def called(profile: str) -> str:
    """Return the title of a profile; of one that this installation does not know, its id."""
    found = find_framework(profile)
    return said(found.title) if found is not None else profile


def _choices() -> dict[str, list[Option]]:
    """Return the languages, and the profiles a partnership can have with their days at least."""
    profiles: list[Option] = [
        (id, called(id), _("A consultation is open for at least %(days)s days.", days=days_min(id)))
        for id in choices()
    ]
    return {"profile": profiles, "spoken": list(names().items())}
