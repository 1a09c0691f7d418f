"""The command that lists framework profiles, and checks one of an operator's own."""

from pathlib import Path

import click

from consult.cli.partnerships import partnership
from consult.cli.root import said_in_words
from consult.config import Config
from events.frameworks import add_folder, choices, framework_of, read


@partnership.command("profiles")
@click.option(
    "--check",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check a file of your own instead.",
)
def profiles(file: Path | None) -> None:
    """List the framework profiles: id, least days of a consultation, title.

    Your own are in the folder of FOLKMOOT_FRAMEWORKS (docs/frameworks.md).

    Example: consult partnership profiles --check ours.json
    """
    if file is not None:
        with said_in_words():
            found = [read(file.read_bytes(), str(file))]
    else:
        with said_in_words():
            add_folder(Config.from_environment().frameworks_folder)
        found = [framework_of(id) for id in choices()]
    for framework in found:
        click.echo(f"{framework.id:24} {framework.days_min:4}  {framework.title['en']}")
