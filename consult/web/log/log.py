"""The public log at /log, byte for byte as in docs/log.md; for programs, not for people."""

import re
from io import StringIO
from uuid import UUID

from flask import Response, request

from consult.commands.files.exporting import export_votes
from consult.log_store.finding import stamped_sizes
from consult.log_store.store import LogStore
from consult.log_store.stored_tiles import Missing
from consult.sealing import attestations as attested
from consult.sealing.key_history import DOCUMENT as KEY_CHANGES
from consult.sealing.public_entries import packs
from consult.sealing.public_entries.packs import Pack
from consult.sealing.receipts import signed_with_witnesses
from consult.web import services as find_services
from consult.web.guarding.headers import FOR_OTHER_SITES
from consult.web.kept_files import BeingMade, Make, kept
from consult.web.layout import page_language
from consult.web.pages import Room
from events.errors import ReadModelsBehind, Refused, Unavailable
from events.log.encoding import from_decimal
from events.log.errors import MalformedError
from events.log.tiles import ENTRIES, TILE_WIDTH, Tile, hashes_at, parse_path

log = Room("log", __name__, url_prefix="/log", is_file=True)

TEXT = "text/plain; charset=utf-8"
OCTETS = "application/octet-stream"
JSON = "application/json"
LINES = "application/x-ndjson"
FOR_EVER = "public, max-age=31536000, immutable"
SECONDS = "public, max-age=5"
MINUTES = "public, max-age=300"
NOT_FOUND = 404
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def find_log() -> LogStore:
    """Return the log of this installation."""
    return find_services().log


@log.app_template_global("log_address")
def log_address(path: str) -> str:
    """Return the address of a file of the log, which has no language."""
    return f"{page_language.root()}{log.url_prefix}/{path}"


@log.before_request
def only_one_address() -> Response | None:
    """Refuse addresses with a language prefix or query: nothing here depends on them."""
    is_plain = request.environ.get("folkmoot.language") is None and not request.query_string
    return None if is_plain else missing()


@log.after_request
def for_every_site(response: Response) -> Response:
    """Allow pages of other sites to read the log: verification must not depend on ours."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = FOR_OTHER_SITES
    return response


@log.get("/checkpoint")
def checkpoint() -> Response:
    """Return the latest signed checkpoint with its cosignatures."""
    latest = find_log().latest()
    if latest is None:
        return missing()
    return _give(signed_with_witnesses(find_log(), latest), TEXT, SECONDS)


@log.get("/tile/<path:path>")
def tile(path: str) -> Response:
    """Return a tile of hashes or a bundle of entries."""
    store = find_log()
    latest = store.latest()
    try:
        wanted = parse_path(f"tile/{path}")
        if latest is None or not _is_covered(wanted, latest.size):
            return missing()
        content = store.tile(wanted)
    except (MalformedError, Missing):
        return missing()
    return _give(content, OCTETS, FOR_EVER)


@log.get("/archive/checkpoint/<size>")
def archived(size: str) -> Response:
    """Return the checkpoint signed at a size."""
    found = find_log().checkpoint_of(_number(size))
    if found is None:
        return missing()
    return _give(signed_with_witnesses(find_log(), found), TEXT, MINUTES)


@log.get("/archive/timestamp/<size>")
def time_stamp(size: str) -> Response:
    """Return the time-stamp of a checkpoint, if there is one."""
    token = find_log().stamp_of(_number(size))
    if token is None:
        return missing()
    return _give(token, "application/timestamp-reply", FOR_EVER)


@log.get("/archive/timestamps")
def time_stamps() -> Response:
    """Return the sizes of which there are time-stamps, a line each, smallest first."""
    sizes = stamped_sizes(find_log())
    return _give("".join(f"{size}\n" for size in sizes).encode(), TEXT, MINUTES)


@log.get("/vkey")
def vkey() -> Response:
    """Return the log's public key on one line."""
    found = find_log().document("vkey")
    return missing() if found is None else _give(found, TEXT, MINUTES)


@log.get("/keys")
def keys() -> Response:
    """Return the announcements of changed keys, oldest first; empty while none has changed."""
    return _give(find_log().document(KEY_CHANGES) or b"", TEXT, MINUTES)


