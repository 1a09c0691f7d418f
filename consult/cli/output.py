"""Output of commands: a file that appears only when it is complete, or standard output.

Write errors are refused in words, and never mistaken for errors of the record.
"""

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

import click

from events.errors import Refused
from events.store.private_files import whole_file

REFUSED = 1
STANDARD_OUTPUT = 1
CLOSED = "it is closed"
Bytes = bytes | bytearray | memoryview


class FileNotMade(Refused):
    """A file cannot be created, or the disk is full."""

    says = (
        "{file} could not be written ({reason}). Nothing of it was kept, and a file of this name "
        "that was there is as it was. Make room or name another place, then repeat the command."
    )


class DeviceNotWritten(Refused):
    """A device or pipe cannot be written."""

    says = (
        "{file} could not be written ({reason}), so what went there is not whole. Name another "
        "place, then repeat the command."
    )


class StandardOutputLost(Refused):
    """Standard output cannot be written."""

    says = (
        "Standard output could not be written ({reason}), so what this command printed is not "
        "whole. What it recorded before is recorded. Send its output to another place."
    )


class Commands(click.Group):
    """Command group that reports write errors of standard output in words."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102  click says what it does
        before = sys.stdout
        sys.stdout = ours = _told(before)
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                ours.flush()
        except StandardOutputLost as lost:
            click.echo(str(lost), err=True)
            sys.exit(REFUSED)
        except BrokenPipeError:  # the reader has closed the pipe
            sys.exit(REFUSED)
        finally:
            sys.stdout = before


@contextmanager
def written_to(output: Path | None) -> Iterator[BinaryIO]:
    """Yield the file to write into; standard output for None.

    A regular file is private and gets its name only when it is complete. An existing pipe or
    device is written directly. Raises FileNotMade, DeviceNotWritten, StandardOutputLost.
    """
    if output is None or _is_standard_output(output):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    is_straight = output.exists() and not output.is_file()
    kind = DeviceNotWritten if is_straight else FileNotMade

    def refusal(error: OSError) -> Exception:
        return kind(file=output, reason=error.strerror)

    is_writing = False  # an OSError of the caller's block must pass through unchanged
    try:
        making = output.open("wb") if is_straight else whole_file(output.resolve())
        with making as file, io.BufferedWriter(_Told(_through(file), refusal)) as told:
            is_writing = True
            yield cast("BinaryIO", told)
            is_writing = False
    except OSError as error:
        if is_writing:
            raise
        raise refusal(error) from error


class _Told(io.RawIOBase):
    """Raw stream that raises `refusal` for the first write error, then discards data.

    Discarding lets it be closed without a second error.
    """

    def __init__(
        self,
        write: Callable[[Bytes], int],
        refusal: Callable[[OSError], Exception],
        *,
        is_terminal: bool = False,
    ) -> None:
        self._write = write
        self._refusal = refusal
        self._is_terminal = is_terminal
        self._is_lost = False

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, data: Any, /) -> int:  # a buffer, which has no type before Python 3.12
        if self._is_lost:
            return len(data)
        try:
            return self._write(data)
        except OSError as error:
            self._is_lost = True
            refused = self._refusal(error)
            if refused is error:  # raise as is: a cause must not refer to itself
                raise
            raise refused from error


def _through(file: BinaryIO) -> Callable[[Bytes], int]:
    """Return a write function that flushes, so that errors occur here and not on close."""

    def write(data: Bytes) -> int:
        number = file.write(data)
        file.flush()
        return number

    return write


def _told(standard: TextIO | None) -> TextIO:
    """Return a standard output that raises StandardOutputLost; `standard` is None if closed."""
    if standard is None:
        return io.TextIOWrapper(io.BufferedWriter(_Told(_closed, _lost)), encoding="utf-8")
    try:
        number = standard.fileno()
    except OSError:  # captured by a test
        return standard
    standard.flush()
    write = io.FileIO(number, "w", closefd=False).write
    raw = _Told(write, _lost, is_terminal=standard.isatty())
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=standard.encoding, errors=standard.errors
    )


def _closed(_data: Bytes) -> int:
    raise OSError(errno.EBADF, CLOSED)


def _lost(error: OSError) -> Exception:
    if isinstance(error, BrokenPipeError):
        return error
    return StandardOutputLost(reason=error.strerror)


def _is_standard_output(output: Path) -> bool:
    """Return whether a path such as /dev/stdout is standard output."""
    with suppress(OSError):
        return os.path.samestat(output.stat(), os.fstat(STANDARD_OUTPUT))
    return False
