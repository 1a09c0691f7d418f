"""The command line: set up, serve, import, count, export, rebuild, seal, witness."""

from consult.cli import copies, custody, demo, people, running, sealing, votes, witness
from consult.cli.root import main

__all__ = ["copies", "custody", "demo", "main", "people", "running", "sealing", "votes", "witness"]
