"""A document to print on A4: title, language and a sequence of blocks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import segno

from consult.printing import typesetting
from consult.printing.characters import is_whole, note
from consult.wording.language import in_language

TEMPLATE = "document.typ"
BRAND = "#1d4f91"
HEADING_LEVELS = 3
Style = Literal["body", "lead", "small"]
Block = dict[str, Any]


def document(title: str, language: str, *, colour: str = BRAND, footer: str = "") -> "Document":
    """Return an empty document. `footer`: printed beside the page number on every page."""
    return Document(title, language, colour=colour, footer=footer)


class Document:
    """Blocks of a document, in reading order; `as_pdf` typesets them.

    `language`: of the blocks that are added next, as "en" or "cy"; set it again for a part in
    another language, so that it is read aloud correctly. `colour`: of rules and panels. Any text
    is printed as it stands: nothing in it is markup. Where our fonts lack a character, the
    document says so at its end, and a batch of letters at the end of each.
    """

    def __init__(self, title: str, language: str, *, colour: str = BRAND, footer: str = "") -> None:
        self.language = language
        self._about = {
            "file_title": title,
            "language": language,
            "colour": colour,
            "footer": footer,
        }
        self._blocks: list[Block] = []
        self._begins = 0
        """Where the letter begins that is being written."""

    def heading(self, words: str, level: int = 1) -> None:
        """Add a heading; the first has level 1 and no level is skipped (PDF/UA)."""
        assert 1 <= level <= HEADING_LEVELS, level
        self._add("heading", words=words, level=level)

    def paragraph(self, words: str, style: Style = "body") -> None:
        """Add a paragraph; line breaks within it are kept."""
        self._add("paragraph", lines=words.splitlines() or [""], style=style)

    def bullets(self, items: Sequence[str]) -> None:
        """Add a list."""
        self._add("bullets", items=list(items))

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = True
    ) -> None:
        """Add a table; its head repeats on every page. `numbers`: in all columns but the first."""
        assert all(len(row) == len(head) for row in rows), head
        self._add("table", head=list(head), rows=[list(row) for row in rows], numbers=numbers)

    def qr(self, address: str, description: str, *, side_mm: int = 40) -> None:
        """Add a QR code that opens an address; `description`: the text for screen readers."""
        self._add("qr", svg=drawn_qr(address), alt=description, side_mm=side_mm)

    def panel(self, label: str, words: str) -> None:
        """Add a frame with a prominent text, such as a code or an address, in large letters."""
        self._add("panel", label=label, words=words)

    def address(self, lines: Sequence[str]) -> None:
        """Add a postal address where a window envelope shows it, as a page's first block."""
        self._add("address", lines=list(lines))

    def page_break(self, *, count_again: bool = False) -> None:
        """Go on with a new page. `count_again`: it is page 1, as of the next letter."""
        if count_again:
            self._end()
        self._add("page", count_again=count_again)

    def as_pdf(self, made_at: datetime = typesetting.NO_DATE) -> bytes:
        """Typeset: the same blocks and moment give the same bytes."""
        self._end()
        content = {"about": self._about, "blocks": self._blocks}
        return typesetting.as_pdf(TEMPLATE, content, made_at)

    def _end(self) -> None:
        """Say what is missing, in each language in which something is; end the letter."""
        kept, about = self.language, self._about
        missing = [] if is_whole(about["footer"]) else [about["language"]]
        for block in self._blocks[self._begins :]:
            missing += [] if is_whole(block) else [block["language"]]
        for language in dict.fromkeys(missing):
            self.language = language
            with in_language(language):
                self.paragraph(note(), "small")
        self.language = kept
        self._begins = len(self._blocks)

    def _add(self, kind: str, **content: Any) -> None:
        self._blocks.append({"kind": kind, "language": self.language, **content})


def drawn_qr(address: str) -> str:
    """Return a QR code as SVG, with a fixed mask: choosing the best takes three times as long."""
    drawn = segno.make(address, error="m", micro=False, mask=3).svg_inline(border=0)
    return drawn.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
