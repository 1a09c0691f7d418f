"""The command line: set up, serve, import, count, export, rebuild."""

from consult.cli import demo, people, running, votes
from consult.cli.root import main

__all__ = ["demo", "main", "people", "running", "votes"]
