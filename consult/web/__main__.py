"""Print docs/pages.md: `python -m consult.web > docs/pages.md`."""

import sys

from flask import Flask

from consult.web import pages, register


def table() -> str:
    """Return the table of every page with its declarations."""
    app = Flask("consult", static_folder=None)
    register(app)
    pages.install(app)
    return pages.as_table(app)


if __name__ == "__main__":
    sys.stdout.write(table())
