"""The names under which the log's health page shows problems, and the end of what is no more."""

from collections.abc import Collection

from consult.log_store.store import LogStore

SEALING = "sealing"
WITNESSES = "witnesses"
OPENINGS = "openings"
PROMISES = "promises"
TIME_STAMP = "time-stamp"
_WITNESS = "witness "


def of_witness(name: str) -> str:
    """Return the name under which the problem of one witness is shown."""
    return f"{_WITNESS}{name}"


def end_of_witnesses_but(store: LogStore, names: Collection[str]) -> None:
    """Stop showing problems of witnesses that are not asked any more. `names`: who is."""
    kept = {of_witness(name) for name in names}
    for trouble in store.troubles():
        if trouble.what.startswith(_WITNESS) and trouble.what not in kept:
            store.end_trouble(trouble.what)
