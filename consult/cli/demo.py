"""Commands of the demo: seed and serve it, and move its story on."""

import os

import click

from consult.cli.root import main, progress_bar, refuse
from consult.commands.drafting import consultation_id
from consult.config import Config
from consult.demo import fund
from consult.demo.seed import open_stage, seed, sign_ins
from consult.mail.server import NEARBY
from consult.serving import Address, serve
from events import Partnership, Refused


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
    os.environ.setdefault("FOLKMOOT_PUBLIC_URL", f"http://{host}:{port}")
    if "FOLKMOOT_SMTP_URL" not in os.environ and host in NEARBY:
        os.environ.setdefault("FOLKMOOT_OUTBOX", "yes")
    try:
        config = Config.from_environment()
        stage = open_stage(config)
        with progress_bar("Playing the demo") as update:
            seed(stage, update)
        links = sign_ins(stage.services)
        id = consultation_id(Partnership.id_for("ashenmoor-together"), fund.SLUG)
        codes = fund.codes(stage.services, id)
        stage.services.close()
        click.echo(f"\nFolkmoot demo: {config.public_url}\n")
        click.echo(f"Take part:  {config.public_url}/c/{fund.SLUG}")
        if codes:
            click.echo(f"Letters:    {config.public_url}/c/{fund.SLUG}/letter")
            click.echo(f"            with the code {codes[0]} or {codes[1]}")
        if config.outbox:
            click.echo(f"E-mails:    {config.public_url}/outbox")
        click.echo("Sign in as (each link works once):")
        for link in links:
            click.echo(f"  {link.name:<30} {config.public_url}/sign-in/{link.token}")
        click.echo("\nClose and count the fund:  consult demo advance c2\n")
        if not no_serve:
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
        stage = open_stage(Config.from_environment())
        partnership_id = Partnership.id_for("ashenmoor-together")
        fund.advance(stage, consultation_id(partnership_id, fund.SLUG))
        stage.services.close()
    except Refused as refused:
        refuse(str(refused))
    click.echo("The Three Wards Fund is closed, counted and published.")
