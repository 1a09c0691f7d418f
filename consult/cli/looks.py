"""The command that gives a partnership its own look."""

from pathlib import Path
from uuid import UUID

import click

from consult.cli.root import OPERATOR, main, opened
from consult.commands.partnerships import set_look
from consult.services import Services
from events import Refused
from events.theme import FooterLink
from projections.partnerships import Partnerships


@main.command("theme")
@click.argument("partnership")
@click.option("--colour", help="Like #1d4f91; refused when it cannot be read on white.")
@click.option(
    "--logo",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A PNG of at most 60,000 bytes.",
)
@click.option("--no-logo", is_flag=True, help="Show the leaf in the partnership's colour again.")
@click.option("--short-name", "names", multiple=True, help="Like en=Ashenmoor; once a language.")
@click.option(
    "--link",
    "links",
    multiple=True,
    help='Like "en=Contact us|cy=Cysylltu|https://example.org"; all links anew.',
)
def theme(
    partnership: str,
    colour: str | None,
    logo: Path | None,
    names: tuple[str, ...],
    links: tuple[str, ...],
    *,
    no_logo: bool,
) -> None:
    """Give PARTNERSHIP its own colour, logo, short name and footer links.

    What is not named stays as it is. The change is recorded with who made it.

    Example: consult theme ashenmoor-together --colour "#1d4f91" --logo crest.png
    """
    with opened() as services:
        look = set_look(
            services,
            _find(services, partnership),
            actor=OPERATOR,
            brand=colour,
            picture=b"" if no_logo else logo.read_bytes() if logo else None,
            short_name=dict(_pair(name) for name in names) or None,
            links=tuple(_link(link) for link in links) or None,
        ).look
        click.echo(f"Colour {look.brand or 'as it comes'}, {'a' if look.logo else 'no'} logo.")


def _find(services: Services, slug: str) -> UUID:
    services.catch_up()
    with services.views.connect() as db:
        known = {one.slug: one.id for one in services.views.reader(Partnerships).all(db)}
    if slug not in known:
        raise Refused(
            "There is no partnership “{slug}”. There are: {known}.",
            slug=slug,
            known=", ".join(known) or "none",
        )
    return known[slug]


def _pair(text: str) -> tuple[str, str]:
    language, is_pair, words = text.partition("=")
    if not is_pair:
        raise click.UsageError(f"“{text}” is not like en=Words.")
    return language.strip(), words.strip()


def _link(text: str) -> FooterLink:
    *labels, address = text.split("|")
    return FooterLink(dict(_pair(label) for label in labels), address.strip())
