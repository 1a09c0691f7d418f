"""Check it yourself: the page that explains the verifier, and its download."""

from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from consult.web import services as find_services
from consult.web.pages import Room
from consult.wording.language import N_

verifying = Room("verifying", __name__)
NAME = "folkmoot_verify.py"
KEPT_SECONDS = 3600


class Program(NamedTuple):
    """The verifier in one file, and its SHA-256 in hexadecimal."""

    content: bytes
    digest: str


@verifying.get("/check-it-yourself", is_listed=True, footer=True, title=N_("Check it yourself"))
def page() -> str:
    """Explain briefly how anybody can verify the record and the results."""
    root = find_services().config.public_url.rstrip("/")
    return render_template(
        "verifying/check.html", log=f"{root}/log", name=NAME, digest=program().digest
    )


@verifying.get(f"/verify/{NAME}")
def download() -> AnyResponse:
    """Return the verifier as a file, the same in every language."""
    found = program()
    response = Response(found.content, content_type="text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.set_etag(found.digest)
    return response.make_conditional(request.environ)


@lru_cache(maxsize=1)
def program() -> Program:
    """Return the verifier; cached."""
    content = (files("consult") / "verifier" / NAME).read_bytes()
    return Program(content, sha256(content).hexdigest())
