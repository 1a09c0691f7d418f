"""How a consultation ended, in words: closed at its hour, or stopped, when and why.

What it had published before it was stopped stands.
"""

from datetime import datetime

from consult.wording.figures import moment
from consult.wording.language import N_, current, said
from consult.wording.language import gettext as _
from events.consultations import states
from projections.consultations import ConsultationPage


def facts(
    page: ConsultationPage, now: datetime, *, stopped_title: str = N_("Stopped")
) -> list[tuple[str, str]]:
    """Return as rows when it closes or closed, and when it was stopped, as residents call it."""
    state, ended, stopped = page.state_at(now), page.ended_at, page.withdrawn_at
    found = []
    if ended is not None and (stopped is None or ended < stopped):
        if page.is_import:
            title = _("Imported")
        else:
            title = _("Closes") if state in states.RUNNING else _("Closed")
        found.append((title, moment(ended, current())))
    if stopped is not None:
        found.append((_(stopped_title), moment(stopped, current())))
    return found


def sentence(page: ConsultationPage) -> str:
    """Say in a line of a list when it ended: closed, withdrawn or imported; empty before."""
    if page.withdrawn_at is not None:
        return _("Withdrawn %(moment)s.", moment=moment(page.withdrawn_at, current()))
    if page.ended_at is None:
        return ""
    at = moment(page.ended_at, current())
    if page.is_import:  # its votes came in at once
        return _("Imported %(moment)s.", moment=at)
    return _("Closed %(moment)s.", moment=at)


def stop_title(page: ConsultationPage) -> str:
    """Say that it was stopped, and when."""
    assert page.withdrawn_at is not None
    return _(
        "This consultation was stopped on %(moment)s.",
        moment=moment(page.withdrawn_at, current()),
    )


def stop_words(page: ConsultationPage, *, has_results: bool = False) -> str:
    """Say what follows from the stop, and why it was stopped."""
    if has_results:
        follows = _("The result was published before, and stands.")
    elif page.opened_at is None:
        follows = _("It had not opened, so nobody has answered.")
    elif not page.counted_questions:
        follows = _("Nothing of what was sent is published, so there will be no result.")
    else:
        follows = _("Nothing that was sent is counted, so there will be no result.")
    return f"{follows} {_('Reason: %(reason)s', reason=said(page.withdrawal_reason))}"
