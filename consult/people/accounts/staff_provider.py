"""The provider whose accounts staff sign in with, such as that of their council: a file says so."""

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from consult.access import STAFF
from consult.mail_server import NEARBY


class RoleRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role for whoever has a value in a claim. `partnership`: its short name."""

    claim: str
    value: str
    role: str
    partnership: str

    def holds(self, claims: dict[str, object]) -> bool:
        """Return whether the claim has the value, or is a list with it."""
        found = claims.get(self.claim)
        return self.value in found if isinstance(found, list) else found == self.value


class StaffProvider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file says. `domains`: of addresses that the provider has verified and we believe.

    `roles`: rules; without any, no role comes from the provider. `name`: what people call it.
    """

    issuer: str
    client_id: str
    client_secret: str
    name: str
    domains: tuple[str, ...] = ()
    roles: tuple[RoleRule, ...] = ()

    def verified_email(self, claims: dict[str, object]) -> str:
        """Return the address in the claims if the provider verified it and is believed, or ""."""
        email = claims.get("email")
        if not isinstance(email, str) or claims.get("email_verified") is not True:
            return ""
        domain = email.rpartition("@")[2].lower()
        return email if domain in {each.lower() for each in self.domains} else ""


def read_provider(path: Path) -> StaffProvider:
    """Read the file, in JSON. Raises ValueError, never quoting its secret."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=StaffProvider)
    except OSError as error:
        raise ValueError(f"{error.strerror}.") from None
    except msgspec.MsgspecError as error:
        raise ValueError(f"{error}.") from None
    parts = urlsplit(found.issuer)
    if parts.scheme != "https" and parts.hostname not in NEARBY:
        raise ValueError("“issuer” starts with https://.")
    if not all((found.client_id, found.client_secret, found.name)):
        raise ValueError("“client_id”, “client_secret” and “name” must not be empty.")
    for rule in found.roles:
        if rule.role not in STAFF:
            raise ValueError(f"there is no role “{rule.role}”.")
    return found
