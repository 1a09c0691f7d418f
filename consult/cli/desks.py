"""Commands about desks: how many each account answered for, and a sample looked up."""

from typing import TextIO

import click

from consult.cli.root import find, main, opened, refuse
from consult.commands.desk_references import REFERENCES_MAX, look_up
from consult.people.staff import DESK, everybody_with


@main.command("desks")
@click.argument("consultation")
@click.argument("numbers", type=click.File(encoding="utf-8"), required=False)
def desks(consultation: str, numbers: TextIO | None) -> None:
    """Say for how many people each desk account answered; look up the NUMBERS of a file.

    NUMBERS has on each line one number that the desk checked and wrote down. Whether each has
    answered is printed by its line, never the number, and how many answers none of them explains.

    Example: consult desks three-wards-fund register.txt
    """
    lines = [line.strip() for line in numbers] if numbers else []
    if len(lines) > REFERENCES_MAX:
        refuse(f"There are more than {REFERENCES_MAX:,} lines. Take a sample.")
    with opened() as services:
        id = find(services, consultation)
        audit = look_up(services, id, lines)
        names = {
            services.vault.desk(id, member_id.hex): name
            for member_id, name in everybody_with(services.vault, DESK)
        }
    for desk, people in sorted(audit.by_desk.items()):
        click.echo(f"{desk}  {people:>6,} people  {names.get(desk, 'no account any more')}")
    for place, found in enumerate(audit.found, start=1):
        click.echo(f"line {place}: {f'answered at {found.desk}' if found else 'no answers'}")
    if numbers:
        for desk, people in sorted(audit.unexplained.items()):
            click.echo(f"{desk}  {people:>6,} people of whom no line has the number")
        if not audit.unexplained:
            click.echo("Every answer for which a number was checked has its line.")
