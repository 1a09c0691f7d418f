"""Accessibility, privacy, cookies, help and contact, from what the partnerships state."""

from datetime import timedelta

from flask import render_template

from consult import access
from consult.commands.data_protection.retention import CONFIRM_TIME
from consult.people.answers import drafts
from consult.people.proving import email_codes
from consult.web import services as find_services
from consult.web.pages import Room
from consult.web.site import accessibility_report, offers
from consult.wording.language import N_
from consult.wording.registries.role_words import readers

statements = Room("statements", __name__)


@statements.get("/accessibility", is_listed=True, footer=True, title=N_("Accessibility statement"))
def accessibility() -> str:
    """Show how accessible the pages are, and what to do when they are not."""
    checks = accessibility_report.found()
    return render_template(
        "statements/accessibility.html",
        checks=checks,
        looked_at=sorted(map(accessibility_report.called, checks.pages)),
        bodies=offers.stating(),
        offered=offers.offered,
    )


@statements.get("/privacy", is_listed=True, footer=True, title=N_("Privacy"))
def privacy() -> str:
    """Show what is stored about people, where, for how long, and who is responsible."""
    config = find_services().config
    return render_template(
        "statements/privacy.html",
        bodies=offers.stating(),
        readers=readers(access.READ_WORDS),
        keepers=readers(access.KEEP_PERSONAL_DATA),
        code_minutes=email_codes.LIFE // timedelta(minutes=1),
        draft_days=drafts.KEPT_DAYS,
        unconfirmed_days=CONFIRM_TIME.days,
        key_days=config.key_days,
        contact_days=config.contact_days,
        words_days=config.words_days,
    )


@statements.get("/cookies", is_listed=True, footer=True, title=N_("Cookies"))
def cookies() -> str:
    """Show which cookie there is, and its purpose."""
    return render_template("statements/cookies.html")


@statements.get("/paper", is_listed=True, footer=True, title=N_("Help and contact"))
def paper() -> str:
    """Show how to contact the partnership, and how to take part without a screen."""
    return render_template("statements/paper.html", bodies=offers.stating(), offered=offers.offered)
