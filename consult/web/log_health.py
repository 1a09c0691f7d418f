"""How the public log is doing, in plain words: its head, its age, its witnesses, and trouble."""

from flask import Blueprint

log_health = Blueprint("log_health", __name__)
