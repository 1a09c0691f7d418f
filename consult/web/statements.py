"""Accessibility, privacy, cookies, help and contact: built from what the partnership states."""

from flask import Blueprint, render_template

from consult.web import gates, offers

statements = Blueprint("statements", __name__)


@statements.get("/accessibility")
def accessibility() -> str:
    """Say how accessible the pages are and what to do when they are not."""
    return render_template(
        "statements/accessibility.html",
        checks=gates.found(),
        bodies=offers.stating(),
        offered=offers.offered,
    )


@statements.get("/privacy")
def privacy() -> str:
    """Say what is kept about people, where, for how long, and who is responsible."""
    return render_template("statements/privacy.html", bodies=offers.stating())


@statements.get("/cookies")
def cookies() -> str:
    """Say which cookie there is and what it is for."""
    return render_template("statements/cookies.html")


@statements.get("/paper")
def paper() -> str:
    """Say how to reach those who ask, and how to take part without a screen."""
    return render_template("statements/paper.html", bodies=offers.stating(), offered=offers.offered)
