"""The browser's own virtual authenticator: a device with passkeys whose owner is there, or not."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page


class VirtualAuthenticator:
    """A device of one page's browser, over the protocol of its developer tools."""

    def __init__(self, session: "CDPSession", id: str) -> None:
        self._session, self._id = session, id

    def credentials(self) -> list[dict[str, Any]]:
        """The passkeys that it has."""
        found = self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        return list(found["credentials"])

    def move_to(self, other: "VirtualAuthenticator") -> None:
        """Give what it has to the device of another tab, as one real device is in both."""
        for credential in self.credentials():
            given = {"authenticatorId": other._id, "credential": credential}
            other._session.send("WebAuthn.addCredential", given)

    def verify(self, *, is_there: bool) -> None:
        """Let its owner show a finger, or not."""
        self._session.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": self._id, "isUserVerified": is_there},
        )


def virtual_authenticator(page: "Page", *, verifies: bool = True) -> VirtualAuthenticator:
    """Give a page's browser a device that makes passkeys. `verifies`: its owner shows a finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return VirtualAuthenticator(session, made["authenticatorId"])
