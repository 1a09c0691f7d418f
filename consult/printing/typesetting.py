"""Typesetting: turns plain data and one of our templates into the bytes of a PDF or a PNG.

Whatever people wrote reaches the template as JSON, so nothing in it can be taken for markup.
Only the fonts of the build are used, never the machine's, so the bytes are the same anywhere.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

TEMPLATES = Path(str(files("consult") / "printing"))
FONTS = Path(str(files("consult") / "static" / "built" / "print"))
ACCESSIBLE: Literal["ua-1"] = "ua-1"
"""PDF/UA-1: refuses a document without title, language, heading order or texts of images."""
CHARACTERS_MAX = 40_000_000
"""Of the data of one document: some 20,000 letters."""
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


def as_pdf(template: str, content: Mapping[str, Any], made_at: datetime = NO_DATE) -> bytes:
    """Typeset a PDF that says it was made at a given moment: the same bytes each time.

    `made_at`: aware, in any zone; the document says it in UTC and whole seconds, as PDF has it.
    """
    done = _compiler(template, content).compile(
        format="pdf", timestamp=_whole_second(made_at), pdf_standards=ACCESSIBLE
    )
    assert isinstance(done, bytes)
    return done


def as_png(template: str, content: Mapping[str, Any], dots_per_inch: float) -> bytes:
    """Typeset the only page of a template as a PNG."""
    done = _compiler(template, content).compile(format="png", ppi=dots_per_inch, timestamp=NO_DATE)
    assert isinstance(done, bytes)
    return done


def _whole_second(moment: datetime) -> datetime:
    """Typst takes neither parts of a second nor a zone whose offset changes with the season."""
    assert moment.tzinfo is not None, moment
    return datetime.fromtimestamp(int(moment.timestamp()), UTC)


def _compiler(template: str, content: Mapping[str, Any]) -> typst.Compiler:
    data = json.dumps(content, ensure_ascii=False)
    assert len(data) <= CHARACTERS_MAX, len(data)
    return typst.Compiler(
        (TEMPLATES / template).read_bytes(),
        # Templates read nothing; a root without files makes sure of it.
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
