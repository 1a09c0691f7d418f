"""A partnership's branding: colour, short name, logo and footer links, with their limits."""

import re
from functools import lru_cache

import msgspec

from events.errors import Refused
from events.question import Text

CONTRAST_MIN = 4.5
"""WCAG 2.2, 1.4.3: text against its background."""
NAME_LENGTH_MAX = 60
LABEL_LENGTH_MAX = 60
ADDRESS_LENGTH_MAX = 300
LINKS_MAX = 6
LOGO_BYTES_MAX = 60_000
_HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


class UnreadableColour(Refused):
    """A brand colour has too little contrast on white."""

    says = (
        "{colour} reaches a contrast of {reached} to 1 on white and text needs 4.5 to 1. "
        "Choose a darker shade."
    )


class NotAColour(UnreadableColour):
    """The text is not a colour such as #00635d."""

    says = "{colour} is not a colour. Write it as # and six digits, like #00635d."


class BadLink(Refused):
    """A footer link lacks a label or a valid address, or is one too many."""

    says = (
        "“{label}” cannot stand in the footer. A link has words of up to 60 characters in every "
        "language and an address that starts with https://; six at most."
    )


class LongName(Refused):
    """The short name is longer than NAME_LENGTH_MAX characters."""

    says = "The short name is longer than 60 characters. Shorten it."


class FooterLink(msgspec.Struct, frozen=True, omit_defaults=True):
    """A link at the foot of every page."""

    label: Text
    address: str


class Look(msgspec.Struct, frozen=True, omit_defaults=True):
    """The branding of a partnership's pages; empty values keep the default.

    `brand`: "#rrggbb". `logo`: the SHA-256 of the picture, in hexadecimal.
    """

    brand: str = ""
    short_name: Text = {}
    links: tuple[FooterLink, ...] = ()
    logo: str = ""

    def check(self, languages: tuple[str, ...]) -> None:
        """Raise UnreadableColour, LongName or BadLink."""
        if self.brand:
            check_colour(self.brand)
        if any(len(name) > NAME_LENGTH_MAX for name in self.short_name.values()):
            raise LongName
        for number, link in enumerate(self.links, start=1):
            said = [link.label.get(language, "").strip() for language in languages]
            is_said = all(said) and all(len(label) <= LABEL_LENGTH_MAX for label in said)
            leads = _ADDRESS.fullmatch(link.address) and len(link.address) <= ADDRESS_LENGTH_MAX
            if not (is_said and leads) or number > LINKS_MAX:
                raise BadLink(label=next(iter(link.label.values()), link.address))


def check_colour(colour: str) -> None:
    """Check that a colour is readable as text on white. Raises UnreadableColour, NotAColour."""
    if not _HEX_COLOUR.fullmatch(colour):
        raise NotAColour(colour=colour[:40])
    reached = contrast(colour, "#ffffff")
    if reached < CONTRAST_MIN:
        raise UnreadableColour(colour=colour, reached=f"{int(reached * 10) / 10:.1f}")


@lru_cache(maxsize=256)
def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two "#rrggbb" colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]  # noqa: PLR2004  the constants of WCAG 2.2, relative luminance
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
