"""The key of a form: its command takes effect once under it, however often the form is sent."""

import re
from collections.abc import Mapping

COMMAND = "command"
"""The field with the key, which is the id of the command."""
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


def command_key(form: Mapping[str, str]) -> str:
    """Return the key of a posted form; "" if it has none that could be one of ours."""
    key = form.get(COMMAND, "")
    return key if KEY.fullmatch(key) else ""
