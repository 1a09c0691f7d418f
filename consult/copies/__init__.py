"""Backups of the databases: copy each kind while it is in use, and restore it."""
