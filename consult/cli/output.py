"""Where commands write: a file that is there only when it is whole, or standard output.

What cannot be written is refused in words, and never taken for trouble with the record.
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
    """A file cannot be made, or has no room."""

    says = (
        "{file} could not be written ({reason}). Nothing of it was kept, and a file of this name "
        "that was there is as it was. Make room or name another place, then repeat the command."
    )


class DeviceNotWritten(Refused):
    """A device or a pipe takes no more."""

    says = (
        "{file} could not be written ({reason}), so what went there is not whole. Name another "
        "place, then repeat the command."
    )


class StandardOutputLost(Refused):
    """Nobody gets what a command has to say."""

    says = (
        "Standard output could not be written ({reason}), so what this command printed is not "
        "whole. What it recorded before is recorded. Send its output to another place."
    )


class Commands(click.Group):
    """The commands, on a standard output that says in words when it cannot be written."""

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
        except BrokenPipeError:  # whoever read has had enough
            sys.exit(REFUSED)
        finally:
            sys.stdout = before


@contextmanager
def written_to(output: Path | None) -> Iterator[BinaryIO]:
    """Give the file to write into; standard output for None.

    A file is for its owner alone and has its name only once it is whole. What exists and is no
    regular file, a pipe or a device, is written straight into. Raises FileNotMade,
    DeviceNotWritten, StandardOutputLost.
    """
    if output is None or _is_standard_output(output):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    is_straight = output.exists() and not output.is_file()
    kind = DeviceNotWritten if is_straight else FileNotMade

    def refusal(error: OSError) -> Exception:
        return kind(file=output, reason=error.strerror)

    is_writing = False  # an error while it is, but not of our file, is somebody else's
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
    """Writes, and raises what `refusal` makes of an error: once, so that closing it is quiet."""

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
            if refused is error:  # as it is: one that is its own cause has no end
                raise
            raise refused from error


def _through(file: BinaryIO) -> Callable[[Bytes], int]:
    """Return what writes so that an error comes from here, and not from closing."""

    def write(data: Bytes) -> int:
        number = file.write(data)
        file.flush()
        return number

    return write


def _told(standard: TextIO | None) -> TextIO:
    """Return a standard output that raises StandardOutputLost; Python has None for a closed one."""
    if standard is None:
        return io.TextIOWrapper(io.BufferedWriter(_Told(_closed, _lost)), encoding="utf-8")
    try:
        number = standard.fileno()
    except OSError:  # a test reads it, and it never fails
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
    """Say whether a path such as /dev/stdout names what is written to without one."""
    with suppress(OSError):
        return os.path.samestat(output.stat(), os.fstat(STANDARD_OUTPUT))
    return False
