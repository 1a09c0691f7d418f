"""Commands of the log's key: show it, change it, replace a lost one, end the log."""

import click

from consult.cli.root import main, opened, refuse
from consult.formats.plural import counted
from consult.sealing import key_change
from consult.sealing.key_history import changes_of
from events.log.key_change import KeyChange, Kind

NEXT = (
    "Print the new key where people find the old one: in the minutes, on leaflets, and with each "
    "partner. Back up the new key file. Witnesses and the verifier follow: /log/keys."
)
BELIEVED = (
    "Nobody follows this by themselves. Tell each witness and everybody who checks the new key, on "
    "a way that they trust, and how the old one was lost."
)
SAID = {
    Kind.ROTATED: "The key was changed after {entries}; both keys signed that.",
    Kind.LOST: "The key was lost after {entries}; only the new one signed that.",
    Kind.RETIRED: "The log was retired after {entries}.",
}


@main.group("log-key")
def log_key() -> None:
    """Show or change the key that signs the public log.

    Example: consult log-key show
    """


@log_key.command("show")
def show() -> None:
    """Print the public key, and how it came to be the key of this log.

    Example: consult log-key show
    """
    with opened() as services:
        vkey = services.log.document("vkey")
        if vkey is None:
            raise key_change.NoLogYet
        click.echo(vkey.decode(), nl=False)
        for change in changes_of(services.log):
            click.echo(_said(change))


@log_key.command("rotate")
def rotate() -> None:
    """Make a new key; the old one signs its announcement and is gone. Stop the site before.

    What the old key signed stays valid: receipts, checkpoints, minutes. If this is interrupted, run
    it again.

    Example: consult log-key rotate
    """
    with opened() as services:
        _told(key_change.rotate(services), NEXT)


@log_key.command("replace-lost")
@click.option("--yes", is_flag=True, help="The key is lost for good, also in every backup.")
def replace_lost(*, yes: bool) -> None:
    """Go on under a new key when the old one is lost for good. Stop the site before.

    The old key cannot sign that, so nobody who has it follows by themselves.

    Example: consult log-key replace-lost --yes
    """
    if not yes:
        refuse("A key in any backup is better than a new one. If there is none, add --yes.")
    with opened() as services:
        _told(key_change.replace_lost(services), BELIEVED)


@log_key.command("retire")
@click.option("--yes", is_flag=True, help="Nothing is ever appended to this log again.")
def retire(*, yes: bool) -> None:
    """Seal everything, announce the end of the log, and append nothing more. Stop the site before.

    Example: consult log-key retire --yes
    """
    if not yes:
        refuse(
            "Nothing can be appended after that, and nothing undoes it. If it is meant, add --yes."
        )
    with opened() as services:
        click.echo(_said(key_change.retire(services)))


def _told(change: KeyChange, advice: str) -> None:
    assert change.new is not None
    click.echo(_said(change))
    click.echo(f"{change.new.vkey}\n{advice}")


def _said(change: KeyChange) -> str:
    return SAID[change.kind].format(entries=counted(change.head.size, "entry"))
