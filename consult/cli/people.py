"""Commands about the people who run consultations."""

import click

from consult.cli.partnerships import partnership_id
from consult.cli.root import main, opened
from consult.people.staff import ROLES, add_member, find_by_email, make_sign_in_token
from events import Refused


class NoAccount(Refused):
    """Nobody has this address."""

    says = "Nobody has the address {email}. Add them with: consult member add {email}"


@main.group("member")
def member() -> None:
    """Give people accounts and roles.

    Example: consult member add jo@example.org --name Jo --role organiser --partnership ashenmoor
    """


@member.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What pages call this person.")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What they may do.")
@click.option("--partnership", "slug", required=True, help="Short name of the partnership.")
def add(email: str, name: str, role: str, slug: str) -> None:
    """Give somebody an account and a role in a partnership; repeating it changes nothing.

    Example: consult member add name@example.org --name "Name" --role organiser --partnership SLUG
    """
    with opened() as services:
        id = partnership_id(services, slug)
        add_member(services.vault, email=email, name=name, partnership_id=id, role=role)
        click.echo(f"{name} is {role} in {slug}.")


@main.command("sign-in")
@click.argument("email")
def sign_in(email: str) -> None:
    """Print a link that signs somebody in: it works once, for a day.

    Example: consult sign-in name@example.org
    """
    with opened() as services:
        staff_id = find_by_email(services.vault, email)
        if staff_id is None:
            raise NoAccount(email=email)
        token = make_sign_in_token(services.vault, staff_id, services.clock())
        click.echo(f"{services.config.public_url}/sign-in/{token}")
