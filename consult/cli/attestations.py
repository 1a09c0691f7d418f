"""The command that takes what auditors signed of a list of ballots."""

from typing import BinaryIO

import click

from consult.cli.root import main, opened, refuse
from consult.sealing.attestations import keep_attestation
from events.log.errors import LogError
from events.log.keys import parse_vkey
from events.log.note import NOTE_BYTES_MAX


@main.group("attestation")
def attestation() -> None:
    """What auditors signed: that each line of a list of ballots was sealed.

    Example: consult attestation add riverside.attestation --vkey auditor.example+...
    """


@attestation.command("add")
@click.argument("file", type=click.File("rb"))
@click.option("--vkey", required=True, help="The auditor's key, from the auditor.")
def add(file: BinaryIO, vkey: str) -> None:
    """Serve an auditor's attestation beside the list of ballots that it is about.

    The auditor makes it with `folkmoot_verify.py attest`.

    Example: consult attestation add riverside.attestation --vkey auditor.example+...
    """
    with opened() as services:
        try:
            key = parse_vkey(vkey.strip())
            about = keep_attestation(services.log, file.read(NOTE_BYTES_MAX), key, services.clock())
        except LogError as error:
            refuse(str(error))
        click.echo(f"Served at /log/c/{about}/attestations: signed by {key.name}.")
