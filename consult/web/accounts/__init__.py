"""Signing in, and the permissions of signed-in staff."""
