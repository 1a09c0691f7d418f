"""Documents to print and pictures to share: tagged PDF (PDF/UA-1) and PNG, the same each time."""

from consult.printing.document import Document, document

__all__ = ["Document", "document"]
