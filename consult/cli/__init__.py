"""The command line: set up, serve, import, count, export, rebuild, seal, witness."""

from consult.cli import demo, people, running, sealing, votes, witness
from consult.cli.root import main

__all__ = ["demo", "main", "people", "running", "sealing", "votes", "witness"]
