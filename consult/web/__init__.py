"""The web application: a blueprint per subject, its forms beside its views."""

from datetime import timedelta
from importlib import import_module

from flask import Flask, current_app
from flask_wtf import CSRFProtect

from consult.services import Services
from consult.web import frame, limits, look

BLUEPRINTS = (
    "home",
    "consultations",
    "identity",
    "identity_letter",
    "identity_email",
    "identity_oidc",
    "answers",
    "returning",
    "receipts",
    "results",
    "downloads",
    "what_we_did",
    "updates",
    "results_pdf",
    "indexing",
    "logos",
    "sharing",
    "posters",
    "audit",
    "feed",
    "sign_in",
    "organise",
    "custody",
    "assisting",
    "statements",
    "log",
    "log_health",
    "receipt_files",
    "rights",
    "verifying",
)
"""Modules of this package that have a blueprint of the same name."""

SESSION_DAYS = 180
"""Longer than a consultation runs, so that a person who comes back is the same person."""

csrf = CSRFProtect()


def create_app(services: Services) -> Flask:
    """Make the application around opened services."""
    app = Flask("consult", static_folder=None)
    secure = services.config.has_secure_cookies
    app.config.update(
        SECRET_KEY=services.vault.site_key("session"),
        SESSION_COOKIE_NAME="__Host-folkmoot" if secure else "folkmoot",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=SESSION_DAYS),
        MAX_CONTENT_LENGTH=services.config.request_bytes_max,
        MAX_FORM_MEMORY_SIZE=services.config.request_bytes_max,
        MAX_FORM_PARTS=5_000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
    )
    app.extensions["services"] = services
    csrf.init_app(app)
    limits.install(app, services.config.proxies)
    look.install(app, frame.theme, frame.navigation)
    for name in BLUEPRINTS:
        module = import_module(f"consult.web.{name}")
        app.register_blueprint(getattr(module, name))
    # Pressed by mail programs, which have no session; the address itself is the secret.
    csrf.exempt("consult.web.updates.stop")
    errors = import_module("consult.web.errors")
    errors.install(app)
    if services.config.outbox:
        app.register_blueprint(import_module("consult.web.outbox").outbox)
    if services.config.gallery:
        app.register_blueprint(import_module("consult.web.gallery").gallery)
    return app


def services() -> Services:
    """Return what the application was made around."""
    found = current_app.extensions["services"]
    assert isinstance(found, Services)
    return found
