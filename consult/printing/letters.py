"""Letters with one-use codes: a table for a mail house, and pages to print.

The code is in the fragment of the address (after `#`), which browsers do not send to servers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from consult.formats import spreadsheet
from consult.printing import Document, document
from consult.printing.document import BRAND
from consult.printing.poster import TITLE_LENGTH_MAX, shortened
from consult.wording.figures import moment
from consult.wording.language import DEFAULT, in_language, said
from consult.wording.language import gettext as _
from events.question import Text
from projections.consultations import ConsultationPage
from projections.partnerships import PartnershipPage

PDF_LETTERS_MAX = 500
"""The most letters in a PDF; more are for a mail house, which uses the table."""
QR_SIDE_MM = 28
FORMATS = ("csv", "pdf")


@dataclass(frozen=True)
class Letters:
    """The data common to all letters of a batch. `root`: URL of the site, without a final slash."""

    root: str
    slug: str
    title: Text
    partnership: Text
    closes_at: datetime
    languages: tuple[str, ...]
    colour: str = BRAND

    def address(self, language: str, code: str = "") -> str:
        """Return the URL for entering a code; with `code`, the URL for the QR code."""
        prefix = "" if language == DEFAULT else f"/{language}"
        place = f"{self.root}{prefix}/c/{self.slug}/letter"
        return f"{place}#{code}" if code else place

    def typed(self, language: str) -> str:
        """Return the URL without its scheme, as people type it."""
        return self.address(language).partition("://")[2]


def letters_of(
    page: ConsultationPage, partnership: PartnershipPage, root: str, colour: str = BRAND
) -> Letters:
    """Return the common data of the letters of a consultation, which must have terms."""
    assert page.terms is not None, "codes are issued under terms"
    return Letters(
        root=root,
        slug=page.slug,
        title=page.title,
        partnership=partnership.name,
        closes_at=page.terms.closes_at,
        languages=page.languages,
        colour=colour,
    )


def as_csv(letters: Letters, codes: Sequence[str]) -> Iterator[str]:
    """Yield CSV lines, a row for each letter: its number, the code, and addresses by language.

    A mail house's template uses the names of the columns, so they are not translated.
    """
    return spreadsheet.lines(_rows(letters, codes))


def _rows(letters: Letters, codes: Sequence[str]) -> Iterator[list[spreadsheet.Cell]]:
    head: list[spreadsheet.Cell] = ["number", "code"]
    for language in letters.languages:
        head += [f"address_{language}", f"qr_{language}"]
    yield head
    for number, code in enumerate(codes, start=1):
        cells: list[spreadsheet.Cell] = [number, code]
        for language in letters.languages:
            cells += [letters.typed(language), letters.address(language, code)]
        yield cells


def as_pdf(letters: Letters, codes: Sequence[str]) -> bytes:
    """Return a PDF with one page for each letter, in every language of the consultation."""
    first = letters.languages[0]
    with in_language(first):
        title = _("Letters: %(title)s", title=said(letters.title, first))
    pages = document(title, first, colour=letters.colour)
    for number, code in enumerate(codes):
        if number:
            pages.page_break(count_again=True)
        for place, language in enumerate(letters.languages):
            with in_language(language):
                pages.language = language
                _part(pages, letters, code, language, level=min(place + 1, 2))
    return pages.as_pdf()


def _part(pages: Document, letters: Letters, code: str, language: str, level: int) -> None:
    pages.heading(shortened(said(letters.title, language), TITLE_LENGTH_MAX), level)
    pages.paragraph(
        _(
            "%(name)s asks what you think. Your answers count until %(moment)s.",
            name=said(letters.partnership, language),
            moment=moment(letters.closes_at, language),
        )
    )
    pages.panel(_("Your code"), code)
    pages.paragraph(
        _(
            "Go to %(address)s and type in the code, or scan this with a phone.",
            address=letters.typed(language),
        )
    )
    pages.qr(
        letters.address(language, code),
        _("QR code that opens the page with your code filled in"),
        side_mm=QR_SIDE_MM,
    )
    pages.paragraph(
        _(
            "The code is for one person. With it you can also change your answers until we "
            "close. We do not keep whose letter it came in beside your answers."
        ),
        style="small",
    )
