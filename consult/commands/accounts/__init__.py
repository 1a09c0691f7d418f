"""Accounts of staff: who has one, and signing in."""
