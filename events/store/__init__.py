"""How facts are kept: the record, its two databases, and the one way to connect."""
