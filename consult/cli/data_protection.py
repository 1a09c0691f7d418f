"""Commands about personal data: erase, disclose, scrub, legal holds."""

from pathlib import Path
from uuid import UUID

import click

from consult.cli.output import written_to
from consult.cli.root import OPERATOR, find, main, opened
from consult.clocks.local_time import day_of
from consult.commands.answers.holding import Holder, find_by_receipt
from consult.commands.data_protection.copy_files import as_file, as_json
from consult.commands.data_protection.erasing_again import erase_again
from consult.commands.data_protection.erasure import erase_by_case, erase_by_holder
from consult.commands.data_protection.retention import lift_legal_hold, set_legal_hold
from consult.commands.data_protection.takings import take_copy
from consult.people.erasing.scrubbing import scrub
from projections.data_protection import DataProtection


@main.command("erase")
@click.argument("receipt", required=False, default="")
@click.option("--case", "reference", help="Reference of the case in which somebody asked.")
@click.option("--submission", type=click.UUID, help="With --case: the id of the answers.")
@click.option("--email", help="With --case and --consultation: the address somebody gave.")
@click.option("--consultation", help="Short name or id of the consultation.")
@click.option("--approved-by", default="", help="Reference of the second person.")
def erase(
    receipt: str,
    reference: str | None,
    submission: UUID | None,
    email: str | None,
    consultation: str | None,
    approved_by: str,
) -> None:
    """Erase what one person wrote, their address and their equality answers.

    By the changing code of their RECEIPT, or with --case by its checking code, by id, or by
    address. Choices stay and still count, under a pseudonym. Run `consult scrub` afterwards.

    Example: consult erase --case DP/2026-014 --email name@example.org --consultation riverside
    """
    if bool(receipt) + bool(submission) + bool(email) != 1:
        raise click.UsageError("Say whose: a receipt, --submission or --email.")
    if bool(email) != bool(consultation):
        raise click.UsageError("--email and --consultation go together.")
    if reference is None and not receipt:
        raise click.UsageError("Without a receipt an erasure needs --case.")
    with opened() as services:
        if reference is None:
            erased = [erase_by_holder(services, holder=Holder(receipt), actor=OPERATOR)]
        else:
            address = (find(services, consultation), email) if consultation and email else None
            erased = erase_by_case(
                services,
                reference=reference,
                actor=OPERATOR,
                code=receipt,
                submission_id=submission,
                email=address,
                approved_by=approved_by,
            )
        for each in erased:
            click.echo(f"Erased, case {each.case_id}. To make the bytes unreadable: consult scrub")


@main.command("erase-again")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def again(folder: Path) -> None:
    """Erase again what a copy of the public log says was erased. Only after a restore.

    For when the backup is older than an erasure and the file that ends in .erasures is lost. FOLDER
    has the files of the log under their addresses: checkpoint, tile/entries/000 and so on.

    Example: consult erase-again mirror
    """
    with opened() as services:
        number = erase_again(services, folder, actor=OPERATOR)
    click.echo(f"Erased again: {number}.")


@main.command("disclose")
@click.argument("receipt")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a file instead: .json is added, or .zip where the person sent files.",
)
def show(receipt: str, output: Path | None) -> None:
    """Print all that is held about the person of a RECEIPT, and about nobody else, as JSON.

    That a copy was taken is recorded. Files that they sent are in the copy only with --output.

    Example: consult disclose 3F7K-XX2M-9QRT-A1B2 --output answer
    """
    with opened() as services:
        document = take_copy(services, receipt, actor=OPERATOR)
        if output is None:
            click.echo(as_json(document))
            return
        content, ending = as_file(services, find_by_receipt(services, receipt), document)
        named = output.with_name(f"{output.name}.{ending}")
        with written_to(named) as file:
            file.write(content)
        click.echo(f"All that is held about them is in {named}.")


@main.command("scrub")
def scrub_vault() -> None:
    """Rewrite the vault so that nothing erased can be read in its files (docs/erasure.md).

    Example: consult scrub
    """
    with opened() as services:
        left = scrub(services.vault)
    click.echo("The vault is rewritten.")
    if left:
        click.echo("To end its old write-ahead log too, a superuser runs:")
        for step in left:
            click.echo(f"  {step};")


@main.group("hold")
def hold() -> None:
    """Legal holds: while one lasts, nothing of a consultation is erased or runs out.

    Example: consult hold list riverside
    """


@hold.command("set")
@click.argument("consultation")
@click.option("--reason", required=True, help="Why, without anybody's name. It is recorded.")
def set_hold(consultation: str, reason: str) -> None:
    """Keep the personal data of a consultation until the hold is lifted.

    Example: consult hold set riverside --reason "Judicial review, claim CO/123/2026"
    """
    with opened() as services:
        id = find(services, consultation)
        click.echo(str(set_legal_hold(services, id, reason=reason, actor=OPERATOR).id))


@hold.command("lift")
@click.argument("case", type=click.UUID)
@click.option("--reason", required=True, help="Why, without anybody's name. It is recorded.")
def lift_hold(case: UUID, reason: str) -> None:
    """End a hold; what has run out meanwhile is removed within the hour.

    Example: consult hold lift CASE --reason "The claim was withdrawn"
    """
    with opened() as services:
        lift_legal_hold(services, case, reason=reason, actor=OPERATOR)
        click.echo("Lifted.")


@hold.command("list")
@click.argument("consultation")
def list_holds(consultation: str) -> None:
    """List the holds of a consultation.

    Example: consult hold list riverside
    """
    with opened() as services:
        id = find(services, consultation)
        with services.whole(DataProtection) as (db, data_protection):
            found = data_protection.holds(db, id)
        for each in found:
            until = str(day_of(each.lifted_at)) if each.lifted_at else "it is lifted"
            click.echo(f"{each.case_id}  from {day_of(each.set_at)} until {until}: {each.reason}")
