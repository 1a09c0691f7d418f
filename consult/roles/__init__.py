"""Roles, beside the table: what excludes what, where a role is held, and the document."""
