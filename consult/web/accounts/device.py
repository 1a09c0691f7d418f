"""Say which browser somebody uses, in two words, so that they know their own sessions again."""

from flask import request

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
"""What browsers call themselves; the first that is found, because each names others too."""
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def described() -> str:
    """Return browser and system of the request, without a version; "" if neither is known."""
    agent = request.headers.get("User-Agent", "")
    known = (
        next((name for sign, name in kind if sign in agent), "") for kind in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, known))
