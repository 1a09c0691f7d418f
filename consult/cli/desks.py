"""Commands about desks: how many people each account answered for, and look-ups of numbers."""

from io import StringIO
from typing import BinaryIO

import click

from consult.cli.encodings import text_of
from consult.cli.root import OPERATOR, find, main, opened, refuse, said_in_words
from consult.commands.answers.desk_references import (
    DRAWN_MAX,
    REFERENCES_MAX,
    LookUp,
    counts,
    look_up,
)
from consult.formats.plural import counted


@main.command("desks")
@click.argument("consultation")
@click.argument("numbers", type=click.File("rb"), required=False)
@click.option("--draw", type=click.IntRange(0, DRAWN_MAX), default=0, help="Answers at random.")
@click.option("--desk", default="", help="Draw only those that the account with this code sent.")
def desks(consultation: str, numbers: BinaryIO | None, draw: int, desk: str) -> None:
    """Say for how many people each desk account answered; look up the NUMBERS of a file.

    NUMBERS has on each line one number that the desk checked and wrote down. Whether each has
    answered is printed by its line, never the number, and how many answers none of them explains.
    With --draw, so many answers are drawn, each with the line on which its number stands. That
    something was looked up is recorded.

    Example: consult desks three-wards-fund register.txt --draw 20
    """
    with said_in_words():
        text = text_of(numbers) if numbers else ""
    lines = tuple(line.strip() for line in StringIO(text, newline=None))
    if len(lines) > REFERENCES_MAX:
        refuse(f"There are more than {REFERENCES_MAX:,} lines. Take a sample.")
    with opened() as services:
        id = find(services, consultation)
        known = counts(services, id)
        wanted = LookUp(lines, draw, desk.upper())
        audit = look_up(services, id, wanted, actor=OPERATOR) if numbers or draw else None
    if not known:
        click.echo("Nobody has answered at a desk, or by telephone with staff.")
    for each in known:
        pace = f"at most {each.busiest} in an hour" if each.busiest is not None else "pace unknown"
        name = each.name or "no account any more"
        click.echo(f"{each.desk}: {counted(each.people, 'person')}, {pace}, {name}")
    if audit is None:
        return
    for place, found in enumerate(audit.found, start=1):
        click.echo(f"line {place}: {f'answered at {found.desk}' if found else 'no answers'}")
    for answer, line in audit.drawn:
        stands = f"line {line}" if line else "no line has its number"
        click.echo(f"drawn: {answer.day} {answer.desk} {answer.assurance}: {stands}")
    if numbers:
        for code, people in sorted(audit.unexplained.items()):
            click.echo(f"{code}: {counted(people, 'person')} of whom no line has the number")
        if not audit.unexplained:
            click.echo("Every answer for which a number was checked has its line.")
