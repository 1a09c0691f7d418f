"""The security log for operators: one line of JSON for each sign-in, refusal and weighty act.

It names people by the opaque ids of their accounts, and holds no name, address or connection.
"""

import json
import logging
import os
from typing import Any

LOG = logging.getLogger(__name__)

SIGNED_IN, SIGN_IN_REFUSED, SESSION_ENDED = "signed in", "sign-in refused", "session ended"
ACTED, ACT_REFUSED, CONFIRMATION_REFUSED = "acted", "act refused", "confirmation refused"
PASSKEYS_CHANGED = "passkeys changed"
FILE_MODE = 0o600


def tell(services: Any, what: str, **values: object) -> None:
    """Write a line: to the file that a setting names, or with what the program says otherwise.

    `what`: one of the names above. `values`: ids and words of ours, as strings; empty ones are left
    out. A file that cannot be written stops nobody; the program's own log says so.
    """
    told = {"at": services.clock().isoformat(timespec="milliseconds"), "what": what}
    told |= {name: str(value) for name, value in values.items() if value}
    line = json.dumps(told, ensure_ascii=False)
    path = services.config.security_log
    if path is None:
        LOG.info("%s", line)
        return
    try:
        # Opened for each line, so that the file can be moved away at any time.
        opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, FILE_MODE)
        try:
            os.write(opened, f"{line}\n".encode())
        finally:
            os.close(opened)
    except OSError:
        LOG.exception("the security log cannot be written; it would have said: %s", line)
