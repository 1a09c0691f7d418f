"""The announcements of a log's keys, in a file beside the key and served with the log."""

import os

from consult.config import Config
from consult.log_store.store import LogStore
from events.errors import Refused
from events.log.errors import LogError
from events.log.key_change import (
    KeyChange,
    Kind,
    encode_history,
    parse_announcement,
    parse_history,
    split_history,
)
from events.log.keys import VerifierKey
from events.store.private_files import sync, whole_file

DOCUMENT = "keys"


class HistoryUnusable(Refused):
    """The file of announcements is damaged."""

    says = "The file {path}, which announces the changes of the log's key, is damaged: {reason}"


class KeyReplaced(Refused):
    """The key file is an old one."""

    says = (
        "The log's key file {path} was replaced by another one at {size} entries, so nothing was "
        "appended. Put the new key file here."
    )


class LogRetired(Refused):
    """The log was ended."""

    says = "The log was retired at {size} entries, so nothing is appended to it any more."


def changes_of(store: LogStore) -> list[KeyChange]:
    """Return the changes of the log's key that are served, oldest first."""
    return parse_history(store.document(DOCUMENT) or b"")


class KeyHistory:
    """The announcements in force: those that lead up to the current key.

    One is written before its key takes over, so the last one may be of a change that was cut
    short: it is neither served nor followed.
    """

    def __init__(self, config: Config, store: LogStore) -> None:
        self.path = config.key_path.with_suffix(".keys")
        self._key_path = config.key_path
        self._store = store
        served = store.document(DOCUMENT) or b""
        self._served = self._parsed(served)
        self._signed = self._parsed(self.path.read_bytes() if self.path.exists() else served)

    @property
    def former(self) -> list[VerifierKey]:
        """The keys that signed the log before."""
        return [change.old for _, change in self._signed]

    def take(self, key: VerifierKey) -> None:
        """Make the current key the last one, and serve how it came to be.

        Raises KeyReplaced, LogRetired.
        """
        for _, change in self._served:
            if change.old == key and change.new is not None:
                raise KeyReplaced(path=self._key_path, size=change.head.size)
        self.serve(key)
        if self._signed and self._signed[-1][1].kind is Kind.RETIRED:
            raise LogRetired(size=self._signed[-1][1].head.size)

    def serve(self, key: VerifierKey) -> None:
        """Serve the announcements that lead up to a key, and forget one that does not."""
        if self._signed and self._signed[-1][1].new not in (key, None):
            self._signed.pop()
        if self._signed:
            self._store.keep_document(DOCUMENT, self._content())

    def drop_unfinished(self, key: VerifierKey | None) -> None:
        """Forget a change whose key never took over. `key`: the one that signed last."""
        while self._signed and self._signed[-1][1].old == key:
            self._signed.pop()

    def add(self, announcement: bytes) -> None:
        """Append an announcement durably."""
        self._signed.append((announcement, parse_announcement(announcement)))
        with whole_file(self.path) as file:
            file.write(self._content())
            file.flush()
            os.fsync(file.fileno())
        sync(self.path.parent)

    def _content(self) -> bytes:
        return encode_history(signed for signed, _ in self._signed)

    def _parsed(self, content: bytes) -> list[tuple[bytes, KeyChange]]:
        try:
            return [(one, parse_announcement(one)) for one in split_history(content)]
        except LogError as error:
            raise HistoryUnusable(path=self.path, reason=str(error)) from None
