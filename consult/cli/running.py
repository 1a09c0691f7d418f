"""Commands that run an installation: init, serve, project, rebuild."""

import click

from consult.cli.root import OPERATOR, main, opened, progress_bar, refuse, said_in_words
from consult.commands.setting_up import setup_link
from consult.config import Config
from consult.duties import run_background
from consult.jobs.asking import ask, queue_of, wanted
from consult.jobs.kinds.rebuilds import REBUILD, RebuildWanted
from consult.services import Services, set_up
from consult.serving import Address, serve
from consult.serving.supervisor import set_up_logging
from projections.engine.rebuilding import compare, rebuild

LOST = """\
A new secret was made. What needed the old one is lost for good:
- receipts that were given cannot be checked here any more, and change nothing;
- ballots that are not opened yet stay in the record and count, but nobody can open them in the
  public log, so that the verifier says of each that its opening is missing;
- codes of letters stop working: have new ones printed; codes in mails and of saved answers too;
- everybody is signed out.
Entries, results and files of receipts that were downloaded still hold."""


@main.command("init")
@click.option(
    "--new-secret", is_flag=True, help="Only when the file of the site's secret is lost for good."
)
def init(*, new_secret: bool) -> None:
    """Create what is missing in the database; safe to repeat.

    It makes the site's secret too, a file beside the log's key that is in no backup: keep a copy
    of it apart.

    Example: consult init
    """
    if new_secret:
        with said_in_words():
            set_up(Config.from_environment(), new_secret=True)
        click.echo(LOST)
    with opened(create=True):
        click.echo("The database is ready.")


@main.command("rebuild")
@click.option("--only", "names", multiple=True, help="Only this projection; may be repeated.")
@click.option("--check", is_flag=True, help="Change nothing; say whether a rebuild would.")
@click.option("--later", is_flag=True, help="Have it done by `consult serve`, and end at once.")
def rebuild_views(names: tuple[str, ...], *, check: bool, later: bool) -> None:
    """Build the read models anew from the record, beside the live ones, and swap.

    With --later it is a job, which goes on when this terminal is closed and begins anew if the
    machine stops; `consult jobs` says how far it is.

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
        if later:
            asked = wanted(services, REBUILD, RebuildWanted(names), actor=OPERATOR)
            job = ask(services, REBUILD, asked, actor=OPERATOR)
            if job is not None and job.has_ended:  # of an earlier time, and still shown
                queue_of(services).again(job)
            click.echo("It is done as soon as `consult serve` runs. How far it is: consult jobs")
            return
        with progress_bar("Rebuilding") as update:
            rebuild(services.runner, names or None, update)
    click.echo("The read models are rebuilt.")


def check_views(services: Services, names: tuple[str, ...]) -> None:
    """Compare the live read models with a rebuild, row by row; exit with code 1 if they differ."""
    services.catch_up(seconds_max=600)
    wrong = 0
    for name in names:
        differences = compare(services.runner, services.runner.projections[name])
        wrong += len(differences)
        click.echo(f"{name}: {differences or 'as it should be'}")
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
    with said_in_words():
        serve(Config.from_environment(), Address(host, port, workers))


@main.command("setup-link")
def print_setup_link() -> None:
    """Print a link that sets up a site that has no partnership yet; earlier links stop working.

    Whoever opens it first becomes the administrator. It works for a day, in one browser.

    Example: consult setup-link
    """
    with opened(create=True) as services:
        click.echo(setup_link(services))


@main.command("project")
def project() -> None:
    """Keep the read models up and do what is due, without serving pages.

    For more than one web host: run this once, and `consult serve` on each.

    Example: consult project
    """
    set_up_logging()
    with said_in_words():
        run_background(Config.from_environment())
