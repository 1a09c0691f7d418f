"""Forms whose parts cannot be read as a form's: refused before anything looks for a field."""

from flask import request
from werkzeug.exceptions import BadRequest

from consult.web.guarding.headers import SAFE


def refuse_nameless() -> None:
    """Refuse a part without a name, which no browser sends. Raises BadRequest."""
    if request.method in SAFE:
        return
    names: set[str | None] = {*request.form, *request.files}
    if None in names:
        raise BadRequest
