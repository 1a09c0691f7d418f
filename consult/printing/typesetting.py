"""Typeset plain data with a Typst template as a PDF or a PNG.

Whatever people wrote reaches the template as JSON, so nothing in it can be taken for markup.
Only the fonts of the build are used, never the machine's, so the bytes are the same anywhere.
What they have no glyph for is said in other characters, since a PDF without it is refused.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

from consult.printing.characters import FONTS, printable

TEMPLATES = Path(str(files("consult") / "printing"))
ACCESSIBLE: Literal["ua-1"] = "ua-1"
"""PDF/UA-1: typesetting fails without title, language, heading order or alternative texts."""
CHARACTERS_MAX = 40_000_000
"""The maximum JSON data of one document: some 20,000 letters."""
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


def as_pdf(template: str, content: Mapping[str, Any], made_at: datetime = NO_DATE) -> bytes:
    """Return a PDF, reproducible for the same arguments.

    `made_at`: its creation time, aware, in any zone; stored in UTC and whole seconds.
    """
    done = _compiler(template, content).compile(
        format="pdf", timestamp=_whole_second(made_at), pdf_standards=ACCESSIBLE
    )
    assert isinstance(done, bytes)
    return done


def as_png(template: str, content: Mapping[str, Any], dots_per_inch: float) -> bytes:
    """Return the only page of a template as a PNG."""
    done = _compiler(template, content).compile(format="png", ppi=dots_per_inch, timestamp=NO_DATE)
    assert isinstance(done, bytes)
    return done


def _whole_second(moment: datetime) -> datetime:
    """Return a time in UTC and whole seconds, as Typst requires."""
    assert moment.tzinfo is not None, moment
    return datetime.fromtimestamp(int(moment.timestamp()), UTC)


def _compiler(template: str, content: Mapping[str, Any]) -> typst.Compiler:
    data = json.dumps(printable(content), ensure_ascii=False)
    assert len(data) <= CHARACTERS_MAX, len(data)
    return typst.Compiler(
        (TEMPLATES / template).read_bytes(),
        # Templates read no files; the root has only fonts.
        root=FONTS,
        font_paths=_fonts(),
        sys_inputs={"content": data},
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    if not (FONTS / "public-sans-regular.ttf").is_file():
        raise RuntimeError(
            f"{FONTS} holds no fonts. Install with pip, or run `python hatch_build.py`."
        )
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
