"""The command line: set up, serve, import, count, export, rebuild, seal, witness."""

from consult.cli import (
    codes,
    copies,
    data_protection,
    demo,
    desks,
    exports,
    jobs,
    log_key,
    looks,
    partnerships,
    people,
    running,
    sealing,
    status,
    stopping,
    votes,
    witness,
)
from consult.cli.root import main

__all__ = [
    "codes",
    "copies",
    "data_protection",
    "demo",
    "desks",
    "exports",
    "jobs",
    "log_key",
    "looks",
    "main",
    "partnerships",
    "people",
    "running",
    "sealing",
    "status",
    "stopping",
    "votes",
    "witness",
]
