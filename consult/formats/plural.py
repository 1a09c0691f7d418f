"""Numbers with their noun in English: on the command line, and in notes about files."""

PLURALS = {"entry": "entries", "person": "people", "try": "tries"}


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 person", "2 people", "1,200 votes"."""
    return f"{number:,} {noun if number == 1 else PLURALS.get(noun, f'{noun}s')}"
