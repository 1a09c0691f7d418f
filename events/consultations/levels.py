"""The levels of assurance, by the names that are stored and public."""

OPEN, EMAIL, LETTER, OIDC, DESK = "open", "email", "letter", "oidc", "desk"
LEVELS = (OPEN, EMAIL, LETTER, OIDC, DESK)
"""Those that terms can accept, weakest first. At a desk, or by telephone, a member of staff has
checked the identity."""
IMPORTED = "imported"
"""The level of votes from a file, of which only the file can say who cast them."""
