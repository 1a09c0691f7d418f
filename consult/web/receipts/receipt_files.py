"""The two files of a receipt, and the page that checks them in the browser."""

from flask import Response, render_template, request

from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.people.vault import read_receipt_code
from consult.sealing.key_history import changes_of
from consult.sealing.promises import promise_of
from consult.sealing.receipts import Kept, kept_by, public_half
from consult.verifier.shipped import program
from consult.web import services as find_services
from consult.web.layout.page_language import root
from consult.web.log.log import find_log
from consult.web.pages import NOBODY, Room
from consult.web.receipts.claims import CODE, CODE_LENGTH_MAX
from consult.web.receipts.promised import NothingPromised, NotSealedYet
from consult.wording.language import N_
from events.errors import Refused

receipt_files = Room("receipt_files", __name__, keeps=NOBODY)


class NothingOpens(Refused):
    """The key of the consultation is destroyed, and with it every private half."""

    says = (
        "The time for which answers can be linked to people is over, so the private file cannot "
        "be made any more. The proof still can."
    )


# The code is posted, so that it appears in no address and no access log.
@receipt_files.post("/receipt/proof")
def proof() -> Response:
    """Return the public half, which proves inclusion without disclosing the answers."""
    kept = _kept()
    file = public_half(find_log(), kept.index) if kept.index is not None else None
    if file is None:
        raise NotSealedYet.of(kept.position)
    code = read_receipt_code(request.form.get(CODE, "")[:CODE_LENGTH_MAX])
    return as_download(file, "text/plain; charset=utf-8", code, "tlog-proof")


@receipt_files.post("/receipt/promise")
def promise() -> Response:
    """Return the signed promise that the answers will be in the log, which shows none of them."""
    kept = _kept()
    file = promise_of(find_services(), find_log(), kept.position)
    if file is None:
        raise NothingPromised
    code = read_receipt_code(request.form.get(CODE, "")[:CODE_LENGTH_MAX])
    return as_download(file, "text/plain; charset=utf-8", code, "promise")


@receipt_files.get("/check-receipt-file", title=N_("Check a receipt file"))
def page() -> str:
    """Check a receipt file in the browser, without sending it anywhere.

    What became of the answers since is read from the log, when somebody asks for it.
    """
    vkey = find_log().document("vkey")
    keys = [vkey.decode().strip() if vkey else ""]
    keys += [change.old.vkey for change in reversed(changes_of(find_log()))]
    return render_template(
        "receipts/file.html",
        vkey="\n".join(keys),
        log_here=f"{root()}/log",
        log=f"{find_services().config.public_url.rstrip('/')}/log",
        program=program(),
    )


def _kept() -> Kept:
    services = find_services()
    code = request.form.get(CODE, "")[:CODE_LENGTH_MAX]
    kept = kept_by(services, find_log(), code)
    if kept is None:
        raise UnknownReceipt
    return kept


def as_download(content: bytes, kind: str, code: str, suffix: str) -> Response:
    """Return a file of a receipt, named after the beginning of its checking code."""
    name = f"receipt-{code[:4]}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=kind, headers=headers)
