"""Passkeys: make one, sign in with one, remove one. Whoever has the device may."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from consult.access import CHANGE_PASSKEYS, NotConfirmed
from consult.commands.accounts.staff import Member, find_member
from consult.commands.mailing import Letter, send_mail
from consult.people.accounts import challenges, passkeys, recovery_codes, staff_sessions
from consult.people.accounts.passkeys import Passkey
from consult.people.vault import url64
from consult.security_log import PASSKEYS_CHANGED, SIGN_IN_REFUSED, SIGNED_IN, tell
from consult.services import Services
from events import Refused

if TYPE_CHECKING:
    from types import ModuleType

REGISTER, SIGN_IN = "register", "sign in"
ANSWER_LENGTH_MAX = 50_000


class PasskeyRefused(Refused):
    """What the browser sent is not what was asked for, is too old, or was sent before."""

    says = "The passkey could not be checked, so nothing was changed. Try again."


class PasskeyUnknown(Refused):
    """Nobody here has the passkey."""

    says = (
        "This passkey is not known here any more, so nobody was signed in. Sign in with a link, "
        "and make a new one."
    )


class NoPasskeysHere(Refused):
    """Browsers make no passkeys for the address of the site."""

    says = "Passkeys need an address with https and a name, which this site does not have."


class NoName(Refused):
    """The passkey was given no name."""

    says = "Give the passkey a name, so that you know it later, such as “my telephone”."


def registration_options(services: Services, member: Member) -> str:
    """Return what a browser is asked to make a passkey with, as JSON. Raises NoPasskeysHere."""
    challenge = challenges.make(services.vault, _registering(member), services.clock())
    user = (member.id.bytes, member.email, member.name)
    known = passkeys.of_person(services.vault, member.id)
    asked: str = _ceremonies().to_make(_domain(services), challenge, user, known)
    return asked


def add_passkey(
    services: Services,
    member: Member,
    answer: str,
    *,
    name: str,
    letter: Callable[[], Letter],
    is_confirmed: bool,
) -> str:
    """Store a passkey that a browser has made, and tell its owner so by mail.

    Return the recovery code that goes with the first one; "" with others. `answer`: JSON.
    `is_confirmed`: by another one, which whoever has one needs. Raises NoName, NoPasskeysHere,
    PasskeyRefused, PasskeyKnown, TooManyPasskeys, NotConfirmed.
    """
    if not name.strip():
        raise NoName
    is_first = not passkeys.of_person(services.vault, member.id)
    if not (is_first or is_confirmed):
        raise NotConfirmed(CHANGE_PASSKEYS)
    now, checks = services.clock(), _ceremonies()
    challenge = _challenge(services, answer, _registering(member))
    try:
        made = checks.made(answer, **_bound(services, challenge))
    except checks.NotWhatWasAskedError as error:
        raise PasskeyRefused from error
    if not challenges.use_up(services.vault, challenge, now):
        raise PasskeyRefused
    passkeys.add(
        services.vault,
        Passkey(
            credential_id=url64(made.credential_id),
            staff_id=member.id,
            public_key=made.public_key,
            counter=made.counter,
            name=name.strip(),
            made_at=now,
            used_at=None,
        ),
    )
    tell(services, PASSKEYS_CHANGED, who=member.id.hex, how="added")
    _write_to(services, member, letter)
    return recovery_codes.make(services.vault, member.id, now) if is_first else ""


def remove_passkey(
    services: Services,
    member: Member,
    credential_id: str,
    *,
    letter: Callable[[], Letter],
    is_confirmed: bool,
) -> None:
    """Remove a passkey, and tell its owner so by mail; idempotent. Raises NotConfirmed."""
    known = passkeys.find(services.vault, credential_id)
    if known is None or known.staff_id != member.id:
        return
    if not is_confirmed:
        raise NotConfirmed(CHANGE_PASSKEYS)
    passkeys.remove(services.vault, member.id, credential_id)
    tell(services, PASSKEYS_CHANGED, who=member.id.hex, how="removed")
    _write_to(services, member, letter)


def sign_in_options(services: Services) -> str:
    """Return what a browser is asked to sign somebody in with, as JSON. Raises NoPasskeysHere."""
    return options_to_sign(services, SIGN_IN, [])


def options_to_sign(services: Services, purpose: str, known: list[Passkey]) -> str:
    """Return what a browser is asked to sign for a purpose, as JSON. Raises NoPasskeysHere.

    `known`: the passkeys that may; any, if empty.
    """
    challenge = challenges.make(services.vault, purpose, services.clock())
    asked: str = _ceremonies().to_sign(_domain(services), challenge, known)
    return asked


def sign_in_with_passkey(services: Services, answer: str, *, device: str) -> tuple[Member, str]:
    """Begin a session; return who it is and its token.

    `answer`: JSON of the browser; `device`: browser and system in words. Raises NoPasskeysHere,
    PasskeyRefused, PasskeyUnknown.
    """
    way, now = staff_sessions.PASSKEY, services.clock()
    try:
        used = checked(services, answer, SIGN_IN)
        member = find_member(services, used.staff_id)
        if member is None:
            raise PasskeyUnknown
    except Refused as refused:
        tell(services, SIGN_IN_REFUSED, way=way, why=type(refused).__name__)
        raise
    tell(services, SIGNED_IN, who=member.id.hex, way=way)
    return member, staff_sessions.begin(services.vault, member.id, now, way=way, device=device)


def checked(services: Services, answer: str, purpose: str) -> Passkey:
    """Check what a browser sends for a challenge with a purpose; return the passkey that was used.

    Raises NoPasskeysHere, PasskeyRefused, PasskeyUnknown.
    """
    now, checks = services.clock(), _ceremonies()
    challenge = _challenge(services, answer, purpose)
    known = passkeys.find(services.vault, _credential_id(answer))
    if known is None:
        raise PasskeyUnknown
    try:
        count = checks.signed(answer, known, **_bound(services, challenge))
    except checks.NotWhatWasAskedError as error:
        raise PasskeyRefused from error
    if not challenges.use_up(services.vault, challenge, now):
        raise PasskeyRefused
    if not passkeys.note_use(services.vault, known.credential_id, count, now):
        raise PasskeyRefused
    return known


def _challenge(services: Services, answer: str, purpose: str) -> bytes:
    """Return the challenge in an answer, if it is ours and good. Raises PasskeyRefused."""
    try:
        client = _read(_read(answer)["response"]["clientDataJSON"], is_encoded=True)
        challenge = _decoded(client["challenge"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PasskeyRefused from error
    if not challenges.is_good(services.vault, challenge, purpose, services.clock()):
        raise PasskeyRefused
    return challenge


def _credential_id(answer: str) -> str:
    found = _read(answer).get("id")
    return found if isinstance(found, str) else ""


def _read(text: str, *, is_encoded: bool = False) -> dict[str, Any]:
    """Return a JSON object. Raises ValueError."""
    if len(text) > ANSWER_LENGTH_MAX:
        raise ValueError("it is too long")
    found = json.loads(_decoded(text) if is_encoded else text)
    if not isinstance(found, dict):
        raise TypeError("it is no object")
    return found


def _registering(member: Member) -> str:
    return f"{REGISTER}\0{member.id.hex}"


def _domain(services: Services) -> str:
    domain = services.config.passkey_domain
    if not domain:
        raise NoPasskeysHere
    return domain


def _bound(services: Services, challenge: bytes) -> dict[str, Any]:
    """Return what an answer must be bound to. Raises NoPasskeysHere."""
    origin = services.config.origin
    return {"challenge": challenge, "domain": _domain(services), "origin": origin}


def _decoded(text: str) -> bytes:
    """Return the bytes of base64url. Raises ValueError, TypeError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _ceremonies() -> "ModuleType":
    from consult.commands.accounts import ceremonies  # noqa: PLC0415  slow to import, seldom needed

    return ceremonies


def _write_to(services: Services, member: Member, letter: Callable[[], Letter]) -> None:
    if services.config.sends_mail:
        send_mail(services, member.email, letter())
