"""The command that lists jobs."""

import click

from consult.cli.root import main, opened
from consult.formats.plural import counted
from consult.jobs import words
from consult.jobs.asking import queue_of
from consult.jobs.job import DONE, FAILED, RUNNING, Job
from consult.jobs.queue import TRIES_MAX

ADVICE = "  Whoever asked can ask again. The log of the process jobs says more."


@main.command("jobs")
def jobs() -> None:
    """List the work that takes long: what is being done, what is kept, and what has failed.

    Example: consult jobs
    """
    with opened(starts_projections=False) as services:
        found = queue_of(services).all()
    if not found:
        click.echo("There are no jobs. Those that have ended are kept for a short time only.")
    for job in found:
        click.echo(f"{job.asked_at:%Y-%m-%d %H:%M:%S} UTC  {job.wanted.kind}: {_standing(job)}")
        if job.state == FAILED:
            click.echo(ADVICE)


def _standing(job: Job) -> str:
    if job.state == DONE:
        size = "" if job.size_bytes is None else f", {counted(job.size_bytes, 'byte')}"
        return f"done{size}, kept until {job.expires_at:%Y-%m-%d %H:%M} UTC"
    if job.state == FAILED:
        return f"FAILED after {counted(job.tries, 'try')}: {words.reason(job)}"
    progress = f" {job.done:,} of {job.total:,}" if job.total else ""
    failed = f", try {job.tries} of {TRIES_MAX} failed: {words.reason(job)}" if job.reason else ""
    return f"{'being done' if job.state == RUNNING else 'waits'}{progress}{failed}"
