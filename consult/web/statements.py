"""Accessibility, privacy, cookies, and how to get a paper copy."""

from flask import Blueprint, render_template

from consult.web import gates

statements = Blueprint("statements", __name__)


@statements.get("/accessibility")
def accessibility() -> str:
    """Say how accessible the pages are and what to do when they are not."""
    return render_template("statements/accessibility.html", checks=gates.found())


@statements.get("/privacy")
def privacy() -> str:
    """Say what is kept about people, where, and for how long."""
    return render_template("statements/privacy.html")


@statements.get("/cookies")
def cookies() -> str:
    """Say which cookie there is and what it is for."""
    return render_template("statements/cookies.html")


@statements.get("/paper")
def paper() -> str:
    """Say how to take part without a screen."""
    return render_template("statements/paper.html")
