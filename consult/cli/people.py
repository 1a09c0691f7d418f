"""Commands about the staff of consultations."""

import click

from consult.access import STAFF
from consult.cli.naming import of_partnership
from consult.cli.partnerships import partnership_id
from consult.cli.root import OPERATOR, main, opened
from consult.commands.accounts.members import add_member, change_member, remove_member
from consult.commands.accounts.recovering import reset_passkeys
from consult.commands.accounts.staff import find_colleague
from consult.commands.accounts.staff import of_partnership as people_of
from consult.people.accounts.sign_in_links import make_sign_in_token
from consult.people.accounts.staff import find_by_email
from consult.people.mailboxes.addresses import shown
from events import Refused


class NoAccount(Refused):
    """No account has this address."""

    says = "Nobody has the address {email}. Add them with: consult member add {email}"


@main.group("member")
def member() -> None:
    """Give people accounts and roles.

    Example: consult member add jo@example.org --name Jo --role organiser --partnership ashenmoor
    """


@member.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What pages call this person.")
@click.option(
    "--role",
    "roles",
    type=click.Choice(STAFF),
    multiple=True,
    required=True,
    help="What they may do; repeat it.",
)
@of_partnership
def add(email: str, name: str, roles: tuple[str, ...], slug: str) -> None:
    """Give somebody an account and roles in a partnership; repeating it changes nothing.

    Another name for an address that has an account is refused.

    Example: consult member add name@example.org --name "Name" --role organiser --partnership SLUG
    """
    with opened() as services:
        id = partnership_id(services, slug)
        add_member(services, id, email=email, name=name, roles=roles, actor=OPERATOR)
        click.echo(f"{name} is {', '.join(roles)} in {slug}.")


@member.command("list")
@of_partnership
def list_members(slug: str) -> None:
    """List who works for a partnership: name, address and roles.

    Example: consult member list ashenmoor
    """
    with opened() as services:
        for one in people_of(services, partnership_id(services, slug)):
            click.echo(f"{one.name} <{shown(one.email)}>: {', '.join(one.roles)}")


@member.command("change")
@click.argument("email")
@of_partnership
@click.option("--name", default="", help="What pages call this person from now on.")
@click.option(
    "--role", "roles", type=click.Choice(STAFF), multiple=True, help="All they may do; repeat it."
)
def change(email: str, slug: str, name: str, roles: tuple[str, ...]) -> None:
    """Change somebody's name or roles; what is not given stays. It holds at once.

    Example: consult member change jo@example.org --partnership ashenmoor --role auditor
    """
    with opened() as services:
        id = partnership_id(services, slug)
        one = find_colleague(services, id, email)
        change_member(services, id, one.id, name=name, roles=roles or one.roles, actor=OPERATOR)
        click.echo(f"{name or one.name} is {', '.join(roles or one.roles)} in {slug}.")


@member.command("remove")
@click.argument("email")
@of_partnership
def remove(email: str, slug: str) -> None:
    """Take every role in a partnership from somebody, who is signed out at once.

    Example: consult member remove jo@example.org --partnership ashenmoor
    """
    with opened() as services:
        id = partnership_id(services, slug)
        one = find_colleague(services, id, email)
        remove_member(services, id, one.id, actor=OPERATOR)
        click.echo(f"{one.name} no longer works for {slug}.")


@member.command("reset-passkeys")
@click.argument("email")
def reset(email: str) -> None:
    """Take all passkeys from somebody who lost them; they are signed out everywhere.

    Make sure that it is them: whoever reads their mailbox can then make a passkey for the account.

    Example: consult member reset-passkeys jo@example.org
    """
    with opened() as services:
        number = reset_passkeys(services, email, actor=OPERATOR)
        click.echo(f"Passkeys removed: {number}.")


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
