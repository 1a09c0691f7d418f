"""Partnership names on the command line: a positional argument or --partnership."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

PLACE = "PARTNERSHIP"


def of_partnership(command: Callable[..., None]) -> Callable[..., None]:
    """Add the partnership to a command as `slug`, given as an argument or option.

    The argument follows those declared above this decorator.
    """

    @click.argument("named", metavar=f"[{PLACE}]", required=False)
    @click.option("--partnership", "slug", help=f"The same as {PLACE}: its short name.")
    @wraps(command)
    def named_once(*given: Any, named: str | None, slug: str | None, **more: Any) -> None:
        if named and slug and named != slug:
            raise click.UsageError(f"Two partnerships are named: {named} and {slug}. Name one.")
        if not (named or slug):
            raise click.UsageError(f"Name the partnership: {PLACE}, or --partnership {PLACE}.")
        command(*given, slug=named or slug, **more)

    return named_once
