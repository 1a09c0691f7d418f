"""The public log: for programs, and its health in plain words."""
