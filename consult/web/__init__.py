"""The web application: a blueprint per subject, its forms beside its views."""

import pkgutil
from datetime import timedelta
from importlib import import_module

from flask import Flask, current_app
from flask_wtf import CSRFProtect

from consult.services import Services
from consult.web import kinds, pages
from consult.web.guarding import form_parts, headers, hosts, limits
from consult.web.guarding.session_cookie import SessionCookie
from consult.web.layout import header, templating

for _module in pkgutil.iter_modules(kinds.__path__):  # importing the module of a kind registers it
    import_module(f"{kinds.__name__}.{_module.name}")

ROOMS = (
    "site.home",
    "site.health",
    "answering.consultations",
    "identity.identity",
    "identity.identity_letter",
    "identity.identity_email",
    "identity.identity_oidc",
    "answering.answers",
    "answering.whom",
    "answering.returning",
    "results.results",
    "receipts.receipts",
    "receipts.holding",
    "results.downloads",
    "results.follow_up",
    "updates.updates",
    "results.results_pdf",
    "site.indexing",
    "site.logos",
    "updates.sharing",
    "updates.posters",
    "results.audit",
    "updates.feed",
    "accounts.sign_in",
    "accounts.passkey_sign_in",
    "accounts.elsewhere",
    "partnership.set_up",
    "site.statements",
    "partnership.public.who",
    "partnership.public.framework",
    "partnership.public.interests",
    "receipts.verifying",
    "log.proven",
    "log.log_health",
    "log.minutes",
    "organising.organise",
    "accounts.jobs",
    "accounts.own_account",
    "accounts.own_roles",
    "accounts.confirming",
    "assisted.assisting",
    "data_protection.data_protection",
    "scrutiny.scrutiny",
    "accounts.approvals",
    "site.this_site",
    "log.log",
    "receipts.receipt_files",
    "receipts.receipt_mail",
    "data_protection.rights",
)
"""Modules of this package, each with a room of the same name.

Their order determines the order of the menu, of the footer, and of the staff rooms.
"""

SESSION_DAYS = 180
"""Longer than any consultation, so that a returning person counts as the same person."""

csrf = CSRFProtect()


def create_app(services: Services) -> Flask:
    """Create the application around opened services."""
    errors = import_module("consult.web.guarding.errors")
    app: Flask = errors.Application("consult", static_folder=None)
    staff_home = import_module("consult.web.accounts.staff_home")
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
        WTF_CSRF_SSL_STRICT=False,  # browsers are asked to send no referrer
    )
    app.session_interface = SessionCookie()
    app.extensions["services"] = services
    hosts.install(app, services.config.public_url, services.config.proxies)
    app.before_request(headers.refuse_other_sites)
    app.before_request(form_parts.refuse_nameless)
    csrf.init_app(app)
    limits.install(app, services)
    app.before_request(staff_home.let_in)
    templating.install(app, header.theme, header.navigation)
    app.jinja_env.globals.update(staff_menu=staff_home.menu, story_day=header.story_day)
    register(app)
    # Called by mail programs, which have no session; the secret address authorises the request.
    csrf.exempt("consult.web.updates.updates.stop")
    stopped = import_module("consult.web.site.health").stopped_for_staff
    app.jinja_env.globals["stopped_read_models"] = stopped
    errors.install(app)
    if services.config.outbox:
        app.register_blueprint(import_module("consult.web.site.outbox").outbox)
    if services.config.gallery:
        app.register_blueprint(import_module("consult.web.site.gallery").gallery)
    pages.install(app)
    return app


def register(app: Flask) -> None:
    """Register the rooms that every installation has."""
    for name in ROOMS:
        module = import_module(f"consult.web.{name}")
        app.register_blueprint(getattr(module, name.rpartition(".")[2]))


def services() -> Services:
    """Return the services of the current application."""
    found = current_app.extensions["services"]
    assert isinstance(found, Services)
    return found
