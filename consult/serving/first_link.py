"""What whoever starts a site that has no partnership is told: the link that sets it up."""

import sys

from consult.commands.setting_up import is_begun, is_set_up, setup_link
from consult.services import Services

TOLD = """\
This site has no partnership yet. Open this link to set it up: it works for a day, in one browser,
and whoever opens it becomes the administrator.

  {link}
"""
BEGUN = """\
This site is being set up in a browser, which can go on. To begin anew: consult setup-link
"""
NOT_HERE = """\
This site has no partnership yet. To set it up, get a link in a terminal: consult setup-link
"""


def tell(services: Services) -> None:
    """Print the link, if the site is not set up.

    Only on a terminal: what a service prints is kept in a journal, and the link is a secret.
    """
    if is_set_up(services):
        return
    if is_begun(services):
        told = BEGUN
    elif sys.stdout.isatty():
        told = TOLD.format(link=setup_link(services))
    else:
        told = NOT_HERE
    sys.stdout.write(told)
    sys.stdout.flush()
