"""The states of a consultation, by the names that are stored and public."""

DRAFT, OPEN, PAUSED, CLOSED = "draft", "open", "paused", "closed"
PUBLISHED, WITHDRAWN = "published", "withdrawn"
STATES = (DRAFT, OPEN, PAUSED, CLOSED, PUBLISHED, WITHDRAWN)
"""Paused is open to what is recorded, and published is closed: both are told by their moments."""
RUNNING = (OPEN, PAUSED)
"""States in which people can answer, or will be able to again."""
