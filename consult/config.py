"""Settings: one frozen object read from the environment, with units and defaults."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from consult.mail_server import NEARBY, Server, sender
from consult.people.accounts.staff_provider import StaffProvider, read_provider
from events.errors import Refused
from events.store.database_url import SqliteAddress, parse

DAYS_MAX = 36_500
PROXIES_MAX = 9
DESK_ANSWERS_MAX = 10_000
CONNECTIONS_MAX = 10_000
CONFIRMS_WITH_PASSKEY, CONFIRMS_WITH_MAIL, CONFIRMS_WITH_NOTHING = "passkey", "mail", "nothing"
PORTS = {"http": 80, "https": 443}


class BadSetting(Refused):
    """A setting has a value that cannot be used."""

    says = "The setting {name} is “{value}”. {advice}"


@dataclass(frozen=True)
class Config:
    """What an installation may choose. Every field is an environment variable.

    FOLKMOOT_DATABASE_URL   `sqlite:///file.db` (default folkmoot.db here) or `postgresql://...`
    FOLKMOOT_PUBLIC_URL     the address people use; decides whether cookies are secure
    FOLKMOOT_KEY_FILE       the sealer's private key (default: beside the database); beside it,
                            ending in .secret, is the secret that all hosts of a site share
    FOLKMOOT_FILES_FOLDER   where large files are kept that are made once (beside the database)
    FOLKMOOT_WITNESSES      a file naming the log's witnesses and their addresses (C2SP tlog-policy)
    FOLKMOOT_TIMESTAMP_URL  an RFC 3161 authority that stamps one checkpoint a day
    FOLKMOOT_DRAND_URL      where rounds of drand are fetched, for lots (https://api.drand.sh)
    FOLKMOOT_FRAMEWORKS     a folder of framework profiles of your own (docs/frameworks.md)
    FOLKMOOT_BACKUP_FOLDER  where backups go that are asked for on a page (none)
    FOLKMOOT_WARD_LOOKUP    a CSV of authorities and their wards, offered where wards are stated
    FOLKMOOT_SMTP_URL       the mail server: `smtps://user:password@host` or `smtp://...`
    FOLKMOOT_MAIL_FROM      whom mails are from, such as `Have your say <say@example.gov.uk>`
    FOLKMOOT_OUTBOX         "yes" shows every mail on its way at /outbox, on this machine only
    FOLKMOOT_OIDC_ISSUER    an OpenID Connect provider whose accounts people can use
    FOLKMOOT_OIDC_CLIENT_ID, FOLKMOOT_OIDC_CLIENT_SECRET    what it knows this site by
    FOLKMOOT_OIDC_NAME      what people call the provider (the name of its host)
    FOLKMOOT_WITHOUT_PASSKEYS    why weighty acts are confirmed by mail instead of with a passkey
    FOLKMOOT_STAFF_ACCOUNTS a file that names the provider whose accounts staff can sign in with
    FOLKMOOT_SECURITY_LOG   a file for lines about sign-ins and weighty acts (the program's own log)
    FOLKMOOT_PROXIES        how many proxies of yours stand before it (0)
    FOLKMOOT_DESK_ANSWERS   for how many people one desk account may answer in an hour (30)
    FOLKMOOT_KEY_DAYS       codes and keys are destroyed so many days after the outcome (92)
    FOLKMOOT_CONTACT_DAYS   addresses are removed so many days after the outcome (90)
    FOLKMOOT_WORDS_DAYS     free text and equality answers likewise (730)
    FOLKMOOT_SCAN_COMMAND   a virus scanner for attached files; none when left out
    FOLKMOOT_DATABASE_CONNECTIONS    how many this host may open to PostgreSQL (all but 7)
    FOLKMOOT_ACCEPT_LOSS    "yes" starts on a database that may lose acknowledged facts
    FOLKMOOT_GALLERY        "yes" shows every page pattern at /gallery
    """

    database_url: str = "sqlite:///folkmoot.db"
    public_url: str = "http://127.0.0.1:8000"
    key_file: Path | None = None
    files_folder: Path | None = None
    witnesses_file: Path | None = None
    backup_folder: Path | None = None
    ward_lookup: Path | None = None
    frameworks_folder: Path | None = None
    timestamp_url: str = ""
    drand_url: str = "https://api.drand.sh"
    smtp_url: str = ""
    mail_from: str = ""
    outbox: bool = False
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = ""
    without_passkeys: str = ""
    security_log: Path | None = None
    staff_accounts: StaffProvider | None = None
    proxies: int = 0
    desk_answers: int = 30
    key_days: int = 92
    contact_days: int = 90
    words_days: int = 730
    scan_command: str = ""
    database_connections: int = 0
    accept_loss: bool = False
    gallery: bool = False
    request_bytes_max: int = field(default=1_000_000)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings. Raises BadSetting."""
        database_url = environment.get("FOLKMOOT_DATABASE_URL", cls.database_url)
        if not database_url.startswith(("sqlite:///", "postgresql://")):
            raise BadSetting(
                name="FOLKMOOT_DATABASE_URL",
                value=database_url,
                advice="It starts with sqlite:/// or postgresql://.",
            )
        public_url = environment.get("FOLKMOOT_PUBLIC_URL", cls.public_url).rstrip("/")
        if not public_url.startswith(("http://", "https://")):
            raise BadSetting(
                name="FOLKMOOT_PUBLIC_URL", value=public_url, advice="It starts with https://."
            )
        key_file = environment.get("FOLKMOOT_KEY_FILE")
        files_folder = environment.get("FOLKMOOT_FILES_FOLDER")
        witnesses_file = environment.get("FOLKMOOT_WITNESSES")
        backup_folder = environment.get("FOLKMOOT_BACKUP_FOLDER")
        ward_lookup = environment.get("FOLKMOOT_WARD_LOOKUP")
        frameworks_folder = environment.get("FOLKMOOT_FRAMEWORKS")
        security_log = environment.get("FOLKMOOT_SECURITY_LOG")
        timestamp_url = environment.get("FOLKMOOT_TIMESTAMP_URL", "")
        drand_url = environment.get("FOLKMOOT_DRAND_URL", cls.drand_url)
        asked = {"FOLKMOOT_TIMESTAMP_URL": timestamp_url, "FOLKMOOT_DRAND_URL": drand_url}
        for name, address in asked.items():
            if address and not address.startswith(("http://", "https://")):
                raise BadSetting(name=name, value=address, advice="It starts with https://.")
        return cls(
            database_url=database_url,
            public_url=public_url,
            key_file=Path(key_file) if key_file else None,
            files_folder=Path(files_folder) if files_folder else None,
            witnesses_file=Path(witnesses_file) if witnesses_file else None,
            backup_folder=Path(backup_folder) if backup_folder else None,
            ward_lookup=Path(ward_lookup) if ward_lookup else None,
            frameworks_folder=Path(frameworks_folder) if frameworks_folder else None,
            timestamp_url=timestamp_url,
            drand_url=drand_url,
            **_mail(environment),
            outbox=_outbox(environment, public_url),
            **_oidc(environment),
            without_passkeys=environment.get("FOLKMOOT_WITHOUT_PASSKEYS", "").strip(),
            staff_accounts=_staff_accounts(environment),
            security_log=Path(security_log) if security_log else None,
            proxies=_number(environment, "FOLKMOOT_PROXIES", cls.proxies, 0, PROXIES_MAX),
            desk_answers=_number(
                environment, "FOLKMOOT_DESK_ANSWERS", cls.desk_answers, 1, DESK_ANSWERS_MAX
            ),
            key_days=_days(environment, "FOLKMOOT_KEY_DAYS", cls.key_days),
            contact_days=_days(environment, "FOLKMOOT_CONTACT_DAYS", cls.contact_days),
            words_days=_days(environment, "FOLKMOOT_WORDS_DAYS", cls.words_days),
            scan_command=environment.get("FOLKMOOT_SCAN_COMMAND", ""),
            database_connections=_number(
                environment, "FOLKMOOT_DATABASE_CONNECTIONS", 0, 0, CONNECTIONS_MAX
            ),
            accept_loss=_yes(environment, "FOLKMOOT_ACCEPT_LOSS"),
            gallery=_yes(environment, "FOLKMOOT_GALLERY"),
        )

    @property
    def key_path(self) -> Path:
        """The path of the log's key: as set, or beside the database."""
        return self.key_file or self._beside("log.key")

    @property
    def secret_path(self) -> Path:
        """The path of the site's secret, beside the log's key."""
        return self.key_path.with_suffix(".secret")

    @property
    def files_path(self) -> Path:
        """The folder of large generated files: as set, or beside the database."""
        return self.files_folder or self._beside("files")

    def _beside(self, ending: str) -> Path:
        address = parse(self.database_url)
        if isinstance(address, SqliteAddress):
            return address.path.with_name(f"{address.path.stem}.{ending}")
        return Path(f"{address.dbname}.{ending}")

    @property
    def sends_mail(self) -> bool:
        """Whether mails are delivered: by a mail server, or on the demo's page."""
        return bool(self.smtp_url) or self.outbox

    @property
    def oidc_provider(self) -> str:
        """The display name of the OpenID Connect provider."""
        return self.oidc_name or urlsplit(self.oidc_issuer).hostname or ""

    @property
    def origin(self) -> str:
        """The origin of the pages, as browsers name it: scheme and host, with a port of its own."""
        parts = urlsplit(self.public_url)
        port = "" if parts.port in {None, PORTS[parts.scheme]} else f":{parts.port}"
        return f"{parts.scheme}://{parts.hostname}{port}"

    @property
    def passkey_domain(self) -> str:
        """The domain that passkeys are bound to; "" where browsers make none.

        They make them for the name of a host, over HTTPS or on their own machine.
        """
        host = urlsplit(self.public_url).hostname or ""
        is_name = ":" not in host and not host.rpartition(".")[2].isdigit()
        return host if host == "localhost" or (self.has_secure_cookies and is_name) else ""

    @property
    def confirms_with(self) -> str:
        """How people on pages confirm a weighty act: CONFIRMS_WITH_PASSKEY, _MAIL or _NOTHING.

        With nothing only where the site is tried out on one machine, under its number.
        """
        if self.without_passkeys:
            return CONFIRMS_WITH_MAIL
        if self.passkey_domain:
            return CONFIRMS_WITH_PASSKEY
        host = urlsplit(self.public_url).hostname
        return CONFIRMS_WITH_NOTHING if host in NEARBY else CONFIRMS_WITH_MAIL

    @property
    def has_secure_cookies(self) -> bool:
        """Whether cookies are sent over encrypted connections only."""
        return self.public_url.startswith("https://")


def _mail(environment: Mapping[str, str]) -> dict[str, Any]:
    """Read the mail server and the sender, which a server requires. Raises BadSetting."""
    smtp_url = environment.get("FOLKMOOT_SMTP_URL", "")
    mail_from = environment.get("FOLKMOOT_MAIL_FROM", "")
    if smtp_url:
        try:
            Server.parse(smtp_url)
        except ValueError:
            advice = "It looks like smtps://user:password@mail.example.org."
            # Without the value, which contains a password.
            raise BadSetting(name="FOLKMOOT_SMTP_URL", value="…", advice=advice) from None
    if smtp_url or mail_from:
        try:
            sender(mail_from)
        except ValueError:
            advice = "It looks like Have your say <haveyoursay@example.gov.uk>."
            raise BadSetting(name="FOLKMOOT_MAIL_FROM", value=mail_from, advice=advice) from None
    return {"smtp_url": smtp_url, "mail_from": mail_from}


def _oidc(environment: Mapping[str, str]) -> dict[str, Any]:
    """Read the OpenID Connect provider, which needs a client id and secret. Raises BadSetting."""
    issuer = environment.get("FOLKMOOT_OIDC_ISSUER", "")
    is_near = urlsplit(issuer).hostname in NEARBY
    if issuer and not issuer.startswith(("https://", "http://") if is_near else "https://"):
        advice = "It starts with https://."
        raise BadSetting(name="FOLKMOOT_OIDC_ISSUER", value=issuer, advice=advice)
    client_id = environment.get("FOLKMOOT_OIDC_CLIENT_ID", "")
    client_secret = environment.get("FOLKMOOT_OIDC_CLIENT_SECRET", "")
    if issuer and not (client_id and client_secret):
        name = "FOLKMOOT_OIDC_CLIENT_SECRET" if client_id else "FOLKMOOT_OIDC_CLIENT_ID"
        raise BadSetting(name=name, value="", advice="The provider gave it to you.")
    return {
        "oidc_issuer": issuer,
        "oidc_client_id": client_id,
        "oidc_client_secret": client_secret,
        "oidc_name": environment.get("FOLKMOOT_OIDC_NAME", ""),
    }


def _staff_accounts(environment: Mapping[str, str]) -> StaffProvider | None:
    """Read the file about the provider of staff accounts, if one is named. Raises BadSetting."""
    path = environment.get("FOLKMOOT_STAFF_ACCOUNTS", "")
    try:
        return read_provider(Path(path)) if path else None
    except ValueError as error:
        advice = f"It cannot be used: {error}"
        raise BadSetting(name="FOLKMOOT_STAFF_ACCOUNTS", value=path, advice=advice) from None


def _outbox(environment: Mapping[str, str], public_url: str) -> bool:
    """Read whether every mail is shown, only for a site on this machine. Raises BadSetting."""
    is_on = _yes(environment, "FOLKMOOT_OUTBOX")
    if is_on and urlsplit(public_url).hostname not in NEARBY:
        advice = (
            "It shows every mail, sign-in links too, to everybody, so it is only for a site "
            "that this machine alone can reach: FOLKMOOT_PUBLIC_URL=http://127.0.0.1:8000."
        )
        raise BadSetting(name="FOLKMOOT_OUTBOX", value="yes", advice=advice)
    return is_on


def _days(environment: Mapping[str, str], name: str, default: int) -> int:
    return _number(environment, name, default, 1, DAYS_MAX)


def _number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = environment.get(name, str(default))
    is_number = value.isascii() and value.isdigit() and len(value) <= len(str(most))
    if not (is_number and least <= int(value) <= most):
        raise BadSetting(name=name, value=value, advice=f"It is a number from {least} to {most}.")
    return int(value)


def _yes(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "no").lower()
    if value not in {"yes", "no"}:
        raise BadSetting(name=name, value=value, advice="Say yes or no.")
    return value == "yes"
