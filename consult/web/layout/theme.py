"""A partnership's own look: its name, mark, colour and footer links."""

from dataclasses import dataclass

from consult.wording.language import Words
from events.theme import UnreadableColour, check_colour, contrast

__all__ = ["Theme", "UnreadableColour", "contrast"]


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
        check_colour(self.brand)

    @property
    def colour(self) -> str:
        """The colour as it stands in addresses; empty for the built-in one."""
        return "" if self.brand.lower() == Theme.brand else self.brand.lower().removeprefix("#")

    def stylesheet(self) -> bytes:
        """The custom properties this theme sets; nothing for the built-in colour."""
        if not self.colour:
            return b""
        return f":root{{--govuk-brand-colour:{self.brand};--brand:{self.brand}}}".encode()
