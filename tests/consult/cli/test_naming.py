"""A partnership and a consultation are named in one way by every command."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from consult.cli import main
from tests.builders import member, partnership
from tests.conftest import only

CONSULTATION, PARTNERSHIP = "CONSULTATION", "PARTNERSHIP"
NAMED_FOR = {"id", "consultation", "slug", "named", "partnership"}
"""What functions call a consultation or a partnership."""


@pytest.fixture
def consult(services):
    run = CliRunner(env={"FOLKMOOT_DATABASE_URL": services.config.database_url})
    return lambda *words: run.invoke(main, list(words), catch_exceptions=False)


def commands(group: click.Group = main, *above: str) -> Iterator[tuple[str, click.Command]]:
    for name, each in group.commands.items():
        if isinstance(each, click.Group):
            yield from commands(each, *above, name)
        else:
            yield " ".join((*above, name)), each


def places(command: click.Command) -> list[str]:
    """The words that a command takes by place, as its help names them."""
    context = click.Context(command)
    found = [each for each in command.params if isinstance(each, click.Argument)]
    return [each.make_metavar(context).strip("[]").rstrip(".") for each in found]


def test_every_command_calls_a_consultation_and_a_partnership_by_one_word():
    for name, each in commands():
        shown = places(each)
        for argument, word in zip(
            [one for one in each.params if isinstance(one, click.Argument)], shown, strict=True
        ):
            if argument.name in NAMED_FOR:
                assert word in {CONSULTATION, PARTNERSHIP}, name
        if CONSULTATION in shown:
            assert shown[0] == CONSULTATION, name


def test_whatever_takes_a_partnership_as_an_option_takes_it_in_its_place_too():
    taking = [name for name, each in commands() if _has_option(each)]
    assert {"member list", "member add", "partnership show", "theme"} <= set(taking)
    for name, each in commands():
        by_place = PARTNERSHIP in places(each)
        stands_before_others = by_place and places(each)[-1] != PARTNERSHIP
        assert by_place == (_has_option(each) or stands_before_others), name


def _has_option(command: click.Command) -> bool:
    return any("--partnership" in each.opts for each in command.params)


@only("sqlite")
@pytest.mark.parametrize("words", [("ashenmoor",), ("--partnership", "ashenmoor")])
def test_a_partnership_is_named_by_place_or_by_option(services, consult, words):
    home = partnership(services)
    member(
        services,
        email="jo@example.org",
        name="Jo",
        partnership_id=home.id,
        role="organiser",
    )
    assert consult("member", "list", *words).stdout == "Jo <jo@example.org>: organiser\n"
    assert '"slug": "ashenmoor"' in consult("partnership", "show", *words).stdout
    assert consult("theme", *words, "--colour", "#1d4f91").exit_code == 0
    changed = consult("member", "change", "jo@example.org", *words, "--role", "auditor")
    assert changed.stdout == "Jo is auditor in ashenmoor.\n"


@only("sqlite")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "Name the partnership: PARTNERSHIP, or --partnership PARTNERSHIP."),
        (("a", "--partnership", "b"), 2, "Two partnerships are named: a and b. Name one."),
        (("nowhere",), 1, "nowhere"),
    ],
)
def test_who_names_none_or_two_is_told(services, consult, words, code, said):
    for command in (("member", "list"), ("partnership", "show"), ("theme",)):
        refused = consult(*command, *words)
        assert (refused.exit_code, refused.stdout) == (code, "")
        assert said in refused.stderr
