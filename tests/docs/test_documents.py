"""What the documents name is there: commands with their options, make targets, modules, files."""

import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from consult.cli import main
from tests.docs.documents import ROOT, blocks, documents, indented_code, inline_code

SAID = {"sh", "sql", "json", "toml", "ini", "python", "text"}
MORE = {"...", "…"}


@pytest.mark.parametrize("document", documents())
def test_code_stands_between_fences_that_name_its_language(document: str):
    assert not indented_code(document), "put it between ```sh and ```, so that it is run"
    assert {block.language for block in blocks(document)} <= SAID


@pytest.mark.parametrize("document", documents())
def test_every_link_within_the_project_leads_to_a_file(document: str):
    text = (ROOT / document).read_text()
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target:
            assert ((ROOT / document).parent / target).exists(), target


def test_every_document_is_reached_from_the_readme():
    reached, waiting = set(), ["README.md"]
    while waiting:
        document = waiting.pop()
        if document in reached:
            continue
        reached.add(document)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", (ROOT / document).read_text()):
            path = ((ROOT / document).parent / target).resolve()
            if path.suffix == ".md" and path.is_file():
                waiting.append(path.relative_to(ROOT).as_posix())
    decisions = {document for document in documents() if "/decisions/0" in document}
    assert set(documents()) - reached - decisions == set()


def spoken(words: list[str]) -> None:
    """Find the command that somebody would give, and its options, by the words of a sentence."""
    command: click.Command = main
    while isinstance(command, click.Group) and words and words[0][:1].islower():
        named = command.get_command(click.Context(command), words[0])
        assert named is not None or command.invoke_without_command, f"no command {words[0]}"
        if named is None:
            break
        command, words = named, words[1:]
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    known |= {"--help"}
    for word in words:
        if word.startswith("--"):
            assert word.partition("=")[0] in known, f"{command.name} has no {word}"


@pytest.mark.parametrize("document", documents())
def test_every_command_that_a_sentence_names_exists_with_its_options(document: str):
    for code in inline_code(document):
        words = [word for word in shlex.split(code.replace("'", "’")) if word not in MORE]
        words = [word for word in words if not re.match(r"FOLKMOOT_\w+=", word)]
        if not words:
            continue
        program = words[0].rpartition("/")[2]
        if program == "consult" and len(words) > 1 and "/" not in words[0]:
            spoken(words[1:])
        if program == "make" and len(words) > 1:
            assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(), re.MULTILINE), code
        if words[0] in {"python", "python3"} and words[1:2] == ["-m"]:
            assert find_spec(words[2]), code


def every_command(group: click.Group) -> list[click.Command]:
    found: list[click.Command] = []
    for command in group.commands.values():
        found.append(command)
        if isinstance(command, click.Group):
            found += every_command(command)
    return found


@pytest.mark.parametrize("command", every_command(main), ids=lambda command: command.name)
def test_the_example_of_each_command_has_all_it_needs(command: click.Command):
    (example,) = re.findall(r"Example: consult (.*)", command.help or "")
    words = shlex.split(example.partition(" > ")[0])
    spoken(words)
    here: click.Command = main
    while isinstance(here, click.Group) and words:
        named = here.get_command(click.Context(here), words[0])
        if named is None:
            break
        here, words = named, words[1:]
    context = click.Context(here, info_name=here.name)
    values, left, _order = here.make_parser(context).parse_args(list(words))
    assert not left
    missing = [each.name for each in here.params if each.required and not values.get(each.name)]
    assert not missing


def test_files_that_documents_hand_out_are_named_in_them():
    folder = ROOT / "docs" / "service"
    text = "".join((ROOT / "docs" / f"{name}.md").read_text() for name in ("running", "witness"))
    for path in sorted(folder.iterdir()):
        assert f"docs/service/{path.name}" in text
        assert Path(path).stat().st_size
