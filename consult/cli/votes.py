"""Commands about votes: import, count, publish, results."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import click

from consult.cli.encodings import text_of, with_encoding
from consult.cli.outcome_words import in_words
from consult.cli.reasons import check_languages, with_reason
from consult.cli.root import OPERATOR, find, main, opened, progress_bar
from consult.commands.consultations.drawing import enter_draw, enter_round, fetch_round
from consult.commands.data_protection.takings import take_count
from consult.commands.files.importing import Imported, discard_import, import_votes
from consult.commands.results.counting import publish_results
from consult.commands.results.working_out import Tally, counting_terms
from consult.counting import RULES
from consult.counting.enough import reasons_with
from consult.formats.plural import counted
from consult.formats.responses import Money
from consult.jobs.kinds.imports import IMPORT, delete_copy, give_up_import, import_wanted
from consult.jobs.kinds.kind import Report
from consult.jobs.waiting import wait_for
from consult.services import Services
from events import Consultation, Refused
from events.consultations import states
from events.question import Text, in_order_asked
from projections.results import Results


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_encoding
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_file(file: Path, encoding: str, *, as_json: bool) -> None:
    """Record a file of votes as a consultation, and print its id.

    Reads Pabulib (.pb), PrefLib (.soc .soi .toc .toi .cat), .blt and Scottish wards (.csv).
    It is a job: if this command is killed, `consult serve` finishes it, or the same command.

    Example: consult import votes.pb
    """
    with (
        opened(create=True, is_told=True) as services,
        progress_bar("Reading and storing ballots") as update,
    ):
        imported = _imported(services, file, encoding, update)
    if as_json:
        document = {
            "id": str(imported.consultation_id),
            "slug": imported.slug,
            "ballots": imported.ballots,
            "resumed": imported.resumed,
            "options": imported.options,
            "rule": imported.rule,
            "warnings": list(imported.warnings),
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    if imported.resumed:
        click.echo(
            f"Note: stored by an import that was cut short: {counted(imported.resumed, 'ballot')}; "
            "the others were added.",
            err=True,
        )
    for warning in imported.warnings:
        click.echo(f"Note: {warning}", err=True)
    click.echo(str(imported.consultation_id))


def _imported(services: Services, file: Path, encoding: str, update: Report) -> Imported:
    """Import a file as a job; once another process has done it, only the comparison is left."""

    def here(report: Report) -> Imported:
        return import_votes(services, file, report, encoding=encoding)

    asked = import_wanted(services, file, encoding, actor=OPERATOR)
    done = wait_for(services, IMPORT, asked, here, update, actor=OPERATOR)
    delete_copy(services, asked)
    return done or import_votes(services, file, encoding=encoding)


@main.command("discard")
@click.argument("id", metavar="CONSULTATION")
def discard(id: str) -> None:
    """Throw an import away; its file can then be imported anew.

    Its ballots are no longer shown or counted. The record keeps that it was thrown away.

    Example: consult discard three-wards-fund
    """
    with opened() as services:
        consultation = discard_import(services, find(services, id), actor=OPERATOR)
        give_up_import(services, consultation)
    click.echo(f"{consultation.slug} was thrown away.")


def settings_of(pairs: tuple[str, ...]) -> Mapping[str, str]:
    """Parse `name=value` pairs."""
    settings = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.UsageError(f"--set takes name=value, for instance threshold=50: {pair}")
        settings[name] = value
    return settings


@main.command("count")
@click.argument("id", metavar="CONSULTATION")
@click.option("--rule", help=f"One of: {' '.join(sorted(RULES))}. Default: the terms'.")
@click.option("--question", help="Which question, when several are counted.")
@click.option("--seats", type=click.IntRange(1, 10_000), help="How many to elect; needs --rule.")
@click.option("--as-at", type=click.IntRange(0), help="Ballots as they stood at this position.")
@click.option("--lot", metavar="ID,ID", help="The order for ties, best first; needs --rule.")
@click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def count(
    id: str,
    rule: str | None,
    question: str | None,
    seats: int | None,
    as_at: int | None,
    lot: str | None,
    pairs: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Count without publishing anything.

    Refused while it is open and its terms keep hidden how it stands. That it was counted is
    recorded where the public cannot count by itself.

    Example: consult count three-wards-fund --rule equal-shares --set step=1 --json
    """
    settings = settings_of(pairs)
    with opened() as services:
        consultation_id = find(services, id)
        order = tuple(lot.split(",")) if lot else ()
        if not rule and (settings or lot or seats):
            raise click.UsageError(
                "--set, --lot and --seats need --rule: without it the terms decide."
            )
        terms = (
            counting_terms(rule, seats=seats or 1, settings=settings, lot=order) if rule else None
        )
        tally = take_count(
            services,
            consultation_id,
            actor=OPERATOR,
            question_id=question,
            terms=terms,
            as_at=as_at,
        )
        money = Money.of(services.record.get(Consultation, consultation_id))
    document = count_document(tally)
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else in_words(tally, money))


