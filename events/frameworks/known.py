"""The framework profiles that this process knows: those shipped here and an operator's own."""

from functools import cache
from pathlib import Path

from events.errors import Refused
from events.frameworks.framework import BadFramework, Framework, read

LOCAL_AGREEMENT = "local-agreement"
FREE = "free"
IMPORTS_ONLY = "none"
"""The profile without a minimum period, for imported votes; no partnership chooses it."""

_OWN: dict[str, Framework] = {}
"""Of the operator's folder, by id."""


class UnknownProfile(Refused):
    """There is no framework profile with this id that a partnership can have."""

    says = "There is no framework profile “{profile}”. There are: {known}. Nothing was changed."


def framework_of(profile: str) -> Framework:
    """Return the framework profile with an id. Raises UnknownProfile."""
    found = find_framework(profile)
    if found is None:
        raise UnknownProfile(profile=profile[:40], known=", ".join(choices()))
    return found


def find_framework(profile: str) -> Framework | None:
    """Return the framework profile with an id, or None."""
    return shipped().get(profile) or _OWN.get(profile)


def days_min(profile: str) -> int:
    """Return the least number of days that consultations are open; 0 for an unknown profile.

    Nothing opens under an unknown profile (`events.particulars.partnership_gaps`).
    """
    found = find_framework(profile)
    return found.days_min if found is not None else 0


def choices() -> list[str]:
    """Return the ids of the profiles that a partnership can have, sorted."""
    return sorted({*shipped(), *_OWN} - {IMPORTS_ONLY})


def check_profile(profile: str) -> None:
    """Check that a partnership can have this profile. Raises UnknownProfile."""
    if profile not in choices():
        raise UnknownProfile(profile=profile[:40], known=", ".join(choices()))


def add_folder(folder: Path | None) -> None:
    """Use the profiles of an operator's folder, every file in it that ends in .json; None: none.

    Raises BadFramework for an invalid file, an unreadable folder, and an id that is taken.
    """
    if folder is None:
        _OWN.clear()
        return
    try:
        files = sorted(folder.glob("*.json"))
        read_files = [(file, read(file.read_bytes(), str(file))) for file in files]
    except OSError as error:
        raise BadFramework(file=str(folder), reason=error.strerror or str(error)) from None
    if not files:
        raise BadFramework(file=str(folder), reason="the folder has no file that ends in .json")
    found: dict[str, Framework] = {}
    for file, framework in read_files:
        if framework.id in found or framework.id in shipped():
            raise BadFramework(file=str(file), reason=f"the id {framework.id} is taken")
        found[framework.id] = framework
    _OWN.clear()
    _OWN.update(found)


@cache
def shipped() -> dict[str, Framework]:
    """Return the profiles that every installation has, by id."""
    files = sorted(Path(__file__).with_name("profiles").glob("*.json"))
    found = [read(file.read_bytes(), file.name) for file in files]
    return {framework.id: framework for framework in found}
