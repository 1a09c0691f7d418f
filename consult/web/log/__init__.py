"""The public log, for programs and in plain words."""