def count_document(tally: Tally) -> dict[str, Any]:
    """Return the stable JSON form that external verifiers read."""
    outcome = tally.outcome.as_json()
    names = ("rule", "rule_version")
    later = ("order", "elected", "funded", "spent", "left", "scores", "rounds", "ties")
    return {
        **{name: outcome[name] for name in names},
        "cutoff": tally.cutoff,
        "ballots": outcome["ballots"],
        **{name: outcome[name] for name in later},
        "reasons": reasons_with(outcome["reasons"], tally.enough()),
        "input_digest": tally.input_digest,
    }


@main.command("lot")
@click.argument("id", metavar="CONSULTATION")
@click.option("--numbers", help="What was drawn, in the order drawn, such as: 12 45 3 17 50 8.")
@click.option("--source", default="", help="Where the numbers are published.")
@with_reason("Why others than were announced, in each language.", is_needed=False)
@click.option("--repeated", "is_repeated", is_flag=True, help="A number was drawn twice.")
@click.option("--round", "file", type=click.File("rb"), help="What drand published of the round.")
def lot(
    id: str,
    numbers: str | None,
    source: str,
    reason: Text,
    *,
    is_repeated: bool,
    file: BinaryIO | None,
) -> None:
    """Enter the public draw that decides ties; a round of drand is fetched.

    Without --numbers or --round, a round of drand that the terms name is fetched; any other draw is
    entered with --numbers and --source.

    Example: consult lot three-wards-fund --numbers "12 45 3 17 50 8" --source https://www.example.org/draws
    """
    with opened() as services:
        known = find(services, id)
        check_languages(services.record.get(Consultation, known), reason)
        if numbers:
            enter_draw(
                services,
                known,
                numbers=numbers,
                source=source,
                reason=reason,
                is_repeated=is_repeated,
                actor=OPERATOR,
            )
        elif file is not None:
            enter_round(services, known, published=text_of(file), actor=OPERATOR)
        else:
            fetch_round(services, known, actor=OPERATOR)
        drawn = services.record.get(Consultation, known).lot
        assert drawn is not None
        click.echo(f"The draw is entered: {drawn.value}")


@main.command("publish")
@click.argument("id", metavar="CONSULTATION")
def publish(id: str) -> None:
    """Publish what everybody answered, and what each counting rule in the terms gives.

    Example: consult publish three-wards-fund
    """
    with opened() as services:
        consultation_id = find(services, id)
        for result in publish_results(services, consultation_id, actor=OPERATOR):
            click.echo(f"{result.question_id}: {result.outcome['rule']} published.")
        services.catch_up()
        with services.views.connect() as db:
            published = services.views.reader(Results).published(db, consultation_id)
    assert published is not None
    assert published.tallies is not None
    click.echo(f"Tallies published, questions: {len(published.tallies['questions'])}.")
    click.echo(published.tallies_digest)


@main.command("results")
@click.argument("id", metavar="CONSULTATION")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def results(id: str, *, as_json: bool) -> None:
    """Print the published results: each count, and the tallies of every question.

    Example: consult results three-wards-fund --json
    """
    with opened() as services:
        consultation_id = find(services, id)
        with services.whole(Results) as (db, reader):
            unsorted = reader.of(db, consultation_id)
            published = reader.published(db, consultation_id)
        about = services.record.get(Consultation, consultation_id)
        if published is None and about.state == states.WITHDRAWN:
            raise Refused(f"{about.slug} was withdrawn, so there is no result. Its page says why.")
        if published is None:
            raise Refused("No result is published yet. When it has closed, run: consult publish ID")
        asked = about.questions
    found = in_order_asked(asked, unsorted)
    documents = [
        {
            "question": result.question_id,
            "rule": result.rule,
            "rule_version": result.rule_version,
            "cutoff": result.cutoff,
            "ballots": result.ballots,
            "input_digest": result.input_digest,
            "result_digest": result.result_digest,
            "outcome": result.outcome,
            "comparison": result.comparison,
        }
        for result in found.values()
    ]
    document = {
        "consultation": str(consultation_id),
        "results": documents,
        "tallies": published.tallies,
        "tallies_digest": published.tallies_digest,
    }
    click.echo(json.dumps(document, ensure_ascii=False, indent=None if as_json else 2))