@log.get("/policy")
def policy() -> Response:
    """Return the log's key, its witnesses and the quorum."""
    found = find_log().document("policy")
    return missing() if found is None else _give(found, TEXT, MINUTES)


@log.get("/c/<id>/manifest.json")
def manifest(id: str) -> Response:
    """Return the questions and terms."""
    pack = _pack(id)
    return _give(pack.manifest, JSON, FOR_EVER) if pack else missing()


@log.get("/c/<id>/openings.ndjson")
def openings(id: str) -> Response:
    """Return imported votes beside their entries. Those of people are listed without."""
    pack = _pack(id)
    if pack is None or pack.openings is None or pack.seen_by != "public":
        return missing()
    return _kept(pack, LINES, lambda: packs.opening_lines(find_log(), pack.consultation_id))


@log.get("/c/<id>/ballots.ndjson")
def ballot_list(id: str) -> Response:
    """Return all counted ballots in a list that leads to no entry, after closing."""
    pack = _pack(id)
    if pack is None or pack.openings is None or pack.seen_by != "trackers":
        return missing()
    return _kept(pack, LINES, lambda: packs.list_lines(find_log(), pack.consultation_id))


@log.get("/c/<id>/attestations")
def attestations(id: str) -> Response:
    """Return what auditors signed of the list of ballots; empty while nobody has."""
    pack = _pack(id)
    if pack is None or pack.openings is None or pack.seen_by != "trackers":
        return missing()
    return _give(attested.attestations(find_log(), pack.consultation_id), TEXT, SECONDS)


@log.get("/c/<id>/result.json")
def result(id: str) -> Response:
    """Return the counted outcomes, once published."""
    pack = _pack(id)
    found = packs.result_of(find_services(), find_log(), pack) if pack else None
    return missing() if found is None else _give(found, JSON, SECONDS)


@log.get("/c/<id>/tallies.json")
def tallies(id: str) -> Response:
    """Return the tallies of every question, once published."""
    pack = _pack(id)
    found = packs.tallies_of(find_services(), find_log(), pack) if pack else None
    return missing() if found is None else _give(found, JSON, SECONDS)


@log.get("/c/<id>/ballots.pb")
def ballots(id: str) -> Response:
    """Return the ballots of a budget as Pabulib; only after closing and if the terms allow."""
    pack = _pack(id)
    if pack is None or pack.openings is None or pack.seen_by == "auditor" or not pack.budgets:
        return missing()

    def make() -> list[bytes]:
        file = StringIO()
        export_votes(
            find_services(),
            pack.consultation_id,
            file,
            format="pabulib",
            question_id=pack.budgets[0],
        )
        return [file.getvalue().encode()]

    try:
        return _kept(pack, TEXT, make)
    except (Unavailable, ReadModelsBehind, BeingMade):
        raise
    except Refused:  # such as an election that Pabulib cannot express
        return missing()


@log.get("/")
@log.get("/<path:path>")
def nothing(path: str = "") -> Response:  # noqa: ARG001 - there is nothing, whatever it is
    """Return the plain 404 for all other addresses."""
    return missing()


def missing() -> Response:
    """Return a 404 as plain text."""
    response = _give(b"The log does not have this.\n", TEXT, "no-store")
    response.status_code = NOT_FOUND
    return response


def _kept(pack: Pack, kind: str, make: Make) -> Response:
    """Return a file of openings or ballots; large ones are created by a separate process."""
    key = (request.path, str(pack.closed_index), str(pack.openings))
    response = kept(kind, key, make, ballots=pack.openings or 0)
    response.headers["Cache-Control"] = MINUTES
    return response


def _give(content: bytes, kind: str, kept: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Cache-Control"] = kept
    return response


def _is_covered(tile: Tile, size: int) -> bool:
    """Return whether a published tree of this size covers the tile."""
    return tile.index * TILE_WIDTH + tile.width <= hashes_at(max(tile.level, 0), size)


def _number(text: str) -> int:
    """Return a size from an address; -1, which is never signed, for anything else."""
    try:
        return from_decimal(text, "The size")
    except MalformedError:
        return -1


def _pack(id: str) -> Pack | None:
    return packs.pack_of(find_log(), UUID(id)) if _UUID.fullmatch(id) else None


assert ENTRIES < 0  # so that `_is_covered` treats a bundle like its leaves
