"""What browsers are asked to do with passkeys, and whether what they send is that.

The library judges; here it is told what an answer must be bound to: our origin and domain, a
challenge of ours, a person whom the device has verified. It is slow to import, so only what needs
it does.
"""

from dataclasses import dataclass

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

from consult.people.accounts.passkeys import Passkey

TIMEOUT_MILLISECONDS = 300_000
_VERIFIED = UserVerificationRequirement.REQUIRED


class NotWhatWasAskedError(Exception):
    """The answer is not bound to what it must be, is not signed, or cannot be read."""


@dataclass(frozen=True)
class Made:
    """A passkey that a browser has made. `public_key`: COSE."""

    credential_id: bytes
    public_key: bytes
    counter: int


def to_make(
    domain: str, challenge: bytes, user: tuple[bytes, str, str], known: list[Passkey]
) -> str:
    """Return what a browser is asked to make a passkey with, as JSON.

    `user`: id, address and name. `known`: the passkeys that there are, which are not made again.
    """
    id, email, name = user
    asked = generate_registration_options(
        rp_id=domain,
        rp_name=domain,
        user_id=id,
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        timeout=TIMEOUT_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=_descriptors(known),
    )
    written: str = options_to_json(asked)
    return written


def to_sign(domain: str, challenge: bytes, known: list[Passkey]) -> str:
    """Return what a browser is asked to sign, as JSON. `known`: with which; any, if empty."""
    asked = generate_authentication_options(
        rp_id=domain,
        challenge=challenge,
        timeout=TIMEOUT_MILLISECONDS,
        allow_credentials=_descriptors(known),
        user_verification=_VERIFIED,
    )
    written: str = options_to_json(asked)
    return written


def made(answer: str, *, challenge: bytes, domain: str, origin: str) -> Made:
    """Check the answer to `to_make`. Raises NotWhatWasAskedError."""
    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=domain,
            expected_origin=origin,
            require_user_verification=True,
        )
    except Exception as error:  # whatever the library says of bytes that anybody can send
        raise NotWhatWasAskedError from error
    return Made(found.credential_id, found.credential_public_key, found.sign_count)


def signed(answer: str, known: Passkey, *, challenge: bytes, domain: str, origin: str) -> int:
    """Check the answer to `to_sign`, by one passkey; return the count of its device.

    Raises NotWhatWasAskedError.
    """
    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=domain,
            expected_origin=origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.counter,
            require_user_verification=True,
        )
    except Exception as error:  # whatever the library says of bytes that anybody can send
        raise NotWhatWasAskedError from error
    count: int = found.new_sign_count
    return count


def _descriptors(known: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(base64url_to_bytes(one.credential_id)) for one in known]
