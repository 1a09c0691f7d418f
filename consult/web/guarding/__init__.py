"""Checks before every view: host names, limits, headers, sessions, errors."""
