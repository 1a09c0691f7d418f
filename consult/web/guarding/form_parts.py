"""Refuse malformed multipart forms before a view reads a field."""

from flask import request
from werkzeug.exceptions import BadRequest

from consult.web.guarding.headers import SAFE


def refuse_nameless() -> None:
    """Raise BadRequest for a part without a name, which no browser sends."""
    if request.method in SAFE:
        return
    names: set[str | None] = {*request.form, *request.files}
    if None in names:
        raise BadRequest
