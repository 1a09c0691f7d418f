"""What stands before every view: names, limits, headers, sessions, errors."""
