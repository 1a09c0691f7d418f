"""Lets `python -m consult.cli` do what `consult` does."""

from consult.cli import main

main()
