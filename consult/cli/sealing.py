"""Commands of the public log: seal, and hand the openings to an auditor."""

import signal
import sys
import threading
from pathlib import Path
from typing import TextIO

import click

from consult.cli.output import written_to
from consult.cli.root import OPERATOR, find, main, opened, refuse
from consult.commands.data_protection.takings import take_openings
from consult.commands.minutes import TEXT_CHARACTERS_MAX, LogNotBegun, Verdict, compare, lines_for
from consult.formats.plural import counted
from consult.sealing.public_entries.packs import opening_lines, pack_of
from consult.sealing.running import seal_now, sealing_duties
from consult.supervising import supervise

SAID = {
    Verdict.CONTAINED: "Yes: the log of today, {2} entries, begins with these {1}.",
    Verdict.DIFFERENT: "No: the first {1} entries of the log of today are other ones.",
    Verdict.LARGER: "No: the lines name {1} entries, and the log of today has {2}.",
}


@main.command("seal")
@click.option("--once", is_flag=True, help="Seal what there is, and end.")
@click.option(
    "--adopt",
    is_flag=True,
    help="Take the stored log for the one signed last. Only when the sealer's memory is lost "
    "and the log is known to be whole: this gives up the protection against an old copy.",
)
def seal(*, once: bool, adopt: bool) -> None:
    """Seal what is recorded into the public log, and sign it.

    `consult serve` and `consult project` do this too; run it alone where the key is kept on
    another machine.

    Example: consult seal --once
    """
    with opened() as services:
        store = services.log
        if once or adopt:
            size = seal_now(services, store, adopt=adopt, promises=True)
            click.echo(f"The log has {counted(size, 'entry')}.")
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        supervise(sealing_duties(services, store), stop)


@main.command("minutes")
@click.argument("file", type=click.File(), required=False)
def minutes(file: TextIO | None) -> None:
    """Print the lines of the newest checkpoint for the minutes of a meeting.

    With a FILE that has such lines, or - to type them: say whether the log of today begins with
    the log that they name. The number of entries and the ten words are enough. Exit code 1: it
    does not.

    Example: consult minutes
    """
    with opened() as services:
        store = services.log
        if file is not None:
            compared = compare(store, file.read(TEXT_CHARACTERS_MAX + 1))
            click.echo(SAID[compared.verdict].format(*compared))
            if compared.verdict is not Verdict.CONTAINED:
                sys.exit(1)
            return
        latest = store.latest()
        if latest is None:
            raise LogNotBegun
        click.echo(lines_for(latest.signed))


@main.command("openings")
@click.argument("consultation")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file.")
def openings(consultation: str, output: Path | None) -> None:
    """Write what opens every ballot that counts, for the auditor.

    That it was taken is recorded. It shows for every entry of the public log what was answered:
    keep it where only you can read it, and delete it when it was checked.

    Example: consult openings three-wards-fund --output openings.ndjson
    """
    with opened() as services:
        store = services.log
        pack = pack_of(store, find(services, consultation))
        if pack is None or pack.openings is None:
            refuse("There are openings only after the consultation has closed and was sealed.")
        take_openings(services, pack.consultation_id, pack.openings, actor=OPERATOR)
        with written_to(output) as file:
            for lines in opening_lines(store, pack.consultation_id):
                file.write(lines)
