"""Health of the public log in plain words: head, age, witnesses and problems."""

from flask import render_template

from consult.commands.minutes import lines_for
from consult.sealing.key_history import changes_of
from consult.sealing.promises import promising_key
from consult.sealing.witnesses import cosigners
from consult.verifier.shipped import program
from consult.web import services as find_services
from consult.web.log.log import find_log
from consult.web.log.watching import served_policy, watchers_of
from consult.web.pages import NOBODY, Room
from consult.wording.language import N_
from events.log.policy import NONE

log_health = Room("log_health", __name__)


@log_health.get(
    "/log-health",
    footer=True,
    keeps=NOBODY,
    title=N_("How the public log is doing"),
    link=N_("The public log"),
)
def show() -> str:
    """Show the health of the log."""
    store, services = find_log(), find_services()
    latest, stored = store.latest(), store.stored()
    policy = served_policy(store)
    return render_template(
        "log/health.html",
        latest=latest,
        lines=lines_for(latest.signed) if latest else "",
        program=program(),
        vkey=policy.logs[0].key.vkey if policy.logs else "",
        waiting=services.record.head() - (stored.position if stored else 0),
        watchers=watchers_of(store, policy, latest),
        changes=[(change.kind.value, change.head.size) for change in changes_of(store)],
        has_quorum=policy.quorum != NONE,
        is_met=bool(latest and policy.is_met(cosigners(store, latest, policy))),
        is_promising=promising_key(services.config, store) is not None,
        stamp=store.last_stamp(),
        confirms_with=services.config.confirms_with,
        without_passkeys=services.config.without_passkeys,
        troubles=[(trouble.what, trouble.detail, trouble.at) for trouble in store.troubles()],
    )
