"""A partnership's own look: its name, mark, colour and footer links."""

import re
from dataclasses import dataclass
from functools import lru_cache

from consult.web.language import Words

CONTRAST_MIN = 4.5  # WCAG 2.2, 1.4.3: text against its background
_HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class UnreadableColour(ValueError):  # noqa: N818
    """A brand colour that people could not read on white."""


@dataclass(frozen=True)
class Theme:
    """What makes the pages a partnership's own; texts may be per language.

    `brand` is "#rrggbb" and must reach 4.5:1 on white, or UnreadableColour is raised.
    """

    name: Words = "Folkmoot"
    service: Words | None = None  # None: "Have your say" in the language of the page
    brand: str = "#00635d"
    logo: str | None = None  # address of an image; None draws the leaf in the brand colour
    run_by: Words | None = None
    footer_links: tuple[tuple[Words, str], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a colour that cannot carry text."""
        if not _HEX_COLOUR.fullmatch(self.brand):
            raise UnreadableColour(
                f"{self.brand} is not a colour. Write it as # and six digits, like #00635d."
            )
        reached = contrast(self.brand, "#ffffff")
        if reached < CONTRAST_MIN:
            raise UnreadableColour(
                f"{self.brand} reaches a contrast of {reached:.1f} to 1 on white and text needs "
                f"{CONTRAST_MIN} to 1. Choose a darker shade."
            )

    def stylesheet(self) -> bytes:
        """The custom properties this theme sets; nothing for the built-in colour."""
        if self.brand.lower() == Theme.brand:
            return b""
        return f":root{{--govuk-brand-colour:{self.brand};--brand:{self.brand}}}".encode()


@lru_cache(maxsize=256)
def contrast(one: str, other: str) -> float:
    """Contrast ratio of two "#rrggbb" colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]  # noqa: PLR2004
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
