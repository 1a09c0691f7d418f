"""The command line: set up, serve, import, count, export, rebuild."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from consult.commands.context import Actor
from consult.commands.counting import Tally, counting_terms, publish_results, work_out
from consult.commands.exporting import WRITERS, export_votes
from consult.commands.importing import import_votes
from consult.config import Config
from consult.counting import RULES
from consult.duties import run_background
from consult.services import Services, set_up
from consult.serving import Address, serve
from events import Consultation, Refused
from projections.consultations import Consultations
from projections.rebuilding import RebuildFailed, compare, rebuild
from projections.results import Results

OPERATOR = Actor("operator")
REFUSED = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="folkmoot")
def main() -> None:
    """Folkmoot: consult a community, and be able to prove the result.

    The database is FOLKMOOT_DATABASE_URL (default sqlite:///folkmoot.db).
    """


@contextmanager
def opened(*, create: bool = False) -> Iterator[Services]:
    """Open the services; a refusal is printed and ends with exit code 1."""
    try:
        config = Config.from_environment()
        if create:
            set_up(config)
        services = Services.open(config)
        try:
            yield services
        finally:
            services.close()
    except (Refused, RebuildFailed) as refused:
        refuse(str(refused))


def refuse(reason: str) -> NoReturn:
    """Say why not, on standard error."""
    click.echo(reason, err=True)
    sys.exit(REFUSED)


class RateColumn(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:  # noqa: D102
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


@contextmanager
def progress_bar(what: str) -> Iterator[Any]:
    """Show a bar with rate and time left on standard error; yields `update(done, total)`."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True))
    task = bar.add_task(what, total=None)

    def update(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)

    with bar:
        yield update


@main.command("init")
def init() -> None:
    """Create what is missing in the database; safe to repeat.

    Example: consult init
    """
    with opened(create=True):
        click.echo("The database is ready.")


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_file(file: Path, *, as_json: bool) -> None:
    """Record a file of votes as a consultation, and print its id.

    Reads Pabulib (.pb), PrefLib (.soc .soi .toc .toi .cat) and Scottish wards (.csv).

    Example: consult import votes.pb
    """
    with opened(create=True) as services, progress_bar("Casting ballots") as update:
        imported = import_votes(services, file, update)
    if as_json:
        document = {
            "id": str(imported.consultation_id),
            "slug": imported.slug,
            "ballots": imported.ballots,
            "options": imported.options,
            "rule": imported.rule,
            "warnings": list(imported.warnings),
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    for warning in imported.warnings:
        click.echo(f"Note: {warning}", err=True)
    click.echo(str(imported.consultation_id))


def settings_of(pairs: tuple[str, ...]) -> Mapping[str, str]:
    """Read `name=value` pairs."""
    settings = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.UsageError(f"--set takes name=value, for instance threshold=50: {pair}")
        settings[name] = value
    return settings


@main.command("count")
@click.argument("id")
@click.option("--rule", help=f"One of: {' '.join(sorted(RULES))}. Default: the terms'.")
@click.option("--question", help="Which question, when several are counted.")
@click.option("--seats", type=click.IntRange(1, 10_000), default=1, help="How many to elect.")
@click.option("--as-at", type=click.IntRange(0), help="Ballots as they stood at this position.")
@click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def count(  # noqa: PLR0913  one parameter per option
    id: str,
    rule: str | None,
    question: str | None,
    seats: int,
    as_at: int | None,
    pairs: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Count without publishing anything.

    Example: consult count ID --rule equal-shares --set step=1 --json
    """
    settings = settings_of(pairs)
    with opened() as services:
        consultation_id = find(services, id)
        terms = counting_terms(rule, seats=seats, settings=settings) if rule else None
        if terms is None and settings:
            raise click.UsageError("--set needs --rule: without it the terms decide.")
        tally = work_out(services, consultation_id, question_id=question, terms=terms, as_at=as_at)
    document = count_document(tally)
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else in_words(tally))


def count_document(tally: Tally) -> dict[str, Any]:
    """Return the stable form that outside checks read."""
    outcome = tally.outcome.as_json()
    names = ("rule", "rule_version")
    later = ("order", "elected", "funded", "spent", "left", "scores", "rounds", "ties", "reasons")
    return {
        **{name: outcome[name] for name in names},
        "cutoff": tally.cutoff,
        "ballots": outcome["ballots"],
        **{name: outcome[name] for name in later},
        "input_digest": tally.input_digest,
    }


def in_words(tally: Tally) -> str:
    """Return an outcome as lines for a person."""
    outcome = tally.outcome
    titles = {o.id: next(iter(o.title.values()), o.id) for o in tally.question.options}
    lines = [f"{outcome.rule}: {outcome.ballots:,} ballots, cut-off position {tally.cutoff}"]
    if outcome.spent is not None:
        lines += [f"  funded  {id}  {titles[id]}" for id in outcome.funded]
        lines.append(f"  spent {outcome.spent:,}, left {outcome.left:,}")
    else:
        for place, ids in enumerate(outcome.order, start=1):
            names = "; ".join(f"{id}  {titles[id]}" for id in ids)
            lines.append(f"  {place:>3}. {names}")
    if outcome.ties:
        lines.append(f"  ties met: {len(outcome.ties)} (see --json)")
    return "\n".join(lines)


@main.command("publish")
@click.argument("id")
def publish(id: str) -> None:
    """Count a closed consultation under its terms and publish the result.

    Example: consult publish ID
    """
    with opened() as services:
        for result in publish_results(services, find(services, id), actor=OPERATOR):
            click.echo(f"{result.question_id}: {result.outcome['rule']} published.")


@main.command("results")
@click.argument("id")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def results(id: str, *, as_json: bool) -> None:
    """Print the published result.

    Example: consult results ID --json
    """
    with opened() as services:
        consultation_id = find(services, id)
        services.catch_up()
        with services.views.connect() as db:
            found = services.views.reader(Results).of(db, consultation_id)
        if not found:
            raise Refused("No result is published yet. Publish it with: consult publish ID")
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
    document = {"consultation": str(consultation_id), "results": documents}
    click.echo(json.dumps(document, ensure_ascii=False, indent=None if as_json else 2))


@main.command("export")
@click.argument("id")
@click.option("--format", "format", type=click.Choice(sorted(WRITERS)), default="pabulib")
@click.option("--question", help="Which question, when several are counted.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file.")
def export(id: str, format: str, question: str | None, output: Path | None) -> None:
    """Write the ballots of a closed consultation so that an outside tool can recount them.

    Example: consult export ID --format pabulib --output votes.pb
    """
    with opened() as services:
        consultation_id = find(services, id)
        if output is None:
            export_votes(services, consultation_id, sys.stdout, format=format, question_id=question)
            return
        with output.open("w", encoding="utf-8", newline="") as file:
            export_votes(services, consultation_id, file, format=format, question_id=question)


@main.command("rebuild")
@click.option("--only", "names", multiple=True, help="Only this projection; may be repeated.")
@click.option("--check", is_flag=True, help="Change nothing; say whether a rebuild would.")
def rebuild_views(names: tuple[str, ...], *, check: bool) -> None:
    """Build the read models anew from the record, beside the live ones, and swap.

    Example: consult rebuild --check
    """
    with opened() as services:
        known = services.runner.projections
        for name in names:
            if name not in known:
                raise click.UsageError(f"{name} is not one of: {' '.join(known)}")
        if check:
            check_views(services, names or tuple(known))
            return
        with progress_bar("Rebuilding") as update:
            rebuild(services.runner, names or None, update)
    click.echo("The read models are rebuilt.")


def check_views(services: Services, names: tuple[str, ...]) -> None:
    """Compare the live read models with a rebuild, row for row."""
    services.catch_up(seconds_max=600)
    wrong = 0
    for name in names:
        differences = compare(services.runner, services.runner.projections[name])
        wrong += len(differences)
        click.echo(f"{name}: {'as it should be' if not differences else differences}")
    if wrong:
        refuse("Rebuild them with: consult rebuild")


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(0, 64), default=0, help="Web processes; 0 chooses.")
def serve_pages(host: str, port: int, workers: int) -> None:
    """Serve the pages, keep the read models up, and close what is due.

    Example: consult serve --port 8000
    """
    try:
        serve(Config.from_environment(), Address(host, port, workers))
    except Refused as refused:
        refuse(str(refused))


@main.command("project")
def project() -> None:
    """Keep the read models up and do what is due, without serving pages.

    For more than one web host: run this once, and `consult serve` on each.

    Example: consult project
    """
    try:
        run_background(Config.from_environment())
    except Refused as refused:
        refuse(str(refused))


def find(services: Services, reference: str) -> UUID:
    """Return the id that a person meant: the id itself, or a short name."""
    try:
        return services.record.get(Consultation, UUID(reference)).id
    except ValueError:
        services.catch_up()
        with services.views.connect() as db:
            found = services.views.reader(Consultations).by_slug(db, reference)
        if found is None:
            raise Refused(
                "There is no consultation “{reference}”. Give its id or its short name.",
                reference=reference,
            ) from None
        return found.id


if __name__ == "__main__":
    main()
