"""The yardstick: a Flask form with CSRF protection whose POST is one INSERT and one commit.

Nothing is validated, projected or received; it runs in the same server as Folkmoot.
"""

import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psycopg
from flask import Flask, redirect, render_template, request
from flask_wtf import CSRFProtect
from jinja2 import DictLoader

FORM = """<!doctype html><title>Bare</title><form method="post">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
{% for option in options %}<label><input type="checkbox" name="q" value="{{ option }}">
{{ option }}</label>{% endfor %}<button>Send</button></form>"""

URL = os.environ["FOLKMOOT_DATABASE_URL"]
application = Flask(__name__)
application.config.update(SECRET_KEY="bench", WTF_CSRF_TIME_LIMIT=None)
CSRFProtect(application)
application.jinja_loader = DictLoader({"form.html": FORM})
here = threading.local()


def database():
    """Open one durable connection for each thread."""
    if not hasattr(here, "db"):
        if URL.startswith("sqlite"):
            path = Path(URL.removeprefix("sqlite:///")).with_suffix(".bare.db")
            here.db = sqlite3.connect(path, timeout=30, isolation_level=None)
            here.db.execute("PRAGMA journal_mode=WAL")
            here.db.execute("PRAGMA synchronous=FULL")
            here.insert = "INSERT INTO bare VALUES (?, ?)"
        else:
            here.db = psycopg.connect(URL, autocommit=True)
            here.insert = "INSERT INTO bare VALUES (%s, %s)"
        with suppress(psycopg.errors.UniqueViolation):  # another thread made it just now
            here.db.execute("CREATE TABLE IF NOT EXISTS bare (id TEXT PRIMARY KEY, answers TEXT)")
    return here.db


@application.get("/")
def form():
    """Show the form."""
    return render_template("form.html", options=[f"P{n:02}" for n in range(1, 13)])


@application.post("/")
def send():
    """Store it."""
    database().execute(here.insert, (uuid4().hex, ",".join(request.form.getlist("q"))))
    return redirect("/thanks", 303)
