"""What is proven here and what is not, in words for whoever has to rely on a result."""

from flask import render_template

from consult.sealing.witnesses import cosigners
from consult.web.log.log import find_log
from consult.web.log.watching import served_policy, watchers_of
from consult.web.pages import Room
from consult.wording.language import N_
from events.log.policy import NONE

proven = Room("proven", __name__)


@proven.get(
    "/what-is-proven", is_listed=True, footer=True, title=N_("What is proven, and what is not")
)
def show() -> str:
    """Say what anybody can check, what nobody can, and what to do to be sure; true of this site."""
    store = find_log()
    latest, policy = store.latest(), served_policy(store)
    return render_template(
        "log/proven.html",
        has_begun=latest is not None,
        watchers=watchers_of(store, policy, latest),
        has_quorum=policy.quorum != NONE,
        is_met=bool(latest and policy.is_met(cosigners(store, latest, policy))),
        stamp=store.last_stamp(),
    )
