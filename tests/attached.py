"""Files that people attach."""

PARTS = (
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
)


def pdf(words: str = "their plan", size_bytes: int = 0) -> bytes:
    """Return a PDF with one empty page, and words in a comment that nobody is shown.

    `size_bytes`: of the whole file, filled up with a longer comment; 0: as it comes.
    """
    whole = _pdf(words)
    return _pdf(words + "0" * (size_bytes - len(whole))) if size_bytes else whole


def _pdf(comment: str) -> bytes:
    made = "%PDF-1.7\n"
    begins = []
    for number, part in enumerate(PARTS, start=1):
        begins.append(len(made))
        made += f"{number} 0 obj{part}endobj\n"
    table = "".join(f"{at:010} 00000 n \n" for at in begins)
    size, at = len(PARTS) + 1, len(made)
    made += f"xref\n0 {size}\n0000000000 65535 f \n{table}%{comment}\n"
    made += f"trailer<</Root 1 0 R/Size {size}>>\nstartxref\n{at}\n%%EOF\n"
    return made.encode()
