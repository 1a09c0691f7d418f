"""Show every pattern in its states, for development and for browser checks.

Mounted at /gallery only if the configuration says so (`FOLKMOOT_GALLERY`).
"""

from flask import Flask, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from consult.web.answering.forms import fields
from consult.web.layout import page_language
from consult.web.pages import Room
from consult.web.site import gallery_samples
from consult.wording import language
from consult.wording.language import gettext as _

gallery = Room("gallery", __name__, url_prefix="/gallery")


def install(app: Flask) -> None:
    """Mount the gallery if the configuration says so."""
    if app.config.get("FOLKMOOT_GALLERY"):
        app.register_blueprint(gallery)


@gallery.get("/")
def index() -> str:
    """List every pattern and state."""
    pages = [(name, state) for name, states in gallery_samples.STATES.items() for state in states]
    return render_template("gallery/index.html", pages=pages)


@gallery.route("/<name>/<state>", methods=["GET", "POST"])
def show(name: str, state: str) -> str | Response:
    """Show one pattern; a posted form is redisplayed with its input."""
    if state not in gallery_samples.STATES.get(name, ()):
        abort(404)
    if request.method == "POST" and name == "ranking":
        known = [option[0] for option in gallery_samples.IDEAS]
        posted = fields.ranking(request.form, "order", known)
        moved = posted.moved
        here = url_for(".show", name=name, state=state, chosen=[*posted.chosen, ""], moved=moved)
        return redirect(f"{here}#order-{moved}" if moved else here, 303)
    if request.method == "POST":
        asked = page_language.switch_asked()
        return redirect(page_language.same_page(asked or language.current()), 303)
    context = gallery_samples.context(name, state)
    if name == "ranking" and "chosen" in request.args:
        context["chosen"] = [each for each in request.args.getlist("chosen") if each]
        context["moved"] = request.args.get("moved")
    return render_template(f"gallery/{name}.html", back=url_for(".index"), active="part", **context)


@gallery.get("/status")
def status() -> dict[str, object]:
    """Respond like a job's status address, with some progress."""
    said = _("%(done)s of %(total)s", done="1,002", total="1,354")
    states = ["done", "done", "doing"]
    return {"done": 1002, "total": 1354, "said": said, "states": states, "finished": False}
