"""The page that compares lines from the minutes of a meeting with the log of today."""

from flask import render_template, request

from consult.commands.minutes import TEXT_CHARACTERS_MAX, Compared, MinutesUnread, compare
from consult.web import services as find_services
from consult.web.log.log import find_log
from consult.web.pages import NOBODY, Room
from consult.wording.language import N_, refusal

minutes = Room("minutes", __name__)
LINES = "lines"


@minutes.get("/log-health/minutes", keeps=NOBODY, title=N_("Compare the minutes with the log"))
def show() -> str:
    """Ask for the lines, and say whether the log of today begins with the log of that day."""
    typed = request.args.get(LINES, "")[: TEXT_CHARACTERS_MAX + 1]  # one more is refused in words
    compared, problem = _compared(typed) if typed.strip() else (None, "")
    return render_template(
        "log/minutes.html",
        field=LINES,
        typed=typed,
        compared=compared,
        errors=[(LINES, problem)] if problem else [],
        log=f"{find_services().config.public_url.rstrip('/')}/log",
    )


def _compared(typed: str) -> tuple[Compared | None, str]:
    """Return the verdict, or what is wrong with the lines."""
    try:
        return compare(find_log(), typed), ""
    except MinutesUnread as refused:
        return None, refusal(refused)
