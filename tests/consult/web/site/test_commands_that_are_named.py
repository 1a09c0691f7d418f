"""What the page of a site says to type at the command line can be typed there."""

import shlex

import click
import pytest

from consult.cli import main
from consult.web.site.this_site import COMMANDS


@pytest.mark.parametrize("given", [each.command for each in COMMANDS])
def test_each_command_that_the_page_names_is_one(given: str):
    program, *words = shlex.split(given)
    assert program == "consult"
    here: click.Command = main
    while isinstance(here, click.Group):
        named = here.get_command(click.Context(here), words.pop(0))
        assert named is not None, given
        here = named
    values, left, _order = here.make_parser(click.Context(here)).parse_args(words)
    assert not left
    assert not [each.name for each in here.params if each.required and not values.get(each.name)]
