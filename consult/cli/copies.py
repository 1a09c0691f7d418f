"""Commands that back up and restore an installation."""

from datetime import UTC, datetime
from pathlib import Path

import click

from consult.cli.root import main, said_in_words
from consult.commands.backing_up import Manifest, back_up, restore
from consult.config import Config
from consult.formats.plural import counted
from consult.services import Services


@main.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--without-key", is_flag=True, help="Leave the log's private key out.")
def backup(folder: Path, *, without_key: bool) -> None:
    """Copy record, vault, log and the sealer's files into a new FOLDER, while people answer.

    The copy holds personal data and the log's key: keep it as safe as the original, and no
    longer than your retention periods.

    Example: consult backup backups/2026-11-22
    """
    with said_in_words():
        config = Config.from_environment()
        manifest = back_up(config, folder, now=datetime.now(UTC), with_key=not without_key)
    size = sum(file.size for file in manifest.files.values())
    click.echo(
        f"{counted(len(manifest.files), 'file')}, {counted(size, 'byte')}. Log: {_log(manifest)}"
    )


@main.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore_copy(folder: Path) -> None:
    """Put the backup in FOLDER where FOLKMOOT_DATABASE_URL says, which must be empty.

    Example: consult restore backups/2026-11-22
    """
    with said_in_words():
        config = Config.from_environment()
        restored = restore(config, folder)
    click.echo(f"Restored as of {restored.manifest.made_at:%Y-%m-%d %H:%M} UTC.")
    click.echo(f"Log: {_log(restored.manifest)}")
    has_secret = config.secret_path.exists()
    if not has_secret:
        click.echo(f"The site's secret is in no backup: put its copy back as {config.secret_path}")
        click.echo("before anything is started. If it is lost for good: consult init --new-secret")
    if restored.has_own_key:
        click.echo("The sealer's files that were here stayed: if it signed more than this log")
        click.echo("holds, it refuses to go on, and so it should.")
    else:
        click.echo("If anybody has seen a longer log (ask the witnesses), this copy is too old:")
        click.echo("going on with it would be a fork, and everybody could prove it.")
    if has_secret:  # last: what it refuses leaves what is restored in its place
        with said_in_words():
            Services.open(config).close()  # repeats the erasures in the record


def _log(manifest: Manifest) -> str:
    size, root = manifest.log_size, manifest.log_root
    return f"{counted(size, 'entry')}, root {root[:16]}" if size else "empty"
