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


class KeyAnnouncedTwice(Refused):
    """The file and the log say something else about how one key ended."""

    says = (
        "The file {path} and the log that is served announce different ends of the same key, at "
        "{size} entries. Nothing was appended and nothing served anew. One of the two is of "
        "another log, or somebody else has the key: keep both, and tell the witnesses."
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
        if self._is_older():  # the file of a backup, or of another host
            self._signed = list(self._served)

    @property
    def former(self) -> list[VerifierKey]:
        """The keys that signed the log before."""
        return [change.old for _, change in self._signed]

    def take(self, key: VerifierKey) -> None:
        """Make the current key the last one, unless the log has gone on from it or has ended.

        It writes nothing: a host that waits to seal does this too. Raises KeyReplaced,
        KeyAnnouncedTwice, LogRetired.
        """
        for _, change in self._served:
            if change.old == key and change.new is not None:
                raise KeyReplaced(path=self._key_path, size=change.head.size)
        self._lead_to(key)
        if self._signed and self._signed[-1][1].kind is Kind.RETIRED:
            self._store.keep_document(DOCUMENT, self._content())  # where a crash came before it
            raise LogRetired(size=self._signed[-1][1].head.size)

    def serve(self, key: VerifierKey) -> None:
        """Serve the announcements that lead up to a key; only by who holds the log.

        What was served is never shortened or replaced. Raises KeyAnnouncedTwice.
        """
        self._lead_to(key)
        if self._signed:
            self._store.keep_document(DOCUMENT, self._content())

    def _lead_to(self, key: VerifierKey) -> None:
        """Forget an announcement that does not lead to the key. Raises KeyAnnouncedTwice."""
        if self._signed and self._signed[-1][1].new not in (key, None):
            self._signed.pop()
        for at, (signed, change) in enumerate(self._served):
            if at >= len(self._signed) or self._signed[at][0] != signed:
                raise KeyAnnouncedTwice(path=self.path, size=change.head.size)

    def _is_older(self) -> bool:
        """Return whether the file has the beginning of what is served, and no more."""
        file, served = ([signed for signed, _ in each] for each in (self._signed, self._served))
        return len(file) < len(served) and served[: len(file)] == file

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
