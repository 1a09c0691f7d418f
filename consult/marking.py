"""The mark of words that are translated where they are shown."""


def N_(message: str) -> str:  # noqa: N802  the name that catalogues look for
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message
