"""Prints docs/pages.md: `python -m consult.web > docs/pages.md`."""

import sys

from flask import Flask

from consult.web import pages, register


def table() -> str:
    """Return every page of the product with what is declared of it."""
    app = Flask("consult", static_folder=None)
    register(app)
    pages.install(app)
    return pages.as_table(app)


if __name__ == "__main__":
    sys.stdout.write(table())
