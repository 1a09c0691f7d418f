"""Commands about partnerships and the people who run consultations."""

import csv
from pathlib import Path
from uuid import UUID

import click

from consult.cli.root import OPERATOR, main, opened
from consult.commands.partnerships import define_area, form_partnership
from consult.people.staff import ROLES, add_member, find_by_email, make_sign_in_token
from consult.services import Services
from events import NotFound, Partnership, Refused, pasted
from events.partnership import Ward
from events.question import Text
from events.terms import PROFILES

WARDS_MAX = 1_000
POPULATION_MAX = 999_999_999
WARD_COLUMNS = ("code", "name", "population")


class NoAccount(Refused):
    """Nobody has this address."""

    says = "Nobody has the address {email}. Add them with: consult member add {email}"


class BadWards(Refused):
    """The file of wards cannot be read."""

    says = "{file}, line {line}: {reason}"


@main.group("partnership")
def partnership() -> None:
    """Form a partnership and define its area.

    Example: consult partnership form ashenmoor --name "Ashenmoor Together" --area Ashenmoor
    """


@partnership.command("form")
@click.argument("slug")
@click.option("--name", required=True, help="What it is called, in English.")
@click.option("--name-cy", default="", help="What it is called, in Welsh.")
@click.option("--area", required=True, help="The area it works for, in English.")
@click.option("--area-cy", default="", help="The area it works for, in Welsh.")
@click.option(
    "--profile",
    type=click.Choice(sorted(PROFILES)),
    default="none",
    show_default=True,
    help="The legal regime: it sets the least number of days a consultation is open.",
)
def form(slug: str, name: str, name_cy: str, area: str, area_cy: str, profile: str) -> None:
    """Form a partnership. SLUG is its short name, such as ashenmoor.

    Example: consult partnership form ashenmoor --name "Ashenmoor Together" --area Ashenmoor
    """
    with opened(create=True) as services:
        formed = form_partnership(
            services,
            slug=slug,
            name=_words(name, name_cy),
            area=_words(area, area_cy),
            profile=profile,
            languages=("en", "cy") if name_cy else ("en",),
            actor=OPERATOR,
        )
        click.echo(str(formed.id))


@partnership.command("wards")
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Where the populations come from, with the date.")
def wards(slug: str, file: Path, source: str) -> None:
    """Define the wards from a CSV with the columns code, name, population.

    Optional columns: name_cy, and quintile (1 is most deprived).

    Example: consult partnership wards ashenmoor wards.csv --source "Census 2021"
    """
    with opened() as services:
        found = tuple(_read_wards(file))
        define_area(services, _find(services, slug), wards=found, source=source, actor=OPERATOR)
        click.echo(f"{len(found)} wards.")


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
        partnership_id = _find(services, slug)
        add_member(services.vault, email=email, name=name, partnership_id=partnership_id, role=role)
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


def _words(english: str, welsh: str) -> Text:
    return {"en": english, "cy": welsh} if welsh else {"en": english}


def _find(services: Services, slug: str) -> UUID:
    found = services.record.find(Partnership, Partnership.id_for(slug))
    if found is None:
        raise NotFound(what="partnership", reference=slug)
    return found.id


def _read_wards(file: Path) -> list[Ward]:
    """Read the wards of a file. Raises BadWards."""
    with file.open(encoding="utf-8-sig", newline="") as readable:
        rows = csv.DictReader(readable)
        missing = [name for name in WARD_COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise BadWards(file=file.name, line=1, reason=f"no column {', '.join(missing)}.")
        found: list[Ward] = []
        for line, row in enumerate(rows, start=2):
            try:
                population = pasted.number(row["population"] or "")
            except pasted.Unread as unread:
                raise BadWards(file=file.name, line=line, reason=str(unread)) from None
            if not 0 <= population <= POPULATION_MAX:
                raise BadWards(file=file.name, line=line, reason="the population is too large.")
            quintile = row.get("quintile") or "0"
            if quintile not in {"0", "1", "2", "3", "4", "5"}:
                raise BadWards(file=file.name, line=line, reason="the quintile is not 1 to 5.")
            if len(found) == WARDS_MAX or not row["code"] or not row["name"]:
                raise BadWards(file=file.name, line=line, reason="no code or name, or too many.")
            words = _words(row["name"], row.get("name_cy") or "")
            found.append(Ward(row["code"], words, population, int(quintile)))
    return found
