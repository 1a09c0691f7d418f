"""Passkeys: make one, sign in with one, remove one. Whoever has the device may.

The library judges what a browser sends; here it is told what that must be bound to: our origin, our
domain, a challenge of ours, a person whom the device has verified.
"""

import json
from collections.abc import Callable
from typing import Any

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from consult.commands.accounts.staff import Member, find_member
from consult.commands.mailing import Letter, send_mail
from consult.people.accounts import challenges, passkeys, staff_sessions
from consult.people.accounts.passkeys import Passkey
from consult.people.vault import url64
from consult.services import Services
from events import Refused

REGISTER, SIGN_IN = "register", "sign in"
ANSWER_LENGTH_MAX = 50_000
TIMEOUT_MILLISECONDS = 300_000
_VERIFIED = UserVerificationRequirement.REQUIRED


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
    purpose = _registering(member)
    known = passkeys.of_person(services.vault, member.id)
    options = generate_registration_options(
        rp_id=_domain(services),
        rp_name=_domain(services),
        user_id=member.id.bytes,
        user_name=member.email,
        user_display_name=member.name,
        challenge=challenges.make(services.vault, purpose, services.clock()),
        timeout=TIMEOUT_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=_descriptors(known),
    )
    return options_to_json(options)


def add_passkey(
    services: Services, member: Member, answer: str, *, name: str, letter: Callable[[], Letter]
) -> None:
    """Store a passkey that a browser has made, and tell its owner so by mail.

    `answer`: JSON. Raises NoName, NoPasskeysHere, PasskeyRefused, PasskeyKnown, TooManyPasskeys.
    """
    if not name.strip():
        raise NoName
    now, domain = services.clock(), _domain(services)
    challenge = _challenge(services, answer, _registering(member))
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=domain,
            expected_origin=services.config.origin,
            require_user_verification=True,
        )
    except Exception as error:  # whatever the library says of bytes that anybody can send
        raise PasskeyRefused from error
    if not challenges.use_up(services.vault, challenge, now):
        raise PasskeyRefused
    passkeys.add(
        services.vault,
        Passkey(
            credential_id=url64(made.credential_id),
            staff_id=member.id,
            public_key=made.credential_public_key,
            counter=made.sign_count,
            name=name.strip(),
            made_at=now,
            used_at=None,
        ),
    )
    _tell(services, member, letter)


def remove_passkey(
    services: Services, member: Member, credential_id: str, *, letter: Callable[[], Letter]
) -> None:
    """Remove a passkey, and tell its owner so by mail; idempotent."""
    if passkeys.remove(services.vault, member.id, credential_id):
        _tell(services, member, letter)


def sign_in_options(services: Services) -> str:
    """Return what a browser is asked to sign somebody in with, as JSON. Raises NoPasskeysHere."""
    challenge = challenges.make(services.vault, SIGN_IN, services.clock())
    options = generate_authentication_options(
        rp_id=_domain(services),
        challenge=challenge,
        timeout=TIMEOUT_MILLISECONDS,
        user_verification=_VERIFIED,
    )
    return options_to_json(options)


def sign_in_with_passkey(services: Services, answer: str, *, device: str) -> tuple[Member, str]:
    """Begin a session; return who it is and its token.

    `answer`: JSON of the browser; `device`: browser and system in words. Raises NoPasskeysHere,
    PasskeyRefused, PasskeyUnknown.
    """
    used = checked(services, answer, SIGN_IN)
    member = find_member(services, used.staff_id)
    if member is None:
        raise PasskeyUnknown
    way = staff_sessions.PASSKEY
    now = services.clock()
    return member, staff_sessions.begin(services.vault, member.id, now, way=way, device=device)


def checked(services: Services, answer: str, purpose: str) -> Passkey:
    """Check what a browser sends for a challenge with a purpose; return the passkey that was used.

    Raises NoPasskeysHere, PasskeyRefused, PasskeyUnknown.
    """
    now, domain = services.clock(), _domain(services)
    challenge = _challenge(services, answer, purpose)
    known = passkeys.find(services.vault, _credential_id(answer))
    if known is None:
        raise PasskeyUnknown
    try:
        used = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=domain,
            expected_origin=services.config.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.counter,
            require_user_verification=True,
        )
    except Exception as error:  # whatever the library says of bytes that anybody can send
        raise PasskeyRefused from error
    if not challenges.use_up(services.vault, challenge, now):
        raise PasskeyRefused
    if not passkeys.note_use(services.vault, known.credential_id, used.new_sign_count, now):
        raise PasskeyRefused
    return known


def _challenge(services: Services, answer: str, purpose: str) -> bytes:
    """Return the challenge in an answer, if it is ours and good. Raises PasskeyRefused."""
    try:
        client = _read(_read(answer)["response"]["clientDataJSON"], is_encoded=True)
        challenge = base64url_to_bytes(client["challenge"])
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
    found = json.loads(base64url_to_bytes(text) if is_encoded else text)
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


def _descriptors(known: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(base64url_to_bytes(one.credential_id)) for one in known]


def _tell(services: Services, member: Member, letter: Callable[[], Letter]) -> None:
    if services.config.sends_mail:
        send_mail(services, member.email, letter())
