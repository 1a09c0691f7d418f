"""A person's copy of their data as a file: the document, and the files they sent."""

import io
import json
import zipfile

from consult.commands.data_protection.copies import Document, files_of
from consult.services import Services
from events import Submission

NAME = "my-data.json"


def as_json(document: Document) -> bytes:
    """Return a document as indented JSON in UTF-8."""
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def as_file(services: Services, submission: Submission, document: Document) -> tuple[bytes, str]:
    """Return the copy and its file extension: "json", or "zip" where the person sent files."""
    content, files = as_json(document), files_of(services, submission)
    if not files:
        return content, "json"
    with io.BytesIO() as whole:
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(NAME, content)
            for name, file in files.items():
                archive.writestr(f"files/{name}", file)
        return whole.getvalue(), "zip"
