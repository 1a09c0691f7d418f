"""Commands of the demo: seed and serve it, and advance its story."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from consult.cli.root import main, progress_bar, refuse
from consult.config import Config
from consult.demo import fund
from consult.demo.seed import move_on, open_stage, seed, sign_ins
from consult.demo.stage import Stage
from consult.mail_server import NEARBY
from consult.services import Services
from consult.serving import Address, serve
from events import Consultation, Refused
from events.store.appends import SchemaMissing

DATABASE, PUBLIC_URL = "FOLKMOOT_DATABASE_URL", "FOLKMOOT_PUBLIC_URL"
AS_MODULE = "__main__.py"


class NoDemoHere(Refused):
    """The database has no demo."""

    says = (
        "There is no demo in {database}. Nothing was changed. Go to the folder in which you ran "
        "consult demo, or set FOLKMOOT_DATABASE_URL as it was there."
    )


@main.group("demo", invoke_without_command=True)
@click.option("--no-serve", is_flag=True, help="Seed only.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True)
@click.pass_context
def demo(context: click.Context, *, no_serve: bool, host: str, port: int) -> None:
    """Seed the borough of Ashenmoor, which is invented, and serve it.

    Writes nothing when it is there already.

    Example: consult demo --port 8080
    """
    if context.invoked_subcommand:
        return
    database = os.environ.get(DATABASE)
    os.environ.setdefault("FOLKMOOT_PUBLIC_URL", f"http://{host}:{port}")
    if "FOLKMOOT_SMTP_URL" not in os.environ and host in NEARBY:
        os.environ.setdefault("FOLKMOOT_OUTBOX", "yes")
    try:
        config = Config.from_environment()
        stage = open_stage(config)
        with progress_bar("Playing the demo") as update:
            seed(stage, update)
        tell(stage.services)
        if fund.closes_at(stage.services):
            needed = {DATABASE: database} if database else {}
            if config.public_url != Config.public_url:
                needed[PUBLIC_URL] = config.public_url
            click.echo("\nClose and count the fund, in another terminal:")
            click.echo(f"  {pasteable(('demo', 'advance', 'c2'), needed)}")
        stage.services.close()
        if no_serve:
            return
        click.echo("\nStop it with Ctrl-C.\n")
        serve(config, Address(host, port))
    except Refused as refused:
        refuse(str(refused))


@demo.command("advance")
@click.argument("what", type=click.Choice(["c2"]))
def advance(what: str) -> None:
    """Move the story on: close the fund (c2) at its time, count it and publish.

    Example: consult demo advance c2
    """
    assert what == "c2"
    try:
        config = Config.from_environment()
        stage = there(config)
        move_on(stage)
        click.echo("The Three Wards Fund is closed, counted and published:")
        click.echo(f"  {config.public_url}/c/{fund.SLUG}/results\n")
        click.echo("The demo shows today's date from now on, so whoever was signed in is not.")
        tell_sign_ins(stage.services)
        stage.services.close()
    except Refused as refused:
        refuse(str(refused))


def there(config: Config) -> Stage:
    """Open the existing demo. Raises NoDemoHere."""
    missing = NoDemoHere(database=config.database_url.rpartition("@")[2])
    try:
        stage = open_stage(config, creates=False)
    except SchemaMissing:
        raise missing from None
    if stage.services.record.find(Consultation, fund.ID) is None:
        stage.services.close()
        raise missing
    return stage


def tell(services: Services) -> None:
    """Print the addresses of the demo."""
    address = services.config.public_url
    click.echo(f"\nFolkmoot demo: {address}\n")
    click.echo(f"Take part:  {address}/c/{fund.SLUG}")
    codes = fund.codes(services, fund.ID)
    if codes:
        click.echo(f"Letters:    {address}/c/{fund.SLUG}/letter")
        click.echo(f"            with the code {codes[0]} or {codes[1]}")
    if services.config.outbox:
        click.echo(f"E-mails:    {address}/outbox")
    tell_sign_ins(services)


def tell_sign_ins(services: Services) -> None:
    """Print a fresh sign-in link for every role."""
    click.echo("Sign in as (each link works once):")
    for link in sign_ins(services):
        click.echo(f"  {link.name:<30} {services.config.public_url}/sign-in/{link.token}")


def pasteable(words: Iterable[str], settings: Mapping[str, str]) -> str:
    """Return a command that works in any terminal: with its folder, settings and program."""
    pairs = [f"{name}={shlex.quote(value)}" for name, value in settings.items()]
    command = " ".join([*pairs, *map(shlex.quote, (*program(), *words))])
    return f"cd {shlex.quote(str(Path.cwd()))} && {command}"


def program() -> list[str]:
    """Return how this program was called, by its path; other terminals may have another PATH."""
    called = Path(sys.argv[0])
    if called.name == AS_MODULE:
        return [sys.executable, "-m", "consult.cli"]
    path = Path(shutil.which(called) or called).absolute()
    if path.is_relative_to(Path.cwd()):
        return [f"./{path.relative_to(Path.cwd())}"]
    return [str(path)]
