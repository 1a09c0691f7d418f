"""Organisers' pages about files that people attached: the list, and one to save."""

from flask import Blueprint, Response, abort, render_template

from consult.people import attachments
from consult.people.file_kinds import KINDS, safe_name
from consult.web import services as find_services
from consult.web.answering.answer_values import size_words
from consult.web.language import said
from consult.web.organising.desk import find

files = Blueprint("files", __name__, url_prefix="/c/<slug>/files")
SHORT = 8


@files.get("/")
def index(slug: str) -> str:
    """List the files that were sent, question by question."""
    desk = find(slug)
    services = find_services()
    found = attachments.of_consultation(services.vault, desk.id)
    groups = [
        (said(question.title), [_row(each) for each in found if each.question_id == id])
        for id, question in desk.page.questions.items()
        if question.kind == "file"
    ]
    if not groups:
        abort(404)
    unscanned = sum(each.scan == "unscanned" for each in found)
    return render_template("organise/files.html", desk=desk, groups=groups, unscanned=unscanned)


@files.get("/<commitment>")
def one(slug: str, commitment: str) -> Response:
    """Hand out one file: to be saved, never to be shown by the browser."""
    desk = find(slug)
    vault = find_services().vault
    all_files = attachments.of_consultation(vault, desk.id)
    found = next((each for each in all_files if each.commitment == commitment), None)
    content = attachments.content_of(vault, desk.id, commitment)
    if found is None or content is None:
        abort(404)
    # Two people's files may have the same name: a part of the commitment tells them apart.
    name = safe_name(f"{commitment[:SHORT]}-{found.name}", found.kind)
    response = Response(content, content_type=KINDS[found.kind].media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _row(file: attachments.Attached) -> dict[str, str | bool]:
    return {
        "commitment": file.commitment,
        "name": file.name,
        "about": f"{KINDS[file.kind].title}, {size_words(file.size_bytes)}",
        "is_scanned": file.scan == "clean",
    }
