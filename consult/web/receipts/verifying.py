"""Check it yourself: the page that explains the verifier, and its download."""

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from consult.verifier.shipped import NAME, program
from consult.web import services as find_services
from consult.web.pages import Room
from consult.wording.language import N_

verifying = Room("verifying", __name__)
KEPT_SECONDS = 3600


@verifying.get("/check-it-yourself", is_listed=True, footer=True, title=N_("Check it yourself"))
def page() -> str:
    """Explain briefly how anybody can verify the record and the results."""
    root = find_services().config.public_url.rstrip("/")
    return render_template("verifying/check.html", log=f"{root}/log", program=program())


@verifying.get(f"/verify/{NAME}")
def download() -> AnyResponse:
    """Return the verifier as a file, the same in every language."""
    found = program()
    response = Response(found.content, content_type="text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.set_etag(found.digest)
    return response.make_conditional(request.environ)
