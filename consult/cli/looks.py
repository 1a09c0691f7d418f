"""The command that sets a partnership's look."""

from pathlib import Path

import click

from consult.cli.naming import of_partnership
from consult.cli.partnerships import partnership_id
from consult.cli.root import OPERATOR, main, opened
from consult.commands.partnerships import set_look
from events.theme import FooterLink


@main.command("theme")
@of_partnership
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
    slug: str,
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
            partnership_id(services, slug),
            actor=OPERATOR,
            brand=colour,
            picture=b"" if no_logo else logo.read_bytes() if logo else None,
            short_name=dict(_pair(name) for name in names) or None,
            links=tuple(_link(link) for link in links) or None,
        ).look
        click.echo(f"Colour {look.brand or 'as it comes'}, {'a' if look.logo else 'no'} logo.")


def _pair(text: str) -> tuple[str, str]:
    language, is_pair, words = text.partition("=")
    if not is_pair:
        raise click.UsageError(f"“{text}” is not like en=Words.")
    return language.strip(), words.strip()


def _link(text: str) -> FooterLink:
    *labels, address = text.split("|")
    return FooterLink(dict(_pair(label) for label in labels), address.strip())
