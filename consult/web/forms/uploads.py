"""The field of a staff form for a file."""

from typing import Any

from flask import request

from consult.web.forms.fields import Entry
from consult.web.forms.reader import Reader, Typed
from consult.wording.language import gettext as _


class Upload(Entry[bytes]):
    """A file; empty if none was chosen. The form is sent as multipart/form-data.

    `accept`: what the browser offers. `most`: limit of its size in bytes. `needed`: the sentence if
    none was chosen.
    """

    drawn = "file"

    def __init__(
        self, label: str, *, accept: str, most: int, needed: str = "", **bound: Any
    ) -> None:
        super().__init__(label, default=b"", **bound)
        self.accept, self.most, self.needed = accept, most, needed

    def read(self, form: Reader) -> bytes:
        """Return the content of the file."""
        sent = request.files.get(str(self.name))
        content = sent.stream.read(self.most + 1) if sent is not None else b""
        if not content and self.needed:
            form.wrong(self.name, _(self.needed))
        if len(content) > self.most:
            sentence = _("The file is larger than {most} KB.")
            form.wrong(self.name, sentence.format(most=self.most // 1_000))
        return content

    def fill(self, value: bytes) -> Typed:  # noqa: ARG002  browsers fill in no file
        """Return nothing: a page cannot choose a file for anybody."""
        return {}
