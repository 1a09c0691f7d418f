"""A partnership's look: name, logo, colour and footer links."""

from dataclasses import dataclass

from consult.wording.language import Words
from events.theme import UnreadableColour, check_colour, contrast

__all__ = ["Theme", "UnreadableColour", "contrast"]


@dataclass(frozen=True)
class Theme:
    """The look of a partnership's pages; texts may be per language.

    `brand` is "#rrggbb" and must have a contrast of 4.5:1 on white, or UnreadableColour is raised.
    """

    name: Words = "Folkmoot"
    service: Words | None = None  # None: "Have your say" in the language of the page
    brand: str = "#00635d"
    logo: str | None = None  # address of an image; None draws the leaf in the brand colour
    run_by: Words | None = None
    footer_links: tuple[tuple[Words, str], ...] = ()

    def __post_init__(self) -> None:
        """Raise UnreadableColour unless the colour has enough contrast."""
        check_colour(self.brand)

    @property
    def colour(self) -> str:
        """Return the colour as used in addresses; "" for the default one."""
        return "" if self.brand.lower() == Theme.brand else self.brand.lower().removeprefix("#")

    def stylesheet(self) -> bytes:
        """Return the custom properties of this theme; empty for the default colour."""
        if not self.colour:
            return b""
        return f":root{{--govuk-brand-colour:{self.brand};--brand:{self.brand}}}".encode()
