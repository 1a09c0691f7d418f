"""Commands of a witness: init, add logs, check, serve, show evidence."""

import signal
import sys
from pathlib import Path

import click

from consult.cli.root import main, refuse
from consult.commands.minutes import lines_for
from consult.formats.plural import counted
from consult.witness.checking import check, fetch
from consult.witness.serving import make_server
from consult.witness.witness import Witness
from events.errors import Refused
from events.log.errors import LogError
from events.log.keys import parse_vkey

FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("folkmoot-witness"),
    show_default=True,
    help="Where the witness keeps its key and what it has seen.",
)


@main.group("witness")
def witness() -> None:
    """Watch a log from outside, so that it cannot show different people different things.

    Needs no database and none of Folkmoot's settings: any partner can run it.

    Example: consult witness init --name witness.example.org
    """


@witness.command("init")
@click.option("--name", required=True, help="Whose witness it is, such as witness.example.org")
@FOLDER
def init(name: str, folder: Path) -> None:
    """Make a witness and print the line that a log's policy names it by.

    Example: consult witness init --name witness.example.org
    """
    try:
        made = Witness.make(folder, name)
    except (Refused, LogError) as refused:
        refuse(str(refused))
    click.echo(f"witness {made.key.name} {made.key.verifier.vkey}")


@witness.command("add")
@click.argument("url")
@click.option("--vkey", help="The log's key, from somebody you trust; else taken from the log.")
@FOLDER
def add(url: str, vkey: str | None, folder: Path) -> None:
    """Watch the log at URL, which ends in /log.

    Example: consult witness add https://consult.example.org/log
    """
    try:
        mine = Witness.open(folder)
        address = url.rstrip("/")
        key = parse_vkey(vkey or fetch(f"{address}/vkey").decode("utf-8", "replace").strip())
        mine.state.add_log(key, address)
    except (Refused, LogError) as refused:
        refuse(str(refused))
    if vkey is None:
        click.echo("The key was taken from the log itself. Compare it with a printed one:")
    click.echo(key.vkey)


@witness.command("check")
@FOLDER
def check_logs(folder: Path) -> None:
    """Look at every log: fetch its head, and check that it has only grown since the last look.

    Prints the lines of each for the minutes of a meeting. Run it every day.

    Example: consult witness check
    """
    failed = False
    try:
        mine = Witness.open(folder)
        for known in mine.state.logs():
            try:
                found = check(mine, known)
            except Refused as refused:
                failed = True
                click.echo(str(refused), err=True)
                continue
            grown = found.now.checkpoint.size - (found.before.size if found.before else 0)
            click.echo(lines_for(found.now.note.encode()))
            click.echo(
                f"{counted(grown, 'entry')} more than at the last look; nothing was changed.\n"
            )
    except Refused as refused:
        refuse(str(refused))
    if failed:
        sys.exit(1)


@witness.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65_535), default=8090, show_default=True)
@FOLDER
def serve(host: str, port: int, folder: Path) -> None:
    """Answer logs that ask for a cosignature (C2SP tlog-witness), until interrupted.

    Example: consult witness serve --port 8090
    """
    try:
        server = make_server(Witness.open(folder), host, port)
    except (Refused, OSError) as refused:
        refuse(str(refused))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    where = f"http://{server.server_address[0]!s}:{server.server_address[1]}"
    click.echo(f"The witness answers at {where}/add-checkpoint")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


@witness.command("evidence")
@FOLDER
def evidence(folder: Path) -> None:
    """Show what logs signed that cannot all be true; exit code 1 when there is any.

    Example: consult witness evidence
    """
    try:
        found = Witness.open(folder).state.evidence()
    except Refused as refused:
        refuse(str(refused))
    for item in found:
        click.echo(f"{item.number}. {item.origin}: {item.reason}\n\nSeen before:")
        click.echo(item.seen.decode("utf-8", "replace"))
        click.echo("Sent later:")
        click.echo(item.request.decode("utf-8", "replace"))
    if found:
        sys.exit(1)
    click.echo("There is none.")
