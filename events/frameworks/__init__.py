"""Framework profiles: the names, limits and duties of legal regimes, as dated data."""

from events.frameworks.framework import BadFramework, Framework, read
from events.frameworks.known import (
    FREE,
    IMPORTS_ONLY,
    LOCAL_AGREEMENT,
    UnknownProfile,
    add_folder,
    check_profile,
    choices,
    days_min,
    find_framework,
    framework_of,
    shipped,
)

__all__ = [
    "FREE",
    "IMPORTS_ONLY",
    "LOCAL_AGREEMENT",
    "BadFramework",
    "Framework",
    "UnknownProfile",
    "add_folder",
    "check_profile",
    "choices",
    "days_min",
    "find_framework",
    "framework_of",
    "read",
    "shipped",
]
