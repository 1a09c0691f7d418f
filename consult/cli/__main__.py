"""Allow `python -m consult.cli` as an alternative to `consult`."""

from consult.cli import main

main()
