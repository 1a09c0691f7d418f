"""Documents to print and pictures to share: reproducible tagged PDF (PDF/UA-1) and PNG."""

from consult.printing.document import Document, document

__all__ = ["Document", "document"]
