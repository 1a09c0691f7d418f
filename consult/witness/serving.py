"""Serve a witness over HTTP, with few resources."""

import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from consult.witness.witness import Answer, Witness
from events.log.witness import REQUEST_BYTES_MAX, TEXT_TYPE

REQUEST_SECONDS_MAX = 15
_CHECKPOINT = re.compile(r"/([0-9a-f]{64})/checkpoint")


def make_server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """Return a listening server; call its `serve_forever` and `server_close`."""

    class Handler(WitnessHandler):
        of = witness

    return ThreadingHTTPServer((host, port), Handler)


class WitnessHandler(BaseHTTPRequestHandler):
    """One request to a witness."""

    of: Witness
    protocol_version = "HTTP/1.1"
    server_version = "folkmoot-witness"
    sys_version = ""
    timeout = REQUEST_SECONDS_MAX

    def do_POST(self) -> None:
        """Handle add-checkpoint, and our own add-keys."""
        body = self._body()
        if body is None:
            self.close_connection = True
            self._answer(_plain(HTTPStatus.BAD_REQUEST, "The request has no usable length."))
        elif self.path == "/add-keys":
            self._answer(self.of.add_keys(body))
        elif self.path != "/add-checkpoint":
            self._answer(_plain(HTTPStatus.NOT_FOUND, "There is only /add-checkpoint."))
        else:
            self._answer(self.of.add_checkpoint(body))

    def do_GET(self) -> None:
        """Serve the last checkpoint that was cosigned."""
        match = _CHECKPOINT.fullmatch(self.path)
        missing = _plain(HTTPStatus.NOT_FOUND, "There is no such page.")
        self._answer(self.of.checkpoint(match[1]) if match else missing)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing, to protect the privacy of clients."""

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()) or int(length) > REQUEST_BYTES_MAX:
            return None
        return self.rfile.read(int(length))

    def _answer(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


def _plain(status: HTTPStatus, reason: str) -> Answer:
    return Answer(status, TEXT_TYPE, f"{reason}\n".encode())
